import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings, type Settings } from '../src/lib/server/settings/settings.ts';
import { settingsErrors, settingsFooting, settingsHeading } from './operator-messages.mjs';
import { OperatorStop } from './operator-stop.ts';

function readable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** Settings from .env and the environment, which wins, and over both `instead`; every fault is told at once. */
export function loadSettings(root: string, instead: Readonly<Record<string, string>> = {}): Settings {
  const file = join(root, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
  const settings = readSettings({ ...process.env, ...instead }, root, { readable });
  if (settings.ok) return settings.value;
  const lines = settings.error.map(({ kind, given }) => `- ${settingsErrors[kind]?.(given) ?? kind}`);
  throw new OperatorStop([settingsHeading, ...lines, settingsFooting].join('\n'));
}
