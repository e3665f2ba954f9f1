import { foldedWords } from '../../kernel/text/fold.ts';
import type { Fact } from './fact.ts';
import type { HolidayBody, ProcedureBody } from './pack.ts';
import type { FactField, Procedure } from './procedure.ts';
import { FACT_FIELDS } from './procedure.ts';

/** Something wrong with a pack's content that its shape alone does not show. */
export interface PackIssue {
  /** From the pack's root: `['entries', 3, 'fee', 'value']`. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** A sentence somebody must take in while standing at a door. */
const MOST_SYLLABLES = 30;

/** Where a printed "Miễn phí" only means that the province sets the amount. */
const LOCAL_FEE_GROUPS: readonly string[] = ['land', 'building', 'business'];

type Report = (path: PackIssue['path'], message: string) => void;

function checkSentence(text: string, path: PackIssue['path'], report: Report): void {
  if (text !== text.normalize('NFC')) report(path, 'not in composed form (NFC)');
  if (text !== text.trim()) report(path, 'starts or ends with a space');
  for (const sentence of text.split(/[.!?;:]\s/u)) {
    const syllables = foldedWords(sentence).length;
    if (syllables > MOST_SYLLABLES) report(path, `a sentence of ${String(syllables)} syllables, at most 30`);
  }
}

/** Fields whose value says by itself that nothing is known. */
const SELF_TELLING: readonly FactField[] = ['fee', 'timeLimit', 'online'];

function checkFact(fact: Fact<unknown>, field: FactField, at: PackIssue['path'], report: Report): void {
  if (SELF_TELLING.includes(field)) return;
  const empty = fact.value === null || (Array.isArray(fact.value) && fact.value.length === 0);
  if (empty === (fact.state === 'unknown')) return;
  report(
    [...at, field, 'state'],
    empty ? 'an empty value is "unknown"' : 'a value that is there cannot be "unknown"',
  );
}

function checkFacts(
  entry: Procedure,
  at: PackIssue['path'],
  sources: ReadonlySet<string>,
  report: Report,
): void {
  for (const field of FACT_FIELDS) {
    const { source } = entry[field];
    if (!sources.has(source)) report([...at, field, 'source'], `no source "${source}" in the pack`);
    checkFact(entry[field], field, at, report);
  }
  for (const field of ['fee', 'timeLimit'] as const) {
    const { value, state } = entry[field];
    if ((value.kind === 'unknown') !== (state === 'unknown')) {
      report([...at, field], 'kind and state must both be "unknown", or neither');
    }
  }
  if ((entry.online.value.accepted === null) !== (entry.online.state === 'unknown')) {
    report([...at, 'online'], 'accepted is null exactly when the state is "unknown"');
  }
}

function checkLimits(entry: Procedure, at: PackIssue['path'], report: Report): void {
  const limit = entry.timeLimit.value;
  if ('longest' in limit && limit.longest !== undefined && limit.longest <= limit.count) {
    report([...at, 'timeLimit', 'value', 'longest'], 'must be more than count');
  }
  if (
    'printed' in limit &&
    limit.printed !== null &&
    /^\d+$/.test(limit.printed) &&
    limit.kind !== 'unknown'
  ) {
    report([...at, 'timeLimit', 'value', 'printed'], 'a number that lost its unit is kind "unknown"');
  }
  if (entry.fee.value.kind === 'free' && LOCAL_FEE_GROUPS.includes(entry.group)) {
    report(
      [...at, 'fee', 'value', 'kind'],
      '"free" is not believed in this group: the province sets the fee',
    );
  }
  if (entry.online.value.level !== null && entry.online.value.accepted !== true) {
    report([...at, 'online', 'value', 'level'], 'a level without online filing');
  }
}

function checkWords(entry: Procedure, at: PackIssue['path'], report: Report): void {
  checkSentence(entry.shortName, [...at, 'shortName'], report);
  checkSentence(entry.fee.value.words, [...at, 'fee', 'value', 'words'], report);
  checkSentence(entry.timeLimit.value.words, [...at, 'timeLimit', 'value', 'words'], report);
  entry.papers.value.forEach((paper, i) => {
    checkSentence(paper.text, [...at, 'papers', 'value', i, 'text'], report);
  });
  entry.mistakes.value.forEach((text, i) => {
    checkSentence(text, [...at, 'mistakes', 'value', i], report);
  });
  entry.notes.forEach((text, i) => {
    checkSentence(text, [...at, 'notes', i], report);
  });
  entry.alsoCalled.forEach((text, i) => {
    checkSentence(text, [...at, 'alsoCalled', i], report);
  });
}

/** Reports the second of two equal values; null values are never equal. */
function uniqueBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string | null,
  report: (at: number, key: string) => void,
): void {
  const seen = new Set<string>();
  items.forEach((item, at) => {
    const key = keyOf(item);
    if (key === null) return;
    if (seen.has(key)) report(at, key);
    seen.add(key);
  });
}

/** What is wrong with a catalogue although its shape is right, in the order of its entries. */
export function checkProcedures(body: ProcedureBody): readonly PackIssue[] {
  const issues: PackIssue[] = [];
  const report: Report = (path, message) => issues.push({ path, message });
  const sources = new Set(Object.keys(body.sources));
  const groups = new Set(body.groups.map((group) => group.id));
  body.entries.forEach((entry, i) => {
    const at = ['entries', i];
    if (!groups.has(entry.group)) report([...at, 'group'], `no group "${entry.group}" in the pack`);
    if (entry.kind === 'account' && entry.code.value !== null)
      report([...at, 'code'], 'an account has no code');
    checkFacts(entry, at, sources, report);
    checkLimits(entry, at, report);
    checkWords(entry, at, report);
  });
  uniqueBy(
    body.entries,
    (entry) => entry.id,
    (at, key) => {
      report(['entries', at, 'id'], `"${key}" is there twice`);
    },
  );
  uniqueBy(
    body.entries,
    (entry) => entry.code.value,
    (at, key) => {
      report(['entries', at, 'code', 'value'], `"${key}" is there twice`);
    },
  );
  uniqueBy(
    body.entries,
    (entry) => entry.shortName,
    (at, key) => {
      report(['entries', at, 'shortName'], `"${key}" is there twice`);
    },
  );
  uniqueBy(
    body.entries,
    (entry) => entry.quick?.toString() ?? null,
    (at, key) => {
      report(['entries', at, 'quick'], `button ${key} is there twice`);
    },
  );
  return issues;
}

/** What is wrong with a holiday calendar although its shape is right. */
export function checkHolidays(body: HolidayBody): readonly PackIssue[] {
  const issues: PackIssue[] = [];
  const report: Report = (path, message) => issues.push({ path, message });
  if (body.covers.from > body.covers.to) report(['covers'], 'from is later than to');
  body.entries.forEach((row, i) => {
    if (row.from > row.to) report(['entries', i, 'from'], 'later than to');
    if (row.from < body.covers.from || row.to > body.covers.to)
      report(['entries', i], 'outside the days covered');
    if (!(row.source in body.sources))
      report(['entries', i, 'source'], `no source "${row.source}" in the pack`);
    const clash = body.entries.slice(0, i).some((earlier) => {
      return earlier.kind !== row.kind && earlier.from <= row.to && row.from <= earlier.to;
    });
    if (clash) report(['entries', i], 'off and worked on the same day');
  });
  return issues;
}
