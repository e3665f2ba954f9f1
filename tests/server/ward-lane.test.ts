import { beforeAll, describe, expect, it } from 'vitest';
import type { Mutation } from '../../src/lib/domain/record/mutation.ts';
import type { RoundWorld } from '../../src/lib/server/sync/round-call.ts';
import type { SyncStore } from '../../src/lib/server/sync/store.ts';
import type { Delivery } from '../../src/lib/server/sync/take-up.ts';
import { nextTogether } from '../../src/lib/server/sync/ward-lane.ts';
import { testDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/open-test-database.ts';
import { memoryServer } from '../support/sync-memory.ts';
import { WirePhone } from '../support/sync-phone.ts';
import { postgresServer } from '../support/sync-postgres.ts';
import { type SyncServer, WARD } from '../support/sync-ward.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});

/** A server whose first commit waits until that many speakers have been looked up: the others then wait behind it. */
function crowded(server: SyncServer, speakers: number): { world: RoundWorld; commits: () => number } {
  const { store } = server.world;
  let commits = 0;
  let looked = 0;
  let open = (): void => undefined;
  const crowd = new Promise<void>((resolve) => (open = resolve));
  const counting: SyncStore = {
    ...store,
    epochs: () => store.epochs(),
    noteContact: (...given) => store.noteContact(...given),
    read: async (ward, work) => {
      const value = await store.read(ward, work);
      looked += 1;
      if (looked === speakers) setImmediate(open);
      return value;
    },
    write: async (ward, work) => {
      commits += 1;
      await crowd;
      return store.write(ward, work);
    },
  };
  return { world: { ...server.world, store: counting }, commits: () => commits };
}

type Phones = WirePhone[] & { readonly commits: () => number };

/** Phones of so many people, whose rounds meet at such a server. */
async function phonesOf(server: SyncServer, count: number, ward = WARD): Promise<Phones> {
  const people = await Promise.all(Array.from({ length: count }, () => server.person(ward)));
  const { world, commits } = crowded(server, count);
  return Object.assign(
    people.map((identity) => new WirePhone(world, identity, server.random)),
    { commits },
  );
}

describe.each(['postgres', 'memory'] as const)('deliveries of one ward at one moment, on %s', (kind) => {
  let server: SyncServer;
  beforeAll(async () => {
    server = kind === 'postgres' ? await postgresServer(db, 9) : await memoryServer(9);
    await server.foundWard(WARD);
  });

  it('are taken by one commit behind the one under way, each with its own outcomes and rows', async () => {
    const phones = await phonesOf(server, 6);
    for (const phone of phones) await phone.save(server.make.log(phone.identity));
    for (const phone of phones) await phone.save(server.make.log(phone.identity));
    const answers = await Promise.all(phones.map((phone) => phone.round()));
    expect(phones.commits()).toBe(2);
    for (const [at, { settled, own, lastSeq }] of answers.entries()) {
      const sent = phones[at]?.outbox.map(({ id }) => id);
      expect(settled.map(({ id }) => id)).toEqual(sent);
      expect(settled.map(({ outcome }) => outcome.is)).toEqual(['applied', 'applied']);
      expect([own.length, lastSeq]).toEqual([2, 2]);
    }
    const versions = (await server.rows(WARD)).map(({ version }) => version);
    expect(new Set(versions).size).toBe(versions.length);
  });

  it('I2 the same id from two accounts: one is applied, the other has an outcome of its own', async () => {
    const [first, one, other] = await phonesOf(server, 3);
    if (!first || !one || !other) throw new Error('no phones');
    const shared = server.make.log(one.identity);
    await first.save(server.make.log(first.identity));
    await one.save(shared);
    await other.save({ ...server.make.log(other.identity), id: shared.id });
    const [, ...both] = await Promise.all([first, one, other].map((phone) => phone.round()));
    const outcomes = both.map(({ settled }) => settled.map(({ outcome }) => outcome));
    // Whoever came first.
    expect(outcomes.filter(([outcome]) => outcome?.is === 'applied')).toHaveLength(1);
    expect(outcomes).toContainEqual([{ is: 'refused', code: 'malformed' }]);
    expect(both.map(({ lastSeq }) => lastSeq)).toEqual([1, 1]);
  });
});

describe('a phone that brings very many at once', () => {
  it('has them judged in several commits, in order: no lock is held, and no transaction silent, for long', async () => {
    const server = await memoryServer(12);
    await server.foundWard(WARD);
    const phones = await phonesOf(server, 1);
    const [phone] = phones;
    for (let at = 0; at < 1200; at++) await phone?.save(server.make.log(phone.identity));
    const answer = await phone?.round({ down: false });
    expect(answer?.lastSeq).toBe(1200);
    expect(answer?.settled.map(({ id }) => id)).toEqual(phone?.outbox.map(({ id }) => id));
    expect(phones.commits()).toBe(3);
  });
});

describe('R14 a poison record in company', () => {
  it('is kept aside alone; what came with it from other phones is applied', async () => {
    const server = await postgresServer(db, 10);
    const ward = 'phuong-lan' as typeof WARD;
    await server.foundWard(ward);
    const phones = await phonesOf(server, 4, ward);
    for (const [at, phone] of phones.entries()) {
      await phone.save(server.make.log(phone.identity));
      await phone.save(server.make.log(phone.identity, { minutes: at === 2 ? 598 : at }));
      await phone.save(server.make.log(phone.identity));
    }
    await db.superuser.pool.unsafe(
      `alter table assist add constraint planted check (body #>> '{fields,minutes}' is distinct from '598') not valid`,
    );
    const answers = await Promise.all(phones.map((phone) => phone.round()));
    await db.superuser.pool.unsafe('alter table assist drop constraint planted');
    const outcomes = answers.map(({ settled }) =>
      settled.map(({ outcome }) => (outcome.is === 'refused' ? outcome.code : outcome.is)),
    );
    const whole = ['applied', 'applied', 'applied'];
    expect(outcomes).toEqual([whole, whole, ['applied', 'internal', 'applied'], whole]);
  });
});

describe('what may share a commit', () => {
  const delivery = (replica: string, ids: readonly string[], kind = 'assist.log'): Delivery => ({
    replica: replica as Delivery['replica'],
    person: `of ${replica}` as Delivery['person'],
    batch: ids.map((id, at) => ({
      envelope: { seq: at + 1, id: id as Mutation['id'], plain: '', sealed: null, key: null },
      hash: '',
      reading: { is: 'mutation', mutation: { kind } as Mutation },
      personal: { is: 'none' },
    })),
  });
  const cut = (...waiting: Delivery[]): string[][] => {
    const { together, rest } = nextTogether(waiting);
    return [together, rest].map((part) => part.map(({ replica, batch }) => `${replica}${batch.length}`));
  };
  const many = (count: number, of: string): string[] =>
    Array.from({ length: count }, (_, at) => `${of}-${at}`);

  it('one replica has one place, and nothing of it overtakes', () => {
    expect(cut(delivery('a', ['1']), delivery('a', ['2', '3']), delivery('b', ['4']))).toEqual([
      ['a1', 'b1'],
      ['a2'],
    ]);
    const large = delivery('b', many(499, 'b'));
    expect(cut(delivery('a', ['1', '2']), large, delivery('b', ['5', '6', '7']))).toEqual([
      ['a2'],
      ['b499', 'b3'],
    ]);
  });

  it('an id that two bring keeps them apart', () => {
    expect(cut(delivery('a', ['1']), delivery('b', ['2', '1']), delivery('c', ['3']))).toEqual([
      ['a1', 'c1'],
      ['b2'],
    ]);
  });

  it('a commit has an end, but for one delivery by itself', () => {
    expect(cut(delivery('a', many(600, 'a')), delivery('b', ['1']))).toEqual([['a600'], ['b1']]);
    expect(cut(delivery('a', many(300, 'a')), delivery('b', many(201, 'b')), delivery('c', ['1']))).toEqual([
      ['a300', 'c1'],
      ['b201'],
    ]);
  });

  it('a closed gap stands alone', () => {
    const closing = delivery('lead', ['1'], 'gap.close');
    expect(cut(closing, delivery('b', ['2']))).toEqual([['lead1'], ['b1']]);
    expect(cut(delivery('a', ['3']), closing, delivery('b', ['2']))).toEqual([['a1', 'b1'], ['lead1']]);
  });
});
