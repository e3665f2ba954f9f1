/** Code that a rule of the house must refuse, wherever it is written. */
export interface RulePlant {
  readonly rule: string;
  readonly at: string;
  readonly text: string;
}

const PURE = 'src/lib/domain/planted.ts';
const ANY = 'src/lib/server/planted.ts';

const lines = (count: number): string =>
  Array.from({ length: count }, (_, at) => `  total += ${at};`).join('\n');
const choices = (count: number): string =>
  Array.from({ length: count }, (_, at) => `  if (kind === ${at}) return ${at * 2};`).join('\n');

/** Rules that need no types: judged on the text alone. */
export const rulePlants: readonly RulePlant[] = [
  ...['Date.now()', 'Math.random()', 'crypto.randomUUID()', 'crypto.getRandomValues(new Uint8Array(1))'].map(
    (call) => ({
      rule: 'no-restricted-properties',
      at: PURE,
      text: `export const planted = ${call};\n`,
    }),
  ),
  ...['fetch', 'localStorage', 'indexedDB', 'setTimeout', 'process', 'document'].map((name) => ({
    rule: 'no-restricted-globals',
    at: PURE,
    text: `export const planted = ${name};\n`,
  })),
  { rule: 'no-restricted-syntax', at: PURE, text: 'export const planted = new Date();\n' },
  { rule: 'no-restricted-syntax', at: ANY, text: 'export const planted = (day: Date) => day.getHours();\n' },
  { rule: 'no-console', at: ANY, text: `console.log('planted');\n` },
  {
    rule: 'no-console',
    at: 'src/lib/ui/planted.svelte',
    text: `<script lang="ts">\n  console.log('planted');\n</script>\n`,
  },
  { rule: 'no-warning-comments', at: ANY, text: `// ${'TO' + 'DO'}: later\nexport const planted = 1;\n` },
  { rule: 'eqeqeq', at: ANY, text: 'export const planted = (a: number) => a == 1;\n' },
  { rule: '@typescript-eslint/no-explicit-any', at: ANY, text: 'export const planted: any = 1;\n' },
  { rule: '@typescript-eslint/ban-ts-comment', at: ANY, text: '// @ts-ignore\nexport const planted = 1;\n' },
  {
    rule: '@typescript-eslint/consistent-type-imports',
    at: ANY,
    text: `import { Row } from '$lib/domain/record/row.ts';\nexport const planted = (row: Row) => row;\n`,
  },
  { rule: 'max-lines', at: ANY, text: 'export {};\n'.repeat(401) },
  {
    rule: 'max-lines-per-function',
    at: ANY,
    text: `export function planted(): number {\n  let total = 0;\n${lines(60)}\n  return total;\n}\n`,
  },
  {
    rule: 'complexity',
    at: ANY,
    text: `export function planted(kind: number): number {\n${choices(16)}\n  return 0;\n}\n`,
  },
  {
    rule: 'svelte/no-at-html-tags',
    at: 'src/lib/ui/planted.svelte',
    text: `<script lang="ts">\n  let { text }: { text: string } = $props();\n</script>\n\n{@html text}\n`,
  },
  { rule: 'boundaries/no-unknown-files', at: 'src/planted.ts', text: 'export const planted = 1;\n' },
];

/** Not a rule but a setting: a comment that switches off nothing is itself a fault. */
export const unusedDisable: RulePlant = {
  rule: 'unused-disable',
  at: ANY,
  text: '// eslint-disable-next-line no-console -- nothing is logged here\nexport const planted = 1;\n',
};

const transaction = (work: string, imports = ''): string => `import { Dexie } from 'dexie';
${imports}
const database = new Dexie('planted');
export async function planted(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  await database.transaction('rw', 'rows', async () => {
    await database.table('rows').put(bytes);
    ${work}
  });
}
`;

const SHA = `import { sha256 } from '$lib/kernel/bytes.ts';\n`;

/** Rules that follow types: judged at the place of a file that exists, since only that is in the program. */
export const typedPlants = {
  foreign: [
    transaction(`await crypto.subtle.digest('SHA-256', bytes);`),
    transaction(`await fetch('/api/sync');`),
    transaction(`await new Promise((done) => { setTimeout(done, 1); });`),
    transaction(`await database.table('rows').add({ hash: await sha256(bytes) });`, SHA),
    transaction(
      `await lateHash(bytes);`,
      `${SHA}const lateHash = async (bytes: Uint8Array<ArrayBuffer>) => sha256(bytes);\n`,
    ),
    transaction(
      `await port.seal(bytes);`,
      `declare const port: { seal(bytes: Uint8Array): Promise<Uint8Array> };\n`,
    ),
    transaction(`await navigator.locks.query();`),
  ],
  own: [
    transaction(`await database.table('rows').toArray();`),
    transaction(`await Promise.all([database.table('rows').count(), database.table('rows').clear()]);`),
    transaction(
      `await both();`,
      `const both = async () => { await database.table('rows').count(); await database.table('rows').clear(); };\n`,
    ),
  ],
  floating: `export async function planted(): Promise<void> {\n  await Promise.resolve();\n}\nplanted();\n`,
  unsafe: `export const planted = (JSON.parse('1') as { a: never }).a + JSON.parse('2');\n`,
} as const;
