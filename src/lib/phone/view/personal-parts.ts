import type { PersonalField, PersonalValues } from '../../domain/people/personal-fields.ts';
import { isPersonalField } from '../../domain/people/personal-fields.ts';
import type { MutationId } from '../../domain/record/ids.ts';
import type { Json } from '../../kernel/json.ts';
import { rowAad, sealedAad } from '../../protocol/bound-bytes.ts';
import type { AccountDb } from '../store/open-account-db.ts';
import { readPart } from '../store/sealed-part.ts';
import type { Sealer } from '../store/sealer.ts';
import type { OutboxEntry } from '../store/stored.ts';
import type { ShownRow } from './shown-row.ts';

/** An unlocked account, for reading. */
export interface OpenReader {
  readonly db: AccountDb;
  readonly sealer: Sealer;
}

/** What a record's sealed parts open to. */
export interface OpenedRecord {
  readonly values: PersonalValues;
  /** The late values of open clashes: `field/late mutation` → value. */
  readonly late: Readonly<Record<string, string>>;
  /** True: a part was sealed under a key this vault does not hold, or was altered. */
  readonly unreadable: boolean;
}

function asRecord(value: Json | null | undefined): Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, Json>>)
    : {};
}

const QUARANTINED = 'quarantined';

/** Personal values that an outbox entry sealed: row → values. Null: not openable here. */
export async function openEntry(
  reader: OpenReader,
  entry: Pick<OutboxEntry, 'id' | 'plain' | 'sealed' | 'key' | 'came'>,
): Promise<Readonly<Record<string, PersonalValues>> | null> {
  if (entry.sealed === null || entry.key === null) return {};
  const { person } = reader.db;
  const aad =
    entry.came === 'saved'
      ? await sealedAad(person, entry.id, entry.plain)
      : rowAad(person, entry.id, QUARANTINED);
  const opened = await reader.sealer.open(entry.sealed, entry.key, aad);
  return opened === null ? null : (asRecord(opened) as Readonly<Record<string, PersonalValues>>);
}

async function openPart(
  reader: OpenReader,
  shown: Pick<ShownRow, 'id'>,
  mutation: string,
  text: string,
): Promise<Json | null> {
  const part = readPart(text);
  if (part === null) return null;
  if (part.form === 'row') {
    return reader.sealer.open(part.blob, part.key, rowAad(reader.db.person, shown.id, mutation));
  }
  const entry = await reader.db.relaxed.outbox.get(mutation);
  const opened = entry === undefined ? null : await openEntry(reader, entry);
  return opened === null ? null : (opened[shown.id] ?? {});
}

/** Opens a record's personal parts: each value lies in the part of the mutation that its stamp names. */
export async function openPersonal(
  reader: OpenReader,
  shown: Pick<ShownRow, 'id' | 'row'>,
): Promise<OpenedRecord> {
  const { row } = shown;
  const parts = new Map<string, Readonly<Record<string, Json>>>();
  let unreadable = false;
  for (const [mutation, text] of Object.entries(row.sealed)) {
    const opened = await openPart(reader, shown, mutation, text);
    if (opened === null) unreadable = true;
    else parts.set(mutation, asRecord(opened));
  }
  const textOf = (mutation: MutationId, field: string): string | undefined => {
    const value = parts.get(mutation)?.[field];
    return typeof value === 'string' ? value : undefined;
  };
  const values: Partial<Record<PersonalField, string>> = {};
  for (const [field, stamp] of Object.entries(row.stamps)) {
    const value = isPersonalField(field) ? textOf(stamp, field) : undefined;
    if (isPersonalField(field) && value !== undefined && value !== '') values[field] = value;
  }
  const late: Record<string, string> = {};
  for (const clash of row.clashes) {
    const value = clash.settled === null ? textOf(clash.late, clash.field) : undefined;
    if (value !== undefined) late[`${clash.field}/${clash.late}`] = value;
  }
  return { values, late, unreadable };
}
