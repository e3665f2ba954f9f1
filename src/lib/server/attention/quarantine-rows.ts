import { can } from '$lib/domain/people/permissions.ts';
import type { Actor } from '$lib/domain/people/roles.ts';
import type { MutationId, PersonId } from '$lib/domain/record/ids.ts';
import { type Change, mutationSchema, type MutationKind, type Outcome } from '$lib/domain/record/mutation.ts';
import type { Instant } from '$lib/kernel/clock.ts';
import type { Transaction } from '../database/pool.ts';
import { type AttentionPlace, PAGE_ITEMS, type Paged } from './attention-place.ts';
import { quarantineReach } from './attention-rows.ts';

/** A record that was not, or not yet, taken. Its personal values stay sealed. */
export interface QuarantinedLine {
  readonly mutation: string;
  readonly person: string;
  readonly receivedAt: Instant;
  readonly outcome: Outcome;
  /** Null: what came could not be read as a record. */
  readonly said: {
    readonly kind: MutationKind;
    readonly at: Instant;
    readonly changes: readonly Change[];
  } | null;
  readonly maySettle: boolean;
  /** It came from somebody who had been shut out; a leader may take it in. */
  readonly mayAccept: boolean;
}

interface QuarantineSql {
  mutation_id: string;
  person_id: string;
  received_at: Date;
  why: Outcome;
  plain: string;
  plain_escaped: boolean;
}

function readSaid(plain: string, escaped: boolean): QuarantinedLine['said'] {
  try {
    const text = escaped ? (JSON.parse(plain) as unknown) : plain;
    const read = mutationSchema.safeParse(JSON.parse(String(text)));
    return read.success ? { kind: read.data.kind, at: read.data.at, changes: read.data.changes } : null;
  } catch {
    return null;
  }
}

const isOfRevoked = (outcome: Outcome): boolean => outcome.is === 'refused' && outcome.code === 'revoked';

/** Open quarantined records of those whose records the actor reads, oldest first. */
export async function readQuarantine(
  tx: Transaction,
  actor: Actor,
  after: AttentionPlace['record'],
): Promise<Paged<QuarantinedLine>> {
  const beyond =
    after === null
      ? tx`true`
      : tx`(q.received_at, q.mutation_id) > (${new Date(after.receivedAt)}, ${after.mutation}::uuid)`;
  const rows = await tx<QuarantineSql[]>`
    select q.mutation_id, q.person_id, q.received_at, q.why, q.plain, q.plain_escaped from quarantine q
    where q.ward_id = ${actor.ward} and q.settled_at is null and ${quarantineReach(tx, actor)} and ${beyond}
    order by q.received_at, q.mutation_id limit ${PAGE_ITEMS + 1}`;
  const leader = can(actor, 'quarantine.settle', 'ward');
  const items = rows.slice(0, PAGE_ITEMS).map((row): QuarantinedLine => {
    const said = readSaid(row.plain, row.plain_escaped);
    return {
      mutation: row.mutation_id,
      person: row.person_id,
      receivedAt: row.received_at.getTime(),
      outcome: row.why,
      said,
      maySettle: leader || row.person_id === actor.person,
      mayAccept: leader && said !== null && isOfRevoked(row.why),
    };
  });
  const last = rows.length > PAGE_ITEMS ? items.at(-1) : undefined;
  return { items, next: last === undefined ? null : `${last.receivedAt}~${last.mutation}` };
}

/** What one person's revoked phones brought and nobody has decided about. */
export interface RevokedPile {
  readonly person: string;
  readonly count: number;
}

/** For a leader: people with several such records, to be decided about at once. */
export async function readRevokedPiles(tx: Transaction, actor: Actor): Promise<readonly RevokedPile[]> {
  if (!can(actor, 'quarantine.settle', 'ward')) return [];
  return tx<RevokedPile[]>`
    select q.person_id as person, count(*)::int as count from quarantine q
    where q.ward_id = ${actor.ward} and q.settled_at is null and q.why ->> 'code' = 'revoked'
    group by q.person_id having count(*) > 1 order by q.person_id`;
}

/** The same records one by one, in the order in which they were made. */
export async function quarantinedOf(
  tx: Transaction,
  actor: Actor,
  person: PersonId,
): Promise<readonly MutationId[]> {
  const rows = await tx<{ id: MutationId }[]>`
    select q.mutation_id as id from quarantine q
    where q.ward_id = ${actor.ward} and q.person_id = ${person} and q.settled_at is null
      and q.why ->> 'code' = 'revoked' and ${quarantineReach(tx, actor)}
    order by q.received_at, q.replica_id, q.seq`;
  return rows.map(({ id }) => id);
}
