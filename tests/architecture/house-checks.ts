import { isCode, type SourceFile } from './source-files.ts';

/** Each check takes the tree and returns its faults, one sentence each: an empty list is a house in order. */
export type Check = (files: readonly SourceFile[]) => string[];

const lineCount = (text: string): number => text.split('\n').length - (text.endsWith('\n') ? 1 : 0);

/** A server module here would need the network to navigate. */
export const offlineRoutesNeedNoServer: Check = (files) =>
  files
    .filter(
      ({ path }) =>
        /^src\/routes\/\(field\)\/.*(\.server\.(ts|js)|\+server\.(ts|js))$/.test(path) ||
        /^src\/routes\/\+layout\.server\.(ts|js)$/.test(path),
    )
    .map(({ path }) => `${path}: a server module above or among the offline screens`);

const ROOM_README_LINES = 40;

export const roomsHaveReadmes =
  (rooms: readonly string[]): Check =>
  (files) =>
    rooms.flatMap((room) => {
      const readme = files.find(({ path }) => path === `${room}/README.md`);
      if (!readme) return [`${room}: no README.md`];
      const lines = lineCount(readme.text);
      return lines > ROOM_README_LINES
        ? [`${room}/README.md: ${lines} lines, at most ${ROOM_README_LINES}`]
        : [];
    });

export const everyFolderOfLibIsARoom =
  (rooms: readonly string[]): Check =>
  (files) =>
    [...new Set(files.map(({ path }) => /^src\/lib\/[^/]+/.exec(path)?.[0] ?? ''))]
      .filter((folder) => folder !== '' && !rooms.includes(folder))
      .map((folder) => `${folder}: not a room of the house (nothing lies loose in src/lib)`);

const FORBIDDEN_WORDS = new Set([
  'util',
  'utils',
  'helper',
  'helpers',
  'common',
  'misc',
  'manager',
  'service',
]);
/** Kit names its worker folder itself, and starts it at `index.ts`. */
const NAMED_BY_KIT = new Set(['src/service-worker', 'src/service-worker/index.ts']);

function wordsOf(segment: string): string[] {
  return segment
    .replace(/\.(ts|js|cjs|mjs|svelte|css|md|json|sql)$/, '')
    .split(/[-._+()[\]]/)
    .map((word) => word.toLowerCase());
}

export const namesSayWhatTheyAre: Check = (files) => {
  const paths = new Set(
    files.filter(isCode).flatMap(({ path }) => {
      const segments = path.split('/');
      return segments.map((_, at) => segments.slice(0, at + 1).join('/'));
    }),
  );
  return [...paths]
    .filter((path) => !NAMED_BY_KIT.has(path))
    .flatMap((path) => {
      const segment = path.split('/').at(-1) ?? '';
      const bad = wordsOf(segment).find((word) => FORBIDDEN_WORDS.has(word));
      if (bad !== undefined) return [`${path}: "${bad}" is a drawer, not a name`];
      return /^index\.(ts|js|svelte)$/.test(segment)
        ? [`${path}: no barrels, import the file that is meant`]
        : [];
    });
};

