import type { PersonalValues } from '$lib/domain/people/personal-fields.ts';
import type { Change } from '$lib/domain/record/mutation.ts';
import type { Json } from '$lib/kernel/json.ts';
import type { Messages } from '$lib/messages/dictionary.ts';
import type { OfficeWords } from '$lib/messages/office-words.ts';
import { fieldName, type NameOf, valueWords } from '$lib/ui/value-words.ts';

export type ShownChange = Pick<
  Change,
  'row' | 'id' | 'create' | 'set' | 'personal' | 'add' | 'remove' | 'settle'
>;

interface Seen {
  readonly nameOf: NameOf;
  /** What this save set of the row's personal values, once opened. */
  readonly personal: PersonalValues | undefined;
}

/** Ids that hold a record together: they tell a reader nothing. */
const INNER = new Set(['assist', 'resident', 'packVersion']);

function memberWords(m: Messages, member: Json, nameOf: NameOf): string {
  const { status, day, source } = member as { readonly [key: string]: Json };
  return [status, day, source]
    .map((value, at) => valueWords(m, ['status', 'day', 'source'][at] ?? '', value ?? null, nameOf))
    .join(', ');
}

/** What one save did to one row, each thing in words. A row that is born says only that, and what is worth seeing. */
export function changeWords(
  m: Messages,
  text: OfficeWords['office']['record'],
  change: ShownChange,
  { nameOf, personal }: Seen,
): readonly string[] {
  const name = (field: string) => fieldName(m, change.row, field);
  const set = Object.entries(change.set ?? {})
    .filter(
      ([field, { value }]) => !INNER.has(field) && !(change.create && (value === null || value === false)),
    )
    .map(([field, { value }]) => text.changed(name(field), valueWords(m, field, value, nameOf)));
  const own = Object.keys(change.personal ?? {}).map((field) => {
    const value = personal?.[field as keyof PersonalValues];
    return value === undefined ? text.changedPrivate(name(field)) : text.changed(name(field), value);
  });
  const added = Object.values(change.add ?? {}).flatMap((members) =>
    members.map((member) => text.added(memberWords(m, member, nameOf))),
  );
  const settled = (change.settle ?? []).map(({ field, take }) =>
    take === 'standing' ? text.settledStanding(name(field)) : text.settledLate(name(field)),
  );
  if (!change.create) return [...set, ...own, ...added, ...settled];
  const born = change.row === 'consent' ? text.consents : `${text.created} (${rowName(m, change.row)})`;
  return change.row === 'consent' ? [born] : [born, ...set, ...own, ...added];
}

function rowName(m: Messages, row: Change['row']): string {
  return row === 'filing' ? m.filingWords.filing : m.assistWords.assist;
}
