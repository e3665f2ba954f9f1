import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ForbiddenKind } from './forbidden-text.ts';
import { findForbidden, withoutForbidden } from './forbidden-text.ts';

/** Text, what is found in it, and what "xoá đi" leaves. All numbers are invented. */
const STOPPED: readonly [text: string, kind: ForbiddenKind, found: readonly string[], rest: string][] = [
  ['001202012345', 'personal_number', ['001202012345'], ''],
  [
    'Bà Lan, căn cước 036202012345, hẹn thứ hai',
    'personal_number',
    ['036202012345'],
    'Bà Lan, căn cước , hẹn thứ hai',
  ],
  ['số 001 202 012 345 đã đọc', 'personal_number', ['001 202 012 345'], 'số đã đọc'],
  ['số 001.202.012.345 nhé', 'personal_number', ['001.202.012.345'], 'số nhé'],
  ['001-202-012-345', 'personal_number', ['001-202-012-345'], ''],
  ['0012 0201 2345', 'personal_number', ['0012 0201 2345'], ''],
  ['001202 012345', 'personal_number', ['001202 012345'], ''],
  ['0 0 1 2 0 2 0 1 2 3 4 5', 'personal_number', ['0 0 1 2 0 2 0 1 2 3 4 5'], ''],
  ['001.202 012-345', 'personal_number', ['001.202 012-345'], ''],
  ['001\u00a0202\u00a0012\u00a0345', 'personal_number', ['001\u00a0202\u00a0012\u00a0345'], ''],
  ['CCCD001202012345', 'personal_number', ['001202012345'], 'CCCD'],
  ['００１２０２０１２３４５', 'personal_number', ['００１２０２０１２３４５'], ''],
  ['001,202,012,345', 'personal_number', ['001,202,012,345'], ''],
  ['gọi 0912345678 số 001202012345', 'personal_number', ['001202012345'], 'gọi 0912345678 số'],
  ['0912345678 001 202 012 345', 'personal_number', ['001 202 012 345'], '0912345678'],
  ['100.202.012.345', 'personal_number', ['100.202.012.345'], ''],
  ['vợ 001202012345 chồng 001202054321', 'personal_number', ['001202012345', '001202054321'], 'vợ chồng'],
  ['OTP 482913', 'secret', ['482913'], 'OTP'],
  ['otp:482913', 'secret', ['482913'], 'otp:'],
  ['OTP482913', 'secret', ['482913'], 'OTP'],
  ['mã xác nhận là 1234 cô nhé', 'secret', ['1234'], 'mã xác nhận là cô nhé'],
  ['ma xac nhan 482 913', 'secret', ['482 913'], 'ma xac nhan'],
  ['mã xác nhận 48.29.13'.normalize('NFD'), 'secret', ['48.29.13'], 'mã xác nhận'.normalize('NFD')],
  ['MẬT KHẨU: 12345678', 'secret', ['12345678'], 'MẬT KHẨU:'],
  ['mật khẩu là năm sinh 1958', 'secret', ['1958'], 'mật khẩu là năm sinh'],
  ['mật khẩu 15/08/1958', 'secret', ['1958'], 'mật khẩu 15/08/'],
  ['482913 là mã OTP', 'secret', ['482913'], 'là mã OTP'],
  ['passcode của cụ là 250358', 'secret', ['250358'], 'passcode của cụ là'],
  ['PIN 0000', 'secret', ['0000'], 'PIN'],
  ['pin=1234; cụ nhớ rồi', 'secret', ['1234'], 'pin=; cụ nhớ rồi'],
  ['OTP một hai ba bốn 482913', 'secret', ['482913'], 'OTP một hai ba bốn'],
  ['482913 một hai ba bốn OTP', 'secret', ['482913'], 'một hai ba bốn OTP'],
  ['mật khẩu 482.913', 'secret', ['482.913'], 'mật khẩu'],
  ['482913', 'six_digits', ['482913'], ''],
  [' 482 913. ', 'six_digits', ['482 913'], '.'],
];

