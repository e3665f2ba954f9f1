import type { MutationId, PersonId, ReplicaId } from '$lib/domain/record/ids.ts';
import type { Mutation } from '$lib/domain/record/mutation.ts';
import { rowKey } from '$lib/domain/record/row.ts';
import type { Instant } from '$lib/kernel/clock.ts';
import { openQuarantined } from '../records/quarantine-values.ts';
import type { ResidentKeys } from '../keys/resident-keys.ts';
import { type Incoming, type Personal, readPlain, type Reading } from './incoming.ts';
import type { QuarantineEntry, ReplicaRecord } from './store.ts';

/** Something to be judged: just come, or judged again out of the quarantine. */
export interface Judgeable {
  readonly id: MutationId;
  readonly hash: string;
  readonly replica: ReplicaId;
  readonly seq: number;
  readonly person: PersonId;
  readonly plain: string;
  readonly reading: Reading;
  readonly personal: Personal;
  /** The sealed part as it came, and the phone's data key it is under. */
  readonly sent: { readonly sealed: string; readonly key: string | null } | null;
  readonly receivedAt: Instant;
  /** The entry it came out of. */
  readonly stored: QuarantineEntry | null;
  /** The bytes of a seq that had been given up, come after all (in a carried file). */
  readonly late: boolean;
  /** A phone's delivery token, or a person signed in to the office. */
  readonly door: 'phone' | 'office';
}

export function fromIncoming(
  incoming: Incoming,
  replica: ReplicaRecord,
  now: Instant,
  late = false,
): Judgeable {
  const { envelope, hash, reading, personal } = incoming;
  return {
    id: envelope.id,
    hash,
    replica: replica.replica,
    seq: envelope.seq,
    person: replica.person,
    plain: envelope.plain,
    reading,
    personal,
    sent: envelope.sealed === null ? null : { sealed: envelope.sealed, key: envelope.key },
    receivedAt: now,
    stored: null,
    late,
    door: 'phone',
  };
}

function storedPersonal(entry: QuarantineEntry, keys: ResidentKeys): Personal {
  if (entry.sealed === null) return { is: 'none' };
  if (entry.asSent) return { is: 'unopenable' };
  return { is: 'open', values: openQuarantined(keys, entry.id, entry.sealed), masked: false };
}

/** The residents' keys must have been loaded. */
export function fromQuarantine(entry: QuarantineEntry, keys: ResidentKeys): Judgeable {
  return {
    id: entry.id,
    hash: entry.hash,
    replica: entry.replica,
    seq: entry.seq,
    person: entry.person,
    plain: entry.plain,
    reading: readPlain(entry.plain, entry.id),
    personal: storedPersonal(entry, keys),
    sent: entry.asSent && entry.sealed !== null ? { sealed: entry.sealed, key: entry.keyId } : null,
    receivedAt: entry.receivedAt,
    stored: entry,
    late: false,
    door: 'phone',
  };
}

export function mutationOf(item: Pick<Judgeable, 'reading'>): Mutation | null {
  return item.reading.is === 'mutation' ? item.reading.mutation : null;
}

/** Keys of the rows a record would create. */
export function createdKeys(item: Pick<Judgeable, 'reading'>): readonly string[] {
  const changes = mutationOf(item)?.changes ?? [];
  return changes.flatMap((change) => (change.create ? [rowKey(change.row, change.id)] : []));
}

/** What the history calls it: the intent, or what kept it from having one. */
export function kindOf(item: Pick<Judgeable, 'reading'>): string {
  switch (item.reading.is) {
    case 'mutation':
      return item.reading.mutation.kind;
    case 'unknown_kind':
      return item.reading.kind;
    default:
      return item.reading.is;
  }
}
