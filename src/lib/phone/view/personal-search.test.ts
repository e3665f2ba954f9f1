import { beforeEach, describe, expect, it } from 'vitest';
import { FILING, testForm, testPhone, type TestPhone } from '../../../../tests/support/phone/test-phone.ts';
import { editAssist } from '../commands/edit-records.ts';
import { logAssist } from '../commands/log-assist.ts';
import { voidAssist } from '../commands/void-assist.ts';
import type { StoredRow } from '../store/stored.ts';
import { personalSearch } from './personal-search.ts';
import { recordOf, recordsPage } from './records.ts';
import { todayAssists } from './today-assists.ts';

const NAMES: Readonly<Record<string, string>> = {
  'khai-sinh': 'Đăng ký khai sinh',
  'thuong-tru': 'Đăng ký thường trú',
};
const nameOf = (subject: string): string => NAMES[subject] ?? subject;
const CONSENT = { wording: 'w1', purposes: ['keep_name'], how: 'spoken' } as const;

let phone: TestPhone;
beforeEach(async () => {
  phone = await testPhone();
});

async function log(changes: Parameters<typeof testForm>[0]): Promise<string> {
  const saved = await logAssist(phone, testForm(changes));
  if (!saved.ok) throw new Error(JSON.stringify(saved.error));
  return saved.value.rows[0]!;
}

describe('L1 search of Hồ sơ, in memory after unlock', () => {
  it('finds by what was typed, folded: marks, đ, case and NFD do not matter', async () => {
    const lan = await log({
      personal: { residentName: 'Đặng Thị Hòa', note: 'Bà con hỏi lệ phí.' },
      consent: CONSENT,
    });
    await log({ subject: 'thuong-tru', personal: { note: 'Hẹn thứ hai' } });
    const search = personalSearch(phone);
    const ids = async (text: string) => (await search.find(text, nameOf)).map(({ id }) => id);
    for (const typed of [
      'dang thi hoa',
      'ĐẶNG THỊ HOÀ',
      'Đặng Thị Hòa'.normalize('NFD'),
      'hoa dang',
      'le phi',
      'lệ ph',
      'khai sinh le',
    ])
      expect(await ids(typed), typed).toEqual([lan]);
    // A word is found by its beginning, never by its middle.
    for (const typed of ['oa', 'lan', 'le phi thuong', '   ', '…'])
      expect(await ids(typed), typed).toEqual([]);
    expect(await ids('dang ky')).toHaveLength(2);
  });

  it('finds by the code of a filing, and forgets an old text once it is corrected', async () => {
    const filings = [{ ...FILING, code: 'H25.12-261122-0001' }];
    const id = await log({ outcome: 'submitted', filings, personal: { note: 'cũ' } });
    const search = personalSearch(phone);
    expect(await search.find('h25 0001', nameOf)).toHaveLength(1);
    expect(await search.find('cu', nameOf)).toHaveLength(1);
    const shown = (await recordOf(phone.db, 'assist', id))!;
    await editAssist(phone, shown, { personal: { note: 'mới' } });
    expect(await search.find('cu', nameOf)).toEqual([]);
    expect(await search.find('moi', nameOf)).toHaveLength(1);
  });

  it('holds nothing after it is closed', async () => {
    await log({ personal: { note: 'riêng' } });
    const search = personalSearch(phone);
    expect(await search.find('rieng', nameOf)).toHaveLength(1);
    search.close();
    expect(await search.find('rieng', nameOf)).toEqual([]);
  });

  it('leaves out what was undone', async () => {
    const id = await log({ personal: { note: 'ghi nhầm' } });
    const shown = (await recordOf(phone.db, 'assist', id))!;
    await voidAssist(phone, shown, 'entered_by_mistake');
    expect(await personalSearch(phone).find('ghi nham', nameOf)).toEqual([]);
  });
});

/** Records of a busy phone, by copying one that was saved. */
async function many(count: number): Promise<void> {
  await log({ personal: {} });
  const one = (await phone.db.strict.rows.toArray()).find(({ kind }) => kind === 'assist')!;
  const copies = Array.from({ length: count - 1 }, (_, n): StoredRow => {
    const id = one.id.replace(/.{6}$/, String(100_000 + n)) as StoredRow['id'];
    const day = `2026-${String(1 + (n % 9)).padStart(2, '0')}-${String(1 + (n % 28)).padStart(2, '0')}`;
    const row = { ...one.replayed!, id };
    return { ...one, key: `assist/${id}`, id, day, replayed: row, confirmed: null };
  });
  await phone.db.strict.rows.bulkPut(copies);
}

/** Fake storage is slow, so fewer than a real phone holds: what is shown is that a page costs a page. */
describe('L1 lists stay usable with many records', { timeout: 60_000 }, () => {
  it('a page reads and shows no more than a page, and following pages leave nothing out', async () => {
    await many(1000);
    const read = { rows: 0 };
    phone.db.relaxed.rows.hook('reading', (row: StoredRow) => {
      read.rows += 1;
      return row;
    });
    const first = await recordsPage(phone.db, {}, null, 40);
    expect(first.records).toHaveLength(40);
    expect(read.rows).toBeLessThan(200);
    const seen = new Set(first.records.map(({ key }) => key));
    for (let { next } = first; next !== null;) {
      const page = await recordsPage(phone.db, {}, next, 500);
      for (const { key } of page.records) seen.add(key);
      ({ next } = page);
    }
    expect(seen.size).toBe(1000);
    expect(await todayAssists(phone.db, '2026-11-22')).toHaveLength(1);
  });

  it('a search goes through all of them and stops at what a screen shows', async () => {
    await many(450);
    const search = personalSearch(phone);
    expect(await search.find('khai sinh', nameOf)).toHaveLength(50);
    expect(await search.find('khai sinh', nameOf, 1000)).toHaveLength(450);
    expect(await search.find('khong co', nameOf)).toEqual([]);
  });
});
