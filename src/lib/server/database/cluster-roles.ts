import { withConnection } from './one-connection.ts';
import { APP_ROLE, OWNER_ROLE, WEB_ROLE, type ConnectTarget } from './pool.ts';

export const DATABASE = 'xks';
export const SUPERUSER = 'xks_super';

/** Makes our roles and database where they are missing. The superuser itself is used for nothing else. */
export async function bootstrap(superuser: ConnectTarget): Promise<void> {
  await withConnection(superuser, async (sql) => {
    const rows = await sql<
      { datname: string }[]
    >`select datname from pg_database where datname = ${DATABASE}`;
    if (rows.length > 0) return;
    await sql.unsafe(`
      do $$ begin
        if not exists (select from pg_roles where rolname = '${APP_ROLE}') then create role ${APP_ROLE} nologin; end if;
        if not exists (select from pg_roles where rolname = '${OWNER_ROLE}') then create role ${OWNER_ROLE} login; end if;
        if not exists (select from pg_roles where rolname = '${WEB_ROLE}') then create role ${WEB_ROLE} login noinherit; end if;
      end $$;
      grant ${APP_ROLE} to ${OWNER_ROLE} with admin option;
      grant ${APP_ROLE} to ${WEB_ROLE};
    `);
    await sql.unsafe(`create database ${DATABASE} owner ${OWNER_ROLE}`);
  });
}
