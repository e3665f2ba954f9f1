import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '$lib/kernel/result.ts';

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  /** SHA-256 over the text with plain line ends, so that a checkout on Windows counts as unchanged. */
  readonly checksum: string;
}

const FILE_NAME = /^(\d{4})_([a-z0-9-]+)\.sql$/;

/** Reads `NNNN_name.sql` in order; the numbers must run 1, 2, 3 … so that two branches cannot both take one. */
export function readMigrations(
  directory: string,
): Result<readonly Migration[], { kind: 'bad_files'; detail: string }> {
  const found: Migration[] = [];
  for (const file of readdirSync(directory)
    .filter((name) => name.endsWith('.sql'))
    .sort()) {
    const match = FILE_NAME.exec(file);
    if (match === null) return err({ kind: 'bad_files', detail: file });
    const number = Number(match[1]);
    if (number !== found.length + 1) return err({ kind: 'bad_files', detail: file });
    const sql = readFileSync(join(directory, file), 'utf8').replaceAll('\r\n', '\n');
    found.push({
      number,
      name: match[2] ?? '',
      sql,
      checksum: createHash('sha256').update(sql).digest('hex'),
    });
  }
  return ok(found);
}
