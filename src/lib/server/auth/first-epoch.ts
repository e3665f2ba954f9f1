import { toBase64url } from '$lib/kernel/bytes.ts';
import type { Random } from '$lib/kernel/random.ts';
import type { Transaction } from '../database/pool.ts';

/** The present epoch; a database that has none yet gets its first. Nodes that start together agree by its place. */
export async function presentEpoch(tx: Transaction, random: Random): Promise<string> {
  const read = () => tx<{ epoch_id: string }[]>`select epoch_id from epoch order by place desc limit 1`;
  const [standing] = await read();
  if (standing !== undefined) return standing.epoch_id;
  await tx`
    insert into epoch (epoch_id, place, why) values (${toBase64url(random.bytes(16))}, 1, 'first')
    on conflict (place) do nothing`;
  const [first] = await read();
  if (first === undefined) throw new Error('no epoch after the first was written');
  return first.epoch_id;
}
