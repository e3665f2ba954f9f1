import * as z from 'zod/mini';
import type { Day } from '../../kernel/calendar/day.ts';
import { daySchema } from './fact.ts';

/** How a filing reaches the authority; `any` where the amount does not depend on it. */
export const FILING_CHANNELS = ['online', 'direct', 'post', 'any'] as const;
export type FilingChannel = (typeof FILING_CHANNELS)[number];

const words = z.string().check(z.minLength(1), z.maxLength(300));

/** An amount in đồng. `validUntil` marks a reduction that ends. */
export const amountSchema = z.strictObject({
  channel: z.enum(FILING_CHANNELS),
  vnd: z.int().check(z.gte(0), z.lte(100_000_000)),
  /** What one amount is for: "mỗi trang", "mỗi trường hợp". */
  per: z.optional(words),
  validUntil: z.optional(daySchema),
});
export type FeeAmount = z.infer<typeof amountSchema>;

/**
 * What it costs. `free` only where the record stands for itself: a portal that prints "Miễn phí"
 * may only mean that the centre set no amount, and that is `varies`: set by the province, or by the case.
 * `printed` is what the record says, word for word; `words` is how we say it.
 */
export const feeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('free'), words, printed: z.nullable(words) }),
  z.strictObject({
    kind: z.literal('amounts'),
    amounts: z.array(amountSchema).check(z.minLength(1), z.maxLength(8)),
    words,
    printed: z.nullable(words),
  }),
  z.strictObject({ kind: z.literal('varies'), words, printed: z.nullable(words) }),
  z.strictObject({ kind: z.literal('unknown'), words, printed: z.nullable(words) }),
]);
export type Fee = z.infer<typeof feeSchema>;

/** The amount for one channel on a day; null where none, or more than one, is known. */
export function amountFor(fee: Fee, channel: FilingChannel, today: Day): FeeAmount | null {
  if (fee.kind !== 'amounts') return null;
  const fitting = fee.amounts.filter((amount) => amount.channel === channel || amount.channel === 'any');
  const reduced = fitting.filter((a) => a.validUntil !== undefined && today <= a.validUntil);
  const standing = reduced.length > 0 ? reduced : fitting.filter((a) => a.validUntil === undefined);
  return standing.length === 1 ? (standing[0] ?? null) : null;
}
