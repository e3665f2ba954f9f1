import { IDBCursor, IDBIndex, IDBObjectStore } from 'fake-indexeddb';
import { afterEach, describe, expect, it } from 'vitest';
import { freshIdb, testForm, testPhone, type TestPhone } from '../../../../tests/support/phone/test-phone.ts';
import { closeAccountDb, openAccountDb } from '../store/open-account-db.ts';
import { viewFaults } from '../view/rebuild.ts';
import { assistWithFilings } from '../view/records.ts';
import { editAssist } from './edit-records.ts';
import { logAssist } from './log-assist.ts';
import { noteTorn } from './revive-storage.ts';

type Method = (...args: unknown[]) => { readonly transaction?: { abort(): void } | null } | undefined;
type Faulty = 'throws' | 'aborts';

const PLACES: readonly (readonly [object, readonly string[]])[] = [
  [IDBObjectStore.prototype, ['add', 'put', 'get', 'getAll', 'delete', 'openCursor', 'count']],
  [IDBIndex.prototype, ['get', 'getAll', 'openCursor', 'openKeyCursor', 'count']],
  [IDBCursor.prototype, ['continue', 'delete', 'update']],
];
let restore: (() => void)[] = [];
let requests = 0;

/** From now on the n-th request to storage fails (n = Infinity: none, they are only counted). */
function failAt(n: number, how: Faulty, name: string): void {
  requests = 0;
  for (const [prototype, methods] of PLACES) {
    const table = prototype as Record<string, Method>;
    for (const method of methods) {
      const whole = table[method];
      if (whole === undefined) continue;
      restore.push(() => {
        table[method] = whole;
      });
      table[method] = function (this: unknown, ...args: unknown[]) {
        requests += 1;
        if (requests === n && how === 'throws') throw new DOMException('planted', name);
        const request = whole.apply(this, args);
        const own = (this as { readonly request?: ReturnType<Method> }).request;
        if (requests === n) (request ?? own)?.transaction?.abort();
        return request;
      };
    }
  }
}

function heal(): void {
  for (const undo of restore) undo();
  restore = [];
}
afterEach(heal);

/** All that is stored, read through a fresh connection, as after a kill. */
async function stored(phone: TestPhone): Promise<string> {
  const db = await openAccountDb(phone.account.person, phone.idb);
  const all = [
    await db.strict.rows.toArray(),
    await db.strict.outbox.toArray(),
    await db.strict.meta.get('replica'),
  ];
  closeAccountDb(db);
  return JSON.stringify(all);
}

async function edited(): Promise<{ phone: TestPhone; save: () => ReturnType<typeof logAssist> }> {
  const phone = await testPhone({ idb: freshIdb() });
  const first = await logAssist(phone, testForm());
  if (!first.ok) throw new Error('not saved');
  const shown = (await assistWithFilings(phone.db, first.value.rows[0]!))!.assist;
  return { phone, save: () => editAssist(phone, shown, { set: { minutes: 7 } }) };
}

async function logged(): Promise<{ phone: TestPhone; save: () => ReturnType<typeof logAssist> }> {
  const phone = await testPhone({ idb: freshIdb() });
  return { phone, save: () => logAssist(phone, testForm()) };
}

