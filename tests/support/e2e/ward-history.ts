import { openWardDatabase } from '../ward-database.ts';

/** One mutation that a phone has brought, as the ward's history holds it. */
export interface HistoryLine {
  readonly id: string;
  readonly replica: string;
  readonly seq: number;
  readonly kind: string;
}

/** What phones have brought so far, in the order of its commits; what the demo was seeded with is not told. */
export async function broughtByPhones(dataDir: string): Promise<readonly HistoryLine[]> {
  const database = openWardDatabase(dataDir);
  try {
    return await database.pool<HistoryLine[]>`
      select m.mutation_id as id, m.replica_id as replica, m.seq, m.kind
      from mutation m join replica r on r.ward_id = m.ward_id and r.replica_id = m.replica_id
      where r.kind = 'phone' order by m.commit_version, m.replica_id, m.seq`;
  } finally {
    await database.close();
  }
}
