import { openDatabase, type ConnectTarget, type Sql } from './pool.ts';

/** Runs schema-level work on a connection of its own, closed afterwards. Never for request code. */
export async function runAsSuperuser<T>(target: ConnectTarget, work: (sql: Sql) => Promise<T>): Promise<T> {
  const database = openDatabase(target, 1);
  try {
    return await work(database.pool);
  } finally {
    await database.close();
  }
}
