import { markerAnswerSchema } from '../../protocol/enrol.ts';
import { askServer, type Fetch } from '../session/ask-server.ts';
import type { Evicted } from '../session/session-state.ts';
import type { DeviceStore } from '../vault/device-store.ts';

/**
 * Did the browser throw away what was kept here? A phone that never was enrolled has no device id and no mark at the
 * server; one that was emptied has the mark alone. Null: no, or nobody answers.
 */
export async function lookForEviction(device: DeviceStore, fetch: Fetch): Promise<Evicted | null> {
  if ((await device.fact('device')) !== null) return null;
  const answer = await askServer(fetch, { path: '/api/marker' }, markerAnswerSchema);
  if (!answer.ok) return null;
  const newest = [...answer.value.marks].sort((a, b) => (b.lastSeenAt ?? 0) - (a.lastSeenAt ?? 0))[0];
  return newest ? { lastSeq: newest.lastSeq, lastSeenAt: newest.lastSeenAt } : null;
}
