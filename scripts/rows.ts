// `npm run rows`: each capability of the product with its tests. Fails when a claim has no test, or a test no capability.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CapabilityRow, judgeClaims, namedTests, readCapabilities } from './capability-rows.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TEST_FOLDERS = ['src', 'scripts', 'bench', 'tests'];

const testFiles = TEST_FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(test|spec)\.ts$/.test(path))
    .map((path) => join(folder, path)),
).sort();

const capabilities = readCapabilities(readFileSync(join(ROOT, 'docs/capabilities.yaml'), 'utf8'));
if (!capabilities.ok) {
  console.error(`docs/capabilities.yaml: ${capabilities.error}`);
  process.exit(1);
}

const tests = testFiles.flatMap((file) => namedTests(file, readFileSync(join(ROOT, file), 'utf8')));
const { rows, faults } = judgeClaims(capabilities.value, tests);

function print({ id, title, state, tests: named, missing }: CapabilityRow): void {
  console.log(`${id.padEnd(4)} ${state.padEnd(9)} ${String(named.length).padStart(4)}  ${title}`);
  if (missing !== undefined) console.log(`                     missing: ${missing}`);
  for (const file of new Set(named.map((test) => test.file))) console.log(`                     ${file}`);
}

console.log('id   claimed   tests');
for (const row of rows) if (row.state !== 'later') print(row);
const later = rows.filter(({ state }) => state === 'later').map(({ id }) => id);
console.log(`\nlater: ${later.join(' ')}`);

const count = (state: CapabilityRow['state']): number => rows.filter((row) => row.state === state).length;
console.log(
  `${count('complete')} complete, ${count('begun')} begun, ${count('later')} later; ${tests.length} named tests`,
);
for (const fault of faults) console.error(`FAULT ${fault}`);
if (faults.length > 0) process.exit(1);
