import { fail, type RequestEvent } from '@sveltejs/kit';
import type * as z from 'zod/mini';
import { can } from '$lib/domain/people/permissions.ts';
import { listNeighbourhoods, listTeams } from '$lib/server/people/people-lists.ts';
import {
  addNeighbourhood,
  addTeam,
  changeNeighbourhood,
  changeTeam,
} from '$lib/server/people/place-commands.ts';
import { permitted } from '../../office-actor.server.ts';
import { peopleContext } from '../people-context.server.ts';
import { neighbourhoodForm, teamForm } from '../person-form.server.ts';

const manager = (event: RequestEvent) => permitted(event, (who) => can(who, 'people.manage', 'ward'));

/** An empty field is none; the box that keeps a place in use is ticked or absent. */
async function read<T extends z.ZodMiniType>(request: Request, schema: T): Promise<z.infer<T> | null> {
  const data = await request.formData();
  const orNull = (name: string) => data.get(name) || null;
  const given = schema.safeParse({
    id: orNull('id'),
    name: data.get('name'),
    word: data.get('word'),
    team: orNull('team'),
    active: data.get('active') !== null || orNull('id') === null,
  });
  return given.success ? given.data : null;
}

/** Adds a team, or changes one on the stamps that stand. */
export async function saveTeam(event: RequestEvent) {
  const actor = await manager(event);
  const given = await read(event.request, teamForm);
  if (given === null) return fail(400, { problem: 'malformed' });
  const context = await peopleContext();
  const { id, name, active } = given;
  const standing = (await listTeams(context, actor)).find(({ team }) => team === id);
  const saved =
    id === null
      ? await addTeam(context, actor, { name })
      : await changeTeam(context, actor, id, { name, active }, standing?.stamps ?? {});
  return saved.ok ? { saved: saved.value } : fail(400, { problem: saved.error.kind as string });
}

export async function saveNeighbourhood(event: RequestEvent) {
  const actor = await manager(event);
  const given = await read(event.request, neighbourhoodForm);
  if (given === null) return fail(400, { problem: 'malformed' });
  const context = await peopleContext();
  const { id, active, ...fields } = given;
  const standing = (await listNeighbourhoods(context, actor)).find(
    ({ neighbourhood }) => neighbourhood === id,
  );
  const saved =
    id === null
      ? await addNeighbourhood(context, actor, fields)
      : await changeNeighbourhood(context, actor, id, { ...fields, active }, standing?.stamps ?? {});
  return saved.ok ? { saved: saved.value } : fail(400, { problem: saved.error.kind as string });
}
