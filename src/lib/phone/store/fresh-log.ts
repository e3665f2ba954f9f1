import type { Random } from '../../kernel/random.ts';
import type { AccountTables } from './account-tables.ts';
import type { MetaRecord } from './stored.ts';

/** More than Chromium keeps in one log (4 MB), each part written twice there: as new, and as what it replaces. */
const PARTS = 64;
/** From 64 kB on, a value goes into a file of its own. */
const PART_BYTES = 49_152;
const NAME = 'ballast';

/**
 * Makes the browser close its log file and begin another, by writing until the old one is full. A disk that ran full in
 * the middle of a write leaves a torn record in Chromium's log; what is written behind it is readable until the next
 * start, which then takes the whole log for damaged and deletes everything this origin has (measured, Chromium 156; the
 * drill `full-disk` is red without this). Elsewhere it costs a moment and changes nothing. Throws what storage throws.
 */
export async function startFreshLog(tables: AccountTables, random: Random): Promise<void> {
  // Bytes that no browser can pack smaller.
  const value = random.bytes(PART_BYTES);
  try {
    for (let part = 0; part < PARTS; part++)
      await tables.meta.put({ name: NAME, value } satisfies MetaRecord);
  } finally {
    await tables.meta.delete(NAME);
  }
}
