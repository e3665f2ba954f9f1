import { beforeAll, describe, expect, it } from 'vitest';
import { FOREIGN_WORDS } from '../src/lib/messages/checks/allowed-words.ts';
import { plants } from './architecture/boundary-plants.ts';
import { evidenceExists } from './architecture/evidence.ts';
import * as house from './architecture/house-checks.ts';
import { cyclesIn, importGraph, importsOf } from './architecture/import-graph.ts';
import { lintByText, lintWithTypes, type PlantedLint } from './architecture/planted-lint.ts';
import { rulePlants, typedPlants, unusedDisable } from './architecture/rule-plants.ts';
import { isCode, readTree, type SourceFile } from './architecture/source-files.ts';
import { lockfileIsWhole } from './architecture/whole-lock.ts';
import { vietnameseStaysInItsRooms } from './architecture/vietnamese-letters.ts';
import { librariesAreWrapped, type WrappedLibrary } from './architecture/wrapped-libraries.ts';

const LIB_ROOMS = ['kernel', 'domain', 'protocol', 'phone', 'server', 'ui', 'messages'].map(
  (room) => `src/lib/${room}`,
);
const ROOMS = [...LIB_ROOMS, 'src/content', 'src/service-worker', 'tests'];

const WRAPPED: readonly WrappedLibrary[] = [
  { library: 'hash-wasm', room: 'src/lib/phone' },
  { library: 'zxing-wasm', room: 'src/lib/phone' },
  { library: 'workbox-window', room: 'src/lib/phone' },
  { library: 'lucia', room: 'src/lib/server' },
  { library: '@node-rs/argon2', room: 'src/lib/server' },
  { library: 'pino', room: 'src/lib/server' },
  { library: 'qr', room: 'src/lib/ui' },
  { library: '@lucide/svelte', room: 'src/lib/ui' },
];

/** What no library of icons has: the app's own mark, and a code that is another one each time. */
const DRAWN_BY_US = ['src/lib/ui/brand-mark.svelte', 'src/lib/ui/qr-code.svelte'];

/** The words the whole product speaks with; the glossary ties each to its word in the code. */
const GLOSSARY_WORDS = [
  'Lượt hỗ trợ', 'Hồ sơ', 'Ghi nhanh', 'Hôm nay', 'Chờ gửi', 'Đã lưu trên máy', 'Đang gửi', 'Đã về', 'Cần anh/chị xử lý',
  'Hai người sửa khác nhau', 'Phường chưa nhận', 'Huỷ lượt ghi', 'Tổ trưởng', 'bà con', 'mức 2', 'ngày hẹn', 'ngày dự kiến',
]; // prettier-ignore

const file = (path: string, text = 'export {};\n'): SourceFile => ({ path, text });

describe('lint: who may import whom', () => {
  let lint: PlantedLint;
  beforeAll(() => {
    lint = lintByText();
  });

  it.each(plants)('$at: $text', async ({ at, text, refused }) => {
    const messages = (await lint(text, at)).filter(({ ruleId }) => ruleId === 'boundaries/dependencies');
    if (refused === null) expect(messages).toEqual([]);
    else expect(messages.map(({ message }) => message)).toEqual([expect.stringContaining(refused)]);
  });
});

describe('lint: the rules of the house are seen red', () => {
  let lint: PlantedLint;
  beforeAll(() => {
    lint = lintByText();
  });

  it.each(rulePlants)('$rule at $at', async ({ rule, at, text }) => {
    expect((await lint(text, at)).map(({ ruleId }) => ruleId)).toContain(rule);
  });

  it('an unused eslint-disable', async () => {
    const messages = await lint(unusedDisable.text, unusedDisable.at);
    expect(messages.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('Unused eslint-disable'),
    );
  });

  it('and says nothing about a file in order', async () => {
    expect(await lint('export const one = 1;\n', 'src/lib/domain/record/planted.ts')).toEqual([]);
  });
});

describe('lint: rules that follow the types are seen red', () => {
  const PHONE_FILE = 'src/lib/phone/vault/kdf.ts';
  let lint: PlantedLint;
  beforeAll(() => {
    lint = lintWithTypes();
  });
  const ruleIds = async (text: string): Promise<(string | null)[]> =>
    (await lint(text, PHONE_FILE)).map(({ ruleId }) => ruleId);

  it.each(typedPlants.foreign)('a foreign promise in a Dexie transaction %#', async (text) => {
    expect(await ruleIds(text)).toContain('house/no-foreign-await');
  });

  it.each(typedPlants.own)("Dexie's own promises pass %#", async (text) => {
    expect(await ruleIds(text)).not.toContain('house/no-foreign-await');
  });

  it('a promise nobody waits for', async () => {
    expect(await ruleIds(typedPlants.floating)).toContain('@typescript-eslint/no-floating-promises');
  });

  it('an any that came in by JSON', async () => {
    expect(await ruleIds(typedPlants.unsafe)).toContain('@typescript-eslint/restrict-plus-operands');
  });
});

