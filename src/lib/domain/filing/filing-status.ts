import type { Day } from '../../kernel/calendar/day.ts';
import type { Json } from '../../kernel/json.ts';
import type { FilingStatus, Sighting } from './filing.ts';
import { FILING_STATUSES, SIGHTING_SOURCES } from './filing-course.ts';

/** The sighting that stands: strongest source, then newest day, then furthest status, then id, so all replicas agree. */
export function standingSighting(
  sightings: Readonly<Record<string, Json>>,
): (Sighting & { readonly id: string }) | null {
  let best: (Sighting & { readonly id: string }) | null = null;
  for (const [id, value] of Object.entries(sightings)) {
    if (value === null) continue; // removed
    const candidate = { ...(value as unknown as Sighting), id };
    if (best === null || compare(candidate, best) > 0) best = candidate;
  }
  return best;
}

type Named = Sighting & { readonly id: string };

function compare(a: Named, b: Named): number {
  return (
    SIGHTING_SOURCES.indexOf(a.source) - SIGHTING_SOURCES.indexOf(b.source) ||
    (a.day < b.day ? -1 : a.day > b.day ? 1 : 0) ||
    FILING_STATUSES.indexOf(a.status) - FILING_STATUSES.indexOf(b.status) ||
    (a.id < b.id ? -1 : 1)
  );
}

/** Statuses after which nobody needs to look again. */
const ENDED: readonly FilingStatus[] = ['result_received', 'refused', 'withdrawn', 'stopped'];

export function isEnded(status: FilingStatus): boolean {
  return ENDED.includes(status);
}

/** How a filing stands towards its dates. Only an official date makes "quá hạn"; an estimate, "quá ngày dự kiến". */
export type Lateness = 'none' | 'due_today' | 'overdue' | 'past_estimate';

export function latenessOf(
  filing: { readonly officialDay: string | null; readonly estimate: { readonly latest: string } | null },
  status: FilingStatus,
  today: Day,
): Lateness {
  if (isEnded(status) || status === 'result_ready' || status === 'supplement_needed') return 'none';
  if (filing.officialDay !== null) {
    if (filing.officialDay === today) return 'due_today';
    return filing.officialDay < today ? 'overdue' : 'none';
  }
  return filing.estimate !== null && filing.estimate.latest < today ? 'past_estimate' : 'none';
}
