import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dayStatus } from '../src/lib/kernel/calendar/working-days.ts';
import { asDay } from '../src/lib/kernel/calendar/day.ts';
import { findForbidden } from '../src/lib/domain/people/forbidden-text.ts';
import { indexProcedures, searchProcedures } from '../src/lib/domain/procedure/find-procedure.ts';
import { calendarOf } from '../src/lib/domain/procedure/holiday.ts';
import { readPack, sealPack } from '../src/lib/domain/procedure/pack.ts';
import { loadHolidays, loadProcedures } from './content-packs.ts';

const CONTENT = fileURLToPath(new URL('../src/content', import.meta.url));

function loaded<B>({ body, problems }: { body: B | null; problems: readonly unknown[] }): B {
  expect(problems).toEqual([]);
  if (body === null) throw new Error('no body');
  return body;
}

const procedures = loaded(loadProcedures(`${CONTENT}/procedures`));
const holidays = loaded(loadHolidays(`${CONTENT}/calendar`));

describe('G1 the built-in catalogue', () => {
  it('holds the 40 procedures most asked for, and VNeID help', () => {
    const count = (kind: string) => procedures.entries.filter((entry) => entry.kind === kind).length;
    expect(count('procedure')).toBe(40);
    expect(count('account')).toBe(1);
  });

  it('holds the 22 coded rows of directive 24 and the 4 without a code', () => {
    const listed = procedures.entries.filter((entry) => entry.directive24.value);
    expect(listed.filter((entry) => entry.code.value !== null)).toHaveLength(22);
    expect(listed.filter((entry) => entry.code.value === null)).toHaveLength(4);
  });

  it('L3 has eight default buttons, VNeID first', () => {
    const quick = procedures.entries.slice(0, 8);
    expect(quick.map((entry) => entry.quick)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(quick[0]?.kind).toBe('account');
  });

  it('names a source with a date for every fact, and asks for a second look at the new civil-status law', () => {
    for (const entry of procedures.entries.filter(({ group }) => group === 'civil-status')) {
      expect(entry.timeLimit.validUntil ?? entry.timeLimit.state).toMatch(/^2027-02-28$|^unknown$/);
      expect(entry.papers.validUntil).toBe('2027-02-28');
    }
    expect(Object.values(procedures.sources).every((source) => source.date !== '')).toBe(true);
  });

  it('never turns a number without unit into a limit, nor a centre’s "Miễn phí" into no fee', () => {
    const byId = new Map(procedures.entries.map((entry) => [entry.id, entry]));
    expect(byId.get('ket-hon')?.timeLimit.value.kind).toBe('unknown');
    expect(byId.get('cai-chinh-ho-tich')?.timeLimit.value.kind).toBe('unknown');
    for (const id of [
      'dat-dai-chuyen-quyen',
      'dat-dai-doi-thong-tin',
      'ho-kinh-doanh',
      'xac-nhan-hon-nhan',
    ]) {
      expect(byId.get(id)?.fee.value.kind).toBe('varies');
    }
    for (const id of ['doi-gplx', 'cap-lai-gplx', 'ho-chieu', 'ly-lich-tu-phap']) {
      expect(byId.get(id)?.fee.value.kind).toBe('unknown');
    }
  });

  it('never asks for a secret or holds a personal number', () => {
    for (const entry of procedures.entries)
      expect(findForbidden(entry.papers.value.map((p) => p.text).join('\n'))).toEqual([]);
  });

  it('survives the way to the phone', async () => {
    const sealed = await sealPack(procedures);
    const read = await readPack(JSON.stringify(sealed));
    expect(read.ok && read.value.version).toBe(sealed.version);
  });
});

describe('G1 search over the built-in catalogue', () => {
  const index = indexProcedures(
    procedures.entries,
    new Map(procedures.groups.map(({ id, name }) => [id, name])),
  );
  const first = (query: string) => searchProcedures(index, query, 5)[0]?.procedure.id;

  it.each([
    ['vneid', 'vneid'],
    ['kich hoat tai khoan', 'vneid'],
    ['dang ky khai sinh', 'khai-sinh'],
    ['khai sinh lien thong', 'khai-sinh-lien-thong'],
    ['giấy độc thân', 'xac-nhan-hon-nhan'],
    ['nhap ho khau', 'thuong-tru'],
    ['tam tru', 'tam-tru'],
    ['ket hon', 'ket-hon'],
    ['bao tu', 'khai-tu-lien-thong'],
    ['tien nguoi gia', 'huu-tri-xa-hoi'],
    ['mat bang lai', 'cap-lai-gplx'],
    ['doi bang lai xe', 'doi-gplx'],
    ['sao y', 'chung-thuc-ban-sao'],
    ['so do', 'dat-dai-chuyen-quyen'],
    ['bhyt', 'the-bhyt'],
    ['mst', 'dang-ky-thue'],
    ['3.000333', 'ly-lich-tu-phap'],
    ['cong to dien', 'dien-moi'],
    ['Cấp đổi thẻ căn cước'.normalize('NFD'), 'doi-can-cuoc'],
    ['that nghiep', 'tro-cap-that-nghiep'],
  ])('%s → %s', (query, id) => {
    expect(first(query)).toBe(id);
  });
});

describe('L2 the built-in calendar', () => {
  const calendar = calendarOf(holidays);
  it.each([
    ['2026-02-17', 'closed'],
    ['2026-04-27', 'unsure'],
    ['2026-04-30', 'closed'],
    ['2026-09-02', 'closed'],
    ['2026-09-03', 'unsure'],
    ['2026-11-24', 'unsure'],
    ['2027-01-01', 'closed'],
    ['2027-02-03', 'open'],
    ['2027-02-04', 'unsure'],
    ['2027-02-06', 'closed'],
    ['2027-02-12', 'unsure'],
    ['2027-02-15', 'open'],
    ['2027-04-16', 'unsure'],
    ['2027-05-03', 'closed'],
  ])('%s is %s', (day, status) => {
    expect(dayStatus(asDay(day), calendar)).toBe(status);
  });
});

describe('wrong content is refused with its line', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'content-'));
    cpSync(CONTENT, folder, { recursive: true });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** Replaces the first line that holds `part`; returns its number. */
  function spoil(name: string, part: string, by: string): number {
    const file = join(folder, name);
    const lines = readFileSync(file, 'utf8').split('\n');
    const at = lines.findIndex((line) => line.includes(part));
    lines[at] = by;
    writeFileSync(file, lines.join('\n'));
    return at + 1;
  }

  it.each([
    ['procedures/thuong-tru.yaml', 'group: residence', 'group: moon', 'group: no group "moon" in the pack'],
    ['procedures/thuong-tru.yaml', "value: '1.004222'", "  value: '1.42'", 'code.value: Invalid'],
    ['procedures/thuong-tru.yaml', 'count: 7', '    count: 7 days', 'timeLimit.value.count: Invalid input'],
    ['procedures/tam-tru.yaml', 'vnd: 7000', '        vnd: -1', 'fee.value.amounts.0.vnd: Too small'],
    ['procedures/thuong-tru.yaml', 'quick: 3', 'quick: 2', 'quick: button 2 is there twice'],
    ['procedures/tam-tru.yaml', 'id: tam-tru', 'id: tam-tru-2', 'id: must be the name of the file'],
    ['procedures/tam-tru.yaml', 'kind: procedure', 'kind: procedure: x', 'Nested mappings'],
    [
      'procedures/_pack.yaml',
      'date: 2026-09-12',
      '    date: 2026-09-31',
      'sources.portal-2026-09.date: not YYYY-MM',
    ],
    ['calendar/2026.yaml', '2026-11-24', '- from: 2026-11-31', 'from: not a calendar day'],
  ])('%s: %s → %s', (name, part, by, message) => {
    const line = spoil(name, part, by);
    const load = name.startsWith('calendar') ? loadHolidays : loadProcedures;
    const { body, problems } = load(join(folder, name.split('/')[0] ?? ''));
    expect(body).toBeNull();
    const [problem] = problems;
    expect(problem?.file).toBe(join(folder, name));
    expect(problem?.line).toBe(line);
    expect(problem?.message).toContain(message);
  });
});
