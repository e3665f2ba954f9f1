import { can } from '$lib/domain/people/permissions.ts';
import type { Actor } from '$lib/domain/people/roles.ts';
import type { RowId, TeamId } from '$lib/domain/record/ids.ts';
import type { MutationKind } from '$lib/domain/record/mutation.ts';
import type { Json } from '$lib/kernel/json.ts';
import { err, ok, type Result } from '$lib/kernel/result.ts';
import { cleanText } from '$lib/kernel/text/clean-text.ts';
import { uuidv7 } from '$lib/kernel/uuid.ts';
import type { PeopleError } from './people-commands.ts';
import { type PeopleContext, save, type Saved, setFields, type Shown } from './people-save.ts';

type PlaceFields = Readonly<Record<string, Json>>;
type Named = { readonly name?: string; readonly word?: string };

const LABEL_MOST = 120;

/** Cleans what was typed; other fields go as they are. */
function readLabels<T extends Named>(given: T): Result<T, PeopleError> {
  const cleaned: Record<string, string> = {};
  for (const field of ['name', 'word'] as const) {
    const typed = given[field];
    if (typed === undefined) continue;
    const text = cleanText(typed, { most: LABEL_MOST, lines: 'one' });
    if (!text.ok) return err({ kind: 'name_too_long' });
    if (text.value === '') return err({ kind: 'name_empty' });
    cleaned[field] = text.value;
  }
  return ok({ ...given, ...cleaned });
}

interface Place {
  readonly kind: Extract<MutationKind, `${'team' | 'neighbourhood'}.${string}`>;
  readonly row: 'team' | 'neighbourhood';
  /** Null: a new one. */
  readonly id: string | null;
  readonly fields: PlaceFields & Named;
  readonly shown: Shown;
}

async function write(
  context: PeopleContext,
  actor: Actor,
  place: Place,
): Promise<Result<Saved & { readonly id: string }, PeopleError>> {
  if (!can(actor, 'people.manage', 'ward')) return err({ kind: 'not_allowed' });
  const fields = readLabels(place.fields);
  if (!fields.ok) return fields;
  const id = place.id ?? uuidv7(context.clock, context.random);
  const born = place.id === null ? ({ create: true } as const) : {};
  const change = { row: place.row, id: id as RowId, ...born, set: setFields(fields.value, place.shown) };
  const saved = await save(context, actor, { kind: place.kind, change });
  return saved.ok ? ok({ id, ...saved.value }) : saved;
}

/** A new place is told by its id alone: nobody can have changed it yet. */
async function add(
  context: PeopleContext,
  actor: Actor,
  place: Omit<Place, 'id' | 'shown'>,
): Promise<Result<string, PeopleError>> {
  const written = await write(context, actor, { ...place, id: null, shown: {} });
  return written.ok ? ok(written.value.id) : written;
}

export function addTeam(context: PeopleContext, actor: Actor, given: { readonly name: string }) {
  const fields = { name: given.name, active: true };
  return add(context, actor, { kind: 'team.add', row: 'team', fields });
}

export interface TeamChange {
  readonly name?: string;
  readonly active?: boolean;
}

export function changeTeam(
  context: PeopleContext,
  actor: Actor,
  team: TeamId,
  fields: TeamChange,
  shown: Shown,
) {
  return write(context, actor, { kind: 'team.change', row: 'team', id: team, fields: { ...fields }, shown });
}

export interface NewNeighbourhood {
  readonly name: string;
  /** The unit's own word for it. */
  readonly word: string;
  readonly team: TeamId | null;
}

export function addNeighbourhood(context: PeopleContext, actor: Actor, given: NewNeighbourhood) {
  const fields = { ...given, active: true };
  return add(context, actor, { kind: 'neighbourhood.add', row: 'neighbourhood', fields });
}

export function changeNeighbourhood(
  context: PeopleContext,
  actor: Actor,
  id: RowId,
  fields: Partial<NewNeighbourhood> & { readonly active?: boolean },
  shown: Shown,
) {
  return write(context, actor, {
    kind: 'neighbourhood.change',
    row: 'neighbourhood',
    id,
    fields: { ...fields },
    shown,
  });
}
