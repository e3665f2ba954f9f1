import { describe, expect, it } from 'vitest';
import { asDay } from '../../kernel/calendar/day.ts';
import { readPack, sealPack } from './pack.ts';
import { sampleBody, sampleProcedure } from './procedure.fixture.ts';
import { fieldsInDoubt, procedureSchema } from './procedure.ts';

async function sealed(): Promise<string> {
  return JSON.stringify(await sealPack(sampleBody()));
}

describe('G1 packs are sealed', () => {
  it('the same content gets the same version and hash, other content another', async () => {
    const one = await sealPack(sampleBody());
    const two = await sealPack(sampleBody());
    expect(two).toEqual(one);
    expect(one.version).toBe(`2026-11-22-${one.hash.slice(0, 8)}`);
    const other = await sealPack(sampleBody([sampleProcedure({ notes: ['Đổi một chữ.'] })]));
    expect(other.version).not.toBe(one.version);
  });

  it('reads back what was sealed', async () => {
    const read = await readPack(await sealed());
    expect(read.ok && read.value.entries).toEqual([sampleProcedure()]);
  });

  it('refuses a changed byte, a forged version, another shape, half a file and a portal’s HTML', async () => {
    const text = await sealed();
    expect(await readPack(text.replace('Quên ký tên', 'Quên ký thêm'))).toEqual({
      ok: false,
      error: { kind: 'wrong_hash' },
    });
    expect(await readPack(text.replace('2026-11-22-', '2026-11-23-'))).toMatchObject({
      error: { kind: 'wrong_hash' },
    });
    const { hash } = JSON.parse(text) as { hash: string };
    const otherHash = `${hash.slice(0, 63)}${hash.endsWith('0') ? '1' : '0'}`;
    expect(await readPack(text.replace(hash, otherHash))).toMatchObject({ error: { kind: 'wrong_hash' } });
    expect(await readPack(text.replace('"mau"', '"other"'))).toMatchObject({
      error: { kind: 'malformed', path: 'entries.0.id' },
    });
    expect(await readPack(text.slice(0, -20))).toEqual({ ok: false, error: { kind: 'not_json' } });
    expect(await readPack('<html>Đăng nhập Wi-Fi</html>')).toEqual({
      ok: false,
      error: { kind: 'not_json' },
    });
    expect(await readPack('null')).toMatchObject({ error: { kind: 'malformed' } });
    expect(await readPack('{"kind":"procedures","__proto__":{"x":1}}')).toMatchObject({
      error: { kind: 'malformed' },
    });
  });
});

describe('G1 the gate of one procedure', () => {
  const accepts = (changes: object) =>
    procedureSchema.safeParse({ ...sampleProcedure(), ...changes }).success;
  const url = (value: string | null) => accepts({ portalUrl: { value, state: 'high', source: 'portal' } });

  it('G4 sends a resident to hosts of the State only, over https', () => {
    expect(url('https://dichvucong.gov.vn/x')).toBe(true);
    expect(url('https://lienthong.dichvucong.gov.vn/#/ke-khai/1')).toBe(true);
    expect(url(null)).toBe(true);
    expect(url('http://dichvucong.gov.vn/x')).toBe(false);
    expect(url('https://dichvucong-gov.vn/x')).toBe(false);
    expect(url('https://evilgov.vn/x')).toBe(false);
    expect(url('https://dichvucong.gov.vn.example.com/x')).toBe(false);
    expect(url('https://dichvucong.gov.vn@example.com/x')).toBe(false);
    expect(url('https://a@dichvucong.gov.vn/x')).toBe(false);
    expect(url('javascript:alert(1)')).toBe(false);
  });

  it('takes national codes only, and no id that means "not in the list"', () => {
    expect(accepts({ code: { value: '1.014027.H42', state: 'high', source: 'portal' } })).toBe(false);
    expect(accepts({ id: 'other' })).toBe(false);
    expect(accepts({ id: 'other-thing' })).toBe(true);
    expect(accepts({ id: 'Khai sinh' })).toBe(false);
    expect(accepts({ surprise: 1 })).toBe(false);
    expect(accepts({ quick: 9 })).toBe(false);
  });

  it('names the fields a reader should check: weak ones, and expired ones', () => {
    const today = asDay('2026-11-22');
    expect(fieldsInDoubt(sampleProcedure(), today)).toEqual([]);
    const base = sampleProcedure();
    const doubtful = sampleProcedure({
      fee: { ...base.fee, state: 'low' },
      timeLimit: { ...base.timeLimit, validUntil: asDay('2026-11-21') },
      papers: { ...base.papers, validUntil: today },
    });
    expect(fieldsInDoubt(doubtful, today)).toEqual(['fee', 'timeLimit']);
  });
});
