import * as z from 'zod/mini';
import { personIdSchema, rowIdSchema, teamIdSchema } from '../record/ids.ts';

/** Where an assist took place. */
export const CHANNELS = ['door', 'desk', 'booth', 'hall', 'phone'] as const;

/** How an assist ended (product.md "Outcome"): a closed set. */
export const OUTCOMES = [
  'submitted',
  'submitted_no_code',
  'draft_left',
  'account_step',
  'guided_only',
  'appointment',
  'handed_over',
  'not_possible',
  'declined',
] as const;

/** The account ladder; each step is counted apart. */
export const ACCOUNT_STEPS = [
  'guided',
  'level2_requested',
  'level2_granted',
  'activated',
  'first_portal_login',
] as const;

export const NOT_POSSIBLE_REASONS = [
  'papers_missing',
  'portal_down',
  'no_account',
  'not_this_ward',
  'other',
] as const;
export const DECLINED_REASONS = ['prefers_desk', 'afraid_of_fraud', 'no_time', 'other'] as const;
export const VOID_REASONS = ['entered_by_mistake', 'entered_twice', 'resident_asked', 'other'] as const;

/** Who did the typing. */
export const TYPED_BY = ['resident', 'relative', 'helper'] as const;

/** 1 not satisfied … 4 very satisfied; null: not asked or skipped. */
export const SATISFACTION = [1, 2, 3, 4] as const;

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
