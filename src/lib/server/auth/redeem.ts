import type { DeviceId, PersonId, WardId } from '$lib/domain/record/ids.ts';
import { toBase64url } from '$lib/kernel/bytes.ts';
import { err, ok, type Result } from '$lib/kernel/result.ts';
import type { ENROL_PROBLEMS, EnrolAnswer, EnrolRequest } from '$lib/protocol/enrol.ts';
import type { KeyEnvelope } from '$lib/protocol/envelope.ts';
import type { Transaction } from '../database/pool.ts';
import { inTransaction } from '../database/transaction.ts';
import type { ServerKeys } from '../keys/server-keys.ts';
import { readAccount } from './account-rows.ts';
import type { AuthContext } from './auth-context.ts';
import { recordAuthEvent } from './auth-events.ts';
import { isDeviceKey } from './device-key.ts';
import { enrolDevice } from './device-rows.ts';
import { findDoor, type Door } from './door-rows.ts';
import { REPEAT_MS } from './invitation.ts';
import { lockPerson } from './grant-rows.ts';
import { normaliseCode, selectorOf } from './invitation-code.ts';
import { takeTries } from './rate-limit.ts';
import { readReplica, registerReplica } from './replica-rows.ts';
import { derivedSecret, hashSecret } from './secrets.ts';

export interface EnrolProblem {
  readonly problem: (typeof ENROL_PROBLEMS)[number];
  /** Seconds, for `too_many_tries` of an address or device. */
  readonly retryAfter: number | null;
}

/** What redeeming asks of the rooms beside the door. */
export interface RedeemContext extends AuthContext {
  readonly keys: Pick<ServerKeys, 'deliveryKey' | 'openDataKey'>;
  readonly epoch: (tx: Transaction) => Promise<string>;
}

const TRIES = 5;
/** A whole ward may sit behind one address, and an evening may enrol a hundred phones. */
const PER_ADDRESS = { burst: 60, everySeconds: 5 } as const;
const PER_DEVICE = { burst: 10, everySeconds: 30 } as const;

/** Ids as phones make them; anything else is no key of ours. */
const KEY_ID = /^[\w.:-]{1,60}$/;

interface InvitationRow {
  invitation_id: string;
  person_id: PersonId;
  code_hash: string;
  expires_at: Date;
  tries: number;
  salt: string;
  redeemed_at: Date | null;
  nonce_hash: string | null;
  replica_id: string | null;
  device_id: DeviceId | null;
  gave_keys: boolean;
}

type Taken = Omit<EnrolAnswer, 'deliveryKey' | 'oldKeys'> & {
  /** Old data keys are given back unless the device had been revoked. */
  readonly giveKeys: boolean;
};

interface Redeeming {
  readonly ward: WardId;
  readonly code: string;
  readonly request: EnrolRequest;
  readonly now: Date;
}

const problem = (kind: EnrolProblem['problem'], retryAfter: number | null = null) =>
  err<EnrolProblem>({ problem: kind, retryAfter });

/** Wrong secrets are counted against their invitation; the count is committed with the answer. */
async function countTry(tx: Transaction, context: AuthContext, ward: WardId, row: InvitationRow) {
  await tx`
    update invitation set tries = tries + 1 where ward_id = ${ward} and invitation_id = ${row.invitation_id}`;
  await recordAuthEvent(tx, context, {
    ward,
    what: 'enrol_failed',
    person: row.person_id,
    detail: { tries: row.tries + 1 },
  });
  return problem(row.tries + 1 >= TRIES ? 'too_many_tries' : 'unknown_code');
}

async function judge(
  tx: Transaction,
  context: AuthContext,
  row: InvitationRow,
  redeeming: Redeeming,
): Promise<Result<'first' | 'repeat', EnrolProblem>> {
  const { ward, code, request, now } = redeeming;
  if (row.tries >= TRIES) return problem('too_many_tries');
  if (row.code_hash !== (await hashSecret(code))) return countTry(tx, context, ward, row);
  if (row.redeemed_at !== null) {
    const same =
      row.nonce_hash === (await hashSecret(request.nonce)) &&
      row.replica_id === request.replica &&
      row.device_id === request.device &&
      now.getTime() - row.redeemed_at.getTime() < REPEAT_MS;
    return same ? ok('repeat') : problem('used_code');
  }
  return row.expires_at <= now ? problem('expired_code') : ok('first');
}

/** The same for the same (code, nonce, replica): the phone's nonce and our salt both stand behind it. */
function deliveryTokenOf(row: InvitationRow, { ward, code, request }: Redeeming): Promise<string> {
  return derivedSecret(ward, `xks:delivery:1|${row.salt}|${code}|${request.nonce}|${request.replica}`);
}

async function register(
  tx: Transaction,
  context: AuthContext,
  row: InvitationRow,
  redeeming: Redeeming & { readonly tokenHash: string },
): Promise<Result<{ giveKeys: boolean }, EnrolProblem>> {
  const { ward, request, now, tokenHash } = redeeming;
  const standing = await readReplica(tx, ward, request.replica);
  if (standing !== null && standing.person !== row.person_id) return problem('malformed');
  const wasRevoked = await enrolDevice(tx, { ward, person: row.person_id, request, now });
  if (wasRevoked === null) return problem('malformed');
  await registerReplica(tx, {
    ward,
    replica: request.replica,
    person: row.person_id,
    device: request.device,
    tokenHash,
    revokedAt: null,
    now,
  });
  await tx`
    update invitation set redeemed_at = ${now}, nonce_hash = ${await hashSecret(request.nonce)},
      replica_id = ${request.replica}, device_id = ${request.device}, gave_keys = ${!wasRevoked}
    where ward_id = ${ward} and invitation_id = ${row.invitation_id}`;
  await recordAuthEvent(tx, context, {
    ward,
    what: 'enrolled',
    person: row.person_id,
    device: request.device,
  });
  return ok({ giveKeys: !wasRevoked });
}

