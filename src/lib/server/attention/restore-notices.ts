import { can } from '$lib/domain/people/permissions.ts';
import type { Actor } from '$lib/domain/people/roles.ts';
import type { Instant } from '$lib/kernel/clock.ts';
import { err, ok, type Result } from '$lib/kernel/result.ts';
import { recordAuthEvent } from '../auth/auth-events.ts';
import type { AuthContext } from '../auth/auth-context.ts';
import type { Transaction } from '../database/pool.ts';
import { inTransaction } from '../database/transaction.ts';

/** The tables are of an earlier day than people remember: phones send again, and somebody should know why. */
export interface RestoreNotice {
  readonly epoch: string;
  readonly at: Instant;
  /** An operator ran the restore; or a phone proved one that nobody had announced. */
  readonly announced: boolean;
}

/** SQL: epochs `e` of this ward's time that nobody has taken note of. */
function unseen(tx: Transaction, ward: string) {
  return tx`
    from epoch e join ward w on w.ward_id = ${ward} and e.began_at > w.created_at
    where e.why <> 'first'
      and not exists (select from epoch_seen s where s.ward_id = w.ward_id and s.epoch_id = e.epoch_id)`;
}

export async function countRestoreNotices(tx: Transaction, actor: Actor): Promise<number> {
  if (!can(actor, 'backup.run', 'ward')) return 0;
  const [row] = await tx<{ count: number }[]>`select count(*)::int as count ${unseen(tx, actor.ward)}`;
  return row?.count ?? 0;
}

/** For the administrator: restores, oldest first. The epoch itself is the notice, so none can be lost on the way. */
export async function readRestoreNotices(tx: Transaction, actor: Actor): Promise<readonly RestoreNotice[]> {
  if (!can(actor, 'backup.run', 'ward')) return [];
  const rows = await tx<{ epoch_id: string; began_at: Date; why: string }[]>`
    select e.epoch_id, e.began_at, e.why ${unseen(tx, actor.ward)} order by e.place`;
  return rows.map(({ epoch_id: epoch, began_at, why }) => ({
    epoch,
    at: began_at.getTime(),
    announced: why === 'restore',
  }));
}

/** An administrator has taken note; the door's book says who and when. */
export async function noteRestore(
  context: AuthContext,
  actor: Actor,
  epoch: string,
): Promise<Result<null, { readonly kind: 'not_allowed' }>> {
  if (!can(actor, 'backup.run', 'ward')) return err({ kind: 'not_allowed' });
  const { ward, person } = actor;
  await inTransaction(context.database, { wards: [ward], actor: person }, async (tx) => {
    const noted = await tx`
      insert into epoch_seen (ward_id, epoch_id, seen_by, seen_at)
      select ${ward}, e.epoch_id, ${person}, ${new Date(context.clock.now())} from epoch e where e.epoch_id = ${epoch}
      on conflict do nothing returning 1`;
    if (noted.length === 0) return;
    await recordAuthEvent(tx, context, { ward, what: 'restore_noted', actor: person, detail: { epoch } });
  });
  return ok(null);
}
