import type { Belonging } from '../people/permissions.ts';
import type { PersonId, TeamId, WardId } from './ids.ts';
import type { Row } from './row.ts';
import { ROW_SHAPES } from './row-shapes.ts';

/** A row's parent assist, by id; null for rows that stand by themselves. */
export function parentIdOf(row: Pick<Row, 'kind' | 'fields'>): string | null {
  const field = ROW_SHAPES[row.kind].parent;
  const value = field === null ? null : row.fields[field];
  return typeof value === 'string' ? value : null;
}

/** Whom a row belongs to. Filings and consents belong to their assist's people, and to who follows them. */
export function belongingOf(ward: WardId, row: Row, parent: Row | undefined): Belonging {
  const assist = row.kind === 'assist' ? row : parent;
  const people = new Set<PersonId>();
  if (row.kind === 'person') people.add(row.id as string as PersonId);
  if (assist) {
    people.add(assist.fields['enteredBy'] as PersonId);
    for (const person of (assist.fields['performedBy'] ?? []) as PersonId[]) people.add(person);
  }
  if (row.kind === 'filing') people.add(row.fields['followedBy'] as PersonId);
  const team = (assist?.fields['team'] ?? null) as TeamId | null;
  return { ward, team, people: [...people] };
}

/** The buckets a row is pulled in. A bucket is a scope that a session may be granted. */
export function bucketsOf(row: Row, belonging: Belonging): readonly string[] {
  if (row.kind === 'person' || row.kind === 'team' || row.kind === 'neighbourhood') return ['ward:people'];
  const own = belonging.people.map((person) => `person:${person}`);
  return belonging.team === null ? own : [...own, `team:${belonging.team}`];
}

/** The buckets an actor reads. */
export function bucketsGranted(actor: {
  readonly person: PersonId;
  readonly role: string;
  readonly teams: readonly TeamId[];
}): readonly string[] {
  const buckets = ['ward:people', `person:${actor.person}`];
  return actor.role === 'team_lead' ? [...buckets, ...actor.teams.map((team) => `team:${team}`)] : buckets;
}
