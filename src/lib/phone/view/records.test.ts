import { beforeAll, describe, expect, it } from 'vitest';
import { testForm, testPhone, type TestPhone } from '../../../../tests/support/phone/test-phone.ts';
import { editAssist } from '../commands/edit-records.ts';
import { logAssist } from '../commands/log-assist.ts';
import { voidAssist } from '../commands/void-assist.ts';
import type { OutboxEntry } from '../store/stored.ts';
import { entriesOf } from './entries-of.ts';
import { type PageMark, recordOf, type RecordFilter, recordsPage } from './records.ts';

const RECORDS = 30;

/** Thirty visits over three days; each fifth is voided, each seventh settled, one has been corrected many times. */
async function filled(): Promise<TestPhone> {
  const phone = await testPhone();
  for (let at = 0; at < RECORDS; at++) {
    phone.clock.at += 8_640_000;
    const form = testForm({
      subject: at % 4 === 0 ? 'khai-sinh' : 'khai-tu',
      occurredAt: phone.clock.at - 1000,
    });
    const saved = await logAssist(phone, form);
    if (!saved.ok) throw new Error(JSON.stringify(saved.error));
    const { rows, mutation } = saved.value;
    const shown = (await recordOf(phone.db, 'assist', rows[0] ?? ''))!;
    if (at % 5 === 0) await voidAssist(phone, shown, 'entered_twice');
    if (at === 11) await correctOften(phone, shown.id);
    if (at % 7 === 0) await phone.db.strict.outbox.update(mutation, { phase: 'arrived', replay: 0 });
  }
  return phone;
}

async function correctOften(phone: TestPhone, id: string): Promise<void> {
  for (let minutes = 1; minutes <= 15; minutes++) {
    const shown = (await recordOf(phone.db, 'assist', id))!;
    const edited = await editAssist(phone, shown, { set: { minutes } });
    if (!edited.ok) throw new Error(JSON.stringify(edited.error));
  }
}

async function allPages(phone: TestPhone, filter: RecordFilter, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let mark: PageMark | null = null;
  do {
    const page: Awaited<ReturnType<typeof recordsPage>> = await recordsPage(phone.db, filter, mark, limit);
    expect(page.records.length).toBeLessThanOrEqual(limit);
    ids.push(...page.records.map(({ id }) => id));
    mark = page.next;
  } while (mark !== null);
  return ids;
}

describe('L4 the list of records', () => {
  let phone: TestPhone;
  beforeAll(async () => {
    phone = await filled();
  }, 60_000);

  it('brings every record that fits once, newest day first, however the pages fall', async () => {
    const stored = await phone.db.relaxed.rows.toArray();
    const wanted = (fits: (fields: Record<string, unknown>) => boolean): string[] =>
      stored
        .filter((row) => row.kind === 'assist' && fits(row.replayed?.fields ?? row.confirmed?.fields ?? {}))
        .sort((a, b) => (a.day + a.id < b.day + b.id ? 1 : -1))
        .map(({ id }) => id);
    const standing = wanted(({ voided }) => voided === null);
    expect(standing).toHaveLength(24);
    for (const limit of [1, 7, 24, 50]) expect(await allPages(phone, {}, limit)).toEqual(standing);
    const born = wanted(({ voided, subject }) => voided === null && subject === 'khai-sinh');
    for (const limit of [1, 3]) expect(await allPages(phone, { subject: 'khai-sinh' }, limit)).toEqual(born);
    expect(await allPages(phone, { voided: true }, 8)).toEqual(wanted(() => true));
    const days = [...new Set(stored.map(({ day }) => day))].sort();
    const [from = '', to = ''] = [days[1], days[1]];
    expect(
      new Set((await recordsPage(phone.db, { from, to }, null, 50)).records.map(({ day }) => day)),
    ).toEqual(new Set([from]));
  });

  it('I11 reads every entry of the rows it shows: few rows, many, and where one has far more than its neighbours', async () => {
    const all = await phone.db.relaxed.outbox.toArray();
    const keys = (await phone.db.relaxed.rows.toArray()).map(({ key }) => key).sort();
    const ids = (entries: readonly OutboxEntry[]): string[] => entries.map(({ id }) => id).sort();
    const naming = (asked: readonly string[]): string[] =>
      ids(all.filter(({ rows }) => rows.some((key) => asked.includes(key))));
    for (const asked of [
      keys,
      keys.slice(0, 2),
      keys.slice(9, 13),
      keys.slice(12),
      keys.filter((_, at) => at % 2 === 0),
      [],
    ])
      expect(ids(await entriesOf(phone.db.relaxed, asked))).toEqual(naming(asked));
  });
});
