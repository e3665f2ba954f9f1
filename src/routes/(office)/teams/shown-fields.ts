import * as z from 'zod/mini';
import { mutationIdSchema } from '$lib/domain/record/ids.ts';
import { type Json, sameJson } from '$lib/kernel/json.ts';

const shownFieldsSchema = z.record(
  z.string().check(z.maxLength(40)),
  z.object({ value: z.json(), on: z.nullable(mutationIdSchema) }),
);
/** What a form was rendered with: each field's value, and the stamp it stood on (null: never set). */
export type ShownFields = z.infer<typeof shownFieldsSchema>;

/** The same as it comes back in a hidden field. */
export const shownForm = z.pipe(
  z.pipe(
    z.string().check(z.maxLength(8000)),
    z.transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.issues.push({ code: 'custom', message: 'no JSON', input: text });
        return z.NEVER;
      }
    }),
  ),
  shownFieldsSchema,
);

/** Written into a form as it is rendered, and sent back with it: what others save meanwhile is then seen. */
export function shownFields(
  fields: Readonly<Record<string, Json>>,
  stamps: Readonly<Record<string, string>>,
): string {
  const shown = Object.entries(fields).map(([field, value]) => [field, { value, on: stamps[field] ?? null }]);
  return JSON.stringify(Object.fromEntries(shown));
}

/** Only what the visitor changed: a field left alone never undoes what somebody else wrote meanwhile. */
export function changedFields<T extends Readonly<Record<string, Json>>>(
  sent: T,
  shown: ShownFields,
): Partial<T> {
  const changed = Object.entries(sent).filter(([field, value]) => {
    const was = Object.hasOwn(shown, field) ? shown[field] : undefined;
    return was === undefined || !sameJson(was.value, value);
  });
  return Object.fromEntries(changed) as Partial<T>;
}

/** The stamps to save on: those the form was rendered with. */
export function shownStamps(shown: ShownFields) {
  return Object.fromEntries(Object.entries(shown).map(([field, { on }]) => [field, on]));
}
