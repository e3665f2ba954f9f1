import * as z from 'zod/mini';
import { roleSchema } from '$lib/domain/people/roles.ts';
import { deviceIdSchema, rowIdSchema, teamIdSchema } from '$lib/domain/record/ids.ts';
import { readFormData } from '$lib/server/http/read-form.ts';
import { shownForm } from './shown-fields.ts';

const text = z.string().check(z.maxLength(2000));

/** Who somebody is: names are judged behind the gate, so that their fault can be said beside the field. */
export const personForm = z.object({
  name: text,
  role: roleSchema,
  teams: z.array(teamIdSchema).check(z.maxLength(20)),
});
export const changedPersonForm = z.extend(personForm, { shown: shownForm });
export const newPersonForm = z.extend(personForm, { login: text });
export const disableForm = z.object({ ending: z.enum(['transfer', 'revocation']), shown: shownForm });
export const enableForm = z.object({ shown: shownForm });
export const loginForm = z.object({ login: text });
export const deviceForm = z.object({ device: deviceIdSchema });
export const teamForm = z.object({
  id: z.nullable(teamIdSchema),
  name: text,
  active: z.boolean(),
  shown: shownForm,
});
export const neighbourhoodForm = z.object({
  id: z.nullable(rowIdSchema),
  name: text,
  word: text,
  team: z.nullable(teamIdSchema),
  active: z.boolean(),
  shown: shownForm,
});

/** A sent form as its schema has it; null where it is none. Fields named here may come several times. */
export async function readForm<T extends z.ZodMiniType>(
  request: Request,
  schema: T,
  several: readonly string[] = [],
): Promise<z.infer<T> | null> {
  const data = await readFormData(request);
  const fields: Record<string, unknown> = Object.fromEntries(data);
  for (const name of several) fields[name] = data.getAll(name);
  const read = schema.safeParse(fields);
  return read.success ? read.data : null;
}
