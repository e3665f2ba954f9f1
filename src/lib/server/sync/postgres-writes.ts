import type { WardId } from '$lib/domain/record/ids.ts';
import { type ConfirmedRow, ROW_KINDS, rowKey } from '$lib/domain/record/row.ts';
import type { Json } from '$lib/kernel/json.ts';
import type { Transaction } from '../database/pool.ts';
import type { QuarantineEntry, WardChanges } from './store.ts';

/** A statement that goes out when it is awaited. */
type Write = PromiseLike<unknown>;
type Writes = Write[];

/** What PostgreSQL's text cannot hold: NUL, and halves of surrogate pairs. */
function isUnstorable(text: string): boolean {
  return text.includes('\0') || !text.isWellFormed();
}

function rowRecord(row: ConfirmedRow, derived: Json): object {
  const { fields, stamps, sets, clashes } = row;
  return {
    id: row.id,
    version: row.version,
    body: { fields, stamps, sets, clashes, derived },
    sealed: row.sealed,
  };
}

function quarantineRecord(entry: QuarantineEntry): object {
  const escaped = isUnstorable(entry.plain);
  return {
    mutation_id: entry.id,
    hash: entry.hash,
    replica_id: entry.replica,
    seq: entry.seq,
    person_id: entry.person,
    plain: escaped ? JSON.stringify(entry.plain) : entry.plain,
    plain_escaped: escaped,
    sealed: entry.sealed,
    sealed_as_sent: entry.asSent,
    key_id: entry.keyId,
    resident: entry.resident,
    why: entry.outcome,
    creates: entry.creates,
    version: entry.version,
    received_at: new Date(entry.receivedAt).toISOString(),
    settled_how: entry.settled,
  };
}

/**
 * One statement a table, each fed by one JSON text, all sent at once and carried out in this order. No savepoints: all of
 * it or nothing.
 */
export async function writeChanges(tx: Transaction, ward: WardId, changes: WardChanges): Promise<void> {
  await Promise.all([
    ...writeRows(tx, ward, changes),
    ...writeHistory(tx, ward, changes),
    ...writeQuarantine(tx, ward, changes),
    ...writeMarks(tx, ward, changes),
  ]);
}

function writeMarks(tx: Transaction, ward: WardId, changes: WardChanges): Writes {
  const { version, mark, at } = changes;
  const marks = [...changes.replicas, ...changes.closed];
  const moved = [...new Map(marks.map((to) => [to.replica, to])).values()];
  return [
    tx`
      with counted as (update ward_counter set version = ${version} where ward_id = ${ward})
      insert into commit_mark (ward_id, version, mark, at) values (${ward}, ${version}, ${mark}, ${new Date(at)})`,
    tx`
      update replica r set last_seq = m."lastSeq"
      from jsonb_to_recordset(${JSON.stringify(moved)}::text::jsonb) as m (replica uuid, "lastSeq" bigint)
      where r.ward_id = ${ward} and r.replica_id = m.replica`,
  ];
}

function writeRows(tx: Transaction, ward: WardId, changes: WardChanges): Writes {
  const writes = ROW_KINDS.flatMap((kind): Writes => {
    const rows = changes.rows.filter((row) => row.kind === kind);
    if (rows.length === 0) return [];
    const text = JSON.stringify(
      rows.map((row) => rowRecord(row, changes.derived.get(rowKey(kind, row.id)) ?? null)),
    );
    return [
      tx`
      insert into ${tx(kind)} (ward_id, id, version, epoch, body, sealed, received_at)
      select ${ward}, r.id, r.version, ${changes.epoch}, r.body, r.sealed, ${new Date(changes.at)}
      from jsonb_to_recordset(${text}::text::jsonb) as r (id uuid, version bigint, body jsonb, sealed jsonb)
      on conflict (ward_id, id) do update
      set version = excluded.version, epoch = excluded.epoch, body = excluded.body, sealed = excluded.sealed`,
    ];
  });
  if (changes.buckets.length > 0) {
    writes.push(tx`
      insert into row_bucket (ward_id, bucket, kind, row_id, version, gone, rank)
      select ${ward}, b.bucket, b.kind, b.id, b.version, b.gone, b.rank
      from jsonb_to_recordset(${JSON.stringify(changes.buckets)}::text::jsonb)
        as b (bucket text, kind text, id uuid, version bigint, gone boolean, rank smallint)
      on conflict (ward_id, bucket, kind, row_id) do update
      set version = excluded.version, gone = excluded.gone, rank = excluded.rank`);
  }
  if (changes.residentKeys.length > 0) {
    writes.push(tx`
      insert into resident_key (ward_id, resident, wrapped)
      select ${ward}, k.resident, k.wrapped
      from jsonb_to_recordset(${JSON.stringify(changes.residentKeys)}::text::jsonb) as k (resident text, wrapped text)`);
  }
  return writes;
}

