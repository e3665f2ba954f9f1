import * as z from 'zod/mini';
import {
  deviceIdSchema,
  grantIdSchema,
  personIdSchema,
  replicaIdSchema,
  teamIdSchema,
  wardIdSchema,
} from '../domain/record/ids.ts';
import { roleSchema } from '../domain/people/roles.ts';
import { keyEnvelopeSchema } from './envelope.ts';

/** Ten characters, shown in two groups of five; no 0 O 1 I L U. Ten minutes, once, five tries. */
export const CODE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
export const CODE_LENGTH = 10;

/**
 * `POST /api/enrol`: redeem an invitation. The phone makes replica, device keys and nonce first and stores them: the
 * same (code, nonce) gets the same answer, so a lost answer does not burn the code.
 */
export const enrolRequestSchema = z.strictObject({
  code: z.string().check(z.maxLength(40)),
  nonce: z.string().check(z.minLength(20), z.maxLength(60)),
  replica: replicaIdSchema,
  device: deviceIdSchema,
  /** ECDSA P-256 public key, raw point, base64url: signs the session challenge. */
  devicePublicKey: z.string().check(z.maxLength(200)),
  /** Human name of the device for the list of devices (browser and system), no serials. */
  deviceLabel: z.string().check(z.maxLength(80)),
  /** A phone that already holds a vault of this account re-attaches it: its old data key's envelope. */
  keys: z.array(keyEnvelopeSchema).check(z.maxLength(20)),
});
export type EnrolRequest = z.infer<typeof enrolRequestSchema>;

export const accountSchema = z.strictObject({
  person: personIdSchema,
  name: z.string(),
  ward: wardIdSchema,
  wardName: z.string(),
  /** phường, xã or đặc khu. */
  wardWord: z.string(),
  role: roleSchema,
  teams: z.array(z.strictObject({ id: teamIdSchema, name: z.string() })),
  grant: grantIdSchema,
  mustPass: z.boolean(),
  demo: z.boolean(),
});
/** Who the phone works for, as the server told it last. */
export type Account = z.infer<typeof accountSchema>;

export const enrolAnswerSchema = z.strictObject({
  account: accountSchema,
  replica: replicaIdSchema,
  device: deviceIdSchema,
  /** Good for putting mutations in and hearing their outcomes; no expiry. */
  deliveryToken: z.string(),
  deliveryKey: z.strictObject({ id: z.string(), publicKey: z.string() }),
  epoch: z.string(),
  /** Returned to the same account on the same device only: old data keys, opened (base64url raw), for the new PIN to wrap. */
  oldKeys: z.array(z.strictObject({ key: z.string(), raw: z.string() })),
});
export type EnrolAnswer = z.infer<typeof enrolAnswerSchema>;

/** `POST /api/session/challenge` then `POST /api/session`: an unlocked vault renews its session without password or QR. */
export const challengeRequestSchema = z.strictObject({ device: deviceIdSchema, person: personIdSchema });
export const challengeAnswerSchema = z.strictObject({ challenge: z.string(), expiresAt: z.int() });
export const sessionRequestSchema = z.strictObject({
  device: deviceIdSchema,
  person: personIdSchema,
  challenge: z.string(),
  /** `dataKeyMark` of the key that rows are to come down under; without it none come that hold personal values. */
  keyMark: z.optional(z.string().check(z.regex(/^[\w-]{43}$/))),
  /** ECDSA P-256 SHA-256 over `challengeText`, base64url. */
  signature: z.string(),
});
export const sessionAnswerSchema = z.strictObject({ account: accountSchema, expiresAt: z.int() });

/** What a device signs: bound to account, device, one challenge and the data key that it vouches for. */
export function challengeText(person: string, device: string, challenge: string, keyMark?: string): string {
  const text = `${person}|${device}|${challenge}`;
  return keyMark === undefined ? `xks:session:1|${text}` : `xks:session:2|${text}|${keyMark}`;
}

/** `POST /api/replica`: a fork goes on while locked: a token registers a new replica and gets that one's own token. */
export const replicaRequestSchema = z.strictObject({ replica: replicaIdSchema });
export const replicaAnswerSchema = z.strictObject({ replica: replicaIdSchema, deliveryToken: z.string() });

/** Why an enrolment or session was not given. */
export const ENROL_PROBLEMS = [
  'unknown_code',
  'used_code',
  'expired_code',
  'too_many_tries',
  'revoked',
  'not_known',
  'bad_signature',
  'malformed',
] as const;
export const enrolProblemSchema = z.strictObject({
  problem: z.enum(ENROL_PROBLEMS),
  retryAfter: z.nullable(z.int()),
});

/** `GET /api/me`: who the session is of; 401 without one. */
export const meAnswerSchema = z.strictObject({ account: accountSchema });

/** `GET /api/marker`: the last databases enrolled in this browser (a cookie names them), and how far the server heard each. */
export const markerAnswerSchema = z.strictObject({
  marks: z.array(
    z.strictObject({ replica: replicaIdSchema, lastSeq: z.int(), lastSeenAt: z.nullable(z.int()) }),
  ),
});

/** `GET /api/entry`: what the first page may say to anybody. `demo` only with SEED=demo: one person a role. */
export const entryAnswerSchema = z.strictObject({
  wardName: z.string(),
  wardWord: z.string(),
  demo: z.nullable(
    z.strictObject({
      pin: z.string(),
      people: z.array(z.strictObject({ person: personIdSchema, name: z.string(), role: roleSchema })),
    }),
  ),
});
export type EntryAnswer = z.infer<typeof entryAnswerSchema>;
export type DemoEntry = NonNullable<EntryAnswer['demo']>;

/** `POST /api/demo/enter`: a code that the page redeems itself, or (office roles) a session and where to go. */
export const demoEnterRequestSchema = z.strictObject({ person: personIdSchema });
export const demoEnterAnswerSchema = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('enrol'), code: z.string() }),
  z.strictObject({ is: z.literal('office'), to: z.string() }),
]);
export type DemoEnterAnswer = z.infer<typeof demoEnterAnswerSchema>;
