import { isEnded, standingSighting } from '$lib/domain/filing/filing-status.ts';
import { openClashes, type Row } from '$lib/domain/record/row.ts';
import { dayOf, EARLIEST_INSTANT, LATEST_INSTANT } from '$lib/kernel/calendar/day.ts';
import type { Json } from '$lib/kernel/json.ts';

/** What lists sort and filter by, worked out when the row is written. Never authority, never sent to phones. */
export function derivedValues(row: Row, parent: Row | undefined): { readonly [key: string]: Json } {
  const clashes = openClashes(row).length;
  if (row.kind === 'assist') {
    const at = row.fields['occurredAt'];
    const known = typeof at === 'number' && at >= EARLIEST_INSTANT && at <= LATEST_INSTANT;
    return { day: known ? dayOf(at) : null, openClashes: clashes };
  }
  if (row.kind === 'filing') {
    const sighting = standingSighting(row.sets['sightings'] ?? {});
    const team = parent?.fields['team'] ?? null;
    return { status: sighting?.status ?? null, statusDay: sighting?.day ?? null, team, openClashes: clashes };
  }
  return { openClashes: clashes };
}

/** Somebody still has something to do about it: a first pull brings these first. */
export function isOpen(row: Row): boolean {
  if (row.kind === 'filing') {
    const status = standingSighting(row.sets['sightings'] ?? {})?.status;
    return row.fields['voided'] !== true && (status === undefined || !isEnded(status));
  }
  if (row.kind === 'assist') {
    const outcome = row.fields['outcome'];
    return (
      row.fields['voided'] === null &&
      (outcome === 'draft_left' || outcome === 'appointment' || outcome === 'submitted_no_code')
    );
  }
  return row.kind !== 'consent';
}
