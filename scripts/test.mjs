// npm test: installs what it needs, the browser included, then every kind of test. Ends with "N passed, N failed".
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  const { oldNode } = await import('./operator-messages.mjs');
  console.error(oldNode(process.version));
  process.exit(1);
}

const { buildContent, ensureBuilt, ensureInstalled, ensureSynced } = await import('./prepare.mjs');
ensureInstalled();
ensureSynced();
buildContent();

// Imported only now: they need what was just installed.
const { setUpChromium, setUpFirefox } = await import('./browser-setup.mjs');
const { runSideBySide, Tally } = await import('./run-steps.mjs');
const { deepSteps, textSteps, unit } = await import('./test-steps.mjs');

const tally = new Tally();
const chromium = await setUpChromium((line) => console.log(line));
if (chromium === null) tally.fail('no Chromium could be had; set CHROMIUM_PATH');
else process.env['CHROMIUM_PATH'] = chromium;
const firefox = setUpFirefox((line) => console.log(line));
if (firefox !== null) process.env['FIREFOX_PATH'] = firefox;

await runSideBySide(tally, textSteps, 2);
await tally.run(unit);
try {
  // The end-to-end tests run the build that npm start serves.
  ensureBuilt();
} catch {
  tally.fail('build');
}
for (const step of deepSteps) await tally.run(step);
tally.end();

export {};
