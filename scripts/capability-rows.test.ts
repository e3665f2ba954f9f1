import { describe, expect, it } from 'vitest';
import { idsIn, judgeClaims, namedTests, readCapabilities } from './capability-rows.ts';

const honest = `
- { id: L3, title: Quick log, state: complete }
- { id: D1, title: Dashboard, state: begun, missing: the figures }
- { id: G7, title: Chip card, state: later }
`;

function capabilitiesOf(yaml: string) {
  const read = readCapabilities(yaml);
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

describe('the list of capabilities', () => {
  it('is read as authored', () => {
    expect(capabilitiesOf(honest).map(({ id, state }) => `${id} ${state}`)).toEqual([
      'L3 complete',
      'D1 begun',
      'G7 later',
    ]);
  });

  it.each([
    ['an unknown state', '- { id: L3, title: Quick log, state: nearly }', 'state'],
    ['an id of no kind', '- { id: Q3, title: Quick log, state: complete }', 'id'],
    [
      'an id listed twice',
      '- { id: L3, title: One, state: complete }\n- { id: L3, title: Two, state: later }',
      'L3 is listed twice',
    ],
    [
      'a beginning that does not say what is missing',
      '- { id: L3, title: Quick log, state: begun }',
      'say what is missing',
    ],
  ])('refuses %s', (_, yaml, reason) => {
    const read = readCapabilities(yaml);
    expect(read.ok).toBe(false);
    if (!read.ok) expect(read.error).toContain(reason);
  });
});

describe('the names of tests', () => {
  it('are read with their chapters, through each and templates', () => {
    const text = `
      describe('L3 quick log', () => {
        it('saves in six taps', () => {});
        describe.each([1])('on %s', () => {
          it.each([1, 2])(\`keeps \${1} rows\`, () => {});
        });
      });
      test('I2 alone', async () => {});
      // it('L9 in a comment', () => {});
      const quoted = "it('L8 in a string', () => {})";
    `;
    expect(namedTests('a.test.ts', text).map(({ name }) => name)).toEqual([
      'L3 quick log › saves in six taps',
      'L3 quick log › on %s › keeps … rows',
      'I2 alone',
    ]);
  });

  it('hold ids as words of their own', () => {
    expect(idsIn('L3, I11: a (D1) sheet of A4 paper, UTF8, x-L4, P256 and G13.')).toEqual([
      'L3',
      'I11',
      'D1',
      'G13',
    ]);
  });
});

describe('claims are judged', () => {
  const tests = namedTests('a.test.ts', `it('L3 quick log', () => {}); it('D1 list', () => {});`);

  it('true ones pass', () => {
    const { rows, faults } = judgeClaims(capabilitiesOf(honest), tests);
    expect(faults).toEqual([]);
    expect(rows.map((row) => row.tests.length)).toEqual([1, 1, 0]);
  });

  it('a planted lie: complete, and no test names it', () => {
    const lie = honest.replace('G7, title: Chip card, state: later', 'G7, title: Chip card, state: complete');
    expect(judgeClaims(capabilitiesOf(lie), tests).faults).toEqual([
      'G7 Chip card: claimed complete, no test names it',
    ]);
  });

  it('a planted slip: a test names what is no capability', () => {
    const slip = namedTests('b.test.ts', `it('L33 quick log', () => {});`);
    expect(judgeClaims(capabilitiesOf(honest), [...tests, ...slip]).faults).toEqual([
      'b.test.ts: "L33 quick log" names L33, which is no capability',
    ]);
  });

  it('a planted modesty: later, and yet it is tested', () => {
    const early = namedTests('b.test.ts', `it('G7 reads a chip', () => {});`);
    expect(judgeClaims(capabilitiesOf(honest), [...tests, ...early]).faults).toEqual([
      'G7 Chip card: claimed later, yet 1 tests name it',
    ]);
  });
});
