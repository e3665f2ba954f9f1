import { cpSync, existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createInterface } from 'node:readline/promises';
import { restoreBackup } from '../src/lib/server/backup/restore-backup.ts';
import {
  loadRegister,
  mergeRegisters,
  registerPath,
  saveRegister,
  type RevocationRegister,
} from '../src/lib/server/backup/revocation-register.ts';
import { systemRandom } from '../src/lib/server/app-context.ts';
import { openDatabase, type Database } from '../src/lib/server/database/pool.ts';
import type { Settings } from '../src/lib/server/settings/settings.ts';
import { loadSettings } from './load-settings.ts';
import { openMigrated } from './open-database.ts';
import { restoreErrors, restoreWords } from './operator-messages.mjs';
import { OperatorStop, runCommand } from './operator-stop.ts';
import { root } from './prepare.mjs';
import { presentRegister } from './register-file.ts';

interface Wish {
  readonly directory: string;
  readonly keys: string | null;
}

function readWish(): Wish & { readonly sure: boolean } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { keys: { type: 'string' }, yes: { type: 'boolean', default: false } },
  });
  const [directory] = positionals;
  if (directory === undefined) throw new OperatorStop(restoreWords.usage);
  return { directory: resolve(directory), keys: values.keys ?? null, sure: values.yes };
}

async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(question);
  terminal.close();
  return answer.normalize('NFC').trim().toLowerCase() === restoreWords.yes;
}

/** Keys are laid down only where none are: two sets cannot be told apart afterwards. */
function layKeys(settings: Settings, keys: string): void {
  const own = join(settings.dataDir, 'keys');
  if (existsSync(own) && readdirSync(own).length > 0) throw new OperatorStop(restoreWords.keysThere(own));
  cpSync(keys, own, { recursive: true, preserveTimestamps: true });
}

/** From everywhere it could be: beside the backup, in the data directory, and the tables about to be replaced. */
async function wholeRegister(settings: Settings, wish: Wish, owner: Database): Promise<RevocationRegister> {
  const beside = [registerPath(settings.dataDir), registerPath(dirname(wish.directory))];
  return mergeRegisters([...beside.map(loadRegister), await presentRegister(owner)]);
}

async function restore(settings: Settings, wish: Wish): Promise<void> {
  const database = await openMigrated(settings, root);
  const owner = openDatabase(database.owner, 1);
  try {
    const register = await wholeRegister(settings, wish, owner);
    const restored = await restoreBackup(owner, {
      directory: wish.directory,
      migrationsDirectory: join(root, 'migrations'),
      register,
      random: systemRandom,
      now: Date.now(),
    });
    if (!restored.ok) {
      const detail = 'detail' in restored.error ? restored.error.detail : wish.directory;
      throw new OperatorStop(restoreErrors[restored.error.kind]?.(detail) ?? restored.error.kind);
    }
    saveRegister(registerPath(settings.dataDir), register);
    console.log(restoreWords.done(restored.value));
  } finally {
    await owner.close();
    await database.stop();
  }
  // A backup of an older release: its schema is brought up to this one's.
  await (await openMigrated(settings, root)).stop();
}

async function main(): Promise<void> {
  const wish = readWish();
  const settings = loadSettings(root);
  if (!wish.sure && !(await confirm(restoreWords.question(wish.directory))))
    throw new OperatorStop(restoreWords.left);
  if (wish.keys !== null) layKeys(settings, wish.keys);
  await restore(settings, wish);
}

await runCommand(main);