describe('I1 saved is saved: the n-th storage request fails, for every n', () => {
  it.each([
    ['a new record', 'throws', logged],
    ['a new record', 'aborts', logged],
    ['an edit', 'throws', edited],
    ['an edit', 'aborts', edited],
  ] as const)(
    '%s, %s: never said saved, never half written',
    async (_what, how, begin) => {
      const whole = await begin();
      failAt(Infinity, how, 'QuotaExceededError');
      expect((await whole.save()).ok).toBe(true);
      const all = requests;
      heal();
      expect(all).toBeGreaterThan(5);
      for (let n = 1; n <= all; n++) {
        const { phone, save } = await begin();
        const before = await stored(phone);
        failAt(n, how, 'QuotaExceededError');
        const result = await save();
        heal();
        // An aborted transaction may be told as a lost connection: then it was opened anew and saved after all.
        const after = await stored(phone);
        expect(result.ok, `request ${n}`).toBe(after !== before);
        expect(phone.saves - (begin === edited ? 1 : 0), `request ${n}`).toBe(result.ok ? 1 : 0);
        if (!result.ok) expect((await save()).ok, `again after request ${n}`).toBe(true);
        expect(await phone.db.strict.outbox.count(), `request ${n}`).toBe(begin === edited ? 2 : 1);
        expect(await viewFaults(phone.db.strict), `request ${n}`).toEqual([]);
      }
    },
    60_000,
  );

  it('a full disk is named so, however deep the reason lies', async () => {
    const whole = await logged();
    failAt(Infinity, 'throws', 'QuotaExceededError');
    await whole.save();
    const all = requests;
    heal();
    for (let n = 1; n <= all; n++) {
      const { save } = await logged();
      failAt(n, 'throws', 'QuotaExceededError');
      expect(await save(), `request ${n}`).toEqual({ ok: false, error: { kind: 'disk_full' } });
      heal();
    }
  });

  it('a full disk is not written to again at once; the next save first makes the browser begin a fresh log', async () => {
    const { phone, save } = await logged();
    const ballast = { parts: 0 };
    const spied = IDBObjectStore.prototype as unknown as Record<'put', Method>;
    const whole = spied.put;
    spied.put = function (this: unknown, ...args: unknown[]) {
      if ((args[0] as { name?: string }).name === 'ballast') ballast.parts += 1;
      return whole.apply(this, args);
    };
    restore.push(() => void (spied.put = whole));
    failAt(4, 'throws', 'QuotaExceededError');
    expect(await save()).toEqual({ ok: false, error: { kind: 'disk_full' } });
    expect(ballast.parts).toBe(0);
    requests = Infinity;
    expect((await save()).ok).toBe(true);
    expect(ballast.parts).toBeGreaterThan(40);
    expect((await save()).ok).toBe(true);
    heal();
    expect(await phone.db.strict.outbox.count()).toBe(2);
    expect(await phone.db.strict.meta.get('ballast')).toBeUndefined();
  });

  it('there is room again, and the browser breaks off the first of the new connections: one press is enough', async () => {
    const { phone, save } = await logged();
    failAt(4, 'throws', 'QuotaExceededError');
    expect((await save()).ok).toBe(false);
    heal();
    for (const n of [1, 2, 5]) {
      failAt(n, 'aborts', 'AbortError');
      expect((await save()).ok, `broken off at request ${n}`).toBe(true);
      heal();
      noteTorn(phone.db, { kind: 'disk_full' });
    }
    expect(await phone.db.strict.outbox.count()).toBe(3);
  });

  it('a commit that is broken off with no reason is told as a full disk', async () => {
    const { save } = await logged();
    failAt(6, 'throws', 'AbortError');
    expect(await save()).toEqual({ ok: false, error: { kind: 'disk_full' } });
  });

  it('a connection that was lost between two saves is opened again by the next one', async () => {
    const { phone, save } = await logged();
    phone.db.strict.close({ disableAutoOpen: true });
    expect((await save()).ok).toBe(true);
    expect(await phone.db.strict.outbox.count()).toBe(1);
  });

  it('opens a lost connection once more, and never saves twice', async () => {
    const { phone, save } = await logged();
    failAt(4, 'throws', 'UnknownError');
    expect((await save()).ok).toBe(true);
    heal();
    expect(await phone.db.strict.outbox.count()).toBe(1);
  });

  it('a tab of an older build writes nothing once a newer one has been here', async () => {
    const { phone, save } = await logged();
    const newer = await openAccountDb(phone.account.person, phone.idb, 2);
    closeAccountDb(newer);
    const before = await stored(phone);
    expect(await save()).toEqual({ ok: false, error: { kind: 'newer_app' } });
    expect(await stored(phone)).toBe(before);
  });
});
