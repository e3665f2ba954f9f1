import { can } from '$lib/domain/people/permissions.ts';
import type { Actor } from '$lib/domain/people/roles.ts';
import type { PersonId, TeamId } from '$lib/domain/record/ids.ts';

/** Which assists, and with them filings, an actor may read: the permissions table as a condition for lists. */
export interface ReadingScope {
  readonly everything: boolean;
  readonly teams: readonly TeamId[];
  readonly person: PersonId;
}

/** Null: none at all. */
export function readingScope(actor: Actor): ReadingScope | null {
  if (!can(actor, 'assist.read', 'own')) return null;
  return {
    everything: can(actor, 'assist.read', 'ward'),
    teams: can(actor, 'assist.read', 'team') ? actor.teams : [],
    person: actor.person,
  };
}
