import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { writeBackup } from '../src/lib/server/backup/write-backup.ts';
import { registerPath } from '../src/lib/server/backup/revocation-register.ts';
import { openDatabase } from '../src/lib/server/database/pool.ts';
import { loadSettings } from './load-settings.ts';
import { openMigrated, openRunning } from './open-database.ts';
import { backupWords } from './operator-messages.mjs';
import { OperatorStop, runCommand } from './operator-stop.ts';
import { root } from './prepare.mjs';
import { keepRegister } from './register-file.ts';

/** 2026-11-22T08-30-00Z: sorts by time, and is a file name on every system. */
function stamp(now: number): string {
  return new Date(now).toISOString().slice(0, 19).replaceAll(':', '-') + 'Z';
}

/** The keys open what the backup holds: they are copied only to a place the operator names, never beside it. */
function copyKeys(dataDir: string, target: string, backups: string): void {
  if (resolve(target).startsWith(resolve(backups))) throw new OperatorStop(backupWords.keysTogether);
  mkdirSync(target, { recursive: true, mode: 0o700 });
  cpSync(join(dataDir, 'keys'), target, { recursive: true, preserveTimestamps: true });
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { to: { type: 'string' }, keys: { type: 'string' } } });
  const settings = loadSettings(root);
  const backups = resolve(values.to ?? join(settings.dataDir, 'backups'));
  const database = openRunning(settings) ?? (await openMigrated(settings, root));
  const owner = openDatabase(database.owner, 2);
  try {
    mkdirSync(backups, { recursive: true, mode: 0o700 });
    const directory = join(backups, stamp(Date.now()));
    if (existsSync(directory)) throw new OperatorStop(backupWords.twice);
    const manifest = await writeBackup(owner, directory, Date.now());
    await keepRegister(owner, [registerPath(settings.dataDir), registerPath(backups)]);
    if (values.keys !== undefined) copyKeys(settings.dataDir, values.keys, backups);
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    console.log(
      backupWords.made({
        directory,
        rows,
        keys: values.keys ?? null,
        ownKeys: join(settings.dataDir, 'keys'),
      }),
    );
  } finally {
    await owner.close();
    await database.stop();
  }
}

await runCommand(main);
