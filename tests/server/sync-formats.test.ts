import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openRowValues } from '../../src/lib/server/records/row-values.ts';
import { ResidentKeys } from '../../src/lib/server/keys/resident-keys.ts';
import { type KeyRing, makeKeyRing, serverKeys } from '../../src/lib/server/keys/server-keys.ts';
import { roundRequestSchema } from '../../src/lib/protocol/round.ts';
import { takeRound } from '../../src/lib/server/sync/round.ts';
import { sha256, utf8 } from '../../src/lib/kernel/bytes.ts';
import { testDatabase } from '../support/database.ts';
import { rowIdOf, seededRandom, steppingClock } from '../support/sync-mutations.ts';
import { postgresServer } from '../support/sync-postgres.ts';
import type { PhoneIdentity } from '../support/sync-phone.ts';
import { WARD } from '../support/sync-ward.ts';

const FOLDER = 'tests/fixtures/wire';

/** A request as a phone of that release sent it, with what is needed to understand it. */
interface Recorded {
  readonly identity: PhoneIdentity;
  readonly ring: KeyRing;
  readonly body: string;
  readonly expect: {
    readonly outcomes: readonly string[];
    readonly row: string;
    readonly values: Record<string, string>;
  };
}

/** `RECORD_WIRE=v2 npx vitest …`: once a protocol version, before its first release; never again. */
beforeAll(async () => {
  const name = process.env['RECORD_WIRE'];
  if (name !== undefined) await record(join(FOLDER, `${name}.json`));
});

async function record(path: string): Promise<void> {
  const server = await postgresServer(await testDatabase(), 7);
  await server.foundWard(WARD);
  const random = seededRandom(1234);
  const ring = await makeKeyRing(random, steppingClock().now());
  const identity = await server.person(WARD, { role: 'team_lead' });
  const phone = await server.phone(identity);
  Object.assign(phone.world, { keys: serverKeys(ring, random) });
  await phone.makeKey();
  const log = server.make.log(identity, {}, { personal: ['residentName', 'note'] });
  const row = rowIdOf(log);
  const values = { residentName: 'Nguyễn Văn Mẫu', note: 'hẹn chiều mai' };
  await phone.save(log, { [row]: values });
  const filing = server.make.filing(identity, row, { status: 'received' });
  await phone.save(filing);
  await phone.save(server.make.sight(identity, rowIdOf(filing), 'processing'));
  await phone.save(server.make.edit(identity, row, { minutes: [25, log.id] }, undefined));
  await phone.save({ ...server.make.log(identity), kind: 'quiz.submit' } as never);
  const body = {
    replica: identity.replica,
    heardTo: 0,
    rowsTo: 0,
    receipt: null,
    up: phone.outbox,
    keys: phone.keys,
    down: null,
    unsent: 3,
    at: Date.UTC(2036, 10, 22),
    app: '1795309200000',
  };
  const recorded: Recorded = {
    identity,
    ring,
    body: JSON.stringify(body),
    expect: { outcomes: ['applied', 'applied', 'applied', 'applied', 'unknown_kind'], row, values },
  };
  writeFileSync(path, `${JSON.stringify(recorded, null, 1)}\n`);
}

describe('I9 every format ever released is taken', () => {
  it.each(readdirSync(FOLDER).filter((name) => name.endsWith('.json')))('%s', async (name) => {
    const recorded = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Recorded;
    const db = await testDatabase({ dropAfterAll: false });
    const fresh = await postgresServer(db, 8);
    await fresh.foundWard(recorded.identity.ward);
    await fresh.grant(recorded.identity, 'team_lead');
    await fresh.addReplica(recorded.identity, await sha256(utf8(recorded.identity.token)));
    const keys = serverKeys(recorded.ring, seededRandom(5));
    const world = { ...fresh.world, keys };
    const call = {
      token: recorded.identity.token,
      session: null,
      body: roundRequestSchema.parse(JSON.parse(recorded.body)),
    };
    const result = await takeRound(world, call);
    expect(result.status).toBe(200);
    const outcomes = result.status === 200 ? result.answer.settled.map((each) => each.outcome.is) : [];
    expect(outcomes).toEqual(recorded.expect.outcomes);
    const row = (await fresh.rows(recorded.identity.ward)).find((each) => each.id === recorded.expect.row);
    const resident = String(row?.fields['resident']);
    const stored = await fresh.world.store.read(recorded.identity.ward as never, (tx) =>
      tx.residentKeys([resident]),
    );
    expect(row && openRowValues(new ResidentKeys(keys, recorded.identity.ward, stored), row)).toEqual(
      recorded.expect.values,
    );
    await db.drop();
  });
});
