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
function row({ why, may, mayTypes = [], mayFiles = [], libraries = [], libraryTypes = [] }) {
  const policies = [{ disallow: everything, message: `Not from here: ${why}.` }];
  if (may.length > 0) policies.push({ allow: { to: { element: { type: may } } } });
  if (mayTypes.length > 0) {
    policies.push({ allow: { to: { element: { type: mayTypes } }, dependency: { kind: 'type' } } });
  }
  for (const door of mayFiles) policies.push({ allow: { to: { file: { path: door.path } } } });
  if (libraries.length > 0) policies.push({ allow: library(libraries) });
  if (libraryTypes.length > 0) {
    policies.push({ allow: { to: { module: { source: libraryTypes } }, dependency: { kind: 'type' } } });
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

const noFixtures = {
  disallow: { to: { file: { categories: ['test', 'fixture'] } } },
  message: 'A fixture is for tests: code that runs never imports it.',
};

const forTests = [
  { allow: [...library(testLibraries), { to: { element: { type: 'tests' } } }] },
  { allow: { to: { file: { categories: 'fixture' } } } },
];

/** The rule for some files, with the policies of their room alone: each import is judged by a handful, not by all. */
const scope = (patterns, policies) => ({
  files: patterns,
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
  },
});

function scopesOf(room) {
  const policies = [...row(room), ...(room.name === 'noun' ? betweenNouns : [])];
  return [
    scope([`${room.folder}/**/*.ts`, `${room.folder}/**/*.svelte`], [...policies, noFixtures]),
    scope([`${room.folder}/**/*.test.ts`, `${room.folder}/**/*.fixture.ts`], [...policies, ...forTests]),
  ];
}

const office = rooms.find(({ name }) => name === 'office');
const officeServer = { ...office, may: [...office.may, 'server', 'server-auth'] };

export const boundaries = [
  {
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
    rules: { 'boundaries/no-unknown-files': 'error' },
  },
  // The last that fits a file decides, so the narrower folder comes later.
  ...[...rooms].reverse().flatMap(scopesOf),
  scope([`${office.folder}/**/*.server.ts`], [...row(officeServer), noFixtures]),
  ...files.map((file) => scope([file.pattern], [...row(file), noFixtures])),
];
