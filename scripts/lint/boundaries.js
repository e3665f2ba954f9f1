import { fileURLToPath } from 'node:url';
import plugin from 'eslint-plugin-boundaries';
import { files, nounDoors, outside, readersOfAllNouns, rooms, testLibraries, toolFiles } from './rooms.js';

/** Element descriptors: the first match wins, so the narrower folder stands first. */
const elements = [
  ...rooms.map(({ name, folder }) => ({
    type: name,
    pattern: folder,
    partialMatch: false,
    ...(folder.endsWith('/*') ? { capture: ['noun'] } : {}),
  })),
  ...outside.map(({ name, folder }) => ({ type: name, pattern: folder, partialMatch: false })),
];

const fileDescriptors = [
  { category: 'test', pattern: 'src/**/*.test.ts' },
  { category: 'fixture', pattern: 'src/**/*.fixture.ts' },
  { category: 'server-module', pattern: 'src/routes/**/*.server.ts' },
  { category: 'tool', pattern: toolFiles },
  ...files.map(({ name, pattern }) => ({ category: name, pattern })),
];

const everything = { dependency: { kind: '*' } };

/** Kit's own `$…` modules lie in no folder and no package, so they are known by what the import says. */
function library(names) {
  const packages = names.filter((name) => !name.startsWith('$'));
  const virtual = names.filter((name) => name.startsWith('$'));
  return [
    ...(packages.length > 0 ? [{ to: { module: { source: packages } } }] : []),
    ...(virtual.length > 0 ? [{ dependency: { source: virtual } }] : []),
  ];
}

/** One row of the table as policies: first nothing, then what is listed. The last policy that matches decides. */
function row(from, { why, may, mayTypes = [], mayFiles = [], libraries = [], libraryTypes = [] }) {
  const policies = [{ from, disallow: everything, message: `Not from here: ${why}.` }];
  if (may.length > 0) policies.push({ from, allow: { to: { element: { type: may } } } });
  if (mayTypes.length > 0) {
    policies.push({ from, allow: { to: { element: { type: mayTypes } }, dependency: { kind: 'type' } } });
  }
  for (const door of mayFiles) policies.push({ from, allow: { to: { file: { path: door.path } } } });
  if (libraries.length > 0) policies.push({ from, allow: library(libraries) });
  if (libraryTypes.length > 0) {
    policies.push({
      from,
      allow: { to: { module: { source: libraryTypes } }, dependency: { kind: 'type' } },
    });
  }
  return policies;
}

const noun = (selector = {}) => ({ element: { type: 'noun', ...selector } });

const betweenNouns = [
  {
    from: noun(),
    disallow: { to: noun() },
    message:
      'Of another noun import its main file only (domain/<noun>/<noun>.ts, or a door named in scripts/lint/rooms.js), so that nouns stay apart.',
  },
  { from: noun(), allow: { to: noun({ fileInternalPath: '{{to.element.captured.noun}}.ts' }) } },
  ...Object.entries(nounDoors).map(([name, doors]) => ({
    from: noun(),
    allow: { to: noun({ captured: { noun: name }, fileInternalPath: doors }) },
  })),
  { from: noun({ captured: { noun: readersOfAllNouns } }), allow: { to: noun() } },
  {
    from: noun(),
    disallow: { to: noun({ captured: { noun: 'report' } }) },
    message: 'No noun reads report: report reads all nouns, so reading it back would be a cycle.',
  },
];

const policies = [
  ...rooms.flatMap((room) => row({ element: { type: room.name } }, room)),
  ...files.flatMap((file) => row({ file: { categories: file.name } }, file)),
  {
    from: { element: { type: 'office' }, file: { categories: 'server-module' } },
    allow: { to: { element: { type: ['server', 'server-auth'] } } },
  },
  ...betweenNouns,
  ...outside.map(({ name }) => ({ from: { element: { type: name } }, allow: everything })),
  { from: { file: { categories: 'tool' } }, allow: everything },
  {
    from: { element: { type: rooms.map(({ name }) => name) } },
    disallow: { to: { file: { categories: ['test', 'fixture'] } } },
    message: 'A fixture is for tests: code that runs never imports it.',
  },
  { from: { file: { categories: ['test', 'fixture'] } }, allow: { to: { file: { categories: 'fixture' } } } },
  {
    from: { file: { categories: 'test' } },
    allow: [...library(testLibraries), { to: { element: { type: 'tests' } } }],
  },
];

export const boundaries = {
  files: ['**/*.ts', '**/*.svelte'],
  plugins: { boundaries: plugin },
  settings: {
    'boundaries/root-path': fileURLToPath(new URL('../..', import.meta.url)),
    'boundaries/elements': elements,
    'boundaries/elements-single-match': true,
    'boundaries/files': fileDescriptors,
    'boundaries/dependency-nodes': ['import', 'dynamic-import', 'export', 'require'],
    'import/resolver': { [fileURLToPath(new URL('./resolver.cjs', import.meta.url))]: {} },
  },
  rules: {
    'boundaries/dependencies': [
      'error',
      {
        default: 'disallow',
        message: 'This file lies in no room: anything not listed in scripts/lint/rooms.js is forbidden.',
        checkAllOrigins: true,
        checkUnknownLocals: true,
        policies,
      },
    ],
    'boundaries/no-unknown-files': 'error',
  },
};
