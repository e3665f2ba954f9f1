import { type WardId, wardIdSchema } from '$lib/domain/record/ids.ts';

/** The ward that a bearer secret says it is of; a claim that only opens the look-up. */
export function wardOfToken(token: string | null): WardId | null {
  const parsed = wardIdSchema.safeParse(token?.split('.')[0]);
  return parsed.success ? parsed.data : null;
}
