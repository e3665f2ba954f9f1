import { checkPersonal } from '../../domain/assist/check-log.ts';
import { tidyPersonal } from '../../domain/assist/log-form.ts';
import type { PersonalField, PersonalValues } from '../../domain/people/personal-fields.ts';
import type { MutationId } from '../../domain/record/ids.ts';
import type { Change } from '../../domain/record/mutation.ts';
import type { Json } from '../../kernel/json.ts';
import { err, type Result } from '../../kernel/result.ts';
import { attempt } from '../store/storage-fault.ts';
import type { OutboxEntry } from '../store/stored.ts';
import { openEntry } from '../view/personal-parts.ts';
import { mutationOf } from '../view/row-workspace.ts';
import type { CommandFault, OpenPhone, Saved } from './open-phone.ts';
import { saveMutation } from './save-mutation.ts';

/** What is corrected, row by row; all else is as the refused save had it. */
export type Corrections = Readonly<
  Record<string, { readonly set?: Readonly<Record<string, Json>>; readonly personal?: PersonalValues }>
>;

async function refusedEntry(phone: OpenPhone, id: MutationId): Promise<Result<OutboxEntry, CommandFault>> {
  const entry = await attempt(() => phone.db.strict.outbox.get(id));
  if (!entry.ok) return entry;
  return entry.value?.phase === 'needs_you' ? { ok: true, value: entry.value } : err({ kind: 'gone' });
}

/**
 * Sends a corrected copy of a refused save, which names it: what was held behind it is judged together with the copy.
 * The refused one stays in the history.
 */
export async function mendRefused(
  phone: OpenPhone,
  id: MutationId,
  corrections: Corrections,
): Promise<Result<Saved, CommandFault>> {
  const refused = await refusedEntry(phone, id);
  if (!refused.ok) return refused;
  const mutation = mutationOf(refused.value);
  const sealed = await openEntry(phone, refused.value);
  if (sealed === null) return err({ kind: 'unreadable' });
  const personal: Record<string, PersonalValues> = { ...sealed };
  for (const [row, wanted] of Object.entries(corrections)) {
    if (wanted.personal === undefined) continue;
    const tidy = { ...blanks(wanted.personal), ...tidyPersonal(wanted.personal) };
    const faults = checkPersonal(tidy, phone.clock.now());
    if (faults.length > 0) return err({ kind: 'invalid', faults });
    personal[row] = { ...personal[row], ...tidy };
  }
  const changes = mutation.changes.map((change) => corrected(change, corrections[change.id]));
  return saveMutation(phone, { kind: mutation.kind, changes, personal, mends: id });
}

function blanks(values: PersonalValues): PersonalValues {
  return Object.fromEntries(Object.keys(values).map((field) => [field, '']));
}

/** The same change with other values, standing on what the refused one stood on. */
function corrected(change: Change, wanted: Corrections[string] | undefined): Change {
  if (wanted === undefined) return change;
  const set = { ...change.set };
  for (const [field, value] of Object.entries(wanted.set ?? {}))
    set[field] = { value, on: set[field]?.on ?? null };
  const personal = { ...change.personal };
  for (const field of Object.keys(wanted.personal ?? {}) as PersonalField[]) personal[field] ??= null;
  return {
    ...change,
    ...(Object.keys(set).length > 0 ? { set } : {}),
    ...(Object.keys(personal).length > 0 ? { personal } : {}),
  };
}

/**
 * Gives a refused save up: it leaves the view, and stays in the history. What is held behind it (`heldBehind`) is asked
 * about one by one and discarded by its own call.
 */
export async function discardRefused(phone: OpenPhone, id: MutationId): Promise<Result<Saved, CommandFault>> {
  return saveMutation(phone, { kind: 'record.discard', changes: [], mends: id });
}
