import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256, toBase64url, utf8 } from '../../src/lib/kernel/bytes.ts';
import { PROTOCOL_HEADER, SYNC_CONTENT_TYPE } from '../../src/lib/protocol/version.ts';
import { authWorld, type AuthWorld, plantMember, testRandom } from '../support/auth-world.ts';
import { type ServedProcess, serveProcess } from '../support/served-process.ts';
import { cookiesOf } from '../support/signed-in.ts';
import { mutationMaker, rowIdOf } from '../support/sync-mutations.ts';

let world: AuthWorld;
let dataDir: string;
let near: ServedProcess;
let far: ServedProcess;

beforeAll(async () => {
  world = await authWorld();
  dataDir = mkdtempSync(join(tmpdir(), 'xks-two-'));
  near = await serveProcess(world.db.targets.web, dataDir);
  // The first one's keys lie there by its first answer; the second one finds them.
  await fetch(`${near.origin}/api/entry`);
  far = await serveProcess(world.db.targets.web, dataDir);
  await fetch(`${far.origin}/api/entry`);
});
afterAll(async () => {
  await Promise.allSettled([near.stop(), far.stop()]);
  rmSync(dataDir, { recursive: true, force: true });
});

/** Versions of the ward, as a live page hears them. */
async function* heard(response: Response): AsyncGenerator<number> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const [, version] = /^data: {"version":(\d+)}$/m.exec(event) ?? [];
      if (version !== undefined) yield Number(version);
    }
  }
}

describe('D1 a leader sees a delivery that another server process took', () => {
  it('the live page of the one tells of what the other has committed, and its list holds the record', async () => {
    const { red, home } = world;
    const leader = await plantMember(world.db, home, 'ward_leader');
    const cookie = await cookiesOf(world, leader, near.origin);
    const { person, grant } = world.helper;
    const replica = mutationMaker(world.clock, testRandom).id();
    const token = `${home}.${toBase64url(testRandom.bytes(32))}`;
    await world.db.superuser.pool`
      insert into replica (ward_id, replica_id, person_id, token_hash)
      values (${home}, ${replica}, ${person}, ${await sha256(utf8(token))})`;
    const page = async () => (await fetch(`${near.origin}/filings`, { headers: { cookie } })).text();
    const author = {
      ward: home as string,
      person: person as string,
      grant: grant as string,
      team: red as string,
    };
    const log = mutationMaker(world.clock, testRandom).log(author);
    const before = await page();
    expect(before).toContain('filings');
    expect(before).not.toContain(rowIdOf(log));

    const live = await fetch(`${near.origin}/api/live`, { headers: { cookie, accept: 'text/event-stream' } });
    expect(live.status).toBe(200);
    const versions = heard(live);
    const began = (await versions.next()).value as number;
    const body = JSON.stringify({
      replica,
      heardTo: 0,
      rowsTo: 0,
      receipt: null,
      up: [{ seq: 1, id: log.id, plain: JSON.stringify(log), sealed: null, key: null }],
      keys: [],
      down: null,
    });
    const delivered = await fetch(`${far.origin}/api/sync`, {
      method: 'POST',
      body,
      headers: {
        origin: far.origin,
        'content-type': SYNC_CONTENT_TYPE,
        [PROTOCOL_HEADER]: '1',
        authorization: `Bearer ${token}`,
      },
    });
    expect(delivered.status).toBe(200);
    const answered = performance.now();
    const told = await versions.next();
    expect(told.value).toBeGreaterThan(began);
    expect(await page()).toContain(rowIdOf(log));
    if (process.env['SHOW_TIMES'] === '1')
      process.stdout.write(
        `seen ${Math.round(performance.now() - answered)} ms after the other server's answer\n`,
      );
    await live.body?.cancel().catch(() => undefined);
    await versions.return(undefined);
  });
});
