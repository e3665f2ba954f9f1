// One way in for commands that a fresh clone may begin with: installs what is missing, then runs scripts/NAME.ts as it is.
import { enableTypeScript, ensureInstalled, Stop } from './prepare.mjs';

const COMMANDS = ['admin', 'backup', 'cert', 'restore', 'simulate'];
const [name = ''] = process.argv.splice(2, 1);
if (!COMMANDS.includes(name)) throw new Error(`unknown command ${name}`);
try {
  ensureInstalled();
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  console.error(error.message);
  process.exit(1);
}
await enableTypeScript();
await import(`./${name}.ts`);
