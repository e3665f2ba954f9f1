import { can } from '$lib/domain/people/permissions.ts';
import type { Actor } from '$lib/domain/people/roles.ts';
import { type Change, mutationSchema, type MutationKind, type Outcome } from '$lib/domain/record/mutation.ts';
import type { Instant } from '$lib/kernel/clock.ts';
import type { Transaction } from '../database/pool.ts';
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
}

const MOST = 50;

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

/** Open quarantined records of those whose records the actor reads, oldest first. */
export async function readQuarantine(tx: Transaction, actor: Actor): Promise<readonly QuarantinedLine[]> {
  const rows = await tx<QuarantineSql[]>`
    select q.mutation_id, q.person_id, q.received_at, q.why, q.plain, q.plain_escaped from quarantine q
    where q.ward_id = ${actor.ward} and q.settled_at is null and ${quarantineReach(tx, actor)}
    order by q.received_at, q.mutation_id limit ${MOST}`;
  const leader = can(actor, 'quarantine.settle', 'ward');
  return rows.map((row) => ({
    mutation: row.mutation_id,
    person: row.person_id,
    receivedAt: row.received_at.getTime(),
    outcome: row.why,
    said: readSaid(row.plain, row.plain_escaped),
    maySettle: leader || row.person_id === actor.person,
  }));
}
