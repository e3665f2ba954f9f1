import type { Span } from './digit-runs.ts';

/**
 * Numbers that belong in a note and only look like what is forbidden: without them a helper who
 * writes "hẹn 15.11.2026 08.30" or a dossier code would be stopped for nothing. Each shape is
 * narrow: a number that fits none is judged as it stands.
 */
const DOSSIER_CODE =
  /(?:\d{3}(?:\.\d{2}){2}\.)?[HG]\d{2}(?:\.\d{1,2}){0,3} ?[-–—] ?\d{6} ?[-–—] ?\d{4,6}|KQ\.[HG]\d{2}\.\d{6}/gi;
const PROCEDURE_CODE = /[1-3]\.\d{6}(?:\.H\d{2})?/gi;

const MOBILE = new RegExp(
  [
    String.raw`0[35789]\d{8}`,
    String.raw`0[35789]\d{2}[ .-]\d{3}[ .-]\d{3}`,
    String.raw`0[35789]\d[ .-]\d{3}[ .-]\d{4}`,
    String.raw`0[35789]\d[ .-]\d{4}[ .-]\d{3}`,
    String.raw`0[35789]\d{2}[ .-]\d{2}[ .-]\d{2}[ .-]\d{2}`,
    String.raw`\+?84[ .-]?[35789]\d{8}`,
    String.raw`\+?84[ .-]?[35789]\d{2}[ .-]\d{3}[ .-]\d{3}`,
    String.raw`\+?84[ .-]?[35789]\d[ .-]\d{3}[ .-]\d{4}`,
  ].join('|'),
  'g',
);
const LANDLINE =
  /02\d{8,9}|02\d[ .-]\d{8}|02\d[ .-]\d{4}[ .-]\d{4}|02\d{2}[ .-]\d{7}|02\d{2}[ .-]\d{3,4}[ .-]\d{3}/g;
const HOTLINE = /1[89]00[ .]?\d{4}/g;

const DATE = /(?:0?[1-9]|[12]\d|3[01])[./-](?:0?[1-9]|1[0-2])[./-](?:19|20)\d{2}/g;
/** A day of these years is an appointment; an older one may be the birthday that serves as a password. */
const RECENT_DATE = /(?:0?[1-9]|[12]\d|3[01])[./-](?:0?[1-9]|1[0-2])[./-]20(?:2[4-9]|3\d)/g;
const RECENT_MONTH = /(?:0?[1-9]|1[0-2])[/-]20(?:2[4-9]|3\d)/g;
const RECENT_YEAR = /n(?:ă|a\u0306|a)m 20(?:2[4-9]|3\d)/giu;
const TIME = /(?:[01]?\d|2[0-3])\.(?:00|15|30|45)/g;

const GROUPED_AMOUNT = /[1-9]\d{0,2}(?:\.\d{3}){1,2}|[1-9]\d?(?:\.\d{3}){3}/g;
const PRICE = /\d{1,3}(?:[.,]\d{3})+ ?(?:đ|vn[đd]|d)|\d{4,9} ?(?:đ|vn[đd])/giu;

const SHAPES = {
  personal_number: [DOSSIER_CODE, MOBILE, LANDLINE, DATE, GROUPED_AMOUNT],
  secret: [
    DOSSIER_CODE,
    PROCEDURE_CODE,
    MOBILE,
    LANDLINE,
    HOTLINE,
    RECENT_DATE,
    RECENT_MONTH,
    RECENT_YEAR,
    TIME,
    PRICE,
  ],
} as const;

/** A piece of a longer number is not the harmless number it looks like. */
function standsAlone(text: string, { start, end }: Span): boolean {
  return (
    !/\p{Nd}[.,\-/]?$/u.test(text.slice(Math.max(0, start - 3), start)) &&
    !/^[.,\-/]?\p{Nd}/u.test(text.slice(end, end + 3))
  );
}

/** Where the text holds harmless numbers, for the rule that is about to be asked. */
export function harmlessNumbers(text: string, rule: keyof typeof SHAPES): Span[] {
  return SHAPES[rule]
    .flatMap((shape) =>
      Array.from(text.matchAll(shape), ({ 0: found, index }) => ({
        start: index,
        end: index + found.length,
      })),
    )
    .filter((span) => standsAlone(text, span));
}