const KEPT: readonly string[] = [
  '',
  'Bà con đã nộp xong, chờ kết quả',
  'Quên mật khẩu, đã hướng dẫn lấy lại',
  'OTP không về máy vì sim đứng tên con',
  'gọi 0912345678',
  'gọi 0912 345 678 lúc 14 giờ',
  'hai số 0912345678 0987654321',
  'hai số 0912 345 678 0987 654 321',
  'gọi +84 912 345 678',
  'máy bàn 0236 3888 888',
  'quên mật khẩu, gọi lại 0912 345 678',
  'quên passcode thì gọi 1900 1234',
  'hẹn đổi mật khẩu ngày 15/12/2026',
  'hẹn 08.30 ngày 15.12.2026 kích hoạt, quên PIN',
  'hẹn 15.11.2026 10.30',
  'mất mật khẩu từ năm 2025',
  'mã hồ sơ H26-260930-0012',
  'G22.99.08-260921-896048 đã nhận',
  '000.00.12.H62-201105-0004',
  'quên mật khẩu, mã hồ sơ G22.99-251225-020175',
  'quên passcode, thủ tục 3.000228',
  'phí 50.000 70.000 50 tờ',
  'mật khẩu sai, đã trả phí 20.000đ',
  'mật khẩu sai, phí 20000 đồng',
  'OTP một hai ba bốn năm sáu 482913',
  // Exactly the sixth word, after and before: the fifth is near, the sixth is not.
  'OTP một hai ba bốn năm 482913',
  '482913 một hai ba bốn năm OTP',
  'mã xác nhận một hai ba bốn năm 482913',
  '482913 một hai ba bốn năm mã xác nhận'.normalize('NFD'),
  // Three digits are too few for a secret, nine too many.
  'PIN 123',
  'mật khẩu 123456789',
  'số nhà 12, 15, 18, 20, 22, 25',
  'tài khoản 1234567890123 của xã',
  'pin điện thoại còn 15%',
  'mã xác nhận gửi 3 lần không về',
  'trẻ sinh 12/03/2026, cân 3,2 kg',
  '48291',
  '4829134',
  '15/11/26',
  'tổ 6, thửa 102, tờ bản đồ 15',
  'sổ bảo hiểm 0123456789',
  'chữ PINK 2024 trên áo',
];

describe('what the app never takes: the table of cases', () => {
  it('has at least 60 of them', () => {
    expect(STOPPED.length + KEPT.length).toBeGreaterThanOrEqual(60);
  });

  it.each(STOPPED)('stops %j (%s)', (text, kind, found, rest) => {
    const spans = findForbidden(text);
    expect(spans.map(({ start, end }) => text.slice(start, end))).toEqual(found);
    expect(new Set(spans.map((span) => span.kind))).toEqual(new Set([kind]));
    expect(withoutForbidden(text)).toBe(rest);
  });

  it.each(KEPT.map((text) => [text]))('keeps %j', (text) => {
    expect(findForbidden(text)).toEqual([]);
    expect(withoutForbidden(text)).toBe(text);
  });

  it('takes out a secret and a personal number of one note, and keeps its words', () => {
    const note = 'Cụ Bình 001202012345 đưa OTP 482913 cho cháu, đã dặn lại';
    expect(findForbidden(note).map((span) => span.kind)).toEqual(['personal_number', 'secret']);
    expect(withoutForbidden(note)).toBe('Cụ Bình đưa OTP cho cháu, đã dặn lại');
  });

  it('always leaves a clean text, also where taking out brings digits together', () => {
    const alphabet = fc.constantFrom(
      '0',
      '12',
      '3456',
      '001202012345',
      ' ',
      '.',
      '-',
      'OTP',
      'mật khẩu ',
      'là',
      '\n',
      '🎉',
    );
    fc.assert(
      fc.property(fc.array(alphabet, { maxLength: 30 }), (parts) => {
        const rest = withoutForbidden(parts.join(''));
        expect(findForbidden(rest)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('finds a personal number wherever it stands and however it is spaced', () => {
    const number = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(
        number,
        fc.constantFrom('', ' ', '.'),
        fc.constantFrom('', 'bà con ', 'số: '),
        (digits, gap, lead) => {
          expect(findForbidden(`${lead}${digits.join(gap)} xong`)).toHaveLength(1);
        },
      ),
    );
  });

  it('answers long text of any kind', () => {
    expect(findForbidden('1 '.repeat(50_000))).toHaveLength(1);
    expect(findForbidden('otp '.repeat(20_000))).toEqual([]);
    expect(findForbidden('a'.repeat(100_000))).toEqual([]);
  });
});