/** A repeat changes nothing; it is answered only while what it gave still stands. */
async function standsStill(
  tx: Transaction,
  redeeming: Redeeming & { readonly tokenHash: string },
): Promise<boolean> {
  const replica = await readReplica(tx, redeeming.ward, redeeming.request.replica);
  return (
    replica !== null &&
    replica.revokedAt === null &&
    [replica.tokenHash, replica.previousTokenHash].includes(redeeming.tokenHash)
  );
}

async function take(
  tx: Transaction,
  context: RedeemContext,
  door: Door,
  given: Omit<Redeeming, 'ward'>,
): Promise<Result<Taken, EnrolProblem>> {
  const redeeming = { ...given, ward: door.ward };
  const [invited] = await tx<{ person: PersonId }[]>`
    select person_id as person from invitation where ward_id = ${door.ward} and invitation_id = ${door.target}`;
  if (invited === undefined) return problem('unknown_code');
  await lockPerson(tx, door.ward, invited.person);
  const [row] = await tx<InvitationRow[]>`
    select invitation_id, person_id, code_hash, expires_at, tries, salt, redeemed_at, nonce_hash, replica_id, device_id,
      gave_keys
    from invitation where ward_id = ${door.ward} and invitation_id = ${door.target} for update`;
  if (row === undefined) return problem('unknown_code');
  const judged = await judge(tx, context, row, redeeming);
  if (!judged.ok) return judged;
  const account = await readAccount(tx, door.ward, row.person_id);
  if (account === null) return problem('revoked');
  const deliveryToken = await deliveryTokenOf(row, redeeming);
  const full = { ...redeeming, tokenHash: await hashSecret(deliveryToken) };
  if (judged.value === 'repeat' && !(await standsStill(tx, full))) return problem('used_code');
  const registered =
    judged.value === 'repeat' ? ok({ giveKeys: row.gave_keys }) : await register(tx, context, row, full);
  if (!registered.ok) return registered;
  const { replica, device } = given.request;
  return ok({ account, replica, device, deliveryToken, epoch: await context.epoch(tx), ...registered.value });
}

/** Opens the phone's old data keys of this account and device; those of other accounts on the phone are passed over. */
async function openKeys(context: RedeemContext, request: EnrolRequest, person: PersonId) {
  const opened: { envelope: KeyEnvelope; raw: string }[] = [];
  for (const envelope of request.keys.filter(({ key }) => KEY_ID.test(key))) {
    const bytes = await context.keys.openDataKey({ account: person, device: request.device }, envelope);
    if (bytes !== null) opened.push({ envelope, raw: toBase64url(bytes) });
  }
  return opened;
}

async function keepEnvelopes(
  context: RedeemContext,
  account: EnrolAnswer['account'],
  device: string,
  kept: readonly KeyEnvelope[],
) {
  if (kept.length === 0) return;
  await inTransaction(context.database, { wards: [account.ward], actor: account.person }, async (tx) => {
    for (const envelope of kept) {
      await tx`
        insert into data_key (ward_id, person_id, key_id, device_id, delivery_key_id, box, seen_at)
        values (${account.ward}, ${account.person}, ${envelope.key}, ${device}, ${envelope.to}, ${envelope.box}, ${new Date(context.clock.now())})
        on conflict (ward_id, person_id, key_id) do update set
          delivery_key_id = excluded.delivery_key_id, box = excluded.box, seen_at = excluded.seen_at`;
    }
  });
}

/**
 * `POST /api/enrol`: makes a browser a device of the invited person. Repeatable by (code, nonce, replica, device).
 * A phone the (restored) server has never met is re-attached by the same act.
 */
export async function redeemInvitation(
  context: RedeemContext,
  request: EnrolRequest,
  address: string,
): Promise<Result<EnrolAnswer, EnrolProblem>> {
  const wait = await takeTries(context, [
    { key: `enrol|address|${address}`, limit: PER_ADDRESS },
    { key: `enrol|device|${request.device}`, limit: PER_DEVICE },
  ]);
  if (wait !== null) return problem('too_many_tries', wait);
  const code = normaliseCode(request.code);
  if (code === null) return problem('unknown_code');
  if (!(await isDeviceKey(request.devicePublicKey))) return problem('malformed');
  const door = await findDoor(context.database, 'code', selectorOf(code));
  if (door === null) return problem('unknown_code');
  const now = new Date(context.clock.now());
  const taken = await inTransaction(context.database, { wards: [door.ward] }, (tx) =>
    take(tx, context, door, { code, request, now }),
  );
  if (!taken.ok) return taken;
  const { giveKeys, ...answer } = taken.value;
  const opened = giveKeys ? await openKeys(context, request, answer.account.person) : [];
  await keepEnvelopes(
    context,
    answer.account,
    answer.device,
    opened.map(({ envelope }) => envelope),
  );
  return ok({
    ...answer,
    deliveryKey: context.keys.deliveryKey,
    oldKeys: opened.map(({ envelope, raw }) => ({ key: envelope.key, raw })),
  });
}
