import { ROW_KINDS } from '../../src/lib/domain/record/row.ts';
import { postgresStore, type PostgresStore } from '../../src/lib/server/sync/postgres-store.ts';
import type { RoundWorld } from '../../src/lib/server/sync/round-call.ts';
import type { TestDatabase } from './open-test-database.ts';
import { postgresPicture } from './postgres-picture.ts';
import { syncMeans, syncServer, type SyncServer, worldKeys } from './sync-ward.ts';

type Restore = () => Promise<void>;

/** Our tables, and the columns of each that are written (not: worked out by the database). */
async function tablesOf(
  db: TestDatabase,
): Promise<readonly { readonly name: string; readonly list: string }[]> {
  return db.superuser.pool<{ name: string; list: string }[]>`
    select c.table_name as name, string_agg(quote_ident(c.column_name), ', ' order by c.ordinal_position) as list
    from information_schema.columns c join pg_tables t on t.schemaname = 'public' and t.tablename = c.table_name
    where c.table_schema = 'public' and c.is_generated = 'NEVER' and c.table_name <> 'schema_migration'
    group by c.table_name order by c.table_name`;
}

const kept = new WeakMap<
  TestDatabase,
  Promise<readonly { readonly name: string; readonly list: string }[]>
>();
function tables(db: TestDatabase): Promise<readonly { readonly name: string; readonly list: string }[]> {
  const known = kept.get(db) ?? tablesOf(db);
  kept.set(db, known);
  return known;
}

/** Several statements in one go, without the triggers and references that a restore need not ask. */
async function inOne(db: TestDatabase, statements: readonly string[]): Promise<void> {
  const all = ['set local session_replication_role = replica', ...statements];
  await db.superuser.pool.begin((tx) => tx.unsafe(all.join(';\n')));
}

let backups = 0;

/** Copies every table aside, and puts the copies back: a backup and its restore, without the time they take. */
async function backup(db: TestDatabase): Promise<Restore> {
  const all = await tables(db);
  backups += 1;
  const place = `bak_${backups}`;
  const aside = all.map(({ name }) => `create table ${place}.${name} as table public.${name}`);
  await inOne(db, [`create schema ${place}`, ...aside]);
  return () =>
    inOne(db, [
      ...all.map(({ name }) => `delete from public.${name}`),
      ...all.map(
        ({ name, list }) => `insert into public.${name} (${list}) select ${list} from ${place}.${name}`,
      ),
    ]);
}

/** As a fresh database of our schema, in less time: for the next of many histories. */
export async function emptyDatabase(db: TestDatabase): Promise<void> {
  const all = await tables(db);
  const places = await db.superuser.pool<{ name: string }[]>`
    select nspname as name from pg_namespace where nspname like 'bak\\_%'`;
  await inOne(db, [
    ...all.map(({ name }) => `delete from public.${name}`),
    ...places.map(({ name }) => `drop schema ${name} cascade`),
  ]);
}

/** A server on real PostgreSQL. */
export async function postgresServer(
  db: TestDatabase,
  seed = 1,
): Promise<
  SyncServer & {
    readonly store: PostgresStore;
    readonly world: RoundWorld & { readonly store: PostgresStore };
  }
> {
  const means = await syncMeans(seed);
  const store = postgresStore(db.web);
  const world = { store, keys: worldKeys(means), clock: means.clock, random: means.random };
  const sql = db.superuser.pool;
  const server = await syncServer(means, {
    world,
    foundWard: async (ward) => {
      await sql`insert into ward (ward_id, name, word, province) values (${ward}, 'Mẫu', 'phường', 'Tỉnh Mẫu')`;
      await sql`insert into ward_counter (ward_id) values (${ward})`;
    },
    grant: async ({ ward, person, grant, team }, role, endsEarlier = 'transfer') => {
      await sql`
        update access_grant set ended_at = now(), ended_how = ${endsEarlier}
        where ward_id = ${ward} and person_id = ${person} and ended_at is null`;
      await sql`
        insert into access_grant (ward_id, grant_id, person_id, role, teams, began_at)
        values (${ward}, ${grant}, ${person}, ${role}, ${[team]}, clock_timestamp())`;
    },
    endGrant: async ({ ward, person }, how) => {
      await sql`
        update access_grant set ended_at = now(), ended_how = ${how}
        where ward_id = ${ward} and person_id = ${person} and ended_at is null`;
    },
    addReplica: async ({ ward, replica, person, device }, tokenHash) => {
      await sql`
        insert into replica (ward_id, replica_id, person_id, device_id, token_hash)
        values (${ward}, ${replica}, ${person}, ${device}, ${tokenHash})`;
    },
    revoke: async ({ ward, replica }) => {
      await sql`update replica set revoked_at = now() where ward_id = ${ward} and replica_id = ${replica}`;
    },
    backup: () => backup(db),
    rows: async (ward) => {
      const ids = await Promise.all(
        ROW_KINDS.map(async (kind) => {
          const rows = await sql<{ id: string }[]>`select id from ${sql(kind)} where ward_id = ${ward}`;
          return rows.map(({ id }) => ({ kind, id }));
        }),
      );
      return store.read(ward as never, (tx) => tx.rows(ids.flat()));
    },
    quarantine: async (ward) => {
      const rows = await sql<
        { mutation_id: string }[]
      >`select mutation_id from quarantine where ward_id = ${ward}`;
      return store.read(ward as never, (tx) => tx.quarantine(rows.map((row) => row.mutation_id as never)));
    },
    picture: (ward) => postgresPicture(db, ward),
  });
  return { ...server, store, world };
}
