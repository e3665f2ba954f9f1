import { fold } from '../../kernel/text/fold.ts';

export const PASSWORD_SHORTEST = 8;
export const PASSWORD_LONGEST = 128;

export type PasswordJudgement = 'ok' | 'too_short' | 'too_long' | 'common';

/**
 * Words that passwords here are made of, folded: the usual English ones, Vietnamese ones as typed without marks, names
 * of services. A password whose letters are nothing but these, with digits around, falls to the first list anybody tries.
 */
const WORDS =
  'password passw0rd passwd pass admin administrator root user login welcome letmein qwerty qwertyuiop qwertz asdfgh asdfghjkl zxcvbn zxcvbnm iloveyou monkey dragon sunshine princess football baseball superman batman master shadow michael hello freedom whatever trustno starwars computer internet google facebook zalo youtube samsung iphone apple microsoft windows test demo guest default changeme secret abc abcd abcde abcdef abcdefgh abcxyz xyz matkhau mat khau matma mk dangnhap taikhoan quantri quantrivien hethong nguoidung xinchao chao toilatoi anhyeuem emyeuanh yeuem yeuanh iuem iuanh conyeu bome meyeu giadinh hanhphuc vietnam vn hanoi saigon tphcm hochiminh bacho danang haiphong cantho hue nguyen tran le pham hoang phan vu vo dang bui do ho ngo duong ly phuong xa quan huyen tinh thanhpho dackhu uyban uybannhandan ubnd dang chinhquyen congan vneid dichvucong cong dvc motcua hanhchinh xungkich xungkichso xks tocongnghe congdong tocongngheso so danvan mattran lanhdao canbo chutich bithu phuongmau mau'.split(
    ' ',
  );

/** Runs along the keyboard and along the digits, both ways. */
const RUNS = [
  '01234567890123456789',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'abcdefghijklmnopqrstuvwxyz',
  '1qaz2wsx3edc4rfv',
  'q1w2e3r4t5y6',
  '1q2w3e4r5t6y',
];

const LONGEST_FIRST = [...new Set(WORDS)].sort((a, b) => b.length - a.length);

function reversed(text: string): string {
  return [...text].reverse().join('');
}

function isRun(text: string): boolean {
  return RUNS.some((run) => run.includes(text) || reversed(run).includes(text));
}

/** Letters read for the signs they are replaced by. */
function plain(text: string): string {
  return text
    .replace(/[@4]/g, 'a')
    .replace(/[$5]/g, 's')
    .replace(/0/g, 'o')
    .replace(/[1!]/g, 'i')
    .replace(/3/g, 'e');
}

/** True when a text is nothing but words that anybody would try. */
function isOnlyWords(text: string, words: readonly string[]): boolean {
  const reach = new Array<boolean>(text.length + 1).fill(false);
  reach[0] = true;
  for (let at = 0; at < text.length; at++) {
    if (reach[at] !== true) continue;
    for (const word of words) if (text.startsWith(word, at)) reach[at + word.length] = true;
  }
  return reach[text.length] === true;
}

/** Few different characters, or one piece over and over. */
function isRepeated(text: string): boolean {
  if (new Set(text).size <= 2) return true;
  return [1, 2, 3, 4].some(
    (length) =>
      text ===
      text
        .slice(0, length)
        .repeat(Math.ceil(text.length / length))
        .slice(0, text.length),
  );
}

/**
 * Judges a password that is about to be set. Any characters, 8 to 128; no rules of composition. `context` is what others
 * know of its owner: login name, own name, unit's name.
 */
export function judgePassword(password: string, context: readonly string[] = []): PasswordJudgement {
  const length = Array.from(password.normalize('NFC')).length;
  if (length < PASSWORD_SHORTEST) return 'too_short';
  if (length > PASSWORD_LONGEST) return 'too_long';
  const known = context.flatMap((text) => {
    const parts = fold(text).split(/[^a-z0-9]+/);
    return [parts.join(''), ...parts];
  });
  const words = [...LONGEST_FIRST, ...known.filter((word) => word.length >= 2)];
  const whole = fold(password).replace(/\s/g, '');
  const letters = whole.replace(/[^a-z]/g, '');
  const leet = plain(whole.replace(/^[^a-z@$]+|\d+$|[^a-z0-9@$]+$/g, '')).replace(/[^a-z]/g, '');
  const digits = whole.replace(/\D/g, '');
  const signs = new Set(whole.replace(/[a-z0-9]/g, '')).size;
  const onlyDigits = letters === '' && signs < 4 && (digits.length <= 10 || isRun(digits));
  if (onlyDigits || isRun(whole) || isRepeated(whole)) return 'common';
  const candidates = [letters, leet].filter((text) => text !== '');
  return digits.length <= 8 && candidates.some((text) => isRun(text) || isOnlyWords(text, words))
    ? 'common'
    : 'ok';
}
