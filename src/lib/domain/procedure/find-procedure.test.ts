import { describe, expect, it } from 'vitest';
import { indexProcedures, searchProcedures } from './find-procedure.ts';
import { sampleProcedure } from './procedure.fixture.ts';

const named = (id: string, shortName: string, code: string, alsoCalled: string[] = []) => {
  const base = sampleProcedure();
  return sampleProcedure({ id, shortName, alsoCalled, code: { ...base.code, value: code } });
};
const INDEX = indexProcedures(
  [
    named('birth', 'Khai sinh (riêng lẻ)', '1.001193', ['đăng ký khai sinh']),
    named('death', 'Khai tử', '1.000656', ['giấy chứng tử']),
    named('residence', 'Đăng ký thường trú', '1.004222', ['nhập hộ khẩu']),
  ],
  new Map([['civil-status', 'Hộ tịch']]),
);
const ids = (query: string, limit = 10) =>
  searchProcedures(INDEX, query, limit).map((hit) => hit.procedure.id);

describe('G1 search', () => {
  it.each([
    ['dang ky khai sinh', 'birth'],
    ['Đăng ký khai sinh', 'birth'],
    ['ĐĂNG KÝ KHAI SINH'.normalize('NFD'), 'birth'],
    ['khai si', 'birth'],
    ['ho khau', 'residence'],
    ['1.000656', 'death'],
    ['1.0042', 'residence'],
    ['1.004222.H42', 'residence'],
  ])('%s finds %s first', (query, id) => {
    expect(ids(query)[0]).toBe(id);
  });

  it('wants every word, keeps the order of the catalogue, and the limit', () => {
    expect(ids('khai')).toEqual(['birth', 'death']);
    expect(ids('khai', 1)).toEqual(['birth']);
    expect(ids('khai sinh thuong tru')).toEqual([]);
    expect(ids('tich')).toEqual(['birth', 'death', 'residence']);
  });

  it('an empty or strange query finds nothing and breaks nothing', () => {
    for (const query of ['', '   ', '🎉', '(', '\\', '.*', 'x'.repeat(10_000)])
      expect(ids(query)).toEqual([]);
  });
});