function writeHistory(tx: Transaction, ward: WardId, changes: WardChanges): Writes {
  const at = new Date(changes.at);
  const writes: Write[] = [];
  if (changes.mutations.length > 0) {
    writes.push(tx`
      insert into mutation (ward_id, replica_id, seq, mutation_id, person_id, kind, plain, hash, outcome, commit_version, epoch, received_at, mends)
      select ${ward}, m.replica, m.seq, m.id, m.person, m.kind, coalesce(m.plain, 'null'), m.hash, m.outcome, m.commit, ${changes.epoch}, ${at}, m.mends
      from jsonb_to_recordset(${JSON.stringify(changes.mutations)}::text::jsonb)
        as m (replica uuid, seq bigint, id uuid, person uuid, kind text, plain jsonb, hash text, outcome jsonb, commit bigint, mends uuid)`);
  }
  if (changes.aliases.length > 0) {
    writes.push(tx`
      insert into mutation_alias (ward_id, replica_id, seq, mutation_id, person_id, hash, outcome, commit_version, received_at)
      select ${ward}, a.replica, a.seq, a.id, a.person, a.hash, nullif(a.outcome, 'null'), a.commit, ${at}
      from jsonb_to_recordset(${JSON.stringify(changes.aliases)}::text::jsonb)
        as a (replica uuid, seq bigint, id uuid, person uuid, hash text, outcome jsonb, commit bigint)`);
  }
  if (changes.changed.length > 0) {
    const changed = changes.changed.map(({ id, person, judged, mendedBy }) => ({
      id,
      person,
      mended: mendedBy,
      ...judged,
    }));
    writes.push(tx`
      update mutation m
      set outcome = coalesce(c.outcome, m.outcome), commit_version = coalesce(c.commit, m.commit_version),
          kind = coalesce(c.kind, m.kind), hash = coalesce(c.hash, m.hash), plain = coalesce(c.plain, m.plain), mended_by = coalesce(c.mended, m.mended_by),
          resettled_version = case when c.outcome is null then m.resettled_version else ${changes.version} end
      from jsonb_to_recordset(${JSON.stringify(changed)}::text::jsonb)
        as c (id uuid, person uuid, outcome jsonb, commit bigint, kind text, plain jsonb, hash text, mended uuid)
      where m.ward_id = ${ward} and m.mutation_id = c.id and m.person_id = c.person`);
  }
  if (changes.touched.length > 0) {
    writes.push(tx`
      insert into mutation_row (ward_id, kind, row_id, mutation_id, version, sealed)
      select ${ward}, t.kind, t.id, t.mutation, t.version, t.sealed
      from jsonb_to_recordset(${JSON.stringify(changes.touched)}::text::jsonb)
        as t (kind text, id uuid, mutation uuid, version bigint, sealed text)
      on conflict do nothing`);
  }
  return writes;
}

function writeQuarantine(tx: Transaction, ward: WardId, changes: WardChanges): Writes {
  if (changes.quarantine.length === 0) return [];
  const write = tx`
    insert into quarantine as q (ward_id, mutation_id, hash, replica_id, seq, person_id, plain, plain_escaped, sealed, sealed_as_sent,
      key_id, resident, why, creates, version, received_at, settled_at, settled_how)
    select ${ward}, e.mutation_id, e.hash, e.replica_id, e.seq, e.person_id, e.plain, e.plain_escaped, e.sealed, e.sealed_as_sent,
      e.key_id, e.resident, e.why, array(select jsonb_array_elements_text(e.creates)), e.version, e.received_at,
      case when nullif(e.settled_how, 'null') is null then null else ${new Date(changes.at)}::timestamptz end, nullif(e.settled_how, 'null')
    from jsonb_to_recordset(${JSON.stringify(changes.quarantine.map(quarantineRecord))}::text::jsonb)
      as e (mutation_id uuid, hash text, replica_id uuid, seq bigint, person_id uuid, plain text, plain_escaped boolean, sealed text,
        sealed_as_sent boolean, key_id text, resident text, why jsonb, creates jsonb, version bigint, received_at timestamptz, settled_how jsonb)
    on conflict (ward_id, mutation_id, hash, person_id) do update
    set why = excluded.why, version = excluded.version, settled_at = excluded.settled_at, settled_how = excluded.settled_how`;
  return [write];
}
