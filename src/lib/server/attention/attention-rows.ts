import { can } from '$lib/domain/people/permissions.ts';
import type { Actor } from '$lib/domain/people/roles.ts';
import type { Transaction } from '../database/pool.ts';
import { readGaps } from './gap-rows.ts';
import { countRestoreNotices } from './restore-notices.ts';

/** SQL: assist `a` is one of those whose clashes the actor settles. */
export function assistReach(tx: Transaction, actor: Actor) {
  if (can(actor, 'clash.settle', 'ward')) return tx`true`;
  if (!can(actor, 'clash.settle', 'own')) return tx`false`;
  const teams = can(actor, 'clash.settle', 'team') ? actor.teams : [];
  return tx`(a.team = any(${[...teams]}) or a.entered_by = ${actor.person}
    or a.body #> '{fields,performedBy}' ? ${actor.person})`;
}

/** SQL: the author of quarantined record `q` is somebody whose records the actor reads. */
export function quarantineReach(tx: Transaction, actor: Actor) {
  if (can(actor, 'quarantine.read', 'ward')) return tx`true`;
  if (!can(actor, 'quarantine.read', 'own')) return tx`false`;
  const own = tx`q.person_id = ${actor.person}`;
  if (!can(actor, 'quarantine.read', 'team')) return own;
  return tx`(${own} or exists (select 1 from person p where p.ward_id = q.ward_id and p.id = q.person_id
    and p.body #> '{fields,teams}' ?| ${[...actor.teams]}))`;
}

/** How many things wait for a decision that this actor may see: open clashes, and records that were not taken. */
export async function countAttention(tx: Transaction, actor: Actor): Promise<number> {
  const { ward } = actor;
  const people = can(actor, 'people.manage', 'ward') ? tx`true` : tx`false`;
  const [row] = await tx<{ open: number }[]>`
    select
      (select coalesce(sum(a.open_clashes), 0) from assist a
        where a.ward_id = ${ward} and a.open_clashes > 0 and ${assistReach(tx, actor)})
      + (select coalesce(sum(f.open_clashes), 0) from filing f
        join assist a on a.ward_id = f.ward_id and a.id = f.assist::uuid
        where f.ward_id = ${ward} and f.open_clashes > 0 and ${assistReach(tx, actor)})
      + (select coalesce(sum(c.open_clashes), 0) from consent c
        join assist a on a.ward_id = c.ward_id and a.id = c.assist::uuid
        where c.ward_id = ${ward} and c.open_clashes > 0 and ${assistReach(tx, actor)})
      + (select coalesce(sum(p.open_clashes), 0) from (
          select open_clashes from person where ward_id = ${ward} and open_clashes > 0
          union all select open_clashes from team where ward_id = ${ward} and open_clashes > 0
          union all select open_clashes from neighbourhood where ward_id = ${ward} and open_clashes > 0
        ) p where ${people})
      + (select count(*) from quarantine q
        where q.ward_id = ${ward} and q.settled_at is null and ${quarantineReach(tx, actor)}) as open`;
  const gaps = (await readGaps(tx, actor)).length;
  return (row?.open ?? 0) + gaps + (await countRestoreNotices(tx, actor));
}
