import { belongingOf, bucketsOf, parentIdOf } from '$lib/domain/record/belonging.ts';
import type { WardId } from '$lib/domain/record/ids.ts';
import { type Row, rowKey } from '$lib/domain/record/row.ts';
import { isOpen } from '../records/derived-values.ts';
import type { BucketEntry, WardReader } from './store.ts';
import type { WardWorld } from './ward-world.ts';

/** A row to be written, with the buckets it lies in from now on and those it has left. */
export interface Placed {
  readonly row: Row;
  readonly parent: Row | undefined;
  readonly entries: readonly Omit<BucketEntry, 'version'>[];
}

function bucketsNow(world: WardWorld, ward: WardId, row: Row): readonly string[] {
  return bucketsOf(row, belongingOf(ward, row, parentOf(world, row)));
}

function parentOf(world: WardWorld, row: Row): Row | undefined {
  const parent = parentIdOf(row);
  return parent === null ? undefined : world.row('assist', parent);
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}

/** Assists that belong to other people than before: their filings and consents move with them. */
function movedAssists(world: WardWorld, ward: WardId, rows: readonly Row[]): readonly string[] {
  return rows.flatMap((row) => {
    const before = row.kind === 'assist' ? world.before.get(rowKey(row.kind, row.id)) : undefined;
    if (before === undefined) return [];
    const was = bucketsOf(before, belongingOf(ward, before, undefined));
    return sameList(was, bucketsNow(world, ward, row)) ? [] : [row.id];
  });
}

function writtenRows(world: WardWorld): Row[] {
  const rows: Row[] = [];
  for (const key of world.written) {
    const [kind, id] = key.split('/') as [Row['kind'], string];
    const row = world.row(kind, id);
    if (row) rows.push(row);
  }
  return rows;
}

/** Open ones first; an assist counts as open as long as one of its filings in this batch is. */
function ranksOf(rows: readonly Row[], standing: readonly BucketEntry[]): (row: Row) => number {
  const openFilings = new Set(
    rows.filter((row) => row.kind === 'filing' && isOpen(row)).map((row) => parentIdOf(row)),
  );
  const earlier = new Map(standing.map((entry) => [`${entry.kind}/${entry.id}`, entry.rank]));
  return (row) => {
    if (isOpen(row)) return 0;
    if (row.kind !== 'assist') return 1;
    return openFilings.has(row.id) ? 0 : (earlier.get(rowKey(row.kind, row.id)) ?? 1);
  };
}

/** Works out where every written row lies, takes along the children of what moved, and leaves tombstones behind. */
export async function placeRows(tx: WardReader, world: WardWorld, ward: WardId): Promise<readonly Placed[]> {
  const written = writtenRows(world);
  const moved = movedAssists(world, ward, written);
  if (moved.length > 0) {
    for (const child of await tx.children(moved)) {
      world.adopt(child);
      const key = rowKey(child.kind, child.id);
      if (!world.written.has(key)) written.push(child);
    }
  }
  if (written.length === 0) return [];
  // What is new to the tables lies nowhere yet.
  const known = written.filter(({ kind, id }) => world.before.has(rowKey(kind, id)));
  const standing = known.length === 0 ? [] : await tx.buckets(known.map(({ kind, id }) => ({ kind, id })));
  const rankOf = ranksOf(written, standing);
  const byRow = new Map<string, BucketEntry[]>();
  for (const entry of standing) {
    const key = `${entry.kind}/${entry.id}`;
    byRow.set(key, [...(byRow.get(key) ?? []), entry]);
  }
  return written.map((row) => {
    const { kind, id } = row;
    const now = bucketsNow(world, ward, row);
    const rank = rankOf(row);
    const left = (byRow.get(rowKey(kind, id)) ?? []).filter((entry) => !now.includes(entry.bucket));
    const entries = [
      ...now.map((bucket) => ({ bucket, kind, id, gone: false, rank })),
      ...left.map(({ bucket }) => ({ bucket, kind, id, gone: true, rank })),
    ];
    return { row, parent: parentOf(world, row), entries };
  });
}
