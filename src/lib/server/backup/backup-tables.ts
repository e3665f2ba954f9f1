import type { Transaction } from '../database/pool.ts';

/** A table as backups know it: generated columns are made again by themselves. */
export interface BackupTable {
  readonly name: string;
  readonly columns: readonly string[];
}

/**
 * Not carried: what the schema itself notes, and what lives for seconds. A restored one-use challenge or a limit of last
 * month would only do harm.
 */
const LEFT_OUT = ['schema_migration', 'challenge', 'rate_limit'];

interface TableFacts {
  readonly name: string;
  readonly columns: string[];
  readonly needs: string[];
}

/** Referenced tables first, so that rows can be laid down in this order. */
function inOrder(tables: readonly TableFacts[]): BackupTable[] {
  const placed: BackupTable[] = [];
  let waiting = [...tables];
  while (waiting.length > 0) {
    const names = new Set(waiting.map((table) => table.name));
    const free = waiting.filter((table) =>
      table.needs.every((need) => need === table.name || !names.has(need)),
    );
    if (free.length === 0) throw new Error('tables refer to each other in a circle');
    placed.push(...free.map(({ name, columns }) => ({ name, columns })));
    waiting = waiting.filter((table) => !free.includes(table));
  }
  return placed;
}

/** Every table of the schema, asked of the database itself: a table that somebody adds is in the next backup. */
export async function backupTables(tx: Transaction): Promise<readonly BackupTable[]> {
  const tables = await tx<TableFacts[]>`
    select c.relname as name,
           (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
             where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
           coalesce((select array_agg(distinct f.relname::text) from pg_constraint k join pg_class f on f.oid = k.confrelid
             where k.conrelid = c.oid and k.contype = 'f'), '{}') as needs
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> all (${LEFT_OUT})
    order by c.relname`;
  return inOrder(tables);
}
