// The table "who may import whom" of the house, as data. eslint.config.js turns it into the boundary rule;
// tests/architecture plants violations against it. Anything not listed is forbidden.

/**
 * @typedef {object} Room
 * @property {string} name
 * @property {string} folder      glob from the project's root; route groups escaped
 * @property {string} why         said to whoever crosses the line
 * @property {string[]} may       rooms it may import
 * @property {string[]} [mayTypes] rooms it may import types from
 * @property {{ room: string, path: string }[]} [mayFiles] single doors into a room that is otherwise closed
 * @property {string[]} [libraries] outside modules
 * @property {string[]} [libraryTypes] outside modules whose types it may name
 */

const kit = ['$app/**', '@sveltejs/kit', 'svelte', 'svelte/**'];
const node = ['node:**'];

/** @type {Room[]} */
export const rooms = [
  {
    name: 'kernel',
    folder: 'src/lib/kernel',
    why: 'the kernel is the floor: it knows no word of the domain and stands on nothing',
    may: [],
  },
  {
    name: 'noun',
    folder: 'src/lib/domain/*',
    why: 'the domain gives the same answer on phone and server: kernel, zod and pure libraries only; of another noun, its main file only',
    may: ['kernel', 'domain'],
    libraries: ['zod', 'ts-fsrs'],
  },
  {
    name: 'domain',
    folder: 'src/lib/domain',
    why: 'the domain gives the same answer on phone and server: kernel, zod and pure libraries only',
    may: ['kernel', 'noun'],
    libraries: ['zod', 'ts-fsrs'],
  },
  {
    name: 'protocol',
    folder: 'src/lib/protocol',
    why: 'the protocol is shapes and versions, shared by both ends: kernel, domain and zod only',
    may: ['kernel', 'domain', 'noun'],
    libraries: ['zod'],
  },
  {
    name: 'phone',
    folder: 'src/lib/phone',
    why: 'the phone runs in tests and in the simulator: never server, ui, Svelte or Kit; other libraries through one wrapping file named in its README',
    may: ['kernel', 'domain', 'noun', 'protocol'],
    libraries: ['dexie', 'workbox-window', 'zod', 'hash-wasm', 'zxing-wasm', 'zxing-wasm/**'],
  },
  {
    name: 'server-auth',
    folder: 'src/lib/server/auth',
    why: 'lucia lives in server/auth alone, so that leaving it costs one file',
    may: ['kernel', 'domain', 'noun', 'protocol', 'server'],
    libraries: [...node, 'postgres', 'zod', 'lucia', '@node-rs/argon2'],
    libraryTypes: ['@sveltejs/kit'],
  },
  {
    name: 'server',
    folder: 'src/lib/server',
    why: 'the server never knows the phone, the ui or the words on screen; lucia is for server/auth alone; other libraries through one wrapping file named in its README',
    may: ['kernel', 'domain', 'noun', 'protocol', 'server-auth'],
    mayFiles: [{ room: 'content', path: '**/src/content/built/**' }], // it publishes the packs
    libraries: [...node, 'postgres', 'zod', 'pino', 'pino/**'],
    libraryTypes: ['@sveltejs/kit'],
  },
  {
    name: 'ui',
    folder: 'src/lib/ui',
    why: 'a component works with props alone: never phone, server or Kit; of the domain its types only',
    may: ['kernel', 'messages'],
    mayTypes: ['domain', 'noun'],
    libraries: ['svelte', 'svelte/**', '@lucide/svelte', '@lucide/svelte/**', 'qr', '@fontsource/**'],
  },
  {
    name: 'messages',
    folder: 'src/lib/messages',
    why: 'messages are text, no logic: kernel, and the types of the domain',
    may: ['kernel'],
    mayTypes: ['domain', 'noun'],
  },
  {
    name: 'content',
    folder: 'src/content',
    why: 'content is data: it imports nothing',
    may: [],
  },
  {
    name: 'service-worker',
    folder: 'src/service-worker',
    why: 'the service worker runs the courier and nothing else of the phone: no screens, no keys, no domain',
    may: ['kernel', 'protocol'],
    mayFiles: [{ room: 'phone', path: '**/src/lib/phone/courier/**' }],
    libraries: [
      '$service-worker',
      'workbox-core',
      'workbox-core/**',
      'workbox-precaching',
      'workbox-routing',
    ],
  },
  {
    name: 'field',
    folder: 'src/routes/\\(field\\)',
    why: 'field screens work with no network: never the server, nor what only a server can load',
    may: ['phone', 'ui', 'domain', 'noun', 'protocol', 'messages', 'kernel'],
    libraries: [...kit, 'zod'],
  },
  {
    name: 'office',
    folder: 'src/routes/\\(@(office|entry|public)\\)',
    why: 'office screens read the server in *.server.ts only, and never the phone (but for starting a session on the device)',
    may: ['ui', 'domain', 'noun', 'messages', 'kernel'],
    mayFiles: [{ room: 'phone', path: '**/src/lib/phone/{session,enrolment}/**' }],
    libraries: [...kit, 'zod'],
  },
  {
    name: 'api',
    folder: 'src/routes/api',
    why: 'an api route parses, calls the server and replies: no UI, no domain, no words',
    may: ['server', 'server-auth', 'protocol', 'kernel'],
    libraries: ['@sveltejs/kit', '$app/environment', 'zod'],
  },
  {
    name: 'root-routes',
    folder: 'src/routes',
    why: 'the root layout stands above the offline screens: no server, no phone; ui, messages and kernel only',
    may: ['ui', 'messages', 'kernel'],
    mayTypes: ['domain', 'noun'],
    libraries: kit,
  },
];

