import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { err, ok, type Result } from '$lib/kernel/result.ts';

export const MANIFEST = 'manifest.json';

const identifier = z.string().regex(/^[a-z_][a-z0-9_]*$/);

/** What a backup says about itself; written last, so that a broken-off one has none. */
const manifestSchema = z.strictObject({
  format: z.literal(1),
  madeAt: z.iso.datetime(),
  /** The epoch it was made in: a restore always begins another. */
  epoch: z.string().nullable(),
  /** Checksums of the migrations its rows belong to, in order. */
  migrations: z.array(z.string()),
  tables: z.array(
    z.strictObject({
      name: identifier,
      columns: z.array(identifier),
      rows: z.int().nonnegative(),
      /** SHA-256 of the unpacked rows. */
      sha256: z.string(),
    }),
  ),
});

export type BackupManifest = z.infer<typeof manifestSchema>;
export type TableManifest = BackupManifest['tables'][number];

export function tableFile(directory: string, table: string): string {
  return join(directory, `${table}.copy.gz`);
}

export function readManifest(directory: string): Result<BackupManifest, { kind: 'no_backup' }> {
  try {
    return ok(manifestSchema.parse(JSON.parse(readFileSync(join(directory, MANIFEST), 'utf8'))));
  } catch {
    return err({ kind: 'no_backup' });
  }
}
