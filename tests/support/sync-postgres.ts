import { ROW_KINDS } from '../../src/lib/domain/record/row.ts';
import { postgresStore, type PostgresStore } from '../../src/lib/server/sync/postgres-store.ts';
import type { RoundWorld } from '../../src/lib/server/sync/round-call.ts';
import type { TestDatabase } from './database.ts';
import { syncMeans, syncServer, type SyncServer, worldKeys } from './sync-ward.ts';

type Restore = () => Promise<void>;

/** Copies every table aside, and puts the copies back: a backup and its restore, without the time they take. */
async function backup(db: TestDatabase): Promise<Restore> {
  const sql = db.superuser.pool;
  const name = `bak_${Math.random().toString(36).slice(2)}`;
  const tables = await sql<{ name: string }[]>`
    select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'schema_migration'`;
  await sql.unsafe(`create schema ${name}`);
  for (const table of tables)
    await sql.unsafe(`create table ${name}.${table.name} as table public.${table.name}`);
  const columns = await sql<{ table_name: string; list: string }[]>`
    select table_name, string_agg(quote_ident(column_name), ', ') as list from information_schema.columns
    where table_schema = 'public' and is_generated = 'NEVER' group by table_name`;
  const listOf = new Map(columns.map((row) => [row.table_name, row.list]));
  return async () => {
    await sql.begin(async (tx) => {
      await tx.unsafe(`set local session_replication_role = replica`);
      for (const table of tables) await tx.unsafe(`delete from public.${table.name}`);
      for (const table of tables) {
        const list = listOf.get(table.name) ?? '';
        await tx.unsafe(
          `insert into public.${table.name} (${list}) select ${list} from ${name}.${table.name}`,
        );
      }
    });
  };
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
  });
  return { ...server, store, world };
}