const KEBAB = /^(\+)?[a-z0-9]+(-[a-z0-9]+)*(@[a-z]*)?(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
const ROUTE_SEGMENT = /^(\([a-z-]+\)|\[{1,2}(\.{3})?[a-z]+(=[a-z]+)?\]{1,2}(\.[a-z]+)?)$/i;

export const namesAreKebabCase: Check = (files) =>
  files
    .filter(isCode)
    .filter(
      ({ path }) => !path.split('/').every((segment) => KEBAB.test(segment) || ROUTE_SEGMENT.test(segment)),
    )
    .map(({ path }) => `${path}: file names are kebab-case`);

const FILE_LINES = 400;
/** A screen's own style is not counted: it says nothing about what the route does. */
const ROUTE_LINES = 60;
const withoutStyle = (text: string): string => text.replace(/\n*<style[^>]*>[\s\S]*?<\/style>\n*/g, '\n');

const ROUTE_FILE = /^src\/(routes\/.*\+[a-z.]+\.(ts|svelte)|hooks\.[a-z]+\.ts)$/;

export const filesAreSmall: Check = (files) =>
  files.filter(isCode).flatMap(({ path, text }) => {
    const isRoute = ROUTE_FILE.test(path);
    const lines = lineCount(isRoute ? withoutStyle(text) : text);
    const limit = isRoute ? ROUTE_LINES : FILE_LINES;
    return lines > limit ? [`${path}: ${lines} lines, at most ${limit}`] : [];
  });

/** Each has one letter in brackets, so that this file does not carry what it looks for. */
const MACHINE_PATHS: readonly [RegExp, string][] = [
  [/\.\.\/share[d]\b/, 'a path into the workplace'],
  [/(^|[\s'"`(=:])\/(wor[k]|roo[t]|hom[e]|User[s])\//m, 'an absolute path of one machine'],
  [/\/tmp\/brie[f]/, 'an absolute path of one machine'],
  [/https?:\/\/[^\s'"]*(artifactor[y]|verdacci[o]|nexu[s]|npmmirro[r]|jfro[g])/i, 'a registry host'],
];

export const nothingOfThisMachine: Check = (files) =>
  files.flatMap(({ path, text }) =>
    MACHINE_PATHS.filter(([pattern]) => pattern.test(text)).map(([, what]) => `${path}: names ${what}`),
  );

export const lockfileNamesNoRegistry: Check = (files) =>
  files
    .filter(({ path }) => path === 'package-lock.json')
    .flatMap(({ text }) =>
      [...text.matchAll(/"resolved": "https?:\/\/([^/"]+)/g)]
        .map(([, host]) => host ?? '')
        .filter((host) => host !== 'registry.npmjs.org')
        .map((host) => `package-lock.json: resolved from ${host}`),
    );

const UNFINISHED = /\b(TOD[O]|FIXM[E]|XX[X])\b/;

export const nothingIsPutOff: Check = (files) =>
  files
    .filter((file) => isCode(file) || /^(migrations|docs)\//.test(file.path))
    .filter(({ text }) => UNFINISHED.test(text))
    .map(({ path }) => `${path}: a note of something unfinished; make it an issue`);

/** A skip under a condition with its reason is allowed; a test that is never run, or runs alone, is not. */
const ALONE_OR_NEVER = /\b(?:it|test|describe)(?:\.\w+)*\.(only|skip|todo|fixme)\s*\(\s*['"`]/;

export const everyTestRuns: Check = (files) =>
  files.filter(isCode).flatMap(({ path, text }) => {
    const found = ALONE_OR_NEVER.exec(text);
    return found ? [`${path}: .${found[1] ?? ''}( leaves tests out`] : [];
  });

const DISABLE = /eslint-disable(?!-next-line [\w@/, -]+? -- \S)/;

export const everyDisableSaysWhy: Check = (files) =>
  files
    .filter((file) => isCode(file) && !file.path.startsWith('tests/architecture'))
    .filter(({ text }) => DISABLE.test(text))
    .map(({ path }) => `${path}: eslint is switched off only for the next line, with "-- why"`);

export const migrationsAreNumbered: Check = (files) => {
  const names = files
    .filter(({ path }) => /^migrations\/.*\.sql$/.test(path))
    .map(({ path }) => path.slice('migrations/'.length));
  return [...names].sort().flatMap((name, at) => {
    const expected = String(at + 1).padStart(4, '0');
    return new RegExp(`^${expected}_[a-z0-9_]+\\.sql$`).test(name)
      ? []
      : [`migrations/${name}: expected ${expected}_name.sql`];
  });
};

const NOTHING_IS_TYPED = /type="(hidden|checkbox|radio|file|date)"/;

/** A browser writes what stands in fields to its profile, in the open, to restore its tabs: unless they say `autocomplete`. */
export const fieldsSayWhatIsRemembered: Check = (files) =>
  files
    .filter(({ path }) => path.endsWith('.svelte'))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/<(input|textarea)\b[^]*?(?:\/>|><\/textarea>)/g)]
        .filter(([tag]) => !NOTHING_IS_TYPED.test(tag) && !/\bautocomplete=/.test(tag))
        .map(([, name = '']) => `${path}: <${name}> without autocomplete`),
    );
