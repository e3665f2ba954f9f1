import type { Json } from '../../src/lib/kernel/json.ts';
import type { EpochRecord } from '../../src/lib/server/sync/store.ts';
import type { WardPicture } from '../support/ward-picture.ts';
import type { WardTables } from './memory-tables.ts';

type Entries = Iterable<readonly [string, unknown]>;

const named = (what: string, entries: Iterable<readonly [unknown, unknown]>): Entries =>
  Array.from(entries, ([key, value]) => [`${what} ${String(key)}`, value] as const);

/** The picture of a ward that lies in memory. */
export function memoryPicture(
  ward: WardTables,
  epochs: readonly EpochRecord[],
  signingKeys: readonly string[],
): WardPicture {
  const { version, office } = ward;
  const touched = [...ward.touched].flatMap(([id, rows]) =>
    [...rows].map((row) => [`${id} ${row}`, true] as const),
  );
  const grants = [...ward.grants].flatMap(([person, list]) =>
    list.map((grant) => [`${person} ${grant.grant}`, grant] as const),
  );
  const all: readonly Entries[] = [
    [['ward', { version, office }]],
    named('mark', ward.marks),
    named('row', ward.rows),
    named('bucket', ward.buckets),
    named('mutation', ward.mutations),
    named('alias', ward.aliases),
    named('touched', touched),
    named('quarantine', ward.quarantine),
    named('resident key', ward.residentKeys),
    named('replica', ward.replicas),
    named('grant', grants),
    named('data key', ward.dataKeys),
    named(
      'epoch',
      epochs.map((epoch) => [epoch.id, epoch]),
    ),
    named(
      'signing key',
      signingKeys.map((key) => [key, true]),
    ),
  ];
  return new Map(all.flatMap((entries) => [...entries]) as [string, Json][]);
}
