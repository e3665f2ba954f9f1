import type { PersonalValues } from '../../domain/people/personal-fields.ts';
import type { Actor } from '../../domain/people/roles.ts';
import type { MutationId, RowId } from '../../domain/record/ids.ts';
import type { Change, Mutation, MutationKind, Outcome } from '../../domain/record/mutation.ts';
import { rowKey } from '../../domain/record/row.ts';
import { utf8 } from '../../kernel/bytes.ts';
import { sameJson } from '../../kernel/json.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { Account } from '../../protocol/enrol.ts';
import { sealedAad } from '../../protocol/bound-bytes.ts';
import type { Envelope } from '../../protocol/envelope.ts';
import { MUTATION_LIMIT_PHONE } from '../../protocol/version.ts';
import type { AccountTables } from '../store/account-tables.ts';
import { guardCode } from '../store/code-guard.ts';
import { readMeta, writeMeta } from '../store/meta.ts';
import { Abort, attempt } from '../store/storage-fault.ts';
import type { MetaShapes, OutboxEntry } from '../store/stored.ts';
import {
  emptyWorkspace,
  loadRows,
  rowIn,
  type RowWorkspace,
  workOut,
  writeRows,
} from '../view/row-workspace.ts';
import { parentKeyOf } from '../view/row-place.ts';
import { actorOf } from './actor-of.ts';
import { enrolledAccount } from './enrolled-account.ts';
import type { CommandFault, OpenPhone, Saved } from './open-phone.ts';
import { noteTorn, reviveStorage } from './revive-storage.ts';

/** One save as a command words it: what it does to which rows. */
export interface Intent {
  readonly kind: MutationKind;
  readonly changes: readonly Change[];
  /** Row → the personal values this save sets on it; each named in that row's change. */
  readonly personal?: Readonly<Record<string, PersonalValues>>;
  readonly mends?: MutationId;
  /** The draft it was written in: goes in the same transaction. */
  readonly draft?: string;
  /** Whom the phone works for, where the command has just asked. */
  readonly account?: Account;
}

type Written = Omit<Envelope, 'seq'> & {
  readonly account: Account;
  readonly mutation: Mutation;
  readonly actor: Omit<Actor, 'replica'>;
};

/** Whom the phone works for is no longer what the save was written for: the server has told it anew meanwhile. */
interface AccountMoved {
  readonly kind: 'account_moved';
}

/**
 * The save (promise I1): written and sealed first, then one strict transaction that judges it, replays the view and puts
 * it into the outbox. Resolves `ok` only after the transaction's own completion; on a fault nothing has happened.
 */
export async function saveMutation(phone: OpenPhone, intent: Intent): Promise<Result<Saved, CommandFault>> {
  const account = intent.account === undefined ? await enrolledAccount(phone) : ok(intent.account);
  if (!account.ok) return account;
  let saved = await saveFor(phone, intent, account.value);
  if (!saved.ok && saved.error.kind === 'account_moved') {
    const anew = await enrolledAccount(phone, true);
    if (!anew.ok) return anew;
    saved = await saveFor(phone, intent, anew.value);
  }
  if (saved.ok) {
    phone.saved();
    return saved;
  }
  // Told anew twice within one save: as if the connection had been lost, for the form stays and may be saved again.
  return saved.error.kind === 'account_moved' ? err({ kind: 'connection_lost' }) : err(saved.error);
}

async function saveFor(
  phone: OpenPhone,
  intent: Intent,
  account: Account,
): Promise<Result<Saved, CommandFault | AccountMoved>> {
  const written = await writeDown(phone, intent, account);
  if (utf8(written.plain).length + (written.sealed?.length ?? 0) > MUTATION_LIMIT_PHONE)
    return err({ kind: 'too_large' });
  const run = (): PromiseLike<Saved> => commit(phone.db.strict, written, intent);
  const tried = await attempt<Saved, CommandFault | AccountMoved>(run);
  return tried.ok ? tried : tryAgain(phone, tried.error, run);
}

/** Plain text and sealed part: no transaction is open while this runs. */
async function writeDown(phone: OpenPhone, intent: Intent, account: Account): Promise<Written> {
  const id = uuidv7(phone.clock, phone.random) as MutationId;
  const mutation: Mutation = {
    v: 1,
    id,
    kind: intent.kind,
    ward: account.ward,
    grant: account.grant,
    author: account.person,
    at: phone.clock.now(),
    ...(intent.mends === undefined ? {} : { mends: intent.mends }),
    changes: [...intent.changes],
  };
  const plain = JSON.stringify(mutation);
  const values = Object.entries(intent.personal ?? {}).filter(([, fields]) => Object.keys(fields).length > 0);
  const actor = actorOf(account);
  if (values.length === 0) return { id, plain, sealed: null, key: null, account, mutation, actor };
  const aad = await sealedAad(account.person, id, plain);
  const sealed = await phone.sealer.seal(Object.fromEntries(values), aad);
  return { id, plain, sealed: sealed.blob, key: sealed.key, account, mutation, actor };
}

/**
 * A lost connection is opened once more; all else is said as it is. A full disk is not written to again at once: Chromium
 * would lay the next record behind the torn one, and delete everything at its next start (see `fresh-log.ts`).
 */
