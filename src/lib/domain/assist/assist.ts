import * as z from 'zod/mini';
import { personIdSchema, rowIdSchema, teamIdSchema } from '../record/ids.ts';
import {
  ACCOUNT_STEPS,
  CHANNELS,
  DECLINED_REASONS,
  NOT_POSSIBLE_REASONS,
  OUTCOMES,
  SATISFACTION,
  TYPED_BY,
  VOID_REASONS,
} from './assist-choices.ts';

/** The plain fields of an assist (lượt hỗ trợ): one resident or group in one sitting. */
export const assistFields = {
  team: teamIdSchema,
  enteredBy: personIdSchema,
  performedBy: z.array(personIdSchema).check(z.minLength(1), z.maxLength(6)),
  /** The resident record whose key seals the personal part. */
  resident: rowIdSchema,
  occurredAt: z.int(),
  channel: z.enum(CHANNELS),
  /** A procedure's id in the pack, or `other`. */
  subject: z.string().check(z.regex(/^[a-z0-9][a-z0-9.-]{0,79}$/)),
  outcome: z.enum(OUTCOMES),
  accountStep: z.nullable(z.enum(ACCOUNT_STEPS)),
  reason: z.nullable(z.enum([...new Set([...NOT_POSSIBLE_REASONS, ...DECLINED_REASONS])])),
  typedBy: z.nullable(z.enum(TYPED_BY)),
  minutes: z.nullable(z.int().check(z.gte(0), z.lte(600))),
  satisfaction: z.nullable(z.literal(SATISFACTION)),
  neighbourhood: z.nullable(rowIdSchema),
  voided: z.nullable(z.enum(VOID_REASONS)),
} as const;
export type AssistField = keyof typeof assistFields;
export type AssistValues = { readonly [field in AssistField]: z.infer<(typeof assistFields)[field]> };
export type Outcome = (typeof OUTCOMES)[number];
export type Channel = (typeof CHANNELS)[number];

/** Set once, at birth. */
export const ASSIST_FIXED: readonly AssistField[] = ['team', 'enteredBy', 'resident'];
