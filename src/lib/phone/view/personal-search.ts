import { foldedWords } from '../../kernel/text/fold.ts';
import { shownRow, type StoredRow } from '../store/stored.ts';
import { openPersonal, type OpenReader } from './personal-parts.ts';
import { isUndone } from './today-assists.ts';
import { type ShownRow, showRows } from './shown-row.ts';

/** Search over what is sealed, in the memory of an unlocked page: gone with the page or the lock. */
export interface PersonalSearch {
  /**
   * Assists in which every typed word begins a word of the note, names, codes or of what `names` says about the subject;
   * newest first. Marks and case do not matter.
   */
  find(text: string, names: (subject: string) => string, limit?: number): Promise<readonly ShownRow[]>;
  /** Forgets everything that was opened. */
  close(): void;
}

interface Kept {
  /** The row's own stamps when it was read: read again when they moved. */
  readonly mark: string;
  readonly words: readonly string[];
}

const AT_ONCE = 200;
const LAST = '\uffff';

type Matches = (stored: StoredRow) => Promise<boolean>;

/** Goes through the assists from the newest on, a page at a time, until enough have been found. */
async function scan(
  reader: OpenReader,
  matches: Matches,
  limit: number,
  isOver: () => boolean,
): Promise<StoredRow[]> {
  const found: StoredRow[] = [];
  let below = [LAST, LAST];
  while (found.length < limit) {
    const page = await reader.db.relaxed.rows
      .where('[kind+day+id]')
      .between(['assist', '', ''], ['assist', ...below])
      .reverse()
      .limit(AT_ONCE)
      .toArray();
    const last = page.at(-1);
    if (last === undefined) break;
    below = [last.day, last.id];
    for (const stored of page) if (!isUndone(shownRow(stored)) && (await matches(stored))) found.push(stored);
    if (isOver()) return [];
  }
  return found.slice(0, limit);
}

/** Filings by the assist they belong to. */
async function filingsByAssist(reader: OpenReader): Promise<ReadonlyMap<string, readonly StoredRow[]>> {
  const filings = await reader.db.relaxed.rows
    .where('[kind+day+id]')
    .between(['filing', '', ''], ['filing', LAST, LAST])
    .toArray();
  const byAssist = new Map<string, StoredRow[]>();
  for (const filing of filings) {
    const siblings = byAssist.get(filing.parent);
    if (siblings === undefined) byAssist.set(filing.parent, [filing]);
    else siblings.push(filing);
  }
  return byAssist;
}

/** Words of everything sealed in a row, and of its code; kept until the row changes. */
async function readWords(reader: OpenReader, stored: StoredRow): Promise<readonly string[]> {
  const row = shownRow(stored);
  if (row === undefined) return [];
  const { values } = await openPersonal(reader, { id: stored.id, row });
  const code = row.fields['code'];
  return foldedWords([...Object.values(values), typeof code === 'string' ? code : ''].join(' '));
}

export function personalSearch(reader: OpenReader): PersonalSearch {
  let kept = new Map<string, Kept>();
  let closed = false;
  let asked = 0;
  const wordsOf = async (stored: StoredRow): Promise<readonly string[]> => {
    const mark = Object.values(shownRow(stored)?.stamps ?? {}).join();
    const before = kept.get(stored.key);
    if (before?.mark === mark) return before.words;
    const words = await readWords(reader, stored);
    if (!closed) kept.set(stored.key, { mark, words });
    return words;
  };
  return {
    find: async (text, names, limit = 50) => {
      const wanted = foldedWords(text);
      const mine = ++asked;
      // Somebody types on: the search for the shorter word need not go to its end.
      const isOver = (): boolean => closed || mine !== asked;
      if (wanted.length === 0 || closed) return [];
      const filings = await filingsByAssist(reader);
      const matches: Matches = async (stored) => {
        const own = await Promise.all([stored, ...(filings.get(stored.key) ?? [])].map(wordsOf));
        const subject = shownRow(stored)?.fields['subject'];
        const words = [...own.flat(), ...(typeof subject === 'string' ? foldedWords(names(subject)) : [])];
        return wanted.every((word) => words.some((one) => one.startsWith(word)));
      };
      return showRows(reader.db.relaxed, await scan(reader, matches, limit, isOver));
    },
    close: () => {
      closed = true;
      kept = new Map();
    },
  };
}
