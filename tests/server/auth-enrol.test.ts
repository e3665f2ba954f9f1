import { beforeEach, describe, expect, it } from 'vitest';
import type { DeviceId, ReplicaId } from '../../src/lib/domain/record/ids.ts';
import { sealToBox } from '../../src/lib/kernel/crypto/sealed-box.ts';
import { toBase64url } from '../../src/lib/kernel/bytes.ts';
import { CODE_ALPHABET, enrolAnswerSchema } from '../../src/lib/protocol/enrol.ts';
import { keyAad } from '../../src/lib/protocol/bound-bytes.ts';
import { inviteDevice } from '../../src/lib/server/auth/invitation.ts';
import { normaliseCode } from '../../src/lib/server/auth/invitation-code.ts';
import { redeemInvitation } from '../../src/lib/server/auth/redeem.ts';
import { forkReplica } from '../../src/lib/server/auth/replica-fork.ts';
import { revokeDevice } from '../../src/lib/server/auth/revoke-device.ts';
import { hashSecret } from '../../src/lib/server/auth/secrets.ts';
import {
  authWorld,
  type AuthWorld,
  makeDevice,
  type Member,
  newId,
  testRandom,
} from '../support/auth-world.ts';

let world: AuthWorld;
beforeEach(async () => {
  world = await authWorld();
});

const invite = async (who: Member = world.helper, by: Member = world.lead): Promise<string> => {
  const made = await inviteDevice(world.context, by.actor, who.person);
  if (!made.ok) throw new Error(made.error.kind);
  return made.value.code;
};
const revoke = async (device: DeviceId): Promise<void> => {
  const of = { person: world.helper.person, device };
  expect(await revokeDevice(world.context, world.admin.actor, of)).toEqual({ ok: true, value: null });
};
let calls = 0;
/** Each call from an address of its own: limits are tested apart. */
const redeem = (...[request, address]: [Parameters<typeof redeemInvitation>[1], string?]) =>
  redeemInvitation(world.context, request, address ?? `10.0.${Math.floor(++calls / 250)}.${calls % 250}`);

const refused = (problem: string) => ({ ok: false, error: { problem } });

/** Another code with the same selector: what a slip of the finger in the last part makes. */
const slip = (code: string): string => {
  const last = code.at(-1) ?? '';
  return code.slice(0, -1) + (CODE_ALPHABET[(CODE_ALPHABET.indexOf(last) + 1) % CODE_ALPHABET.length] ?? '');
};