async function tryAgain(
  phone: OpenPhone,
  fault: CommandFault | AccountMoved,
  run: () => PromiseLike<Saved>,
): Promise<Result<Saved, CommandFault | AccountMoved>> {
  if (fault.kind === 'disk_full' || fault.kind === 'storage_failed') noteTorn(phone.db, fault);
  if (fault.kind !== 'connection_lost') return err(fault);
  const revived = await reviveStorage(phone);
  return revived.ok ? attempt<Saved, CommandFault>(run) : revived;
}

function commit(tables: AccountTables, written: Written, intent: Intent): PromiseLike<Saved> {
  return tables.transaction('rw', [tables.meta, tables.rows, tables.outbox, tables.drafts], async () => {
    const { mutation } = written;
    const space = emptyWorkspace();
    // Asked together, written together: each wait for the disk's process is one that a person waits too.
    const [standing, replica, revoked, account] = await Promise.all([
      tables.outbox.get(mutation.id),
      readMeta(tables, 'replica'),
      readMeta(tables, 'revoked'),
      readMeta(tables, 'account'),
      guardCode(tables),
      loadRows(tables, space, keysOf(mutation)),
    ]);
    const saved = {
      mutation: mutation.id,
      rows: mutation.changes.map((change) => change.id),
      at: mutation.at,
    };
    // A first try whose fate was unknown may have got through: the same id is the same save.
    if (standing !== undefined) return saved;
    if (replica === undefined || revoked !== undefined)
      throw new Abort<CommandFault>({ kind: 'not_enrolled' });
    if (!isSame(account, written.account)) throw new Abort<AccountMoved>({ kind: 'account_moved' });
    const answered =
      intent.mends === undefined ? null : await takeAnswered(tables, intent.mends, mutation.id);
    await loadRows(tables, space, [...(answered?.rows ?? []), ...parentsOf(space, mutation)]);
    if (answered !== null) space.entries.set(answered.id, answered);
    requireRows(space, mutation, answered);
    const entry = entryOf(written, namedRows(space, mutation, answered), replica);
    space.entries.set(entry.id, entry);
    const settling = workOut(space);
    judge(settling.verdicts.get(entry.id));
    const next = { ...replica, nextSeq: replica.nextSeq + 1, nextPlace: replica.nextPlace + 1 };
    await Promise.all([
      answered === null ? undefined : tables.outbox.put(answered),
      tables.outbox.add(entry),
      writeRows(tables, settling),
      writeMeta(tables, 'replica', next),
      intent.draft === undefined ? undefined : tables.drafts.delete(intent.draft),
    ]);
    return saved;
  });
}

function isSame(standing: Account | undefined, written: Account): boolean {
  return standing !== undefined && sameJson(standing, written);
}

/** The refused mutation that this save answers leaves the replay; it must be there, and unanswered. */
async function takeAnswered(tables: AccountTables, id: MutationId, by: MutationId): Promise<OutboxEntry> {
  const entry = await tables.outbox.get(id);
  if (entry?.phase !== 'needs_you') throw new Abort<CommandFault>({ kind: 'gone' });
  return { ...entry, phase: 'arrived', replay: 0, answeredBy: by };
}

function keysOf(mutation: Mutation): string[] {
  return mutation.changes.map((change) => rowKey(change.row, change.id));
}

/** Assists that the touched rows belong to: authority is asked of them. */
function parentsOf(space: RowWorkspace, mutation: Mutation): string[] {
  return mutation.changes.flatMap((change) => {
    const standing = rowIn(space, rowKey(change.row, change.id));
    const born = change.set?.['assist']?.value;
    const key =
      standing !== undefined ? parentKeyOf(standing) : typeof born === 'string' ? rowKey('assist', born) : '';
    return key === '' ? [] : [key];
  });
}

function namedRows(space: RowWorkspace, mutation: Mutation, answered: OutboxEntry | null): string[] {
  return [...new Set([...keysOf(mutation), ...parentsOf(space, mutation), ...(answered?.rows ?? [])])];
}

/** What is changed must be here to be changed, unless the refused mutation that is answered had made it. */
function requireRows(space: RowWorkspace, mutation: Mutation, answered: OutboxEntry | null): void {
  for (const change of mutation.changes) {
    const key = rowKey(change.row, change.id);
    if (change.create !== true && rowIn(space, key) === undefined && answered?.rows.includes(key) !== true) {
      throw new Abort<CommandFault>({ kind: 'gone' });
    }
  }
}

function entryOf(written: Written, rows: readonly string[], replica: MetaShapes['replica']): OutboxEntry {
  const { id, plain, sealed, key, mutation, actor } = written;
  return {
    id,
    plain,
    sealed,
    key,
    place: replica.nextPlace,
    replica: replica.id,
    seq: replica.nextSeq,
    kind: mutation.kind,
    rows,
    actor: { ...actor, replica: replica.id },
    savedAt: mutation.at,
    phase: 'unsent',
    outcome: null,
    commits: {},
    ackedAt: 0,
    ackedIn: '',
    replay: 1,
    mends: mutation.mends ?? null,
    answeredBy: null,
    givesUp: false,
    came: 'saved',
  };
}

/** The phone's own judgement: what the server would refuse is not saved. */
function judge(outcome: Outcome | undefined): void {
  if (outcome?.is === 'applied') return;
  const code = outcome?.is === 'refused' ? outcome.code : 'malformed';
  throw new Abort<CommandFault>({ kind: 'not_allowed', code });
}

/** Ids of rows are made where the rows are. */
export function newRowId(phone: Pick<OpenPhone, 'clock' | 'random'>): RowId {
  return uuidv7(phone.clock, phone.random) as RowId;
}
