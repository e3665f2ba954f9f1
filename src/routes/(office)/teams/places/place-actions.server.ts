import { fail, type RequestEvent } from '@sveltejs/kit';
import type * as z from 'zod/mini';
import { can } from '$lib/domain/people/permissions.ts';
import type { Result } from '$lib/kernel/result.ts';
import { readFormData } from '$lib/server/http/read-form.ts';
import type { PeopleError } from '$lib/server/people/people-commands.ts';
import type { Saved } from '$lib/server/people/people-save.ts';
import {
  addNeighbourhood,
  addTeam,
  changeNeighbourhood,
  changeTeam,
} from '$lib/server/people/place-commands.ts';
import { permitted } from '../../office-actor.server.ts';
import { peopleContext } from '../people-context.server.ts';
import { neighbourhoodForm, teamForm } from '../person-form.server.ts';
import { changedFields, shownStamps } from '../shown-fields.ts';

const manager = (event: RequestEvent) => permitted(event, (who) => can(who, 'people.manage', 'ward'));

/** An empty field is none; the box that keeps a place in use is ticked or absent. */
async function read<T extends z.ZodMiniType>(request: Request, schema: T): Promise<z.infer<T> | null> {
  const data = await readFormData(request);
  const orNull = (name: string) => data.get(name) || null;
  const given = schema.safeParse({
    id: orNull('id'),
    name: data.get('name'),
    word: data.get('word'),
    team: orNull('team'),
    active: data.get('active') !== null || orNull('id') === null,
    shown: data.get('shown'),
  });
  return given.success ? given.data : null;
}

function added(saved: Result<string, PeopleError>) {
  return saved.ok ? { saved: true, clashed: false } : fail(400, { problem: saved.error.kind });
}

function changed(saved: Result<Saved, PeopleError>) {
  return saved.ok ? { saved: true, clashed: saved.value.clashed } : fail(400, { problem: saved.error.kind });
}

const AS_IT_WAS = { saved: true, clashed: false };

/** Adds a team, or changes one on the stamps the form was rendered with. */
export async function saveTeam(event: RequestEvent) {
  const actor = await manager(event);
  const given = await read(event.request, teamForm);
  if (given === null) return fail(400, { problem: 'malformed' });
  const context = await peopleContext();
  const { id, name, active, shown } = given;
  if (id === null) return added(await addTeam(context, actor, { name }));
  const fields = changedFields({ name, active }, shown);
  if (Object.keys(fields).length === 0) return AS_IT_WAS;
  return changed(await changeTeam(context, actor, id, fields, shownStamps(shown)));
}

export async function saveNeighbourhood(event: RequestEvent) {
  const actor = await manager(event);
  const given = await read(event.request, neighbourhoodForm);
  if (given === null) return fail(400, { problem: 'malformed' });
  const context = await peopleContext();
  const { id, shown, active, ...place } = given;
  if (id === null) return added(await addNeighbourhood(context, actor, place));
  const fields = changedFields({ ...place, active }, shown);
  if (Object.keys(fields).length === 0) return AS_IT_WAS;
  return changed(await changeNeighbourhood(context, actor, id, fields, shownStamps(shown)));
}
