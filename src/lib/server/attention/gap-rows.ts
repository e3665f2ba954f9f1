import { can } from '$lib/domain/people/permissions.ts';
import type { Actor } from '$lib/domain/people/roles.ts';
import type { Instant } from '$lib/kernel/clock.ts';
import type { Transaction } from '../database/pool.ts';

/** A phone whose later records wait for earlier ones that never came. */
export interface OpenGap {
  readonly replica: string;
  readonly person: string;
  /** What the phone is called. */
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly since: Instant;
}

interface GapSql {
  replica: string;
  person: string;
  label: string | null;
  last_seq: number;
  gap_seq: number;
  gap_at: Date;
}

/** For a leader: gaps that stand. A phone that is alive mends its own by going on under a new replica. */
export async function readGaps(tx: Transaction, actor: Actor): Promise<readonly OpenGap[]> {
  if (!can(actor, 'quarantine.settle', 'ward')) return [];
  const rows = await tx<GapSql[]>`
    select r.replica_id as replica, r.person_id as person, d.label, r.last_seq, r.gap_seq, r.gap_at
    from replica r
    left join device d on d.ward_id = r.ward_id and d.person_id = r.person_id and d.device_id = r.device_id
    where r.ward_id = ${actor.ward} and r.gap_seq > r.last_seq + 1 order by r.gap_at, r.replica_id`;
  return rows.map(({ replica, person, label, last_seq, gap_seq, gap_at }) => ({
    replica,
    person,
    label: label ?? '',
    from: last_seq + 1,
    to: gap_seq - 1,
    since: gap_at.getTime(),
  }));
}
