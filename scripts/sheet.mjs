// npm run sheet -- [--lang vi|en] [--theme light|dark|sun] [--tour entering,logging,…]: a picture of every screen and
// state at 360 and 1440 px under tests/results/sheet/, with one page that shows them all. `--tour readme` takes the
// README's own picture anew.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled, root } from './prepare.mjs';

ensureInstalled();
const { values } = parseArgs({
  options: { lang: { type: 'string' }, theme: { type: 'string' }, tour: { type: 'string' } },
});
const env = { ...process.env };
for (const [name, value] of Object.entries(values))
  if (typeof value === 'string') env[`SHEET_${name.toUpperCase()}`] = value;
const playwright = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
const { status } = spawnSync(
  process.execPath,
  [playwright, 'test', '--config', 'playwright.screens.config.ts', '--project', 'sheet', '--workers', '1'],
  { cwd: root, env, stdio: 'inherit' },
);
process.exitCode = status ?? 1;
