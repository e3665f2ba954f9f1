import { describe, expect, it } from 'vitest';
import { asDay } from '../../kernel/calendar/day.ts';
import type { HolidayBody } from './pack.ts';
import { checkHolidays, checkProcedures } from './pack-check.ts';
import { sampleBody, sampleProcedure } from './procedure.fixture.ts';
import type { Procedure } from './procedure.ts';

const BASE = sampleProcedure();

function faults(...changes: Partial<Procedure>[]): string[] {
  return checkProcedures(sampleBody(changes.map(sampleProcedure))).map(
    ({ path, message }) => `${path.slice(1).join('.')}: ${message}`,
  );
}

describe('G1 what a catalogue may not say', () => {
  it('finds nothing in a good one', () => {
    expect(faults({})).toEqual([]);
  });

  it.each<[string, Partial<Procedure>, RegExp]>([
    [
      'a source that is not listed',
      { fee: { ...BASE.fee, source: 'hearsay' } },
      /^0\.fee\.source: no source "hearsay"/,
    ],
    ['a group that is not listed', { group: 'space' }, /^0\.group: no group/],
    [
      'an empty value that claims to be known',
      { agency: { ...BASE.agency, value: null } },
      /^0\.agency\.state/,
    ],
    ['a value nobody found', { agency: { ...BASE.agency, state: 'unknown' } }, /^0\.agency\.state/],
    ['a known fee of unknown state', { fee: { ...BASE.fee, state: 'unknown' } }, /^0\.fee: kind and state/],
    [
      'a level without online filing',
      { online: { ...BASE.online, value: { accepted: false, level: 'whole' } } },
      /^0\.online\.value\.level/,
    ],
    [
      'online filing nobody knows of, said to be known',
      { online: { ...BASE.online, value: { accepted: null, level: null } } },
      /^0\.online: accepted is null/,
    ],
    [
      'a number that lost its unit, made into days',
      {
        timeLimit: {
          ...BASE.timeLimit,
          value: { kind: 'working_days', count: 1, words: '1 ngày', printed: '1' },
        },
      },
      /lost its unit/,
    ],
    [
      'a longest case no longer than the ordinary one',
      {
        timeLimit: {
          ...BASE.timeLimit,
          value: { kind: 'days', count: 5, longest: 5, words: '5 ngày', printed: null },
        },
      },
      /longest: must be more/,
    ],
    ['an account with a code', { kind: 'account' }, /an account has no code/],
    [
      'a sentence of 31 syllables',
      { notes: [Array.from({ length: 31 }, () => 'a').join(' ')] },
      /^0\.notes\.0: a sentence of 31 syllables/,
    ],
    ['decomposed letters', { notes: ['Tờ khai'.normalize('NFD')] }, /NFC/],
  ])('%s', (_what, changes, fault) => {
    const found = faults(changes);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(fault);
  });

  it('does not believe "Miễn phí" where the province sets the fee', () => {
    const body = {
      ...sampleBody([sampleProcedure({ group: 'land' })]),
      groups: [{ id: 'land', name: 'Đất đai' }],
    };
    expect(checkProcedures(body).map((issue) => issue.message)).toEqual([
      expect.stringMatching(/the province sets/),
    ]);
  });

  it('the same id, code, name or button twice', () => {
    const twice = faults({ quick: 3 }, { quick: 3 });
    expect(twice.map((fault) => fault.split(':')[0])).toEqual([
      '1.id',
      '1.code.value',
      '1.shortName',
      '1.quick',
    ]);
  });

  it('two entries without a code are no repetition', () => {
    const code = { value: null, state: 'unknown', source: 'portal' } as const;
    expect(faults({ code }, { code, id: 'khac', shortName: 'Khác' })).toEqual([]);
  });
});

describe('what a calendar may not say', () => {
  const row = (from: string, to: string, kind: 'off' | 'work' = 'off') =>
    ({ from: asDay(from), to: asDay(to), kind, state: 'confirmed', name: 'Nghỉ lễ', source: 'law' }) as const;
  const calendar = (...entries: HolidayBody['entries']): HolidayBody => ({
    kind: 'holidays',
    id: 'holidays',
    title: 'Lịch',
    date: asDay('2026-11-22'),
    sources: { law: { title: 'Bộ luật', date: '2021-01-01' } },
    covers: { from: asDay('2026-01-01'), to: asDay('2026-12-31') },
    entries,
  });
  const messages = (body: HolidayBody) => checkHolidays(body).map((issue) => issue.message);

  it('finds nothing in a good one, and overlapping days off are fine', () => {
    expect(messages(calendar(row('2026-09-01', '2026-09-03'), row('2026-09-02', '2026-09-02')))).toEqual([]);
  });

  it('reversed days, days outside, unknown sources, a day both off and worked', () => {
    expect(messages(calendar(row('2026-09-03', '2026-09-02')))).toEqual(['later than to']);
    expect(messages(calendar(row('2026-12-31', '2027-01-01')))).toEqual(['outside the days covered']);
    expect(messages(calendar({ ...row('2026-09-02', '2026-09-02'), source: 'x' }))).toEqual([
      'no source "x" in the pack',
    ]);
    expect(
      messages(calendar(row('2026-08-22', '2026-08-22', 'work'), row('2026-08-20', '2026-08-24'))),
    ).toEqual(['off and worked on the same day']);
  });
});