describe('A2 enrolment by code', () => {
  it('gives account, token and keys to the first who brings the code, as people type it', async () => {
    const code = await invite();
    const device = await makeDevice();
    const typed = ` ${code.slice(0, 5).toLowerCase()}-${code.slice(5)} `;
    const answer = await redeem(device.request(typed));
    if (!answer.ok) throw new Error(answer.error.problem);
    expect(enrolAnswerSchema.safeParse(answer.value).success).toBe(true);
    expect(answer.value.account).toMatchObject({
      person: world.helper.person,
      name: 'Nguyễn Thị Hạnh',
      ward: 'mau',
      role: 'helper',
      grant: world.helper.grant,
      teams: [{ id: world.red, name: 'Tổ 1' }],
    });
    expect(answer.value.deliveryToken).toMatch(/^mau\.[A-Za-z0-9_-]{43}$/);
    expect(answer.value.deliveryKey).toEqual(world.keys.deliveryKey);
    expect(answer.value.oldKeys).toEqual([]);
  });

  it('stores neither code nor token nor nonce in the clear', async () => {
    const code = await invite();
    const device = await makeDevice();
    const request = device.request(code);
    const answer = await redeem(request);
    if (!answer.ok) throw new Error(answer.error.problem);
    for (const table of ['invitation', 'replica', 'device', 'ward_door', 'auth_event', 'rate_limit']) {
      const rows = JSON.stringify(await world.db.superuser.pool.unsafe(`select * from ${table}`));
      for (const secret of [
        code,
        request.nonce,
        answer.value.deliveryToken,
        answer.value.deliveryToken.slice(4),
      ]) {
        expect(rows.includes(secret), table).toBe(false);
      }
    }
    const [row] = await world.db.superuser.pool`select token_hash from replica`;
    expect(row?.['token_hash']).toBe(await hashSecret(answer.value.deliveryToken));
  });

  it('answers the same (code, nonce) the same for a day, and nobody else', async () => {
    const code = await invite();
    const device = await makeDevice();
    const first = await redeem(device.request(code));
    world.clock.advance(3 * 3_600_000);
    expect(await redeem(device.request(code))).toEqual(first);
    expect(await redeem(device.request(code, { nonce: 'another-nonce-of-the-thief' }))).toMatchObject(
      refused('used_code'),
    );
    expect(await redeem(device.request(code, { replica: newId<ReplicaId>() }))).toMatchObject(
      refused('used_code'),
    );
    expect(await redeem(device.request(code, { device: newId<DeviceId>() }))).toMatchObject(
      refused('used_code'),
    );
    const [count] = await world.db.superuser.pool`select count(*)::int as n from replica`;
    expect(count?.['n']).toBe(1);
    world.clock.advance(24 * 3_600_000);
    expect((await redeem(device.request(code))).ok).toBe(false);
  });

  it('two who bring the code at once: one gets in', async () => {
    const code = await invite();
    const requests = await Promise.all(
      Array.from({ length: 6 }, async () => (await makeDevice()).request(code)),
    );
    const answers = await Promise.all(requests.map((request) => redeem(request)));
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
  });

  it('ends after ten minutes', async () => {
    const code = await invite();
    world.clock.advance(10 * 60_000 + 1);
    expect(await redeem((await makeDevice()).request(code))).toMatchObject(refused('expired_code'));
  });

  it('ends after five wrong tries, also for the right code', async () => {
    const code = await invite();
    const device = await makeDevice();
    for (let tries = 1; tries < 5; tries++) {
      expect(await redeem(device.request(slip(code)))).toMatchObject(refused('unknown_code'));
    }
    expect(await redeem(device.request(slip(code)))).toMatchObject(refused('too_many_tries'));
    expect(await redeem(device.request(code))).toMatchObject(refused('too_many_tries'));
  });

  it('an earlier invitation of the same person stops working', async () => {
    const old = await invite();
    const fresh = await invite();
    expect(await redeem((await makeDevice()).request(old))).toMatchObject(refused('expired_code'));
    expect((await redeem((await makeDevice()).request(fresh))).ok).toBe(true);
  });

  it.each(['', '0OIL1U0OIL', '🎉'.repeat(10), '__proto__', 'A'.repeat(39), "' or 1=1--"])(
    'a code such as %j is simply unknown',
    async (code) => {
      expect(await redeem((await makeDevice()).request(code))).toMatchObject(refused('unknown_code'));
    },
  );

  it('refuses what is no public key, before the code is looked at', async () => {
    const code = await invite();
    const device = await makeDevice();
    expect(await redeem(device.request(code, { devicePublicKey: 'AAAA' }))).toMatchObject(
      refused('malformed'),
    );
    expect((await redeem(device.request(code))).ok).toBe(true);
  });

  it('takes a phone whatever it calls itself and its keys', async () => {
    const device = await makeDevice();
    const keys = [{ key: 'a\u0000b', to: world.keys.deliveryKey.id, box: 'AAAA' }];
    const request = device.request(await invite(), { deviceLabel: 'Máy\u0000 của\u202e tôi', keys });
    expect((await redeem(request)).ok).toBe(true);
    const [row] = await world.db.superuser.pool`select label from device`;
    expect(row?.['label']).toBe('Máy của tôi');
  });

  it('does not hand another person’s database over', async () => {
    const device = await makeDevice();
    await redeem(device.request(await invite()));
    const other = await makeDevice();
    const code = await invite(world.otherHelper, world.admin);
    expect(await redeem(other.request(code, { replica: device.request('').replica }))).toMatchObject(
      refused('malformed'),
    );
  });

  it('two people on one phone are two devices with one id', async () => {
    const device = await makeDevice();
    const second = await makeDevice(device.device);
    expect((await redeem(device.request(await invite()))).ok).toBe(true);
    expect((await redeem(second.request(await invite(world.lead, world.admin)))).ok).toBe(true);
    const rows = await world.db.superuser
      .pool`select person_id from device where device_id = ${device.device}`;
    expect(rows).toHaveLength(2);
  });

  it('limits guessing from one device without locking the ward’s address out', async () => {
    const device = await makeDevice();
    for (let tries = 0; tries < 10; tries++) await redeem(device.request('2222222222'), 'nat');
    const limited = await redeem(device.request('2222222222'), 'nat');
    expect(limited).toMatchObject(refused('too_many_tries'));
    expect(limited.ok ? 0 : limited.error.retryAfter).toBeGreaterThan(0);
    expect((await redeem((await makeDevice()).request(await invite()), 'nat')).ok).toBe(true);
    world.clock.advance(31_000);
    expect(await redeem(device.request('2222222222'), 'nat')).toMatchObject(refused('unknown_code'));
  });
});