interface HouseRule {
  readonly name: string;
  readonly check: house.Check;
  /** A tree with faults in it, and how many. */
  readonly planted: readonly SourceFile[];
  readonly faults: number;
}

const RULES: readonly HouseRule[] = [
  {
    name: 'no server module among the offline screens or above them',
    check: house.offlineRoutesNeedNoServer,
    planted: [
      file('src/routes/(field)/today/+page.server.ts'),
      file('src/routes/+layout.server.ts'),
      file('src/routes/(field)/x/+server.ts'),
    ],
    faults: 3,
  },
  {
    name: 'every room has a README of at most 40 lines',
    check: house.roomsHaveReadmes(ROOMS),
    planted: [
      file('src/lib/kernel/README.md', 'x\n'.repeat(41)),
      ...ROOMS.slice(2).map((room) => file(`${room}/README.md`, 'x\n'.repeat(40))),
    ],
    faults: 2,
  },
  {
    name: 'src/lib holds rooms only',
    check: house.everyFolderOfLibIsARoom(LIB_ROOMS),
    planted: [file('src/lib/money/money.ts'), file('src/lib/loose.ts')],
    faults: 2,
  },
  {
    name: 'no drawers for names',
    check: house.namesSayWhatTheyAre,
    planted: ['phone/date-utils.ts', 'server/sync-manager.ts', 'ui/index.ts', 'server/common/x.ts'].map(
      (path) => file(`src/lib/${path}`),
    ),
    faults: 4,
  },
  {
    name: 'A2 every field says whether the browser may remember what is typed into it',
    check: house.fieldsSayWhatIsRemembered,
    planted: [
      file(
        'src/lib/ui/a.svelte',
        '<input\n  {value}\n/><input type="checkbox" /><input autocomplete="off" />',
      ),
      file('src/lib/ui/b.svelte', '<textarea {value}></textarea>'),
    ],
    faults: 2,
  },
  {
    name: 'file names are kebab-case',
    check: house.namesAreKebabCase,
    planted: [file('src/lib/ui/BigButton.svelte'), file('src/lib/phone/out_box.ts')],
    faults: 2,
  },
  {
    name: 'files are small',
    check: house.filesAreSmall,
    planted: [
      file('src/lib/phone/outbox.ts', '\n'.repeat(401)),
      file('src/routes/api/sync/+server.ts', '\n'.repeat(61)),
    ],
    faults: 2,
  },
  {
    name: 'nothing of the machine it was written on',
    check: house.nothingOfThisMachine,
    planted: [
      file('docs/a.md', `see ${'../sha' + 'red'}/x`),
      file('scripts/a.ts', `'${'/ro' + 'ot'}/x'`),
      file('a.md', `${'/ho' + 'me'}/someone/x`),
    ],
    faults: 3,
  },
  {
    name: 'the lockfile names no other registry',
    check: house.lockfileNamesNoRegistry,
    planted: [file('package-lock.json', '"resolved": "https://npm.example/x.tgz"')],
    faults: 1,
  },
  {
    name: 'the lockfile holds the packages of every platform',
    check: lockfileIsWhole,
    planted: [
      file(
        'package-lock.json',
        JSON.stringify({
          packages: {
            '': { devDependencies: { a: '1' } },
            'node_modules/a': { optionalDependencies: { '@a/linux': '1', '@a/windows': '1' } },
            'node_modules/a/node_modules/@a/linux': {},
          },
        }),
      ),
    ],
    faults: 1,
  },
  {
    name: 'nothing is put off in a comment',
    check: house.nothingIsPutOff,
    planted: [file('src/lib/phone/x.ts', `// ${'FIX' + 'ME'} later`)],
    faults: 1,
  },
  {
    name: 'every test runs',
    check: house.everyTestRuns,
    planted: [
      file('src/a.test.ts', `${['it', 'only'].join('.')}('a', b);`),
      file('src/b.test.ts', `${['describe', 'skip'].join('.')}('a', b);`),
    ],
    faults: 2,
  },
  {
    name: 'a disabled lint rule says why',
    check: house.everyDisableSaysWhy,
    planted: [
      file('src/a.ts', '// eslint-disable-next-line no-console\n'),
      file('src/b.ts', '/* eslint-disable no-console -- all of it */'),
    ],
    faults: 2,
  },
  {
    name: 'migrations are numbered without a gap',
    check: house.migrationsAreNumbered,
    planted: [file('migrations/0001_a.sql'), file('migrations/0003_b.sql')],
    faults: 1,
  },
  {
    name: 'Vietnamese stays in messages and content',
    check: vietnameseStaysInItsRooms,
    planted: [
      file('src/lib/phone/a.ts', `const a = 'Đã lưu';`),
      file('src/lib/ui/b.svelte', '<p>Hồ sơ</p>'),
      file('src/lib/domain/c.ts', 'const hồSơ = 1;'),
      file('src/lib/domain/d.ts', '// Hồ sơ\nconst filing = `Cổng ` + 1;'),
      file('src/lib/domain/e.ts', '/** Hồ sơ */\nconst filing = /ă/;'),
    ],
    faults: 4,
  },
  {
    name: 'evidence in docs/security.md exists',
    check: evidenceExists,
    planted: [
      file(
        'docs/security.md',
        '| 1 | x | `tests/a.test.ts › yes`, `tests/a.test.ts › no` |\n| 2 | x | `src/gone.ts` |\n',
      ),
      file('tests/a.test.ts', `it('yes', () => {});`),
    ],
    faults: 2,
  },
  {
    name: 'a wrapped library has one door, named in its README',
    check: librariesAreWrapped(WRAPPED),
    planted: [
      file('src/lib/ui/README.md', 'qr'),
      file('src/lib/ui/a.ts', `import 'qr';`),
      file('src/lib/ui/b.ts', `import 'qr';`),
      file('src/lib/server/mail.ts', `import 'hash-wasm';`),
    ],
    faults: 3,
  },
  {
    name: 'icons come from the library, none is drawn by hand',
    check: (files) =>
      files
        .filter(
          ({ path, text }) => path.startsWith('src/') && text.includes('<svg') && !DRAWN_BY_US.includes(path),
        )
        .map(({ path }) => `${path}: draws an icon of its own`),
    planted: [
      file('src/lib/ui/a.svelte', '<svg viewBox="0 0 24 24"></svg>'),
      file('src/lib/ui/qr-code.svelte', '<svg>'),
    ],
    faults: 1,
  },
];