/**
 * Between nouns: the main file (`domain/<noun>/<noun>.ts`) is everybody's, and so are the few files the design names as
 * the one place of something. `record` (the mutations and `apply`) and `report` read every noun; nobody reads `report`.
 */
export const nounDoors = {
  filing: ['dossier-code.ts'], // the one judge of a code, wherever it is typed
  people: ['permissions.ts', 'personal-fields.ts', 'forbidden-text.ts', 'roles.ts'],
  record: ['ids.ts', 'row.ts', 'mutation.ts'],
};
export const readersOfAllNouns = ['record', 'report'];

/** Folders that are not rooms of the product: they may look anywhere, and nobody in `src` may look at them. */
export const outside = [
  { name: 'scripts', folder: 'scripts' },
  { name: 'bench', folder: 'bench' },
  { name: 'tests', folder: 'tests' },
];

/** Settings of tools at the root. */
export const toolFiles = '*.{ts,js}';

/** Single files with a rule of their own. The last match wins, so these stand above the rooms they lie in. */
export const files = [
  {
    name: 'hooks-server',
    pattern: 'src/hooks.server.ts',
    why: 'hooks.server delegates only: server and kernel',
    may: ['server', 'server-auth', 'kernel'],
    libraries: ['@sveltejs/kit', '@sveltejs/kit/**', '$app/environment'],
  },
  {
    name: 'hooks-client',
    pattern: 'src/hooks.client.ts',
    why: 'hooks.client delegates only: phone and kernel',
    may: ['phone', 'kernel'],
    libraries: ['@sveltejs/kit', '$app/environment'],
  },
  {
    name: 'app-types',
    pattern: 'src/app.d.ts',
    why: 'app.d.ts names types only',
    may: [],
    mayTypes: ['server', 'server-auth', 'kernel', 'domain', 'noun'],
    libraries: [],
  },
];

/** Rooms in which the same input must give the same answer. */
export const pureFolders = ['src/lib/kernel', 'src/lib/domain', 'src/lib/protocol'];

/** What a test beside its source may use besides its own room. */
export const testLibraries = ['vitest', 'fast-check', 'fake-indexeddb', 'fake-indexeddb/**', 'node:**'];
