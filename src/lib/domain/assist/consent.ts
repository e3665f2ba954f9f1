import * as z from 'zod/mini';
import { rowIdSchema } from '../record/ids.ts';

/** What a resident may agree to, each apart, none ticked beforehand. */
export const CONSENT_PURPOSES = ['keep_name', 'keep_phone', 'follow_up'] as const;

/** A consent row (Law 91/2025/QH15: specific and provable): wording, what for, how given. */
export const consentFields = {
  assist: rowIdSchema,
  resident: rowIdSchema,
  /** Version of the wording that was read out or shown. */
  wording: z.string().check(z.maxLength(40)),
  purposes: z.array(z.enum(CONSENT_PURPOSES)).check(z.minLength(1)),
  how: z.enum(['spoken', 'read_aloud', 'written', 'tapped']),
  givenAt: z.int(),
  withdrawnAt: z.nullable(z.int()),
} as const;
