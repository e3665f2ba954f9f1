import type { LogFault } from '../../domain/assist/check-log.ts';
import type { PersonalValues } from '../../domain/people/personal-fields.ts';
import type { MutationId } from '../../domain/record/ids.ts';
import type { Change } from '../../domain/record/mutation.ts';
import { err, type Result } from '../../kernel/result.ts';
import { attempt } from '../store/storage-fault.ts';
import type { OutboxEntry } from '../store/stored.ts';
import { openEntry } from '../view/personal-parts.ts';
import { mutationOf } from '../view/entry-mutation.ts';
import { recordOf } from '../view/records.ts';
import { checkEdit } from './edit-records.ts';
import type { CommandFault, OpenPhone, Saved } from './open-phone.ts';
import { saveMutation } from './save-mutation.ts';
import { type Edit, editChange, type FormBase } from './shown-change.ts';

/** What is corrected, row by row; all else is as the refused save had it. */
export type Corrections = Readonly<Record<string, Edit>>;

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
  options: { readonly draft?: string } = {},
): Promise<Result<Saved, CommandFault>> {
  const refused = await refusedEntry(phone, id);
  if (!refused.ok) return refused;
  const mutation = mutationOf(refused.value);
  const sealed = await openEntry(phone, refused.value);
  if (sealed === null) return err({ kind: 'unreadable' });
  const personal: Record<string, PersonalValues> = { ...sealed };
  const faults: LogFault[] = [];
  const changes: Change[] = [];
  for (const change of mutation.changes) {
    const shown = await recordOf(phone.db, change.row, change.id);
    const base = shown ?? { kind: change.row, id: change.id, row: { fields: {}, stamps: {} } };
    const checked = checkEdit({ base, edit: corrections[change.id] ?? {} }, phone.clock.now());
    faults.push(...checked.faults);
    changes.push(corrected(change, checked.wanted, base));
    if (checked.wanted.personal !== undefined)
      personal[change.id] = { ...personal[change.id], ...checked.wanted.personal };
  }
  if (faults.length > 0) return err({ kind: 'invalid', faults });
  return saveMutation(phone, { kind: mutation.kind, changes, personal, mends: id, ...options });
}

/**
 * The same change with other values, standing on what the refused one stood on. A field that it had left alone is set
 * only when it is another than shown, and stands on what is shown.
 */
function corrected(change: Change, wanted: Edit, base: FormBase): Change {
  const set = { ...change.set };
  const further = editChange(base, wanted);
  for (const [field, value] of Object.entries(wanted.set ?? {})) {
    const before = set[field];
    const shown = further.set?.[field];
    if (before !== undefined) set[field] = { value, on: before.on };
    else if (shown !== undefined) set[field] = shown;
  }
  const personal = { ...further.personal, ...change.personal };
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
