import type { RowKind } from '$lib/domain/record/row.ts';
import { formatDay, parseDay } from '$lib/kernel/calendar/day.ts';
import type { Json } from '$lib/kernel/json.ts';
import type { Messages } from '$lib/messages/dictionary.ts';
import { clockTime } from './clock-time.ts';
import { procedureNames } from './procedure-pack.svelte.ts';

/** What a field is called on screen. */
export function fieldName(m: Messages, kind: RowKind, field: string): string {
  const names: Readonly<Record<string, string>> =
    kind === 'filing' ? m.filingWords.fields : m.assistWords.fields;
  return names[field] ?? field;
}

/** A plain value as people read it: words for codes, dd/MM/yyyy for days. */
export function valueWords(m: Messages, field: string, value: Json): string {
  if (value === null || value === '') return '–';
  if (field === 'subject' || field === 'procedure') return procedureNames.of(String(value), m);
  if (field === 'occurredAt' && typeof value === 'number') return clockTime(value);
  const day = typeof value === 'string' ? parseDay(value) : null;
  if (day !== null) return formatDay(day);
  const sets: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    outcome: m.assistWords.outcomes,
    channel: m.assistWords.channels,
    accountStep: m.assistWords.accountSteps,
    reason: m.assistWords.reasons,
    typedBy: m.assistWords.typedBy,
    voided: m.assistWords.voidReasons,
    satisfaction: m.assistWords.satisfaction,
  };
  return sets[field]?.[String(value)] ?? String(value);
}
