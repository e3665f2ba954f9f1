import { beforeEach, describe, expect, it } from 'vitest';
import { logAssist } from '../../src/lib/phone/commands/log-assist.ts';
import { deliver } from '../../src/lib/phone/courier/deliver.ts';
import { carryUnsentFile, makeUnsentFile } from '../../src/lib/phone/outbox/unsent-file.ts';
import { writeMeta } from '../../src/lib/phone/store/meta.ts';
import { outboxList } from '../../src/lib/phone/view/outbox-view.ts';
import type { GrantId, PersonId, ReplicaId, TeamId } from '../../src/lib/domain/record/ids.ts';
import { sha256, utf8 } from '../../src/lib/kernel/bytes.ts';
import { type UnsentFile, unsentMac } from '../../src/lib/protocol/unsent-file.ts';
import { serveSync } from '../../src/lib/server/sync/sync-endpoint.ts';
import { testAccount, testForm, testPhone, type TestPhone } from '../support/phone/test-phone.ts';
import { testWorld } from '../support/phone/test-world.ts';
import { memoryServer } from '../support/sync-memory.ts';
import { type SyncServer, WARD } from '../support/sync-ward.ts';

let server: SyncServer;
let owner: TestPhone;
let carrier: TestPhone;

/** The real endpoint, as a phone's own fetch reaches it. */
const fetch = (url: string, init: RequestInit): Promise<Response> =>
  serveSync(
    () => Promise.resolve(server.world),
    new Request(`https://ward.lan${url}`, init),
    () => Promise.resolve(null),
  );

/** A phone with the production store and commands, known to the server. */
async function phoneOf(seed: number): Promise<TestPhone> {
  const identity = await server.person(WARD);
  await server.phone(identity);
  const account = testAccount(identity.person as PersonId, {
    ward: WARD,
    grant: identity.grant as GrantId,
    teams: [{ id: identity.team as TeamId, name: 'Tổ 1' }],
  });
  const phone = await testPhone({ account, seed });
  const { replica, token } = identity;
  const standing = { nextSeq: 1, nextPlace: 1, heardTo: 0, rowsTo: 0 };
  await writeMeta(phone.db.strict, 'replica', { id: replica as ReplicaId, token, ...standing });
  return Object.assign(phone, { replica, token });
}

async function save(phone: TestPhone, times = 1): Promise<void> {
  for (let n = 0; n < times; n++) {
    const form = testForm({
      team: phone.account.teams[0]!.id,
      performedBy: [phone.account.person],
      personal: {},
    });
    const saved = await logAssist(phone, form);
    if (!saved.ok) throw new Error(JSON.stringify(saved.error));
  }
}

async function fileOf(phone: TestPhone): Promise<string> {
  const made = await makeUnsentFile(phone.db);
  if (!made.ok) throw new Error(made.error.kind);
  return made.value;
}

const carry = (text: string) => carryUnsentFile(text, carrier.db, fetch);
const assists = async () => (await server.rows(WARD)).filter(({ kind }) => kind === 'assist').length;

beforeEach(async () => {
  server = await memoryServer(11);
  await server.foundWard(WARD);
  owner = await phoneOf(31);
  carrier = await phoneOf(32);
});

describe('I2 I7 a file of unsent records, carried by another phone to the real endpoint', () => {
  it('arrives as its owner’s own; carried twice, and then sent, it is there once', async () => {
    await save(owner, 3);
    const file = await fileOf(owner);
    expect(await carry(file)).toEqual({ ok: true, value: { taken: 3 } });
    expect(await carry(file)).toEqual({ ok: true, value: { taken: 3 } });
    expect(await assists()).toBe(3);
    const authors = (await server.rows(WARD)).map(({ fields }) => fields['enteredBy']);
    expect(authors.filter((author) => author === owner.account.person)).toHaveLength(3);
    expect((await outboxList(owner.db)).map(({ state }) => state)).toEqual(Array(3).fill('on_phone'));
    const world = { ...testWorld(owner, { fetch }), pullKey: () => null };
    expect(await deliver({ db: owner.db, world })).toEqual({ is: 'done' });
    expect((await outboxList(owner.db)).map(({ state }) => state)).toEqual(Array(3).fill('arrived'));
    expect(await assists()).toBe(3);
  });

  it('altered by one byte, wherever: nothing of it is taken', async () => {
    await save(owner, 2);
    const file = await fileOf(owner);
    const said = new Set<string>();
    for (let at = 0; at < file.length; at += 7) {
      const other = file[at] === '1' ? '2' : '1';
      const carried = await carry(file.slice(0, at) + other + file.slice(at + 1));
      said.add(carried.ok ? `taken at ${at}` : carried.error.kind);
    }
    expect([...said].sort()).toEqual(['altered', 'not_a_file', 'unknown_owner']);
    expect(await assists()).toBe(0);
    expect(await carry(file)).toEqual({ ok: true, value: { taken: 2 } });
  });

  it('of somebody the ward does not know, or passed off as another’s: refused', async () => {
    await save(owner);
    const file = JSON.parse(await fileOf(owner)) as UnsentFile;
    const { mac: _mac, ...content } = { ...file, replica: carrier.replica };
    const forged = { ...content, mac: await unsentMac(await sha256(utf8(owner.token)), content) };
    expect(await carry(JSON.stringify(forged))).toEqual({ ok: false, error: { kind: 'altered' } });
    const stranger = { ...file, replica: '01a200c4-6286-7697-8168-194369863fff' };
    expect(await carry(JSON.stringify(stranger))).toEqual({ ok: false, error: { kind: 'unknown_owner' } });
    expect(await assists()).toBe(0);
  });

  it('larger than one request may be: goes in parts, in order', async () => {
    await save(owner, 2);
    // Each as heavy as the phone lets a save be.
    const heavy = 'A'.repeat(60_000);
    const entries = await owner.db.strict.outbox.toArray();
    const copies = Array.from({ length: 80 }, (_, n) => ({
      ...entries[0]!,
      id: entries[0]!.id.replace(/.{4}$/, String(1000 + n)) as (typeof entries)[0]['id'],
      place: n + 3,
      seq: n + 3,
      sealed: heavy,
      key: 'key-1',
    }));
    await owner.db.strict.outbox.bulkAdd(copies);
    const file = await fileOf(owner);
    expect(file.length).toBeGreaterThan(4 * 1024 * 1024);
    const parts = file.split('\n');
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) expect(part.length).toBeLessThan(3_500_000);
    expect(await carry(file)).toEqual({ ok: true, value: { taken: 82 } });
    expect(await carry([...parts].reverse().join('\n'))).toEqual({ ok: true, value: { taken: 82 } });
  });

  it('a part without the ones before it says so, and nothing is lost', async () => {
    await save(owner, 3);
    const whole = JSON.parse(await fileOf(owner)) as UnsentFile;
    const { mac: _mac, ...content } = { ...whole, envelopes: whole.envelopes.slice(1) };
    const late = { ...content, mac: await unsentMac(await sha256(utf8(owner.token)), content) };
    expect(await carry(JSON.stringify(late))).toEqual({ ok: false, error: { kind: 'gap' } });
    expect(await carry(JSON.stringify(whole))).toEqual({ ok: true, value: { taken: 3 } });
  });
});
