import { fold } from '../../kernel/text/fold.ts';
import type { DigitRun, Span } from './digit-runs.ts';
import { digitRuns, reachOf } from './digit-runs.ts';
import { harmlessNumbers } from './harmless-numbers.ts';

/**
 * What free text must not hold (product.md, "What the app never takes"): the 12-digit personal
 * number, also spaced or dotted; 4–8 digits within five words of OTP, mã xác nhận, mật khẩu,
 * passcode, PIN; a text that is nothing but six digits. Phone, fee, date and code fields are not
 * free text and are not asked.
 */
export type ForbiddenKind = 'personal_number' | 'secret' | 'six_digits';

export interface ForbiddenSpan extends Span {
  readonly kind: ForbiddenKind;
}

const PERSONAL_NUMBER_DIGITS = 12;
const SECRET_DIGITS = { fewest: 4, most: 8 } as const;
/** A number that is the fifth word after "OTP" is near it, the sixth is not. */
const NEAR_WORDS = 5;

const SECRET_WORDS: readonly (readonly string[])[] = [
  ['otp'],
  ['ma', 'xac', 'nhan'],
  ['ma', 'xac', 'thuc'],
  ['mat', 'khau'],
  ['matkhau'],
  ['password'],
  ['passcode'],
  ['pin'],
];

interface Word extends Span {
  readonly folded: string;
}

function wordsOf(text: string): Word[] {
  return Array.from(text.matchAll(/[\p{L}\p{M}]+|\p{Nd}+/gu), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
    folded: fold(match[0]),
  }));
}

/** The stretches of text that lie within five words of a word that announces a secret. */
function nearSecretWords(words: readonly Word[]): Span[] {
  const near: Span[] = [];
  for (let at = 0; at < words.length; at++) {
    const phrase = SECRET_WORDS.find((p) => p.every((part, i) => words[at + i]?.folded === part));
    if (phrase === undefined) continue;
    const first = words[Math.max(0, at - NEAR_WORDS)];
    const last = words[Math.min(words.length - 1, at + phrase.length - 1 + NEAR_WORDS)];
    if (first && last) near.push({ start: first.start, end: last.end });
  }
  return near;
}

/** Consecutive groups of a run that together have exactly twelve digits. */
function personalNumbers(run: DigitRun): ForbiddenSpan[] {
  const found: ForbiddenSpan[] = [];
  run.groups.forEach((first, at) => {
    let digits = 0;
    for (const group of run.groups.slice(at, at + PERSONAL_NUMBER_DIGITS)) {
      digits += group.digits;
      if (digits > PERSONAL_NUMBER_DIGITS) return;
      if (digits === PERSONAL_NUMBER_DIGITS) {
        found.push({ kind: 'personal_number', start: first.start, end: group.end });
      }
    }
  });
  return found;
}

function looksSecret(digits: number): boolean {
  return digits >= SECRET_DIGITS.fewest && digits <= SECRET_DIGITS.most;
}

function secrets(run: DigitRun, nearUpTo: (point: number) => number): ForbiddenSpan[] {
  const isNear = (span: Span) => nearUpTo(span.end - 1) > span.start;
  const whole = run.groups.reduce((sum, group) => sum + group.digits, 0);
  const parts: readonly Span[] = looksSecret(whole)
    ? [{ start: run.start, end: run.end }]
    : run.groups.filter((group) => looksSecret(group.digits));
  return parts.filter(isNear).map(({ start, end }) => ({ kind: 'secret', start, end }));
}

function sixDigitsAlone(text: string): ForbiddenSpan[] {
  const bare = text.replace(/[\s.,;:–—-]/gu, '');
  if (!/^\p{Nd}{6}$/u.test(bare)) return [];
  const start = text.search(/\p{Nd}/u);
  const tail = /\p{Nd}\P{Nd}*$/u.exec(text);
  const end = (tail?.index ?? 0) + String.fromCodePoint(text.codePointAt(tail?.index ?? 0) ?? 0).length;
  return [{ kind: 'six_digits', start, end }];
}

function merged(spans: readonly ForbiddenSpan[]): ForbiddenSpan[] {
  const result: ForbiddenSpan[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1);
    if (last && span.start < last.end) {
      result[result.length - 1] = { ...last, end: Math.max(last.end, span.end) };
    } else {
      result.push(span);
    }
  }
  return result;
}

/**
 * Finds what must not be kept, in reading order, without overlaps; positions are UTF-16 offsets
 * into the text given, so that the field can mark them. Empty means the text may be kept.
 */
export function findForbidden(text: string): readonly ForbiddenSpan[] {
  // All of it is digits: most texts have none, and need no closer look.
  if (!/\p{Nd}/u.test(text)) return [];
  const alone = sixDigitsAlone(text);
  if (alone.length > 0) return alone;
  const near = nearSecretWords(wordsOf(text));
  const found = digitRuns(text, harmlessNumbers(text, 'personal_number')).flatMap(personalNumbers);
  if (near.length > 0) {
    const runs = digitRuns(text, harmlessNumbers(text, 'secret'));
    const nearUpTo = reachOf(near);
    for (const run of runs) found.push(...secrets(run, nearUpTo));
  }
  return merged(found);
}

/**
 * "Xoá đi": the text without what was found, the rest word for word. What remains is searched
 * again, for taking a number out can bring two others together; so the answer is always clean.
 */
export function withoutForbidden(text: string): string {
  let rest = text;
  for (let found = findForbidden(rest); found.length > 0; found = findForbidden(rest)) {
    for (const { start, end } of [...found].reverse()) {
      const before = rest.slice(0, start);
      const after = rest.slice(end);
      rest = before.endsWith(' ') && after.startsWith(' ') ? before + after.slice(1) : before + after;
    }
  }
  return rest.trim();
}
