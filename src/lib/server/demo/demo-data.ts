import * as z from 'zod';
import { wardIdSchema } from '$lib/domain/record/ids.ts';
import { roleSchema } from '$lib/domain/people/roles.ts';

const label = z.string().min(1);

/** The demo wards as authored in `src/content/demo/wards.yaml`: everybody in them is invented. */
export const demoDataSchema = z.strictObject({
  wards: z.array(
    z.strictObject({
      id: wardIdSchema,
      name: label,
      word: label,
      province: label,
      unitCode: label,
      teams: z.array(label).min(1),
      neighbourhoodWord: label,
      neighbourhoods: z.array(label).min(1),
      people: z.array(
        z.strictObject({ key: label, name: label, role: roleSchema, teams: z.array(z.int().min(0)) }),
      ),
      weeks: z.int().min(1),
      assistsPerWeek: z.int().min(1),
    }),
  ),
  residents: z.strictObject({
    family: z.array(label),
    middle: z.array(label),
    given: z.array(label),
  }),
  notes: z.array(label),
});
export type DemoData = z.infer<typeof demoDataSchema>;
export type DemoWard = DemoData['wards'][number];