describe('A2 who may invite whom', () => {
  const attempt = async (by: Member, who: Member): Promise<string> => {
    const made = await inviteDevice(world.context, by.actor, who.person);
    return made.ok ? 'ok' : made.error.kind;
  };

  it('leads for their own team, administrators for the ward, helpers for nobody, nobody across wards', async () => {
    expect(await attempt(world.lead, world.helper)).toBe('ok');
    expect(await attempt(world.lead, world.lead)).toBe('ok');
    expect(await attempt(world.lead, world.otherHelper)).toBe('not_allowed');
    expect(await attempt(world.admin, world.otherHelper)).toBe('ok');
    expect(await attempt(world.admin, world.admin)).toBe('not_allowed');
    expect(await attempt(world.helper, world.helper)).toBe('not_allowed');
    expect(await attempt(world.lead, world.farHelper)).toBe('unknown_person');
    expect(await attempt(world.farLead, world.helper)).toBe('unknown_person');
  });
});

describe('A2 forgotten PIN, new phone, restored server', () => {
  const envelopeFor = async (member: Member, device: DeviceId) => {
    const raw = testRandom.bytes(32);
    const box = await sealToBox(
      world.keys.deliveryKey.publicKey,
      raw,
      keyAad(member.person, device, 'data-1'),
    );
    if (box === null) throw new Error('not sealed');
    return { raw, envelope: { key: 'data-1', to: world.keys.deliveryKey.id, box } };
  };

  it('gives the old data key back to the same account on the same device only', async () => {
    const device = await makeDevice();
    const mine = await envelopeFor(world.helper, device.device);
    const others = await envelopeFor(world.lead, device.device);
    const answer = await redeem(device.request(await invite(), { keys: [others.envelope, mine.envelope] }));
    expect(answer.ok && answer.value.oldKeys).toEqual([{ key: 'data-1', raw: toBase64url(mine.raw) }]);
    const elsewhere = await makeDevice();
    const stolen = await redeem(elsewhere.request(await invite(), { keys: [mine.envelope] }));
    expect(stolen.ok && stolen.value.oldKeys).toEqual([]);
    const kept = await world.db.superuser.pool`select box from data_key`;
    expect(kept.map((row) => row['box'] as string)).toEqual([mine.envelope.box]);
  });

  it('a revoked device gets no old key when it is enrolled anew, nor when it asks for that answer again', async () => {
    const device = await makeDevice();
    const mine = await envelopeFor(world.helper, device.device);
    const keys = [mine.envelope];
    expect((await redeem(device.request(await invite(), { keys }))).ok).toBe(true);
    await revoke(device.device);
    const again = device.request(await invite(), { keys, nonce: 'a-second-nonce-of-the-phone' });
    const answer = await redeem(again);
    expect(answer.ok && answer.value.oldKeys).toEqual([]);
    const repeated = await redeem(again);
    expect(repeated).toEqual(answer);
  });

  it('what a device was answered before it was revoked is not answered again, also once it is enrolled anew', async () => {
    const device = await makeDevice();
    const keys = [(await envelopeFor(world.helper, device.device)).envelope];
    const before = device.request(await invite(), { keys });
    expect((await redeem(before)).ok).toBe(true);
    await revoke(device.device);
    expect(await redeem(before)).toMatchObject(refused('used_code'));
    const anew = device.request(await invite(), { nonce: 'a-second-nonce-of-the-phone' });
    expect((await redeem(anew)).ok).toBe(true);
    expect(await redeem(before)).toMatchObject(refused('used_code'));
  });

  it('re-attaches a phone whose replica the server has never met', async () => {
    const device = await makeDevice();
    const replica = newId<ReplicaId>();
    const answer = await redeem(device.request(await invite(), { replica }));
    expect(answer.ok && answer.value.replica).toBe(replica);
  });

  it('honours the old token until the new one has been used', async () => {
    const device = await makeDevice();
    const first = await redeem(device.request(await invite()));
    const again = await redeem(device.request(await invite(), { nonce: 'a-second-nonce-of-the-phone' }));
    if (!first.ok || !again.ok) throw new Error('refused');
    expect(again.value.deliveryToken).not.toBe(first.value.deliveryToken);
    const fork = (token: string) => forkReplica(world.context, token, newId<ReplicaId>());
    expect((await fork(first.value.deliveryToken)).ok).toBe(true);
    expect((await fork(again.value.deliveryToken)).ok).toBe(true);
  });
});

