import type { Mutation } from '../../src/lib/domain/record/mutation.ts';
import type { ConnectTarget } from '../../src/lib/server/database/pool.ts';
import { openDatabase } from '../../src/lib/server/database/pool.ts';
import { inTransaction } from '../../src/lib/server/database/transaction.ts';

/** A second server process: it moves a ward's counter as a commit does, says so, and ends. */
const { target, ward } = JSON.parse(process.argv[2] ?? '{}') as {
  target: ConnectTarget;
  ward: Mutation['ward'];
};
const database = openDatabase(target, 1);
await inTransaction(
  database,
  { wards: [ward] },
  (tx) => tx`
  update ward_counter set version = version + 1 where ward_id = ${ward}`,
);
process.stdout.write('committed\n');
await database.close();
