import { beforeEach, describe, expect, it } from 'vitest';
import { busyOutbox, repeat } from '../../../../tests/support/phone/busy-outbox.ts';
import { testPhone, type TestPhone } from '../../../../tests/support/phone/test-phone.ts';
import type { OutboxEntry } from '../store/stored.ts';
import { needsYouCount, unsentCount } from './outbox-counts.ts';
import { oldestUnsent, outboxList } from './outbox-view.ts';

/** What Chờ gửi asks for at first, and so many more at each "Xem thêm". */
const PAGE = 40;

let phone: TestPhone;
beforeEach(async () => {
  phone = await testPhone();
});

const idsOf = (entries: readonly OutboxEntry[]) => entries.map(({ id }) => id);

async function page(most: number) {
  const lines = await outboxList(phone.db, most);
  const inState = (...states: readonly string[]) =>
    lines.filter(({ state }) => states.includes(state)).map(({ mutation }) => mutation);
  return {
    all: lines.map(({ mutation }) => mutation),
    needsYou: inState('needs_you'),
    waiting: inState('on_phone', 'sending'),
    arrived: inState('arrived'),
  };
}

/** Fake storage is slow, so fewer than a real phone holds: what is shown is that a page costs a page. */
describe('L1 I11 Chờ gửi in pages of forty', { timeout: 60_000 }, () => {
  it('reads no more than it shows, the oldest first', async () => {
    const made = await busyOutbox(phone, repeat('unsent', 400));
    const read = { entries: 0 };
    phone.db.relaxed.outbox.hook('reading', (entry: OutboxEntry) => {
      read.entries += 1;
      return entry;
    });
    expect((await page(PAGE)).all).toEqual(idsOf(made.slice(0, PAGE)));
    expect(read.entries).toBeLessThan(100);
    expect(await oldestUnsent(phone.db)).toBe(made[0]?.savedAt);
  });

  it('each further page goes on where the last one ended: nothing skipped, nothing twice, and the last one is short', async () => {
    const made = await busyOutbox(phone, repeat('unsent', 2 * PAGE + 5));
    const all = idsOf(made);
    const total = await unsentCount(phone.db);
    expect(total).toBe(made.length);
    const lengths: number[] = [];
    for (let most = PAGE; lengths.at(-1) !== total && lengths.length < 9; most += PAGE) {
      const { waiting } = await page(most);
      expect(waiting).toEqual(all.slice(0, most));
      lengths.push(waiting.length);
    }
    expect(lengths).toEqual([PAGE, 2 * PAGE, 2 * PAGE + 5]);
  });

  it('exactly one page is whole: nothing more is there to be asked for', async () => {
    const made = await busyOutbox(phone, repeat('unsent', PAGE));
    const { waiting } = await page(PAGE);
    expect(waiting).toEqual(idsOf(made));
    expect(waiting).toHaveLength(await unsentCount(phone.db));
  });

  it('what needs somebody has a page of its own, so that many that wait never push it out of sight', async () => {
    const made = await busyOutbox(phone, [
      ...repeat('unsent', PAGE + 10),
      ...repeat('needs_you', PAGE + 3),
      ...repeat('unsent', 5),
    ]);
    const [waiting, needsYou] = (['unsent', 'needs_you'] as const).map((phase) =>
      idsOf(made.filter((entry) => entry.phase === phase)),
    );
    const first = await page(PAGE);
    expect(first.waiting).toEqual(waiting?.slice(0, PAGE));
    expect(first.needsYou).toEqual(needsYou?.slice(0, PAGE));
    const second = await page(2 * PAGE);
    expect(second.all).toEqual(idsOf(made));
    expect(second.needsYou).toHaveLength(await needsYouCount(phone.db));
  });

  it('below them the newest thirty that arrived, the newest first, whatever page is shown', async () => {
    const made = await busyOutbox(phone, [
      ...repeat('arrived', 35),
      ...repeat('unsent', PAGE + 1),
      ...repeat('arrived', 2),
    ]);
    const arrived = idsOf(made.filter(({ phase }) => phase === 'arrived'));
    const newest = arrived.toReversed().slice(0, 30);
    for (const most of [PAGE, 2 * PAGE]) {
      const shown = await page(most);
      expect(shown.arrived).toEqual(newest);
      expect(shown.all.slice(-30)).toEqual(newest);
    }
  });
});
