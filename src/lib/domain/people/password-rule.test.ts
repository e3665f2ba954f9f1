import { describe, expect, it } from 'vitest';
import { judgePassword } from './password-rule.ts';

describe('A2 passwords of office roles', () => {
  it.each(['', 'a', 'abcdefg', 'mậtkhẩ'])('%j is too short', (password) => {
    expect(judgePassword(password)).toBe('too_short');
  });

  it('counts characters as people see them, whatever form they were typed in', () => {
    expect(judgePassword('ằằằằằằằ'.normalize('NFD'))).toBe('too_short');
    expect(judgePassword(`${'x1y2'.repeat(32)}z`)).toBe('too_long');
    expect(judgePassword('kín như bưng '.repeat(9))).toBe('ok');
  });

  it.each([
    'password',
    'Password1!',
    'P@ssw0rd2026',
    '12345678',
    '87654321',
    '1234567890',
    '20011990',
    'qwertyuiop',
    '1qaz2wsx3edc',
    'aaaaaaaa',
    'abababab',
    'abcabcabc',
    'matkhau123',
    'Mật khẩu 123',
    'MẬTKHẨU2026',
    'xungkichso2026',
    'Phường Mẫu 2026',
    'vietnam@1975',
    'anhyeuem123',
    'VNeID2026!',
    'admin@123',
    'nguyentran12',
  ])('%j is one that anybody tries', (password) => {
    expect(judgePassword(password)).toBe('common');
  });

  it('takes nothing made of what others know of its owner', () => {
    const context = ['lan.nguyen', 'Trần Thị Lan Hương', 'Phường Cầu Giấy'];
    for (const password of ['lanhuong1985', 'Cầu Giấy 2026', 'tranthilan', 'Lan.Nguyen!1']) {
      expect(judgePassword(password, context), password).toBe('common');
    }
    expect(judgePassword('lan huong di cho phien', context)).toBe('ok');
  });

  it.each([
    'con mèo trèo cây cau',
    'ba củ khoai lang nướng',
    'T7#kq9!vLm',
    'correct horse battery',
    '🌾🌾🚲🎋🐃🪷🌙🔔',
  ])('%j is fine: any characters, no rules of composition', (password) => {
    expect(judgePassword(password)).toBe('ok');
  });
});
