import { beforeAll, describe, expect, it } from 'vitest';
import type { PersonId, ReplicaId } from '../../src/lib/domain/record/ids.ts';
import type { Transaction } from '../../src/lib/server/database/pool.ts';
import type { WardReader } from '../../src/lib/server/sync/store.ts';
import { testDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/open-test-database.ts';
import type { WirePhone } from '../support/sync-phone.ts';
import { rowIdOf } from '../support/sync-mutations.ts';
import { postgresServer } from '../support/sync-postgres.ts';
import { WARD } from '../support/sync-ward.ts';

const OWN = 20;
const OTHERS = 300;

let db: TestDatabase;
let server: Awaited<ReturnType<typeof postgresServer>>;
let phone: WirePhone;
let rows: readonly string[];

/** Rows of the tables that PostgreSQL has looked at so far in this transaction. */
async function looked(tx: Transaction): Promise<number> {
  const [row] = await tx<{ n: number }[]>`
    select coalesce(sum(seq_tup_read + idx_tup_fetch), 0)::int as n from pg_stat_xact_user_tables
    where relname in ('mutation', 'mutation_alias', 'mutation_row', 'row_bucket', 'assist', 'resident_key')`;
  return row?.n ?? 0;
}

async function costOf(work: (tx: WardReader) => Promise<unknown>): Promise<number> {
  return server.store.write(WARD, async (tx) => {
    const before = await looked(tx.tx);
    await work(tx);
    return (await looked(tx.tx)) - before;
  });
}

async function othersWrite(): Promise<void> {
  const other = await server.phone(await server.person(WARD));
  for (let at = 0; at < OTHERS; at++) await other.save(server.make.log(other.identity));
  await other.round();
}

/** Autovacuum does so by itself within a minute of a table's growth. */
async function learnSizes(): Promise<void> {
  await db.superuser.pool`analyze`;
}

const asked: Readonly<Record<string, (tx: WardReader) => Promise<unknown>>> = {
  'where the rows of one own seqs lie': (tx) =>
    tx.entriesOfSeqs(phone.identity.replica as ReplicaId, 0, OWN, [`person:${phone.identity.person}`]),
  'what became of them': (tx) => tx.settled(phone.identity.replica as ReplicaId, 0, OWN, OWN),
  'rows by id': (tx) => tx.rows(rows.map((id) => ({ kind: 'assist', id }))),
  'where rows lie': (tx) => tx.buckets(rows.map((id) => ({ kind: 'assist', id }))),
  'mutations by id': (tx) => tx.mutations(phone.outbox.map(({ id }) => id)),
  'what is new in a bucket': (tx) => tx.bucketChanges(`person:${phone.identity.person}`, 0, 1000),
  'what was settled later': (tx) => tx.resettled(phone.identity.person as PersonId, 0, 1000),
};

beforeAll(async () => {
  db = await testDatabase();
  server = await postgresServer(db, 11);
  await server.foundWard(WARD);
  phone = await server.phone(await server.person(WARD));
  const logs = Array.from({ length: OWN }, () => server.make.log(phone.identity));
  for (const log of logs) await phone.save(log);
  rows = logs.map((log) => rowIdOf(log));
  await phone.round();
  await othersWrite();
});

/** A loop over the ward's history for each of one's own seqs once took every statement's time to its end: 503. */
describe('a round costs what it brings, not what the ward holds', () => {
  it.each(Object.keys(asked))('%s', async (what) => {
    const ask = asked[what] ?? (() => Promise.resolve());
    // Of tables it knows nothing of yet PostgreSQL may read a ward whole, each once; never a ward for each row asked for.
    expect(await costOf(ask)).toBeLessThan(6 * (OWN + OTHERS));
    await learnSizes();
    expect(await costOf(ask)).toBeLessThanOrEqual(4 * OWN);
  });

  it('and no more when others have written twice as much', async () => {
    await learnSizes();
    const before = await Promise.all(Object.values(asked).map((ask) => costOf(ask)));
    await othersWrite();
    await learnSizes();
    expect(await Promise.all(Object.values(asked).map((ask) => costOf(ask)))).toEqual(before);
  });
});
