import type { DeviceId, PersonId, WardId } from '$lib/domain/record/ids.ts';
import { err, ok, type Result } from '$lib/kernel/result.ts';
import { type Account, challengeText } from '$lib/protocol/enrol.ts';
import type { Transaction } from '../database/pool.ts';
import { inTransaction } from '../database/transaction.ts';
import { readAccount } from './account-rows.ts';
import type { AuthContext } from './auth-context.ts';
import { recordAuthEvent } from './auth-events.ts';
import { verifiesDevice } from './device-key.ts';
import { noteDeviceSeen, readDevice } from './device-rows.ts';
import { deviceDoorKey, findDoor } from './door-rows.ts';
import { beginSession } from './lucia.ts';
import { takeTries } from './rate-limit.ts';
import type { EnrolProblem } from './redeem.ts';
import { hashSecret, newSecret, wardOfSecret } from './secrets.ts';

const CHALLENGE_MS = 60_000;
/**
 * An unlocked phone signs again by itself, unseen, and a locked one needs no session. The length bounds what a copied disk
 * reads without the PIN: cookie and delivery token lie there unsealed.
 */
export const FIELD_SESSION_MS = 3_600_000;

/** Wide: at 17:00 five hundred phones of one address renew at once, and nothing can be guessed here. */
const PER_ADDRESS = { burst: 2000, everySeconds: 0.1 } as const;
const PER_DEVICE = { burst: 20, everySeconds: 10 } as const;

export interface DeviceOf {
  readonly device: DeviceId;
  readonly person: PersonId;
}

const problem = (kind: EnrolProblem['problem'], retryAfter: number | null = null) =>
  err<EnrolProblem>({ problem: kind, retryAfter });

/** `POST /api/session/challenge`: one use, 60 seconds, bound to this account and device. */
export async function giveChallenge(
  context: AuthContext,
  asked: DeviceOf,
  address: string,
): Promise<Result<{ challenge: string; expiresAt: number }, EnrolProblem>> {
  const wait = await takeTries(context, [
    { key: `session|address|${address}`, limit: PER_ADDRESS },
    { key: `session|device|${asked.device}|${asked.person}`, limit: PER_DEVICE },
  ]);
  if (wait !== null) return problem('too_many_tries', wait);
  const door = await findDoor(context.database, 'device', deviceDoorKey(asked.device, asked.person));
  if (door === null) return problem('not_known');
  const now = context.clock.now();
  const challenge = newSecret(door.ward, context.random);
  const expiresAt = now + CHALLENGE_MS;
  const hash = await hashSecret(challenge);
  return inTransaction(context.database, { wards: [door.ward] }, async (tx) => {
    const device = await readDevice(tx, door.ward, asked.person, asked.device);
    if (device === null) return problem('not_known');
    if (device.revoked) return problem('revoked');
    await tx`delete from challenge where ward_id = ${door.ward} and expires_at < ${new Date(now)}`;
    await tx`
      insert into challenge (ward_id, challenge_hash, person_id, device_id, expires_at)
      values (${door.ward}, ${hash}, ${asked.person}, ${asked.device}, ${new Date(expiresAt)})`;
    return ok({ challenge, expiresAt });
  });
}

/** Takes the challenge out of use whatever comes next: a signature gets one chance. */
async function spendChallenge(
  tx: Transaction,
  ward: WardId,
  asked: DeviceOf,
  hash: string,
  now: Date,
): Promise<boolean> {
  const spent = await tx`
    update challenge set used_at = ${now}
    where ward_id = ${ward} and challenge_hash = ${hash} and person_id = ${asked.person} and device_id = ${asked.device}
      and used_at is null and expires_at > ${now}
    returning 1`;
  return spent.length > 0;
}

export interface SignedChallenge extends DeviceOf {
  readonly challenge: string;
  readonly keyMark?: string | undefined;
  readonly signature: string;
}

export interface StartedSession {
  readonly account: Account;
  readonly secret: string;
  readonly expiresAt: Date;
}

async function judge(
  tx: Transaction,
  context: AuthContext,
  ward: WardId,
  asked: SignedChallenge,
): Promise<Result<Account, EnrolProblem>> {
  const { device: id, person, challenge, keyMark, signature } = asked;
  const now = new Date(context.clock.now());
  const refuse = async (kind: EnrolProblem['problem']) => {
    await recordAuthEvent(tx, context, {
      ward,
      what: 'session_refused',
      person,
      device: id,
      detail: { problem: kind },
    });
    return problem(kind);
  };
  const device = await readDevice(tx, ward, person, id);
  if (device === null) return problem('not_known');
  if (device.revoked) return refuse('revoked');
  if (!(await spendChallenge(tx, ward, asked, await hashSecret(challenge), now)))
    return refuse('bad_signature');
  const text = challengeText(person, id, challenge, keyMark);
  if (!(await verifiesDevice(device.publicKey, text, signature))) return refuse('bad_signature');
  const account = await readAccount(tx, ward, person);
  if (account === null) return refuse('revoked');
  await noteDeviceSeen(tx, ward, person, id, now);
  await recordAuthEvent(tx, context, { ward, what: 'session_began', person, device: id });
  return ok(account);
}

/** `POST /api/session`: an unlocked vault renews its session by signing the challenge; no QR, no password. */
export async function startDeviceSession(
  context: AuthContext,
  asked: SignedChallenge,
): Promise<Result<StartedSession, EnrolProblem>> {
  const ward = wardOfSecret(asked.challenge);
  if (ward === null) return problem('bad_signature');
  const judged = await inTransaction(context.database, { wards: [ward], actor: asked.person }, (tx) =>
    judge(tx, context, ward, asked),
  );
  if (!judged.ok) return judged;
  const account = judged.value;
  const place = { device: asked.device, markHash: null, keyMark: asked.keyMark ?? null };
  const begun = await beginSession(context, {
    ward,
    person: asked.person,
    grant: account.grant,
    place,
    lifetimeMs: FIELD_SESSION_MS,
  });
  return ok({ account, ...begun });
}
