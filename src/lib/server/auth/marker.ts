import type { Cookies } from '@sveltejs/kit';
import { type ReplicaId, replicaIdSchema, type WardId, wardIdSchema } from '$lib/domain/record/ids.ts';
import { inTransaction } from '../database/transaction.ts';
import type { AuthContext } from './auth-context.ts';
import { markerCookieName, writeLongCookie } from './session-cookie.ts';

/** Enough for the people who share a phone, and their forks. */
const KEPT = 5;

interface MarkerEvent {
  readonly url: URL;
  readonly cookies: Cookies;
}

interface Mark {
  readonly ward: WardId;
  readonly replica: ReplicaId;
}

function marksIn(event: MarkerEvent): Mark[] {
  const text = event.cookies.get(markerCookieName(event.url)) ?? '';
  return text
    .split(' ')
    .slice(0, KEPT)
    .flatMap((part) => {
      const [ward, replica] = part.split('/');
      const parsed = [wardIdSchema.safeParse(ward), replicaIdSchema.safeParse(replica)] as const;
      return parsed[0].success && parsed[1].success
        ? [{ ward: parsed[0].data, replica: parsed[1].data }]
        : [];
    });
}

/** Writes the eviction marker: storage may be emptied by the browser, cookies go another way. No names in it. */
export function rememberReplica(event: MarkerEvent, ward: WardId, replica: ReplicaId): void {
  const others = marksIn(event).filter((mark) => mark.replica !== replica);
  const marks = [{ ward, replica }, ...others].slice(0, KEPT);
  writeLongCookie(
    event,
    markerCookieName(event.url),
    marks.map((mark) => `${mark.ward}/${mark.replica}`).join(' '),
  );
}

export interface ReplicaMark {
  readonly replica: ReplicaId;
  readonly lastSeq: number;
  readonly lastSeenAt: number | null;
}

/** How far the server has heard each database that was enrolled in this browser. */
export async function readMarks(context: AuthContext, event: MarkerEvent): Promise<readonly ReplicaMark[]> {
  const marks = marksIn(event);
  if (marks.length === 0) return [];
  const wards = [...new Set(marks.map(({ ward }) => ward))];
  const rows = await inTransaction(
    context.database,
    { wards },
    (tx) => tx<{ replica_id: ReplicaId; last_seq: number; last_seen_at: Date | null }[]>`
      select replica_id, last_seq, last_seen_at from replica
      where replica_id in ${tx(marks.map(({ replica }) => replica))}`,
    { readOnly: true },
  );
  return rows.map((row) => ({
    replica: row.replica_id,
    lastSeq: row.last_seq,
    lastSeenAt: row.last_seen_at?.getTime() ?? null,
  }));
}
