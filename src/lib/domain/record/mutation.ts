import * as z from 'zod/mini';
import type { Json } from '../../kernel/json.ts';
import {
  grantIdSchema,
  mutationIdSchema,
  personIdSchema,
  replicaIdSchema,
  rowIdSchema,
  wardIdSchema,
} from './ids.ts';
import { ROW_KINDS } from './row.ts';

/** Names of intents. One save is one mutation, judged and delivered whole. */
export const MUTATION_KINDS = [
  'assist.log',
  'assist.edit',
  'assist.void',
  'filing.edit',
  'filing.sight',
  'clash.settle',
  'record.discard',
  'record.accept',
  'gap.close',
  'person.add',
  'person.change',
  'team.add',
  'team.change',
  'neighbourhood.add',
  'neighbourhood.change',
] as const;
export type MutationKind = (typeof MUTATION_KINDS)[number];

/** These change no row: they end, take in or make way for records that were not taken. */
export const WITHOUT_ROWS: readonly MutationKind[] = ['record.discard', 'record.accept', 'gap.close'];

/** Why a record that was not taken is given up. Chosen, never typed: what is typed may name somebody. */
export const DISCARD_REASONS = ['not_real', 'entered_again', 'unreadable', 'asked', 'other'] as const;
export type DiscardReason = (typeof DISCARD_REASONS)[number];

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const name = z.string().check(
  z.regex(/^[a-zA-Z][a-zA-Z0-9]{0,39}$/),
  z.refine((key) => !FORBIDDEN_KEYS.has(key)),
);
const json: z.ZodMiniType<Json> = z.json();

/** What a mutation does to one row. */
export const changeSchema = z.strictObject({
  row: z.enum(ROW_KINDS),
  id: rowIdSchema,
  /** The row is born here. */
  create: z.optional(z.literal(true)),
  /** Plain fields: value and the stamp the author's screen showed (null: the field was never set). */
  set: z.optional(z.record(name, z.strictObject({ value: json, on: z.nullable(mutationIdSchema) }))),
  /** Personal fields set in the sealed part of this mutation: field → the stamp the screen showed. */
  personal: z.optional(z.record(name, z.nullable(mutationIdSchema))),
  /** Things that happened: set name → member. Its id is `<mutation id>` or, for several, `<mutation id>.<n>`. */
  add: z.optional(z.record(name, z.array(json).check(z.maxLength(20)))),
  /** Members taken out of a set, each by its id. */
  remove: z.optional(z.record(name, z.array(z.string()).check(z.maxLength(20)))),
  /** Clashes settled by a person's decision, each named by field and late mutation; `on`: the stamp that stood on the screen. */
  settle: z.optional(
    z
      .array(
        z.strictObject({
          field: name,
          late: mutationIdSchema,
          take: z.enum(['standing', 'late']),
          on: z.optional(z.nullable(mutationIdSchema)),
        }),
      )
      .check(z.maxLength(20)),
  ),
});
export type Change = z.infer<typeof changeSchema>;

/** The plain part of a mutation: never personal. Times are the device's claims. */
export const mutationSchema = z.strictObject({
  /** Format of this text; every format ever released is read (promise I9). */
  v: z.literal(1),
  id: mutationIdSchema,
  kind: z.enum(MUTATION_KINDS),
  ward: wardIdSchema,
  /** The grant under which it was made. */
  grant: grantIdSchema,
  author: personIdSchema,
  /** When it was made, by the device's clock. */
  at: z.int(),
  /** The refused mutation that this one mends, discards, or takes in. */
  mends: z.optional(mutationIdSchema),
  /** Of a discard. */
  why: z.optional(z.enum(DISCARD_REASONS)),
  /** Seqs of a phone that nobody can bring any more: what lies behind them may come. */
  closes: z.optional(
    z.strictObject({ replica: replicaIdSchema, from: z.int().check(z.gte(1)), to: z.int().check(z.gte(1)) }),
  ),
  changes: z.array(changeSchema).check(z.maxLength(50)),
});
export type Mutation = z.infer<typeof mutationSchema>;

/** What became of a mutation: a closed set. Each takes its seq (see `settlesSeq` for those that do not). */
export type Outcome =
  | { readonly is: 'applied'; readonly flags: readonly Flag[]; readonly clashes: number }
  | { readonly is: 'refused'; readonly code: RefusalCode }
  | { readonly is: 'held'; readonly behind: string }
  | { readonly is: 'waiting'; readonly for: string }
  | { readonly is: 'unknown_kind' }
  | { readonly is: 'given_up' };

/** The server refuses only what it may not hold. */
export const REFUSAL_CODES = [
  'not_yours',
  'malformed',
  'erased',
  'revoked',
  'internal',
  'already_exists',
  'discarded',
  /** The sealed part cannot be opened: its key is not, or no longer, known. */
  'unopenable',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** Oddities of a record that took place and is therefore kept: shown to people, never a reason to refuse. */
export const FLAGS = [
  'occurred_in_future',
  'occurred_long_ago',
  'implausible_code',
  'payment_number',
  'missing_code',
  'missing_module',
  'forbidden_text',
  'changed_after_void',
  'settled_already',
  'duplicate_code',
] as const;
export type Flag = (typeof FLAGS)[number];
