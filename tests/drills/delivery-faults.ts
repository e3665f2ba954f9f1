import type { Database } from '../../src/lib/server/database/pool.ts';

/** One phone's own books: what it saved, and what it was told about it. */
export interface Delivered {
  readonly saved: Set<string>;
  readonly acknowledged: Set<string>;
  /** Rows it made. */
  readonly assists: string[];
  /** Saves that the server would not take: none are expected. */
  readonly refused: string[];
}

/** Holds the ward's tables against the phones' books: each mutation once, every seq and version there. */
export async function deliveryFaults(
  { pool }: Database,
  senders: readonly Delivered[],
): Promise<readonly string[]> {
  const faults = senders.flatMap(({ refused }) => refused.map((line) => `refused: ${line}`));
  const saved = new Set(senders.flatMap((sender) => [...sender.saved]));
  const acknowledged = new Set(senders.flatMap((sender) => [...sender.acknowledged]));
  if (saved.size !== acknowledged.size)
    faults.push(`${saved.size} saved, ${acknowledged.size} told as arrived`);

  const stored = await pool<{ mutation_id: string; times: number }[]>`
    select mutation_id, count(*)::int as times from mutation group by mutation_id`;
  const times = new Map(stored.map((row) => [row.mutation_id, row.times]));
  for (const id of acknowledged) {
    const count = times.get(id) ?? 0;
    if (count !== 1) faults.push(`${id} stands ${count} times in the history`);
  }

  const assists = new Set((await pool<{ id: string }[]>`select id from assist`).map(({ id }) => id));
  for (const id of senders.flatMap((sender) => sender.assists))
    if (!assists.has(id)) faults.push(`assist ${id} is missing`);

  faults.push(...(await seqFaults({ pool })), ...(await versionFaults({ pool })));
  return faults;
}

/** Every replica's seqs from 1 to its last, without a gap. */
async function seqFaults({ pool }: Pick<Database, 'pool'>): Promise<string[]> {
  const gaps = await pool<{ replica_id: string; last: number; held: number; most: number }[]>`
    select r.replica_id, r.last_seq as last, count(distinct s.seq)::int as held, coalesce(max(s.seq), 0) as most
    from replica r
    left join (select replica_id, seq from mutation union all select replica_id, seq from mutation_alias) s
      on s.replica_id = r.replica_id
    where r.kind = 'phone'
    group by r.replica_id, r.last_seq
    having r.last_seq <> count(distinct s.seq) or r.last_seq <> coalesce(max(s.seq), 0)`;
  return gaps.map(
    ({ replica_id, last, held, most }) => `replica ${replica_id}: last ${last}, ${held} seqs up to ${most}`,
  );
}

/**
 * Each ward's versions: no two rows under one, the newest row under the counter's, and none skipped but those whose row was
 * written again since. A row is written anew only by a mutation that names it a second time.
 */
async function versionFaults({ pool }: Pick<Database, 'pool'>): Promise<string[]> {
  const wards = await pool<
    { ward_id: string; version: number; rows: number; held: number; newest: number }[]
  >`
    with written as (
      select ward_id, version from assist union all select ward_id, version from filing
      union all select ward_id, version from consent union all select ward_id, version from person
      union all select ward_id, version from team union all select ward_id, version from neighbourhood)
    select c.ward_id, c.version, count(w.version)::int as rows, count(distinct w.version)::int as held,
           coalesce(max(w.version), 0) as newest
    from ward_counter c left join written w on w.ward_id = c.ward_id
    group by c.ward_id, c.version`;
  const again = await pool<{ ward_id: string; times: number }[]>`
    select ward_id, (count(*) - count(distinct (kind, row_id)))::int as times from mutation_row group by ward_id`;
  const mayMiss = new Map(again.map(({ ward_id, times }) => [ward_id, times]));
  return wards
    .filter(
      ({ ward_id, version, rows, held, newest }) =>
        rows !== held || newest !== version || version - held > (mayMiss.get(ward_id) ?? 0),
    )
    .map(
      ({ ward_id, version, rows, held, newest }) =>
        `${ward_id}: counter ${version}, newest row ${newest}, ${rows} rows under ${held} versions`,
    );
}
