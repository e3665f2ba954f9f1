import Dexie from 'dexie';
import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { PlainWard } from '../../../../tests/support/phone/plain-ward.ts';
import {
  FILING,
  freshIdb,
  testAccount,
  testForm,
  testPhone,
  testSealer,
} from '../../../../tests/support/phone/test-phone.ts';
import { testWorld } from '../../../../tests/support/phone/test-world.ts';
import { logAssist } from '../commands/log-assist.ts';
import { voidAssist } from '../commands/void-assist.ts';
import { deliver } from '../courier/deliver.ts';
import { openDraft, putDraft } from '../drafts/drafts.ts';
import { outboxList } from '../view/outbox-view.ts';
import { openPersonal } from '../view/personal-parts.ts';
import { viewFaults } from '../view/rebuild.ts';
import { assistWithFilings, recordsPage } from '../view/records.ts';
import { AccountTables, CODE_VERSION } from './account-tables.ts';
import { accountDbName, type IdbPort, openAccountDb } from './open-account-db.ts';

const FIXTURE = 'tests/fixtures/phone/schema-1.json';

/** A phone's database as a build of schema 1 left it, and how its stores were keyed. Never recorded again. */
interface Recorded {
  readonly stores: Readonly<Record<string, string>>;
  readonly content: Readonly<Record<string, readonly object[]>>;
  readonly replica: string;
  readonly token: string;
}

/** `RECORD_SCHEMA=1 npx vitest …`: once, while schema 1 was the newest. */
beforeAll(async () => {
  if (process.env['RECORD_SCHEMA'] !== undefined) await record();
});

async function record(): Promise<void> {
  const phone = await testPhone();
  const ward = PlainWard.knowing(phone);
  const world = testWorld(phone, ward);
  const save = async (changes: Parameters<typeof testForm>[0]): Promise<string> => {
    const saved = await logAssist(phone, testForm(changes));
    if (!saved.ok) throw new Error(JSON.stringify(saved.error));
    return saved.value.rows[0]!;
  };
  await save({ personal: {} });
  await deliver({ db: phone.db, world });
  ward.refuse = () => ({ is: 'refused', code: 'not_yours' });
  await save({ personal: { note: 'Phường chưa nhận.' } });
  await deliver({ db: phone.db, world });
  await save({ outcome: 'submitted_no_code', filings: [FILING], personal: { note: 'Chưa gửi.' } });
  const voided = await save({ subject: 'khai-tu', personal: { note: 'Ghi nhầm.' } });
  await voidAssist(phone, (await assistWithFilings(phone.db, voided))!.assist, 'other', 'gõ nhầm');
  await putDraft(phone, 'quick', { subject: 'thuong-tru', note: 'đang gõ dở' }, 'step');
  await phone.db.strict.packs.put({ name: 'holidays', version: 'v', hash: 'h', body: '{}' });
  const tables = phone.db.strict.tables;
  const stores = Object.fromEntries(
    tables.map(({ name, schema }) => [
      name,
      [schema.primKey.src, ...schema.indexes.map(({ src }) => src)].join(','),
    ]),
  );
  const content = Object.fromEntries(
    await Promise.all(
      tables.map(async (table) => [table.name, (await table.toArray()) as object[]] as const),
    ),
  );
  const { replica, token } = phone;
  writeFileSync(
    FIXTURE,
    `${JSON.stringify({ stores, content, replica, token } satisfies Recorded, null, 1)}\n`,
  );
}

/** The recorded database, as the old build itself would have it: made by the recorded schema alone. */
async function oldDatabase(): Promise<{ idb: IdbPort; recorded: Recorded }> {
  const recorded = JSON.parse(readFileSync(FIXTURE, 'utf8')) as Recorded;
  const idb = freshIdb();
  const old = new Dexie(accountDbName(testAccount().person), { ...idb });
  old.version(1).stores(recorded.stores);
  await old.open();
  for (const [store, rows] of Object.entries(recorded.content)) await old.table(store).bulkAdd([...rows]);
  old.close();
  return { idb, recorded };
}

async function contentOf(db: {
  readonly tables: readonly Dexie.Table[];
}): Promise<Record<string, unknown[]>> {
  return Object.fromEntries(
    await Promise.all(db.tables.map(async (table) => [table.name, await table.toArray()] as const)),
  );
}

