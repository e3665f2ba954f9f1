import type { RowKind } from '$lib/domain/record/row.ts';
import { formatDay, parseDay } from '$lib/kernel/calendar/day.ts';
import type { Json } from '$lib/kernel/json.ts';
import type { Messages } from '$lib/messages/dictionary.ts';
import { momentText } from './moment-text.ts';

/** Looks up what an id is called: a person, a team, a neighbourhood, a procedure. Undefined where it is not known. */
export type NameOf = (id: string) => string | undefined;

/** What a field of a record is called on screen. */
export function fieldName(m: Messages, kind: RowKind, field: string): string {
  const names: Readonly<Record<string, string>> =
    kind === 'filing' ? m.filingWords.fields : m.assistWords.fields;
  return names[field] ?? field;
}

function setWord(m: Messages, field: string, value: string): string | undefined {
  const sets: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    outcome: m.assistWords.outcomes,
    channel: m.assistWords.channels,
    accountStep: m.assistWords.accountSteps,
    reason: m.assistWords.reasons,
    typedBy: m.assistWords.typedBy,
    voided: m.assistWords.voidReasons,
    satisfaction: m.assistWords.satisfaction,
    status: m.filingWords.statuses,
    source: m.filingWords.sources,
  };
  const words = sets[field];
  return words !== undefined && Object.hasOwn(words, value) ? words[value] : undefined;
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function estimateWords(value: Readonly<Record<string, Json>>): string {
  const dayAt = (field: string) => parseDay(textOf(value[field] ?? null));
  const [earliest, latest] = [dayAt('earliest'), dayAt('latest')];
  if (earliest === null || latest === null) return '–';
  return earliest === latest ? formatDay(latest) : `${formatDay(earliest)} – ${formatDay(latest)}`;
}

/** A plain value as people read it: words for codes, names for ids, dd/MM/yyyy for days. A missing one is a dash. */
export function valueWords(m: Messages, field: string, value: Json, nameOf: NameOf): string {
  if (value === null || value === '') return '–';
  if (field === 'occurredAt' && typeof value === 'number') return momentText(value);
  if (field === 'estimate' && typeof value === 'object') {
    return estimateWords(value as Readonly<Record<string, Json>>);
  }
  if (value === false) return '–';
  if (value === true) return m.filingWords.fields.voided;
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map((one) => valueWords(m, field, one, nameOf)).join(', ');
  }
  const text = textOf(value);
  const day = typeof value === 'string' ? parseDay(value) : null;
  return day !== null ? formatDay(day) : (setWord(m, field, text) ?? nameOf(text) ?? text);
}
