import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Instant } from '$lib/kernel/clock.ts';
import { toBase64url } from '$lib/kernel/bytes.ts';
import type { Random } from '$lib/kernel/random.ts';
import { err, ok, type Result } from '$lib/kernel/result.ts';
import { layMigrations } from '../database/migrate.ts';
import { readMigrations, type Migration } from '../database/migration-files.ts';
import type { Database, Transaction } from '../database/pool.ts';
import { readManifest, tableFile, type BackupManifest, type TableManifest } from './backup-manifest.ts';
import { applyRegister, type RevocationRegister } from './revocation-register.ts';

export type RestoreError =
  | { readonly kind: 'no_backup' }
  | { readonly kind: 'foreign_schema' | 'bad_files' | 'damaged'; readonly detail: string };

export interface RestoreRequest {
  readonly directory: string;
  readonly migrationsDirectory: string;
  readonly register: RevocationRegister;
  readonly random: Random;
  readonly now: Instant;
}

export interface Restored {
  readonly madeAt: string;
  readonly rows: number;
  readonly epoch: string;
}

/** Reported by throwing inside the transaction, which must roll back, and caught in this file only. */
class Refusal extends Error {
  readonly reason: RestoreError;
  constructor(reason: RestoreError) {
    super(reason.kind);
    this.reason = reason;
  }
}

async function layTable(tx: Transaction, directory: string, table: TableManifest): Promise<void> {
  const hash = createHash('sha256');
  const watch = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const into = await tx`copy ${tx(table.name)} (${tx([...table.columns])}) from stdin`.writable();
  await pipeline(createReadStream(tableFile(directory, table.name)), createGunzip(), watch, into);
  const [count] = await tx<{ rows: number }[]>`select count(*) as rows from ${tx(table.name)}`;
  if (hash.digest('hex') !== table.sha256 || count?.rows !== table.rows) {
    throw new Refusal({ kind: 'damaged', detail: table.name });
  }
}

/** The schema as it was when the backup was made; later files follow by the ordinary way. */
function schemaOf(manifest: BackupManifest, files: readonly Migration[]): readonly Migration[] {
  const then = files.slice(0, manifest.migrations.length);
  const same = manifest.migrations.every((checksum, index) => then[index]?.checksum === checksum);
  if (!same) throw new Refusal({ kind: 'foreign_schema', detail: String(manifest.migrations.length) });
  return then;
}

async function presentEpochs(
  tx: Transaction,
): Promise<readonly { epoch_id: string; why: string; began_at: Date }[]> {
  const [there] = await tx<{ there: boolean }[]>`select to_regclass('public.epoch') is not null as there`;
  return there?.there === true ? await tx`select epoch_id, why, began_at from epoch order by place` : [];
}

/**
 * The restored time line is another one: a new epoch before anybody is answered, after every epoch that phones may have
 * met (those of the tables just replaced, too). Sessions end, open invitations end.
 */
async function beginEpoch(
  tx: Transaction,
  met: Awaited<ReturnType<typeof presentEpochs>>,
  request: RestoreRequest,
): Promise<string> {
  for (const { epoch_id, why, began_at } of met) {
    await tx`
      insert into epoch (epoch_id, place, why, began_at)
      select ${epoch_id}, (select coalesce(max(place), 0) + 1 from epoch), ${why}, ${began_at}
      on conflict (epoch_id) do nothing`;
  }
  const epoch = toBase64url(request.random.bytes(16));
  const now = new Date(request.now);
  await tx`
    insert into epoch (epoch_id, place, why, began_at)
    select ${epoch}, (select coalesce(max(place), 0) + 1 from epoch), 'restore', ${now}`;
  await tx`update session set ended_at = ${now} where ended_at is null`;
  await tx`update invitation set expires_at = ${now} where expires_at > ${now}`;
  return epoch;
}

/** Row-level security binds the owner too, and COPY does not work under it: lifted for this transaction, table by table. */
async function liftRowSecurity(tx: Transaction, lift: boolean): Promise<void> {
  const forced = await tx<{ name: string }[]>`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relrowsecurity and relkind in ('r', 'p')`;
  for (const { name } of forced) {
    await tx`alter table ${tx(name)} ${lift ? tx`no force row level security` : tx`force row level security`}`;
  }
}

async function replaceAll(
  tx: Transaction,
  manifest: BackupManifest,
  files: readonly Migration[],
  request: RestoreRequest,
): Promise<string> {
  await tx`select set_config('statement_timeout', '0', true)`;
  const met = await presentEpochs(tx);
  await tx.unsafe('drop schema public cascade; create schema public');
  await layMigrations(tx, schemaOf(manifest, files));
  await liftRowSecurity(tx, true);
  for (const table of manifest.tables) await layTable(tx, request.directory, table);
  const epoch = await beginEpoch(tx, met, request);
  await applyRegister(tx, request.register);
  await liftRowSecurity(tx, false);
  return epoch;
}

/**
 * Replaces everything in the database by a backup, in one transaction: whatever goes wrong, the old rows are still there.
 * Nobody else may be using the database. The caller migrates afterwards.
 * @param owner a pool of the tables' owner.
 */
export async function restoreBackup(
  owner: Database,
  request: RestoreRequest,
): Promise<Result<Restored, RestoreError>> {
  const manifest = readManifest(request.directory);
  if (!manifest.ok) return manifest;
  const files = readMigrations(request.migrationsDirectory);
  if (!files.ok) return files;
  try {
    const epoch = await owner.pool.begin((tx) => replaceAll(tx, manifest.value, files.value, request));
    const rows = manifest.value.tables.reduce((sum, table) => sum + table.rows, 0);
    return ok({ madeAt: manifest.value.madeAt, rows, epoch });
  } catch (error) {
    if (error instanceof Refusal) return err(error.reason);
    // A table whose file is cut short or unreadable ends as a fault of the unpacking.
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT' || code.startsWith('Z_')) return err({ kind: 'damaged', detail: code });
    throw error;
  }
}
