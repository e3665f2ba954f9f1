import * as z from 'zod/mini';
import { mutationIdSchema, personIdSchema, replicaIdSchema, rowIdSchema } from '../domain/record/ids.ts';
import { FLAGS, REFUSAL_CODES } from '../domain/record/mutation.ts';
import { ROW_KINDS } from '../domain/record/row.ts';
import { envelopeSchema, keyEnvelopeSchema } from './envelope.ts';

const mark = z.int().check(z.gte(0));
const token = z.string().check(z.maxLength(2000));
const bucketName = z.string().check(z.maxLength(80));

/**
 * One round: `POST /api/sync`. Up goes with `Authorization: Bearer <delivery token>`; rows come down only when a
 * session cookie comes too and `down` is asked for.
 */
export const roundRequestSchema = z.strictObject({
  replica: replicaIdSchema,
  /** All outcomes up to here are stored on the phone; and their confirmed rows too. */
  heardTo: mark,
  rowsTo: mark,
  /** The newest receipt, whatever epoch it is of; null before the first answer. */
  receipt: z.nullable(token),
  up: z.array(envelopeSchema).check(z.maxLength(2000)),
  keys: z.array(keyEnvelopeSchema).check(z.maxLength(20)),
  down: z.nullable(
    z.strictObject({
      /** Bucket → cursor; a granted bucket that is not named is pulled from the start. */
      cursors: z.record(bucketName, token),
      /** Rows in one answer, at most. */
      limit: z.int().check(z.gte(1), z.lte(5000)),
      /** The data key that personal parts are to come down under. */
      key: z.nullable(z.string().check(z.maxLength(60))),
    }),
  ),
  /** Saved on the phone and still waiting there once these have arrived: "còn N chưa gửi" in the leader's list. */
  unsent: z.optional(mark),
  /** The phone's clock when it asked, milliseconds: a claim, for its skew to be shown. It decides nothing. */
  at: z.optional(z.int()),
  /** The build that the phone runs. */
  app: z.optional(z.string().check(z.maxLength(80))),
});
export type RoundRequest = z.infer<typeof roundRequestSchema>;

export const outcomeSchema = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('applied'), flags: z.array(z.enum(FLAGS)), clashes: mark }),
  z.strictObject({ is: z.literal('refused'), code: z.enum(REFUSAL_CODES) }),
  z.strictObject({ is: z.literal('held'), behind: z.string() }),
  z.strictObject({ is: z.literal('waiting'), for: z.string() }),
  z.strictObject({ is: z.literal('unknown_kind') }),
  z.strictObject({ is: z.literal('given_up') }),
]);

/** What became of one seq. `commit`: rows of this or a higher version already hold it (same epoch only). */
export const settledSchema = z.strictObject({
  seq: mark,
  id: mutationIdSchema,
  outcome: outcomeSchema,
  commit: mark,
});
export type Settled = z.infer<typeof settledSchema>;

const clashSchema = z.strictObject({
  field: z.string(),
  late: mutationIdSchema,
  value: z.json(),
  against: mutationIdSchema,
  author: personIdSchema,
  replica: replicaIdSchema,
  settled: z.nullable(
    z.strictObject({
      by: mutationIdSchema,
      take: z.enum(['standing', 'late']),
      lost: z.nullable(z.strictObject({ stamp: mutationIdSchema, value: z.json() })),
      disputed: z.nullable(mutationIdSchema),
    }),
  ),
});

/** A confirmed row on its way down. Kinds this build does not know are kept aside raw. */
export const wireRowSchema = z.strictObject({
  kind: z.enum(ROW_KINDS),
  id: rowIdSchema,
  version: mark,
  fields: z.record(z.string(), z.json()),
  stamps: z.record(z.string(), mutationIdSchema),
  sets: z.record(z.string(), z.record(z.string(), z.json())),
  /** Mutation id → its personal values, sealed to the phone's data key (`rowAad`). */
  sealed: z.record(z.string(), z.string()),
  clashes: z.array(clashSchema),
});
export type WireRow = z.infer<typeof wireRowSchema>;

/**
 * One's own record that the server would not, or not yet, take (bucket `person:<author>`): it outlives the phone. `id`
 * is the mutation's. Once it is settled it comes as `gone`.
 */
export const quarantinedRowSchema = z.strictObject({
  kind: z.literal('quarantined'),
  id: mutationIdSchema,
  version: mark,
  replica: replicaIdSchema,
  seq: mark,
  /** The plain part as sent. */
  plain: z.string(),
  /** Row id → personal values, sealed to the phone's data key (`rowAad(account, mutation, 'quarantined')`); null: none, or not openable. */
  sealed: z.nullable(z.string()),
  outcome: outcomeSchema,
  /** When the server took it, milliseconds. */
  receivedAt: z.int(),
});
export type QuarantinedRow = z.infer<typeof quarantinedRowSchema>;

const unknownRowSchema = z.looseObject({ kind: z.string(), id: z.string(), version: mark });
export const downRowSchema = z.union([wireRowSchema, quarantinedRowSchema, unknownRowSchema]);
export type DownRow = z.infer<typeof downRowSchema>;

/** Why a request as a whole was not taken further; none of them settles anything. */
export const ROUND_PROBLEMS = [
  'gap',
  'forked',
  'slow_down',
  'unknown_token',
  'revoked',
  'upgrade',
  /** The key named in `down` cannot be opened here: send its envelope, sealed to the answer's delivery key. No rows until then. */
  'unknown_key',
] as const;

export const roundAnswerSchema = z.strictObject({
  epoch: z.string(),
  /** The server's clock, milliseconds. */
  serverTime: z.int(),
  /** The last seq of this replica that is settled, as of the snapshot of the rows in this answer. */
  lastSeq: mark,
  problem: z.nullable(z.enum(ROUND_PROBLEMS)),
  /** For `slow_down`: try again after so many seconds. */
  retryAfter: z.nullable(z.int()),
  /** Every seq above `heardTo` (or as many as fit: then `settledAll` is false). */
  settled: z.array(settledSchema),
  settledAll: z.boolean(),
  /** Later outcomes of earlier provisional ones (held, waiting, unknown_kind), by mutation id. */
  resettled: z.array(settledSchema),
  /** A valid session of this same account came with the request. False while rows were asked for: renew it. */
  signedIn: z.boolean(),
  /** To a session: the confirmed rows of every seq above `rowsTo`. */
  own: z.array(downRowSchema),
  /** `rowsTo` may move here. */
  ownTo: mark,
  /** To a session that asked; null while own rows do not fit (`ownTo` < `lastSeq`): ask again at once. */
  down: z.nullable(
    z.strictObject({
      buckets: z.array(
        z.strictObject({
          bucket: bucketName,
          rows: z.array(downRowSchema),
          /** Rows that left this bucket. */
          gone: z.array(z.strictObject({ kind: z.string(), id: z.string(), version: mark })),
          cursor: token,
          more: z.boolean(),
          /** True: this bucket is pulled from the start; the phone drops what it held of it that does not come again. */
          fromStart: z.boolean(),
          /** While a first pull runs: rows the bucket holds in all, for the bar. */
          total: z.nullable(mark),
        }),
      ),
      /** Buckets that are no longer granted. */
      dropped: z.array(bucketName),
    }),
  ),
  /** Present delivery public key. */
  deliveryKey: z.strictObject({ id: z.string(), publicKey: z.string() }),
  receipt: token,
});
export type RoundAnswer = z.infer<typeof roundAnswerSchema>;
