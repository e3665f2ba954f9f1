import type { DownRow, RoundAnswer } from './round.ts';
import { roundAnswerSchema } from './round.ts';

/**
 * What `downRowSchema` lets through, whatever the row's kind: a later release may know more of a row than we do, so only
 * this much is asked of one. By hand, because a page holds a thousand of them and a phone is slow.
 */
function isDownRow(row: unknown): row is DownRow {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return false;
  const { kind, id, version } = row as { kind?: unknown; id?: unknown; version?: unknown };
  return (
    typeof kind === 'string' &&
    typeof id === 'string' &&
    Number.isSafeInteger(version) &&
    (version as number) >= 0
  );
}

const asList = (value: unknown): unknown[] | null => (Array.isArray(value) ? (value as unknown[]) : null);
const asObject = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;

/** The rows of a bucket as they came, and the bucket without them. */
function apart(bucket: unknown): { readonly rows: unknown[]; readonly rest: unknown } {
  const held = asObject(bucket);
  const rows = asList(held?.['rows']);
  return held === null || rows === null ? { rows: [], rest: bucket } : { rows, rest: { ...held, rows: [] } };
}

/** `roundAnswerSchema` for phones: the same verdict and the same answer, the rows judged by hand. Null: not ours. */
export function readRoundAnswer(json: unknown): RoundAnswer | null {
  const whole = asObject(json);
  const own = asList(whole?.['own']);
  if (whole === null || own === null) return null;
  const down = asObject(whole['down']);
  const buckets = asList(down?.['buckets'])?.map(apart) ?? null;
  const light = {
    ...whole,
    own: [],
    ...(buckets === null ? {} : { down: { ...down, buckets: buckets.map(({ rest }) => rest) } }),
  };
  const parsed = roundAnswerSchema.safeParse(light);
  if (!parsed.success) return null;
  const rowsOf = (at: number): unknown[] => buckets?.[at]?.rows ?? [];
  if (!own.every(isDownRow) || !(buckets ?? []).every(({ rows }) => rows.every(isDownRow))) return null;
  const answer = parsed.data;
  return {
    ...answer,
    own,
    down: answer.down && {
      ...answer.down,
      buckets: answer.down.buckets.map((bucket, at) => ({ ...bucket, rows: rowsOf(at) as DownRow[] })),
    },
  };
}
