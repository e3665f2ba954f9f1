import { afterAll, inject } from 'vitest';
import { openTestDatabase, type TestDatabase } from './open-test-database.ts';

export interface TestDatabaseOptions {
  /** Without it, the caller's afterAll must call drop(). */
  readonly dropAfterAll?: boolean;
  /** false = without our tables, for tests of the migrations themselves. */
  readonly migrated?: boolean;
}

/** A fresh database of our schema (about 50 ms), for one test file or one test. Real PostgreSQL, real roles. */
export async function testDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const database = await openTestDatabase(inject('cluster'), options.migrated);
  if (options.dropAfterAll !== false) afterAll(() => database.drop());
  return database;
}
