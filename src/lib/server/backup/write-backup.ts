import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Instant } from '$lib/kernel/clock.ts';
import type { Database, Transaction } from '../database/pool.ts';
import { inTransaction } from '../database/transaction.ts';
import { MANIFEST, tableFile, type BackupManifest, type TableManifest } from './backup-manifest.ts';
import { backupTables, type BackupTable } from './backup-tables.ts';

const NEWLINE = 10;
/** A year's rows of a large ward take minutes on a slow disk. */
const STATEMENT_LIMIT_MS = 30 * 60_000;

/** Passes bytes on, counting rows (a line each, in COPY's text format) and hashing. */
class Counter extends Transform {
  rows = 0;
  readonly hash = createHash('sha256');

  override _transform(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: (error: null, data: Buffer) => void,
  ): void {
    for (const byte of chunk) if (byte === NEWLINE) this.rows++;
    this.hash.update(chunk);
    done(null, chunk);
  }
}

async function writeTable(tx: Transaction, directory: string, table: BackupTable): Promise<TableManifest> {
  const rows = await tx`copy (select ${tx([...table.columns])} from ${tx(table.name)}) to stdout`.readable();
  const counter = new Counter();
  const file = createWriteStream(tableFile(directory, table.name), { mode: 0o600, flush: true });
  await pipeline(rows, counter, createGzip(), file, { signal: AbortSignal.timeout(STATEMENT_LIMIT_MS) });
  // The driver pauses its socket when we fall behind, and forgets to go on when the end has come meanwhile.
  rows._read(0);
  return {
    name: table.name,
    columns: [...table.columns],
    rows: counter.rows,
    sha256: counter.hash.digest('hex'),
  };
}

/** Every ward there is, so that the application role may read them all. Asked by the owner, who sees their names. */
async function allWards(owner: Database): Promise<string[]> {
  const wards = await owner.pool<{ ward_id: string }[]>`select ward_id from ward order by ward_id`;
  return wards.map((ward) => ward.ward_id);
}

/**
 * Writes every table, as of one instant, into `directory` (made, 0700), while the server goes on working. The rows' personal
 * values are encrypted; the keys to them are not here.
 */
export async function writeBackup(owner: Database, directory: string, now: Instant): Promise<BackupManifest> {
  const unfinished = `${directory}.unfinished`;
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  const wards = await allWards(owner);
  const manifest = await inTransaction(
    owner,
    { wards },
    async (tx): Promise<BackupManifest> => {
      // Between two tables the connection is idle while the disk catches up.
      await tx`select set_config('idle_in_transaction_session_timeout', '10min', true)`;
      const migrations = await tx<
        { checksum: string }[]
      >`select checksum from schema_migration order by number`;
      const [epoch] = await tx<
        { epoch_id: string }[]
      >`select epoch_id from epoch order by place desc limit 1`;
      const tables: TableManifest[] = [];
      for (const table of await backupTables(tx)) tables.push(await writeTable(tx, unfinished, table));
      return {
        format: 1,
        madeAt: new Date(now).toISOString(),
        epoch: epoch?.epoch_id ?? null,
        migrations: migrations.map((row) => row.checksum),
        tables,
      };
    },
    { snapshot: true, readOnly: true, statementTimeoutMs: STATEMENT_LIMIT_MS },
  );
  writeFileSync(join(unfinished, MANIFEST), JSON.stringify(manifest, null, 2), { mode: 0o600 });
  renameSync(unfinished, directory);
  return manifest;
}
