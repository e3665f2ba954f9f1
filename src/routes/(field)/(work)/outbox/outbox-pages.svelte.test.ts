import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PersonId } from '$lib/domain/record/ids.ts';
import type { OutboxPhase } from '$lib/phone/store/stored.ts';
import { closeAccountDb } from '$lib/phone/store/open-account-db.ts';
import { writeMeta } from '$lib/phone/store/meta.ts';
import { busyOutbox, repeat } from '../../../../../tests/support/phone/busy-outbox.ts';
import {
  testAccount,
  testPhone,
  type TestPhone,
  uuidAt,
} from '../../../../../tests/support/phone/test-phone.ts';
import { OutboxPages } from './outbox-pages.svelte.ts';

/** What is shown of each kind at first, and so many more at each "Xem thêm". */
const PAGE = 40;

let phone: TestPhone;
/** Each test is another person's phone: the storage is the browser's own. */
let person = 100;
let leave: () => void;
beforeEach(async () => {
  person += 1;
  const account = testAccount(uuidAt(person) as PersonId);
  phone = await testPhone({ account, idb: { indexedDB, IDBKeyRange } });
});
afterEach(() => {
  leave();
  closeAccountDb(phone.db);
});

/** Chờ gửi as somebody who has just opened it sees it. */
async function opened(phases: readonly OutboxPhase[]) {
  const saves = await busyOutbox(phone, phases);
  const made: { pages?: OutboxPages } = {};
  leave = $effect.root(() => {
    made.pages = new OutboxPages(phone);
  });
  const { pages } = made;
  if (pages === undefined) throw new Error('nothing was opened');
  expect(pages.loading).toBe(true);
  await until(() => !pages.loading);
  return { pages, saves };
}

/** Waits for what is shown, not for time: what it reads is live. */
function until(condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = $effect.root(() => {
      $effect(() => {
        if (!condition()) return;
        queueMicrotask(() => stop());
        resolve();
      });
    });
  });
}

const ids = (lines: readonly { readonly mutation: string }[]) => lines.map(({ mutation }) => mutation);

describe('L1 I11 Chờ gửi, a screenful of each kind at a time', { timeout: 10_000 }, () => {
  it('begins with the oldest of each, says how many there are, and shows more until there is no more', async () => {
    const { pages, saves } = await opened([
      ...repeat('unsent', PAGE + 5),
      ...repeat('needs_you', PAGE + 2),
      ...repeat('arrived', 3),
    ]);
    const all = saves.map(({ id }) => id);
    expect(ids(pages.waiting)).toEqual(all.slice(0, PAGE));
    expect(ids(pages.needsYou)).toEqual(all.slice(PAGE + 5, 2 * PAGE + 5));
    expect(ids(pages.arrived)).toEqual(all.slice(-3).reverse());
    expect([pages.count, pages.needsYouCount, pages.more]).toEqual([PAGE + 5, PAGE + 2, true]);
    pages.showMore();
    await until(() => !pages.more);
    expect(ids(pages.waiting)).toEqual(all.slice(0, PAGE + 5));
    expect(ids(pages.needsYou)).toEqual(all.slice(PAGE + 5, 2 * PAGE + 7));
  });

  it('there is more while only those that need somebody do not fit', async () => {
    const { pages } = await opened([...repeat('needs_you', PAGE + 1), 'unsent']);
    expect(pages.more).toBe(true);
    expect(pages.waiting).toHaveLength(1);
  });

  it('a save is in one list, whatever becomes of it while the page is open', async () => {
    const { pages, saves } = await opened(['unsent', 'unsent']);
    const [first, second] = saves;
    if (first === undefined || second === undefined) throw new Error('nothing was saved');
    const everywhere = () => ids([...pages.waiting, ...pages.needsYou, ...pages.arrived]).sort();
    const sending = [first.seq, first.seq] as const;
    await writeMeta(phone.db.strict, 'lease', { holder: 'h', beat: 1, sending });
    await until(() => pages.waiting.some(({ state }) => state === 'sending'));
    expect(pages.waiting.map(({ state }) => state)).toEqual(['sending', 'on_phone']);
    expect([pages.count, pages.mayCarry]).toEqual([2, true]);
    const applied = { is: 'applied', flags: [], clashes: 0 } as const;
    await phone.db.strict.outbox.update(first.id, { phase: 'arrived', outcome: applied });
    await until(() => pages.arrived.length === 1 && pages.count === 1);
    expect(everywhere()).toEqual([first.id, second.id].sort());
    const refused = { is: 'refused', code: 'malformed' } as const;
    await phone.db.strict.outbox.update(second.id, { phase: 'needs_you', outcome: refused });
    await until(() => pages.needsYou.length === 1 && pages.count === 0);
    expect(everywhere()).toEqual([first.id, second.id].sort());
    expect([pages.needsYouCount, pages.more]).toEqual([1, false]);
  });

  it('the file for another phone holds what waits and what no network let through, and is not offered for less', async () => {
    const { pages, saves } = await opened(['needs_you', 'arrived']);
    expect(pages.mayCarry).toBe(false);
    await phone.db.strict.outbox.update(saves[0]?.id ?? '', { outcome: { is: 'given_up' } });
    await until(() => pages.needsYou[0]?.outcome?.is === 'given_up');
    expect(pages.mayCarry).toBe(true);
  });
});
