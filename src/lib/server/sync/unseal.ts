import { createHash } from 'node:crypto';
import { findForbidden } from '$lib/domain/people/forbidden-text.ts';
import { isPersonalField, type PersonalValues } from '$lib/domain/people/personal-fields.ts';
import { type Bytes, textOf } from '$lib/kernel/bytes.ts';
import { UUID_PATTERN } from '$lib/kernel/uuid.ts';
import type { Envelope } from '$lib/protocol/envelope.ts';
import { openValue } from '../keys/value-cipher.ts';

/** Row id → its personal values, as one save brings them. */
export type RowValues = ReadonlyMap<string, PersonalValues>;

/** These are numbers by nature; what free text must not hold is looked for in all the others. */
const NUMBER_FIELDS: readonly string[] = ['residentPhone', 'residentBirthYear', 'residentSex'];

export interface Unsealed {
  readonly is: 'open';
  readonly values: RowValues;
  /** Something that is never taken (personal number, secret) was in the text: its digits were blotted out. */
  readonly masked: boolean;
}

/** As `sealedAad` of the protocol, but at once: a thousand are opened for one request. */
function aadOf(account: string, envelope: Pick<Envelope, 'id' | 'plain'>): string {
  const hash = createHash('sha256').update(envelope.plain, 'utf8').digest('base64url');
  return `xks:mutation:1|${account}|${envelope.id}|${hash}`;
}

/** Opens the sealed part of a mutation. Null: another key, another account, altered, or not of our shape. */
export function unsealValues(
  key: Bytes,
  envelope: Pick<Envelope, 'id' | 'plain'> & { readonly sealed: string },
  account: string,
): Unsealed | null {
  const opened = openValue(key, envelope.sealed, aadOf(account, envelope));
  return opened && readValues(opened);
}

function readValues(opened: Uint8Array): Unsealed | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(textOf(opened));
  } catch {
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null;
  const values = new Map<string, PersonalValues>();
  let masked = false;
  for (const [row, fields] of Object.entries(parsed as Readonly<Record<string, unknown>>)) {
    if (typeof fields !== 'object' || fields === null || !UUID_PATTERN.test(row)) return null;
    const clean = cleanFields(fields);
    masked ||= clean.masked;
    values.set(row, clean.fields);
  }
  return { is: 'open', values, masked };
}

/** Known personal fields as texts in NFC, with what must not be kept blotted out. */
export function cleanFields(fields: object): { readonly fields: PersonalValues; readonly masked: boolean } {
  const kept: Record<string, string> = {};
  let masked = false;
  for (const [field, value] of Object.entries(fields) as [string, unknown][]) {
    if (!isPersonalField(field) || typeof value !== 'string') continue;
    const text = value.normalize('NFC');
    kept[field] = NUMBER_FIELDS.includes(field) ? text : blotted(text);
    masked ||= kept[field] !== text;
  }
  return { fields: kept, masked };
}

/** The rest of the text is kept: a note is worth more than the number that should not be in it. */
function blotted(text: string): string {
  let result = '';
  let at = 0;
  for (const span of findForbidden(text)) {
    result += text.slice(at, span.start) + text.slice(span.start, span.end).replace(/\p{Nd}/gu, '•');
    at = span.end;
  }
  return result + text.slice(at);
}
