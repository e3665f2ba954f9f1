import { foldedWords } from '../../kernel/text/fold.ts';
import { shownRow, type StoredRow } from '../store/stored.ts';
import { openPersonal, type OpenReader } from './personal-parts.ts';
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
async function scan(reader: OpenReader, matches: Matches, limit: number): Promise<StoredRow[]> {
  const found: StoredRow[] = [];
  for (let offset = 0; found.length < limit; offset += AT_ONCE) {
    const page = await reader.db.relaxed.rows
      .where('[kind+day+id]')
      .between(['assist', '', ''], ['assist', LAST, LAST])
      .reverse()
      .offset(offset)
      .limit(AT_ONCE)
      .toArray();
    if (page.length === 0) break;
    for (const stored of page) if (await matches(stored)) found.push(stored);
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
  const [shown] = await showRows(reader.db.relaxed, [stored]);
  if (shown === undefined) return [];
  const { values } = await openPersonal(reader, shown);
  const code = shown.row.fields['code'];
  return foldedWords([...Object.values(values), typeof code === 'string' ? code : ''].join(' '));
}

export function personalSearch(reader: OpenReader): PersonalSearch {
  let kept = new Map<string, Kept>();
  let closed = false;
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
      if (wanted.length === 0 || closed) return [];
      const filings = await filingsByAssist(reader);
      const matches: Matches = async (stored) => {
        const own = await Promise.all([stored, ...(filings.get(stored.key) ?? [])].map(wordsOf));
        const subject = shownRow(stored)?.fields['subject'];
        const words = [...own.flat(), ...(typeof subject === 'string' ? foldedWords(names(subject)) : [])];
        return wanted.every((word) => words.some((one) => one.startsWith(word)));
      };
      return showRows(reader.db.relaxed, await scan(reader, matches, limit));
    },
    close: () => {
      closed = true;
      kept = new Map();
    },
  };
}
