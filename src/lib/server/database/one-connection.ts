import { openDatabase, type ConnectTarget, type Sql } from './pool.ts';

/** Runs work on a connection of its own, closed afterwards: for start, migrations and restore, never for requests. */
export async function withConnection<T>(target: ConnectTarget, work: (sql: Sql) => Promise<T>): Promise<T> {
  const database = openDatabase(target, 1);
  try {
    return await work(database.pool);
  } finally {
    await database.close();
  }
}
