import { utf8 } from '../../kernel/bytes.ts';
import type { Json } from '../../kernel/json.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import type { OpenPhone } from '../commands/open-phone.ts';
import { guardCode } from '../store/code-guard.ts';
import type { AccountDb } from '../store/open-account-db.ts';
import { attempt, type StorageFault } from '../store/storage-fault.ts';

/** Why a draft that is here cannot be read. It stays. */
export type DraftFault = StorageFault | { readonly kind: 'unreadable' };

const VERSION = 1;

function draftAad(account: string, id: string): ReturnType<typeof utf8> {
  return utf8(`xks:draft:${VERSION}|${account}|${id}`);
}

/** Keeps a form: `typing` while it is typed (a lost moment is bearable), `step` with strict durability. */
export async function putDraft(
  phone: Pick<OpenPhone, 'db' | 'sealer' | 'clock'>,
  id: string,
  form: unknown,
  how: 'typing' | 'step',
): Promise<Result<void, StorageFault>> {
  const { db, sealer, clock } = phone;
  const { blob, key } = await sealer.seal(JSON.parse(JSON.stringify(form)) as Json, draftAad(db.person, id));
  const tables = how === 'step' ? db.strict : db.relaxed;
  const draft = { id, kind: `form.${VERSION}`, savedAt: clock.now(), blob, key };
  return attempt(() =>
    tables.transaction('rw', [tables.meta, tables.drafts], async () => {
      await guardCode(tables);
      await tables.drafts.put(draft);
    }),
  );
}

/** The form as it was left; null: there is none. */
export async function openDraft(
  phone: Pick<OpenPhone, 'db' | 'sealer'>,
  id: string,
): Promise<Result<Json | null, DraftFault>> {
  const draft = await attempt(() => phone.db.relaxed.drafts.get(id));
  if (!draft.ok) return draft;
  if (draft.value === undefined) return ok(null);
  const opened = await phone.sealer.open(draft.value.blob, draft.value.key, draftAad(phone.db.person, id));
  return opened === null ? err({ kind: 'unreadable' }) : ok(opened);
}

export async function dropDraft(db: AccountDb, id: string): Promise<Result<void, StorageFault>> {
  return attempt(() => db.strict.drafts.delete(id));
}