describe('I1 I9 a database of schema 1 opens under the newest', () => {
  it('with everything that was in it, and no vault', async () => {
    const { idb, recorded } = await oldDatabase();
    const db = await openAccountDb(testAccount().person, idb);
    expect(await contentOf(db.strict)).toMatchObject(recorded.content);
    expect((await outboxList(db)).map(({ state, kind }) => [state, kind])).toEqual([
      ['needs_you', 'assist.log'],
      ['on_phone', 'assist.log'],
      ['on_phone', 'assist.log'],
      ['on_phone', 'assist.void'],
      ['arrived', 'assist.log'],
    ]);
    expect(await viewFaults(db.strict)).toEqual([]);
  });

  it('its personal parts and its draft open under the key they were sealed with', async () => {
    const { idb } = await oldDatabase();
    const db = await openAccountDb(testAccount().person, idb);
    const reader = { db, sealer: await testSealer() };
    const { records } = await recordsPage(db, { voided: true }, null, 10);
    const notes = await Promise.all(
      records.map(async (one) => (await openPersonal(reader, one)).values.note),
    );
    expect(notes.filter((note) => note !== undefined).sort()).toEqual([
      'Chưa gửi.',
      'Ghi nhầm.',
      'Phường chưa nhận.',
    ]);
    expect(await openDraft(reader, 'quick')).toEqual({
      ok: true,
      value: { subject: 'thuong-tru', note: 'đang gõ dở' },
    });
  });

  it('what it held unsent is delivered, bytes unchanged', async () => {
    const { idb, recorded } = await oldDatabase();
    const phone = await testPhone({ account: testAccount(testAccount().person), seed: 8 });
    const db = await openAccountDb(testAccount().person, idb);
    const ward = new PlainWard();
    ward.enrol(recorded.replica, recorded.token, testAccount());
    ward.replicas.get(recorded.replica)!.lastSeq = 2;
    const sent = await db.strict.outbox.where('phase').equals('unsent').sortBy('place');
    await deliver({ db, world: { ...testWorld(phone, ward), pullKey: () => null } });
    const up = ward.requests.flatMap((request) => request.up);
    expect(up.map(({ plain, sealed }) => [plain, sealed])).toEqual(
      sent.map(({ plain, sealed }) => [plain, sealed]),
    );
    expect(await db.strict.outbox.where('phase').equals('unsent').count()).toBe(0);
  });
});

/** A build to come: one schema further, with an index more and a value moved, as plain records allow. */
class NextTables extends AccountTables {
  constructor(name: string, idb: IdbPort) {
    super(name, { ...idb });
    this.version(2)
      .stores({ drafts: 'id, savedAt' })
      .upgrade((transaction) =>
        transaction
          .table('drafts')
          .toCollection()
          .modify((draft: { kind: string }) => {
            draft.kind = 'form.2';
          }),
      );
  }
}

describe('I1 E1 an upgrade while another tab is open', () => {
  it('is not held up; the old tab is closed, saves nothing any more and says so; nothing is lost', async () => {
    const phone = await testPhone();
    await logAssist(phone, testForm());
    await putDraft(phone, 'quick', { note: 'dở' }, 'step');
    const next = new NextTables(accountDbName(phone.account.person), phone.idb);
    // Deadlock would be no answer at all: the old tab's connections give way by themselves.
    await next.open();
    await next.meta.put({ name: 'code', value: { version: CODE_VERSION + 1 } });
    expect(await next.outbox.count()).toBe(1);
    expect((await next.drafts.get('quick'))?.kind).toBe('form.2');
    expect(await logAssist(phone, testForm())).toEqual({ ok: false, error: { kind: 'newer_app' } });
    expect(await next.outbox.count()).toBe(1);
    const ward = PlainWard.knowing(phone);
    expect(await deliver({ db: phone.db, world: testWorld(phone, ward) })).toMatchObject({ is: 'stopped' });
    expect(ward.requests).toEqual([]);
  });

  it('a deleted database is not made anew by a tab that still had it open', async () => {
    const phone = await testPhone();
    const other = new AccountTables(accountDbName(phone.account.person), { ...phone.idb });
    await other.delete();
    expect((await logAssist(phone, testForm())).ok).toBe(false);
    expect(await phone.idb.indexedDB.databases()).toEqual([]);
  });
});
