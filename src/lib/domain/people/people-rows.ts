import * as z from 'zod/mini';
import { teamIdSchema } from '../record/ids.ts';
import { roleSchema } from './roles.ts';

const label = z.string().check(z.minLength(1), z.maxLength(120));

/** A member of a ward. Work identity, visible to colleagues of the ward: not sealed on phones. */
export const personFields = {
  name: label,
  role: roleSchema,
  teams: z.array(teamIdSchema).check(z.maxLength(20)),
  active: z.boolean(),
} as const;

export const teamFields = { name: label, active: z.boolean() } as const;

export const neighbourhoodFields = {
  name: label,
  /** The unit's own word: tổ dân phố, thôn, bản, buôn, ấp, khóm, khu phố. */
  word: label,
  team: z.nullable(teamIdSchema),
  active: z.boolean(),
} as const;