describe('the house is in order', () => {
  let tree: SourceFile[];
  beforeAll(() => {
    tree = readTree();
  });

  it.each(RULES)('$name', ({ check }) => {
    expect(check(tree)).toEqual([]);
  });

  it('no file imports itself by a way round', () => {
    const cycles = cyclesIn(importGraph(tree.filter(isCode).filter(({ path }) => path.startsWith('src/'))));
    expect(cycles.map((cycle) => cycle.join(' → '))).toEqual([]);
  });

  it('imports name their file in full', () => {
    const vague = tree.filter(isCode).flatMap(({ path, text }) =>
      importsOf(text)
        .filter(
          (source) =>
            /^(\.|\$lib\/)/.test(source) &&
            !/\.(ts|js|cjs|mjs|svelte|css|json|svg|wasm)(\?\w+)?$|\/\$types$/.test(source),
        )
        .map((source) => `${path}: ${source}`),
    );
    expect(vague).toEqual([]);
  });

  it('E2 the glossary ties the words on screen to the words in the code', () => {
    const glossary = tree.find(({ path }) => path === 'docs/glossary.md');
    expect(glossary, 'docs/glossary.md').toBeDefined();
    const text = glossary?.text.normalize('NFC').toLocaleLowerCase('vi') ?? '';
    expect(GLOSSARY_WORDS.filter((word) => !text.includes(word.toLocaleLowerCase('vi')))).toEqual([]);
  });

  it('E2 the foreign words the screens may use are the list in the glossary', () => {
    const glossary = tree.find(({ path }) => path === 'docs/glossary.md')?.text ?? '';
    const listed = /```allowed-words\n(?<words>[^`]*)```/.exec(glossary)?.groups?.['words'] ?? '';
    expect(listed.trim().split('\n')).toEqual([...FOREIGN_WORDS]);
  });
});

describe('the checks of the house are seen red', () => {
  it.each(RULES)('$name', ({ check, planted, faults }) => {
    expect(check(planted)).toHaveLength(faults);
  });

  it('a cycle of three files, in .ts and .svelte', () => {
    const files = [
      file('src/lib/ui/a.ts', `import B from './b.svelte';`),
      file('src/lib/ui/b.svelte', `<script lang="ts">import { c } from '$lib/ui/c.ts';</script>`),
      file('src/lib/ui/c.ts', `export { a } from './a.ts';`),
    ];
    expect(cyclesIn(importGraph(files))).toEqual([
      ['src/lib/ui/a.ts', 'src/lib/ui/b.svelte', 'src/lib/ui/c.ts', 'src/lib/ui/a.ts'],
    ]);
  });

  it('the tree is really read', () => {
    const paths = readTree().map(({ path }) => path);
    expect(paths).toContain('src/lib/kernel/result.ts');
    expect(paths).toContain('tests/architecture.test.ts');
  });
});
