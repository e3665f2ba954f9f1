import type { MutationId, PersonId, WardId } from '$lib/domain/record/ids.ts';
import type { ConfirmedRow, RowKind } from '$lib/domain/record/row.ts';
import type { DownRow, RoundAnswer, RoundRequest } from '$lib/protocol/round.ts';
import type { ServerKeys } from '../keys/server-keys.ts';
import { type Cursor, readCursor, signCursor } from './signed-token.ts';
import type { BucketEntry, WardReader } from './store.ts';
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

/** Rows of a page, as the phone may hold them. What has gone meanwhile is left out: its tombstone follows. */
export async function loadEntries(scope: PullScope, entries: readonly BucketEntry[]): Promise<DownRow[]> {
  const rows = entries.flatMap(({ kind, id }) => (kind === 'quarantined' ? [] : [{ kind, id }]));
  const found = new Map<string, ConfirmedRow>();
  for (const row of rows.length > 0 ? await scope.tx.rows(rows) : []) found.set(`${row.kind}/${row.id}`, row);
  const wired = await scope.wire.rows(
    entries.flatMap(({ kind, id }) => found.get(`${kind as RowKind}/${id}`) ?? []),
  );
  return [...wired, ...(await loadQuarantined(scope, entries))];
}

async function loadQuarantined(scope: PullScope, entries: readonly BucketEntry[]): Promise<DownRow[]> {
  const wanted = new Map<MutationId, number>();
  for (const entry of entries)
    if (entry.kind === 'quarantined') wanted.set(entry.id as MutationId, entry.version);
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

interface Step {
  readonly entries: readonly BucketEntry[];
  readonly at: number;
  readonly first: Cursor['first'];
  readonly more: boolean;
}

/** What changed comes before what a first pull still lacks, so that the ordinary cursor never lags behind it. */
async function step(scope: PullScope, cursor: Cursor, limit: number): Promise<Step> {
  const changes = await scope.tx.bucketChanges(cursor.bucket, cursor.at, limit + 1);
  const last = changes.slice(0, limit).at(-1);
  if (changes.length > limit) {
    return {
      entries: changes.slice(0, limit),
      at: last?.version ?? cursor.at,
      first: cursor.first,
      more: true,
    };
  }
  const at = scope.version;
  const room = limit - changes.length;
  if (cursor.first === null) return { entries: changes, at, first: null, more: false };
  const { upTo, after } = cursor.first;
  const back = await scope.tx.bucketFrom(cursor.bucket, upTo, after, room + 1);
  const page = back.slice(0, room);
  const entries = [...changes, ...page];
  if (back.length <= room) return { entries, at, first: null, more: false };
  const end = page.at(-1);
  const place = end ? { rank: end.rank, id: end.id, kind: end.kind } : after;
  return { entries, at, first: { ...cursor.first, after: place }, more: true };
}

async function pageOf(
  scope: PullScope,
  bucket: string,
  token: string | undefined,
  limit: number,
): Promise<Page> {
  const standing = standingCursor(scope, bucket, token);
  const cursor = standing ?? (await firstCursor(scope, bucket));
  const next = await step(scope, cursor, limit);
  const { version, mark } = scope;
  return {
    bucket,
    rows: await loadEntries(
      scope,
      next.entries.filter((entry) => !entry.gone),
    ),
    gone: next.entries.flatMap((entry) =>
      entry.gone ? [{ kind: entry.kind, id: entry.id, version: entry.version }] : [],
    ),
    cursor: signCursor(scope.keys, { ...cursor, at: next.at, first: next.first, version, mark }),
    more: next.more,
    fromStart: standing === null,
    total: cursor.first?.total ?? null,
  };
}

/** Every granted bucket from where its cursor stands, as far as the rows asked for reach; what is not granted is dropped. */
export async function pullDown(
  scope: PullScope,
  asked: NonNullable<RoundRequest['down']>,
  granted: readonly string[],
): Promise<Down> {
  let room = Math.min(asked.limit, ROWS_AT_MOST);
  const buckets: Page[] = [];
  for (const bucket of granted) {
    const page = await pageOf(scope, bucket, asked.cursors[bucket], Math.max(1, room));
    room -= page.rows.length + page.gone.length;
    buckets.push(page);
  }
  return { buckets, dropped: Object.keys(asked.cursors).filter((bucket) => !granted.includes(bucket)) };
}
