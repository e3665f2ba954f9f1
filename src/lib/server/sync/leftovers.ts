import type { WardId } from '$lib/domain/record/ids.ts';
import { MUTATION_KINDS } from '$lib/domain/record/mutation.ts';
import { withoutBadData } from './bad-data.ts';
import { mayStillArrive } from './epochs.ts';
import type { OfficeWorld } from './office-door.ts';
import type { WardReader } from './store.ts';
import { WardBatch } from './ward-batch.ts';

const NOBODY_EXPECTED = { persons: [], ids: [], mutations: [] };

/** A ward's writes judge fifty at once; more than this many turns would mean that they do not shrink. */
const MOST_TURNS = 200;

/** Kept intents that this build has learned since, or records that waited for what can no longer come. */
async function hasLeftovers(world: OfficeWorld, tx: WardReader): Promise<boolean> {
  const learned = await tx.unknownKinds(MUTATION_KINDS, 1);
  if (learned.length > 0) return true;
  if (mayStillArrive(await tx.epochs(), world.clock)) return false;
  return (await tx.provisional()).some(({ waiting }) => waiting);
}

/**
 * Judges what earlier batches of a ward left, without waiting for its next write: after a new release, and when the 30
 * days after a restore are over. What then still names nothing is refused, and stands before its author and the leader.
 * Returns how many commits it took.
 */
export async function judgeLeftovers(world: OfficeWorld, ward: WardId): Promise<number> {
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    if (!(await world.store.read(ward, (tx) => hasLeftovers(world, tx)))) return turn;
    await withoutBadData((attempt) =>
      world.store.write(ward, async (tx) => {
        const batch = await WardBatch.open(tx, world, ward, NOBODY_EXPECTED, attempt);
        await batch.judge([], { forced: null, leftovers: true });
        await batch.commit([]);
      }),
    );
  }
  return MOST_TURNS;
}
