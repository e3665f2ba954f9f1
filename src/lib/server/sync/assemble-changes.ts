import type { WardId } from '$lib/domain/record/ids.ts';
import type { Outcome } from '$lib/domain/record/mutation.ts';
import { type ConfirmedRow, rowKey } from '$lib/domain/record/row.ts';
import { toBase64url } from '$lib/kernel/bytes.ts';
import type { Instant } from '$lib/kernel/clock.ts';
import type { Json } from '$lib/kernel/json.ts';
import type { Random } from '$lib/kernel/random.ts';
import { derivedValues } from '../records/derived-values.ts';
import { type BatchJudgement, plainOf } from './batch-judgement.ts';
import { type Judgeable, kindOf, mutationOf } from './judgeable.ts';
import type { Placed } from './place-rows.ts';
import type { AliasRecord, BucketEntry, QuarantineEntry, ReplicaMark, WardChanges } from './store.ts';
import type { WardWorld } from './ward-world.ts';

export interface Assembly {
  readonly ward: WardId;
  /** The ward's version before this batch. */
  readonly base: number;
  readonly epoch: string;
  readonly at: Instant;
  readonly random: Random;
  readonly replicas: readonly ReplicaMark[];
}

/** What its author's phones see of a quarantined record: it stands in his bucket until it is settled. */
function quarantineBucket(entry: QuarantineEntry): readonly BucketEntry[] {
  const gone = entry.settled !== null;
  return [
    {
      bucket: `person:${entry.person}`,
      kind: 'quarantined',
      id: entry.id,
      version: entry.version,
      gone,
      rank: 0,
    },
  ];
}

/** One version a row and a quarantined record, so that a page of any bucket may end anywhere. */
export function assembleChanges(
  to: Assembly,
  judgement: BatchJudgement,
  world: WardWorld,
  placed: readonly Placed[],
  aliases: readonly AliasRecord[],
): WardChanges {
  let version = to.base;
  const rows: ConfirmedRow[] = [];
  const derived = new Map<string, Json>();
  const buckets: BucketEntry[] = [];
  for (const { row, parent, entries } of placed) {
    version += 1;
    rows.push({ ...row, version, epoch: to.epoch });
    derived.set(rowKey(row.kind, row.id), derivedValues(row, parent));
    for (const entry of entries) buckets.push({ ...entry, version });
  }
  const quarantine: QuarantineEntry[] = [];
  for (const entry of judgement.quarantine.values()) {
    version += 1;
    quarantine.push({ ...entry, version });
  }
  for (const entry of onePerRecord(quarantine)) buckets.push(...quarantineBucket(entry));
  return {
    version: Math.max(version, to.base + 1),
    mark: toBase64url(to.random.bytes(9)),
    epoch: to.epoch,
    at: to.at,
    rows,
    derived,
    buckets,
    mutations: mutationRecords(judgement, to.base + 1),
    aliases,
    changed: [...judgement.changed.values()],
    touched: onePerRow(judgement).map((touch) => ({ ...touch, version: to.base + 1 })),
    quarantine,
    residentKeys: world.residentKeys.made,
    replicas: to.replicas,
    closed: judgement.closed,
  };
}

/** A mutation may change one row twice, and be judged twice. */
function onePerRow(judgement: BatchJudgement): BatchJudgement['touched'] {
  return [
    ...new Map(
      judgement.touched.map((touch) => [`${touch.kind}/${touch.id}|${touch.mutation}`, touch]),
    ).values(),
  ];
}

/** The same id may lie there with other bytes as well; phones know it by its id. */
function onePerRecord(entries: readonly QuarantineEntry[]): readonly QuarantineEntry[] {
  return [...new Map(entries.map((entry) => [`${entry.person}|${entry.id}`, entry])).values()];
}

function mutationRecords(judgement: BatchJudgement, commit: number): WardChanges['mutations'] {
  return [...judgement.fresh.values()].map(({ item, outcome }) => ({
    ...textOf(item, outcome),
    replica: item.replica,
    seq: item.seq,
    id: item.id,
    person: item.person,
    hash: item.hash,
    outcome,
    commit,
    mends: mutationOf(item)?.mends ?? null,
    mendedBy: null,
  }));
}

/** What could not be written is named, not repeated: its text lies in the quarantine, escaped. */
function textOf(item: Judgeable, outcome: Outcome): { readonly kind: string; readonly plain: Json } {
  if (outcome.is === 'refused' && outcome.code === 'internal') return { kind: 'unwritable', plain: null };
  return { kind: kindOf(item), plain: plainOf(item) };
}
