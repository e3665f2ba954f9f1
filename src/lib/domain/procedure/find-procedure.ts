import { fold, foldedWords } from '../../kernel/text/fold.ts';
import type { Procedure } from './procedure.ts';

/** What of a procedure is looked at, best first: its weight when a word is found there. */
const WEIGHTS = { code: 8, shortName: 4, alsoCalled: 3, name: 2, group: 1 } as const;

interface IndexedProcedure {
  readonly procedure: Procedure;
  readonly fields: readonly { readonly words: readonly string[]; readonly weight: number }[];
  /** Folded short name and everyday names, to put a whole match first. */
  readonly titles: readonly string[];
  readonly code: string;
  readonly order: number;
}

/** Folded once, so that a keystroke only compares. */
export type ProcedureIndex = readonly IndexedProcedure[];

export interface ProcedureHit {
  readonly procedure: Procedure;
  /** Higher is better; means nothing beyond this one search. */
  readonly score: number;
}

/** Makes a catalogue searchable. `groupNames` lets "hộ tịch" find the whole group. */
export function indexProcedures(
  procedures: readonly Procedure[],
  groupNames: ReadonlyMap<string, string>,
): ProcedureIndex {
  return procedures.map((procedure, order) => ({
    procedure,
    order,
    code: procedure.code.value ?? '',
    titles: [procedure.shortName, ...procedure.alsoCalled].map((text) => foldedWords(text).join(' ')),
    fields: [
      { words: foldedWords(procedure.shortName), weight: WEIGHTS.shortName },
      { words: procedure.alsoCalled.flatMap(foldedWords), weight: WEIGHTS.alsoCalled },
      { words: foldedWords(procedure.name.value), weight: WEIGHTS.name },
      { words: foldedWords(groupNames.get(procedure.group) ?? ''), weight: WEIGHTS.group },
    ],
  }));
}

function wordScore(word: string, entry: IndexedProcedure): number {
  let best = 0;
  for (const { words, weight } of entry.fields) {
    if (words.includes(word)) best = Math.max(best, weight * 2);
    else if (words.some((known) => known.startsWith(word))) best = Math.max(best, weight);
  }
  return best;
}

function score(entry: IndexedProcedure, words: readonly string[], code: string): number {
  if (code.length >= 3 && entry.code.startsWith(code)) return 1000 * WEIGHTS.code;
  let sum = 0;
  for (const word of words) {
    const found = wordScore(word, entry);
    if (found === 0) return 0;
    sum += found;
  }
  const phrase = words.join(' ');
  const asTitle = entry.titles.some((title) => title === phrase) ? 100 : 0;
  const inTitle = entry.titles.some((title) => title.includes(phrase)) ? 20 : 0;
  return sum / words.length + asTitle + inTitle;
}

/**
 * Procedures that hold every word of the query, the last one possibly unfinished; best first, ties in
 * the catalogue's order. No diacritics needed, NFD and capitals do not matter; a code is found by its
 * beginning, with or without the province's suffix. An empty query finds nothing.
 */
export function searchProcedures(
  index: ProcedureIndex,
  query: string,
  limit: number,
): readonly ProcedureHit[] {
  const words = foldedWords(query);
  if (words.length === 0) return [];
  const code = /^\d\.\d{0,6}/.exec(fold(query).trim())?.[0] ?? '';
  return index
    .map((entry) => ({ entry, score: score(entry, words, code) }))
    .filter((hit) => hit.score > 0)
    .sort((a, b) => b.score - a.score || a.entry.order - b.entry.order)
    .slice(0, limit)
    .map(({ entry, score: value }) => ({ procedure: entry.procedure, score: value }));
}