describe('I2 a fork while locked', () => {
  it('registers a new replica by token alone, the same answer each time', async () => {
    const enrolled = await redeem((await makeDevice()).request(await invite()));
    if (!enrolled.ok) throw new Error('refused');
    const { deliveryToken } = enrolled.value;
    const replica = newId<ReplicaId>();
    const first = await forkReplica(world.context, deliveryToken, replica);
    expect(first.ok && first.value.deliveryToken).not.toBe(deliveryToken);
    expect(await forkReplica(world.context, deliveryToken, replica)).toEqual(first);
    expect((await forkReplica(world.context, deliveryToken, newId<ReplicaId>())).ok).toBe(true);
  });

  it('twenty databases of one device a day, forks of forks too; what was given is given again', async () => {
    const enrolled = await redeem((await makeDevice()).request(await invite()));
    if (!enrolled.ok) throw new Error('refused');
    let token = enrolled.value.deliveryToken;
    const fork = (replica = newId<ReplicaId>()) => forkReplica(world.context, token, replica);
    const first = newId<ReplicaId>();
    const given = await fork(first);
    for (let made = 2; made < 20; made++) {
      const next = await fork();
      if (!next.ok) throw new Error(`refused after ${made}`);
      if (made === 10) token = next.value.deliveryToken;
    }
    expect(await fork()).toMatchObject(refused('too_many_tries'));
    token = enrolled.value.deliveryToken;
    expect(await fork()).toMatchObject({ error: { retryAfter: 86_400 } });
    expect(await fork(first)).toEqual(given);
    world.clock.advance(25 * 3_600_000);
    expect((await fork()).ok).toBe(true);
  });

  it('knows nothing of a stranger’s token, another ward’s prefix, or another’s replica', async () => {
    const mine = await redeem((await makeDevice()).request(await invite()));
    const theirs = await redeem((await makeDevice()).request(await invite(world.farHelper, world.farLead)));
    if (!mine.ok || !theirs.ok) throw new Error('refused');
    const fork = (token: string, replica = newId<ReplicaId>()) => forkReplica(world.context, token, replica);
    expect(await fork(`mau.${'A'.repeat(43)}`)).toMatchObject(refused('not_known'));
    expect(await fork(`mau,khac.${'A'.repeat(43)}`)).toMatchObject(refused('not_known'));
    expect(await fork(mine.value.deliveryToken.replace('mau', 'khac'))).toMatchObject(refused('not_known'));
    const helperToo = await redeem(
      (await makeDevice()).request(await invite(world.otherHelper, world.admin)),
    );
    if (!helperToo.ok) throw new Error('refused');
    expect(await fork(mine.value.deliveryToken, helperToo.value.replica)).toMatchObject(refused('malformed'));
  });
});

describe('codes', () => {
  it('are read in any spelling and are ten characters of the alphabet', () => {
    expect(normaliseCode('ab2cd-ef3gh')).toBe('AB2CDEF3GH');
    expect(normaliseCode('ＡＢ２ＣＤ ＥＦ３ＧＨ')).toBe('AB2CDEF3GH');
    expect(normaliseCode('AB2CD–EF3GH')).toBe('AB2CDEF3GH');
    expect(normaliseCode('AB2CDEF3G')).toBeNull();
    expect(normaliseCode('AB0CDEF3GH')).toBeNull();
  });
});
