import type { PersonalValues } from '../../domain/people/personal-fields.ts';
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

export function personalSearch(reader: OpenReader): PersonalSearch {
  let kept = new Map<string, Kept>();
  let closed = false;
  const wordsOf = async (stored: StoredRow): Promise<readonly string[]> => {
    const row = shownRow(stored);
    if (row === undefined) return [];
    const mark = Object.values(row.stamps).join();
    const before = kept.get(stored.key);
    if (before?.mark === mark) return before.words;
    const [shown] = await showRows(reader.db.relaxed, [stored]);
    const opened: PersonalValues = shown === undefined ? {} : (await openPersonal(reader, shown)).values;
    const words = foldedWords(
      [...Object.values(opened), row.fields['code']].filter((text) => typeof text === 'string').join(' '),
    );
    if (!closed) kept.set(stored.key, { mark, words });
    return words;
  };
  return {
    find: async (text, names, limit = 50) => {
      const wanted = foldedWords(text);
      if (wanted.length === 0 || closed) return [];
      const { rows } = reader.db.relaxed;
      const found: StoredRow[] = [];
      const children = new Map<string, StoredRow[]>();
      for (const filing of await rows
        .where('[kind+day+id]')
        .between(['filing', '', ''], ['filing', '\uffff', '\uffff'])
        .toArray()) {
        children.set(filing.parent, [...(children.get(filing.parent) ?? []), filing]);
      }
      for (let offset = 0; found.length < limit; offset += AT_ONCE) {
        const page = await rows
          .where('[kind+day+id]')
          .between(['assist', '', ''], ['assist', '\uffff', '\uffff'])
          .reverse()
          .offset(offset)
          .limit(AT_ONCE)
          .toArray();
        if (page.length === 0) break;
        for (const stored of page) {
          const own = await Promise.all([stored, ...(children.get(stored.key) ?? [])].map(wordsOf));
          const subject = shownRow(stored)?.fields['subject'];
          const all = [...own.flat(), ...(typeof subject === 'string' ? foldedWords(names(subject)) : [])];
          if (wanted.every((word) => all.some((one) => one.startsWith(word)))) found.push(stored);
        }
      }
      return showRows(reader.db.relaxed, found.slice(0, limit));
    },
    close: () => {
      closed = true;
      kept = new Map();
    },
  };
}
