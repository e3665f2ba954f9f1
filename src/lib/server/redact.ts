const MASK = '[…]';

/** Nine digits or more, also spaced, dotted or dashed: personal numbers and telephone numbers. */
const LONG_NUMBER = /\+?(?<![0-9a-f-])\d(?:[ .\-()]{0,2}\d){8,}(?![0-9a-f-])/gi;
const BEARER = /\b(bearer\s+)\S+/gi;
/** Bearer secrets of ours: ward, dot, 43 characters. */
const SECRET = /\b[a-z0-9][a-z0-9-]{1,39}\.[A-Za-z0-9_-]{43}\b/g;

/** Takes personal numbers, telephone numbers and secrets out of a line of the log. Ids (UUIDs) stay. */
export function redact(text: string): string {
  return text.replace(BEARER, `$1${MASK}`).replace(SECRET, MASK).replace(LONG_NUMBER, MASK);
}
