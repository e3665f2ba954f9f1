// npm start: from a fresh checkout to a running ward. Runs before anything is installed, and on too old a Node,
// so nothing is imported before the version is known to do.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  const { oldNode } = await import('./operator-messages.mjs');
  console.error(oldNode(process.version));
  process.exit(1);
}

const { ensureBuilt, ensureInstalled, root, Stop } = await import('./prepare.mjs');
try {
  ensureInstalled();
  ensureBuilt();
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  console.error(error.message);
  process.exit(1);
}
process.chdir(root);
const { serve } = await import('../build/serve.mjs');
await serve();

export {};
