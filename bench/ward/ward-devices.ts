import type { DeviceId, ReplicaId } from '../../src/lib/domain/record/ids.ts';
import { sha256, toBase64url, utf8 } from '../../src/lib/kernel/bytes.ts';
import { importAesKey, sealBytes } from '../../src/lib/kernel/crypto/aes-gcm.ts';
import { sealToBox } from '../../src/lib/kernel/crypto/sealed-box.ts';
import { uuidv7 } from '../../src/lib/kernel/uuid.ts';
import { dataKeyMark, keyAad, sealedAad } from '../../src/lib/protocol/bound-bytes.ts';
import type { Envelope } from '../../src/lib/protocol/envelope.ts';
import type { RoundRequest } from '../../src/lib/protocol/round.ts';
import { enrolDevice } from '../../src/lib/server/auth/device-rows.ts';
import { beginSession } from '../../src/lib/server/auth/lucia.ts';
import { registerReplica } from '../../src/lib/server/auth/replica-rows.ts';
import { inTransaction } from '../../src/lib/server/database/transaction.ts';
import type { BenchContext, BenchPerson } from './ward-people.ts';
import { visitOf } from './ward-people.ts';

/** A phone that exists only as what it would send: for storms of hundreds. */
export interface WireDevice {
  readonly token: string;
  readonly cookie: string;
  readonly request: RoundRequest;
}

/** Registers device, replica and session by the rows that enrolment writes, and makes the round the phone would send. */
export async function wireDevice(
  context: BenchContext,
  of: BenchPerson,
  visits: number,
): Promise<WireDevice> {
  const { clock, random, database, keys } = context;
  const { ward, person, grant } = of;
  const device = uuidv7(clock, random) as DeviceId;
  const replica = uuidv7(clock, random) as ReplicaId;
  const token = `${ward}.${toBase64url(random.bytes(32))}`;
  const now = new Date(clock.now());
  const tokenHash = await sha256(utf8(token));
  await inTransaction(database, { wards: [ward], actor: person }, async (tx) => {
    const request = { device, devicePublicKey: 'bench', deviceLabel: 'bench' } as Parameters<
      typeof enrolDevice
    >[1]['request'];
    await enrolDevice(tx, { ward, person, request, now });
    await registerReplica(tx, { ward, replica, person, device, tokenHash, revokedAt: null, now });
  });
  const raw = random.bytes(32);
  const place = { device, markHash: null, keyMark: await dataKeyMark(raw) } as const;
  const session = await beginSession(context, { ward, person, grant, place, lifetimeMs: 3_600_000 });
  const key = `k${device.slice(-8)}`;
  const box = await sealToBox(keys.deliveryKey.publicKey, raw, keyAad(person, device, key));
  if (box === null) throw new Error('not a delivery key');
  const up = await envelopes(context, of, { raw, key }, visits);
  return {
    token,
    cookie: `session=${session.secret}`,
    request: {
      replica,
      heardTo: 0,
      rowsTo: 0,
      receipt: null,
      up,
      keys: [{ key, to: keys.deliveryKey.id, box }],
      down: { cursors: {}, limit: 1000, key },
    },
  };
}

async function envelopes(
  context: BenchContext,
  of: BenchPerson,
  { raw, key }: { readonly raw: Uint8Array<ArrayBuffer>; readonly key: string },
  visits: number,
): Promise<Envelope[]> {
  const aes = await importAesKey(raw);
  const made: Envelope[] = [];
  for (let at = 0; at < visits; at++) {
    const { mutation, personal } = visitOf(context, of, at);
    const plain = JSON.stringify(mutation);
    const aad = await sealedAad(of.person, mutation.id, plain);
    const sealed = await sealBytes(aes, utf8(JSON.stringify(personal)), aad);
    made.push({ seq: at + 1, id: mutation.id, plain, sealed, key });
  }
  return made;
}
