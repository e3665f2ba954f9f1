import { beforeEach, describe, expect, it } from 'vitest';
import { PlainWard } from '../../../../tests/support/phone/plain-ward.ts';
import { testForm, testPhone, type TestPhone } from '../../../../tests/support/phone/test-phone.ts';
import { testWorld, type TestWorld } from '../../../../tests/support/phone/test-world.ts';
import { logAssist } from '../commands/log-assist.ts';
import { readMeta, writeMeta } from '../store/meta.ts';
import { unsentCount } from '../view/outbox-counts.ts';
import { outboxList } from '../view/outbox-view.ts';
import { putRestoreNewsAway, restoreNews } from '../view/restore-news.ts';
import { syncStatus } from '../view/sync-view.ts';
import { deliver } from './deliver.ts';
import { pruneSettled } from './prune-settled.ts';

const DAY = 86_400_000;
let phone: TestPhone;
let ward: PlainWard;
let world: TestWorld;

beforeEach(async () => {
  phone = await testPhone();
  ward = PlainWard.knowing(phone);
  world = testWorld(phone, ward);
});

const run = () => deliver({ db: phone.db, world });
const kinds = () => world.events.map(({ kind }) => kind);
const states = async () => (await outboxList(phone.db)).map(({ state }) => state);

async function save(times = 1): Promise<void> {
  for (let n = 0; n < times; n++) {
    const saved = await logAssist(phone, testForm());
    if (!saved.ok) throw new Error(saved.error.kind);
  }
}

describe('I1 A3 revoked: drained, and only then let go', () => {
  it('goes on round after round until nothing is unsent, and says it once', async () => {
    await save(3);
    await writeMeta(phone.db.relaxed, 'batch', { size: 1, tooLarge: 0 });
    ward.problem = 'revoked';
    world.key = null;
    const heldWhenTold: number[] = [];
    world = {
      ...world,
      tell: ({ kind }) => {
        if (kind === 'revoked') heldWhenTold.push(ward.known.size);
      },
    };
    expect(await run()).toEqual({ is: 'stopped', why: 'revoked' });
    expect(heldWhenTold).toEqual([3]);
    expect(await unsentCount(phone.db)).toBe(0);
  });
});

describe('I1 slow_down: kept, waited for, said', () => {
  it('takes no seq, settles nothing, and is tried again after the time the ward gave', async () => {
    await save(2);
    ward.problem = 'slow_down';
    ward.retryAfter = 900;
    expect(await run()).toEqual({ is: 'failed', why: 'slow_down', afterMs: 900_000 });
    expect(await states()).toEqual(['on_phone', 'on_phone']);
    expect(await syncStatus(phone.db)).toMatchObject({ problem: 'slow_down', retryAfterS: 900 });
    expect(await readMeta(phone.db.relaxed, 'replica')).toMatchObject({ heardTo: 0, nextSeq: 3 });
    ward.problem = null;
    expect(await run()).toEqual({ is: 'done' });
    expect(await states()).toEqual(['arrived', 'arrived']);
    expect(await syncStatus(phone.db)).toMatchObject({ problem: null });
  });
});

describe('I2 gap: the ward lacks a seq', () => {
  it('that is still here: sent again from there on, under the same replica', async () => {
    await save(3);
    await run();
    // The ward forgot its last two without a new epoch (a replica read behind its writer).
    const replica = ward.replicas.get(phone.replica)!;
    replica.lastSeq = 1;
    for (const seq of [2, 3]) replica.settled.delete(seq);
    await save();
    expect(await run()).toEqual({ is: 'done' });
    expect(replica.lastSeq).toBe(4);
    expect((await readMeta(phone.db.relaxed, 'replica'))?.id).toBe(phone.replica);
    expect(await unsentCount(phone.db)).toBe(0);
    expect(ward.known.size).toBe(4);
  });

  it('that is not here any more: what is unsent goes on under a new replica, ids unchanged', async () => {
    await save(2);
    await run();
    const replica = ward.replicas.get(phone.replica)!;
    replica.lastSeq = 0;
    replica.settled.clear();
    const [first] = await phone.db.strict.outbox.orderBy('place').toArray();
    await phone.db.strict.outbox.delete(first!.id);
    await save();
    const waiting = (await phone.db.strict.outbox.where('phase').equals('unsent').toArray())[0]!;
    await run();
    const after = (await readMeta(phone.db.relaxed, 'replica'))!;
    expect(after.id).not.toBe(phone.replica);
    expect(await unsentCount(phone.db)).toBe(0);
    expect([...(ward.replicas.get(after.id)?.settled.values() ?? [])].map(({ id }) => id)).toContain(
      waiting.id,
    );
  });
});

