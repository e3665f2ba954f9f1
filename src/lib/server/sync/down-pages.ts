import type { MutationId, PersonId, WardId } from '$lib/domain/record/ids.ts';
import type { DownRow, RoundAnswer, RoundRequest } from '$lib/protocol/round.ts';
import type { ServerKeys } from '../keys/server-keys.ts';
import { type Cursor, readCursor, signCursor } from './signed-token.ts';
import type { BucketEntry, RowRef, WardReader } from './store.ts';
import type { WireRows } from './wire-rows.ts';

type Down = NonNullable<RoundAnswer['down']>;
type Page = Down['buckets'][number];

/** Whatever a phone asks for: an answer stays small enough for a bad connection. */
const ROWS_AT_MOST = 2000;

/** One moment of one ward, as one person may see it. */
export interface PullScope {
  readonly tx: WardReader;
  readonly keys: ServerKeys;
  readonly ward: WardId;
  readonly person: PersonId;
  readonly epoch: string;
  readonly version: number;
  readonly mark: string;
  readonly wire: WireRows;
}

/** The rows of these entries that could be loaded, as the phone may hold them. */
export type RowsOf = (entries: readonly BucketEntry[]) => DownRow[];

const nameOf = ({ kind, id }: Pick<BucketEntry, 'kind' | 'id'>): string => `${kind}/${id}`;

/**
 * Loads, opens and seals each row once, however many pages show it. What has gone meanwhile is left out: its tombstone
 * follows.
 */
export async function loadEntries(scope: PullScope, entries: readonly BucketEntry[]): Promise<RowsOf> {
  const rows = new Map<string, RowRef>();
  const aside = new Map<MutationId, number>();
  for (const { kind, id, version } of entries) {
    if (kind === 'quarantined') aside.set(id as MutationId, version);
    else rows.set(nameOf({ kind, id }), { kind, id });
  }
  const [wired, quarantined] = await Promise.all([
    loadRows(scope, [...rows.values()]),
    loadQuarantined(scope, aside),
  ]);
  const found = new Map<string, DownRow>();
  for (const row of [...wired, ...quarantined]) found.set(`${row.kind}/${row.id}`, row);
  return (asked) => asked.flatMap((entry) => found.get(nameOf(entry)) ?? []);
}

async function loadRows(scope: PullScope, refs: readonly RowRef[]): Promise<readonly DownRow[]> {
  return refs.length === 0 ? [] : scope.wire.rows(await scope.tx.rows(refs));
}

async function loadQuarantined(
  scope: PullScope,
  wanted: ReadonlyMap<MutationId, number>,
): Promise<readonly DownRow[]> {
  if (wanted.size === 0) return [];
  const stored = await scope.tx.quarantine([...wanted.keys()]);
  const own = stored.filter(
    (entry) => entry.person === scope.person && entry.version === wanted.get(entry.id),
  );
  return scope.wire.quarantined(own);
}

/** A cursor of this person, ward, bucket and epoch; anything else starts the bucket anew and changes nothing. */
function standingCursor(scope: PullScope, bucket: string, token: string | undefined): Cursor | null {
  const cursor = token === undefined ? null : readCursor(scope.keys, token);
  const { ward, person, epoch } = scope;
  const fits =
    cursor?.bucket === bucket && cursor.ward === ward && cursor.person === person && cursor.epoch === epoch;
  return fits ? cursor : null;
}

async function firstCursor(scope: PullScope, bucket: string): Promise<Cursor> {
  const { ward, person, epoch, version, mark } = scope;
  const first = { upTo: version, total: await scope.tx.bucketTotal(bucket), after: null };
  return { is: 'cursor', epoch, ward, person, bucket, at: version, version, mark, first };
}

/** What a bucket has for its reader, as far as one answer may reach. */
interface Reach {
  readonly cursor: Cursor;
  readonly fromStart: boolean;
  readonly changes: readonly BucketEntry[];
  /** What a first pull still lacks. */
  readonly back: readonly BucketEntry[];
}

async function reachOf(
  scope: PullScope,
  bucket: string,
  token: string | undefined,
  limit: number,
): Promise<Reach> {
  const standing = standingCursor(scope, bucket, token);
  const cursor = standing ?? (await firstCursor(scope, bucket));
  const { at, first } = cursor;
  const [changes, back] = await Promise.all([
    scope.tx.bucketChanges(bucket, at, limit + 1),
    first === null ? [] : scope.tx.bucketFrom(bucket, first.upTo, first.after, limit + 1),
  ]);
  return { cursor, fromStart: standing === null, changes, back };
}

interface Step {
  readonly entries: readonly BucketEntry[];
  readonly at: number;
  readonly first: Cursor['first'];
  readonly more: boolean;
}

/** What changed comes before what a first pull still lacks, so that the ordinary cursor never lags behind it. */
function step(version: number, { cursor, changes, back }: Reach, limit: number): Step {
  if (changes.length > limit) {
    const entries = changes.slice(0, limit);
    return { entries, at: entries.at(-1)?.version ?? cursor.at, first: cursor.first, more: true };
  }
  if (cursor.first === null) return { entries: changes, at: version, first: null, more: false };
  const room = limit - changes.length;
  const page = back.slice(0, room);
  const entries = [...changes, ...page];
  if (back.length <= room) return { entries, at: version, first: null, more: false };
  const end = page.at(-1);
  const place = end ? { rank: end.rank, id: end.id, kind: end.kind } : cursor.first.after;
  return { entries, at: version, first: { ...cursor.first, after: place }, more: true };
}

/** The pages of an answer as they were cut, before their rows are loaded. */
export interface CutPages {
  readonly pages: readonly { readonly reach: Reach; readonly step: Step }[];
  readonly dropped: readonly string[];
}

export function standingEntries({ pages }: CutPages): readonly BucketEntry[] {
  return pages.flatMap(({ step: { entries } }) => entries.filter(({ gone }) => !gone));
}

/** Every granted bucket from where its cursor stands, as far as the rows asked for reach; what is not granted is dropped. */
export async function cutPages(
  scope: PullScope,
  asked: NonNullable<RoundRequest['down']>,
  granted: readonly string[],
): Promise<CutPages> {
  const most = Math.min(asked.limit, ROWS_AT_MOST);
  const reaches = await Promise.all(
    granted.map((bucket) => reachOf(scope, bucket, asked.cursors[bucket], most)),
  );
  let room = most;
  const pages = reaches.map((reach) => {
    const cut = step(scope.version, reach, Math.max(1, room));
    room -= cut.entries.length;
    return { reach, step: cut };
  });
  return { pages, dropped: Object.keys(asked.cursors).filter((bucket) => !granted.includes(bucket)) };
}

export function downOf(scope: PullScope, { pages, dropped }: CutPages, rowsOf: RowsOf): Down {
  return {
    buckets: pages.map(({ reach, step: cut }) => pageOf(scope, reach, cut, rowsOf)),
    dropped: [...dropped],
  };
}

function pageOf(scope: PullScope, { cursor, fromStart }: Reach, cut: Step, rowsOf: RowsOf): Page {
  const { version, mark } = scope;
  return {
    bucket: cursor.bucket,
    rows: rowsOf(cut.entries.filter(({ gone }) => !gone)),
    gone: cut.entries.flatMap(({ gone, kind, id, version }) => (gone ? [{ kind, id, version }] : [])),
    cursor: signCursor(scope.keys, { ...cursor, at: cut.at, first: cut.first, version, mark }),
    more: cut.more,
    fromStart,
    total: cursor.first?.total ?? null,
  };
}
