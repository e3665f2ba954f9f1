import { belongingOf, parentIdOf } from '$lib/domain/record/belonging.ts';
import { can, relationOf } from '$lib/domain/people/permissions.ts';
import { isPersonalField, READ_PERSONAL } from '$lib/domain/people/personal-fields.ts';
import type { Actor } from '$lib/domain/people/roles.ts';
import { type ConfirmedRow, openClashes, type RowKind } from '$lib/domain/record/row.ts';
import type { Instant } from '$lib/kernel/clock.ts';
import type { Json } from '$lib/kernel/json.ts';
import type { Transaction } from '../database/pool.ts';
import { rowReads } from '../sync/postgres-row-reads.ts';
import type { RowRef } from '../sync/store.ts';
import { type AttentionPlace, PAGE_ITEMS, type Paged } from './attention-place.ts';
import { assistReach } from './attention-rows.ts';

/** Who brought a value, and when: by the device's claim and by the server. */
export interface Bringer {
  readonly by: string;
  readonly at: Instant;
  readonly receivedAt: Instant;
}

/** Two values of one field, one standing, the other come too late. Personal ones are not here. */
export interface OpenClash {
  readonly kind: RowKind;
  readonly id: string;
  /** What the row is called: an id with a name, or a name. */
  readonly title: string;
  readonly field: string;
  readonly late: string;
  /** The stamp of the value that stands. */
  readonly on: string | null;
  readonly personal: boolean;
  readonly mayOpen: boolean;
  readonly standingValue: Json;
  readonly lateValue: Json;
  readonly standing: Bringer | null;
  readonly lateBy: Bringer | null;
}

/** A page of rows with open clashes that this actor settles, oldest first, with the assists they belong to. */
export async function clashingRows(tx: Transaction, actor: Actor, after: AttentionPlace['clash']) {
  const { ward } = actor;
  const reach = assistReach(tx, actor);
  const people = can(actor, 'people.manage', 'ward') ? tx`true` : tx`false`;
  const refs = await tx<RowRef[]>`
    select kind, id from (
      select 'assist' as kind, a.id from assist a where a.ward_id = ${ward} and a.open_clashes > 0 and ${reach}
      union all select 'filing', f.id from filing f join assist a on a.ward_id = f.ward_id and a.id = f.assist::uuid
        where f.ward_id = ${ward} and f.open_clashes > 0 and ${reach}
      union all select 'consent', c.id from consent c join assist a on a.ward_id = c.ward_id and a.id = c.assist::uuid
        where c.ward_id = ${ward} and c.open_clashes > 0 and ${reach}
      union all select 'person', id from person where ward_id = ${ward} and open_clashes > 0 and ${people}
      union all select 'team', id from team where ward_id = ${ward} and open_clashes > 0 and ${people}
      union all select 'neighbourhood', id from neighbourhood where ward_id = ${ward} and open_clashes > 0 and ${people}
    ) clashing where ${after === null ? tx`true` : tx`id > ${after}::uuid`} order by id limit ${PAGE_ITEMS + 1}`;
  const reads = rowReads(tx, ward);
  const shown = refs.slice(0, PAGE_ITEMS);
  const byId = new Map((await reads.rows(shown)).map((row) => [row.id as string, row]));
  const rows = shown.flatMap(({ id }) => byId.get(id) ?? []);
  const next = refs.length > PAGE_ITEMS ? (shown.at(-1)?.id ?? null) : null;
  const parents = await reads.rows(
    rows.flatMap((row) =>
      parentIdOf(row) === null ? [] : [{ kind: 'assist' as const, id: parentIdOf(row) ?? '' }],
    ),
  );
  return { rows, next, parents: new Map(parents.map((parent) => [parent.id as string, parent])) };
}

async function bringersOf(
  tx: Transaction,
  ward: string,
  stamps: readonly string[],
): Promise<Map<string, Bringer>> {
  const rows = await tx<{ id: string; by: string; at: number; received_at: Date }[]>`
    select mutation_id as id, person_id as by, (plain ->> 'at')::double precision as at, received_at from mutation
    where ward_id = ${ward} and mutation_id in (
      select e::uuid from jsonb_array_elements_text(${JSON.stringify(stamps)}::text::jsonb) e)`;
  return new Map(
    rows.map(({ id, by, at, received_at }) => [id, { by, at, receivedAt: received_at.getTime() }]),
  );
}

function titleOf(row: ConfirmedRow, parent: ConfirmedRow | undefined): string {
  const { name, procedure, subject } = { ...parent?.fields, ...row.fields } as Readonly<Record<string, Json>>;
  const title = name ?? procedure ?? subject;
  return typeof title === 'string' ? title : '';
}

export async function readClashes(
  tx: Transaction,
  actor: Actor,
  after: AttentionPlace['clash'],
): Promise<Paged<OpenClash>> {
  const { rows, next, parents } = await clashingRows(tx, actor, after);
  const stamps = rows.flatMap((row) =>
    openClashes(row).flatMap(({ late, field }) => [
      late as string,
      (row.stamps[field] as string | undefined) ?? late,
    ]),
  );
  const bringers = await bringersOf(tx, actor.ward, stamps);
  const items = rows.flatMap((row) => {
    const parent = parents.get(parentIdOf(row) ?? '');
    const mayOpen = can(actor, READ_PERSONAL, relationOf(actor, belongingOf(actor.ward, row, parent)));
    return openClashes(row).map(({ field, late, value }): OpenClash => ({
      kind: row.kind,
      id: row.id,
      title: titleOf(row, parent),
      field,
      late,
      on: row.stamps[field] ?? null,
      personal: isPersonalField(field),
      mayOpen,
      standingValue: row.fields[field] ?? null,
      lateValue: value,
      standing: bringers.get(row.stamps[field] ?? '') ?? null,
      lateBy: bringers.get(late) ?? null,
    }));
  });
  return { items, next };
}
