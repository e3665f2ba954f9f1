import { nfc } from './nfc.ts';

const collator = new Intl.Collator('vi', { usage: 'sort', numeric: true });

interface NameParts {
  readonly given: string;
  readonly family: string;
  readonly middle: string;
  readonly whole: string;
}

function partsOf(name: string): NameParts {
  const whole = nfc(name).trim().replace(/\s+/gu, ' ');
  const words = whole.split(' ');
  return {
    given: words.at(-1) ?? '',
    family: words.length > 1 ? (words[0] ?? '') : '',
    middle: words.slice(1, -1).join(' '),
    whole,
  };
}

function compareParts(a: NameParts, b: NameParts): number {
  return (
    collator.compare(a.given, b.given) ||
    collator.compare(a.family, b.family) ||
    collator.compare(a.middle, b.middle) ||
    (a.whole < b.whole ? -1 : a.whole > b.whole ? 1 : 0)
  );
}

/**
 * The order of a Vietnamese list of people: given name (the last word), family name, middle names.
 * Names of one word, with an apostrophe or of any people are sorted by the same rule.
 */
export function compareNames(a: string, b: string): number {
  return compareParts(partsOf(a), partsOf(b));
}

/** A sorted copy; each name is taken apart once, which matters for long lists on slow phones. */
export function sortByName<T>(items: readonly T[], nameOf: (item: T) => string): T[] {
  return items
    .map((item) => ({ item, parts: partsOf(nameOf(item)) }))
    .sort((a, b) => compareParts(a.parts, b.parts))
    .map(({ item }) => item);
}

/** Titles, places and other words, in Vietnamese alphabetical order. */
export function compareWords(a: string, b: string): number {
  return collator.compare(a, b);
}