describe('I1 I8 unknown_token: everything stays and waits for enrolment', () => {
  it('is said, asked again by itself, and goes on under the token that comes', async () => {
    await save(2);
    ward.tokens.clear();
    const before = await phone.db.strict.outbox.toArray();
    expect(await run()).toEqual({ is: 'stopped', why: 'unknown_token' });
    expect(kinds()).toEqual(['unknown_token']);
    expect(await phone.db.strict.outbox.toArray()).toEqual(before);
    expect((await readMeta(phone.db.relaxed, 'replica'))?.token).toBe(phone.token);
    expect(await syncStatus(phone.db)).toMatchObject({ problem: 'unknown_token' });
    // An older backup that knows the token after all is brought back: nothing had to be done here.
    ward.tokens.set(phone.token, phone.replica);
    expect(await run()).toEqual({ is: 'done' });
    expect(await states()).toEqual(['arrived', 'arrived']);
  });
});

describe('I10 acknowledged saves are let go by the server’s time only', () => {
  const kept = () => phone.db.strict.outbox.count();

  it('not by a phone whose clock runs ten years ahead, nor before 30 days', async () => {
    await save();
    await run();
    phone.clock.at += 10 * 365 * DAY;
    await run();
    ward.serverTime += 30 * DAY - 1;
    await run();
    expect(await kept()).toBe(1);
    ward.serverTime += 1;
    await run();
    expect(await kept()).toBe(0);
  });

  it('nor in an answer of another epoch: a restored ward may still need them', async () => {
    await save();
    const restore = ward.backup();
    await run();
    await pruneSettled(phone.db.strict, { epoch: 'another', serverTime: ward.serverTime + 31 * DAY });
    expect(await kept()).toBe(1);
    restore();
    ward.serverTime += 31 * DAY;
    await run();
    expect(await kept()).toBe(1);
    expect(ward.known.size).toBe(1);
  });

  it('never what is unsent, refused or held', async () => {
    await save();
    ward.refuse = () => ({ is: 'refused', code: 'not_yours' });
    await run();
    ward.serverTime += 400 * DAY;
    await save();
    ward.problem = 'slow_down';
    await run();
    expect(await states()).toEqual(['needs_you', 'on_phone']);
  });
});

describe('I11 a mended save and its mend stay as long as a later one is read by them', () => {
  it('while anything is replayed, neither is let go; then both are', async () => {
    await save(3);
    const [mended, mend, later] = await phone.db.strict.outbox.orderBy('place').toArray();
    if (!mended || !mend || !later) throw new Error('three were saved');
    const settled = { phase: 'arrived', replay: 0, ackedAt: ward.serverTime, ackedIn: 'e1' } as const;
    const applied = { is: 'applied', flags: [], clashes: 0 } as const;
    await phone.db.strict.outbox.bulkPut([
      { ...mended, ...settled, outcome: { is: 'held', behind: later.id }, answeredBy: mend.id },
      { ...mend, ...settled, outcome: applied, mends: mended.id },
      { ...later, phase: 'needs_you', replay: 1 },
    ]);
    const prune = () =>
      pruneSettled(phone.db.strict, { epoch: 'e1', serverTime: ward.serverTime + 31 * DAY });
    await prune();
    expect(await phone.db.strict.outbox.count()).toBe(3);
    await phone.db.strict.outbox.put({ ...later, ...settled, outcome: applied });
    await prune();
    expect(await phone.db.strict.outbox.count()).toBe(0);
  });
});

describe('I8 I11 a new epoch is said on screen', () => {
  it('with the ward’s time of the change, once: what was put away comes only with the next restore', async () => {
    await save();
    const restore = ward.backup();
    await run();
    expect(await restoreNews(phone.db)).toBeNull();
    restore();
    ward.serverTime += 1000;
    await run();
    expect(kinds().filter((kind) => kind === 'epoch_changed')).toHaveLength(1);
    // Nothing waits any more; it is news all the same.
    expect(await states()).toEqual(['arrived']);
    expect(await restoreNews(phone.db)).toBe(ward.serverTime);
    await putRestoreNewsAway(phone.db, ward.serverTime);
    await run();
    expect(kinds().filter((kind) => kind === 'epoch_changed')).toHaveLength(1);
    expect(await restoreNews(phone.db)).toBeNull();
    const again = ward.backup();
    await save();
    await run();
    again();
    ward.serverTime += 1000;
    await run();
    expect(await restoreNews(phone.db)).toBe(ward.serverTime);
  });
});
