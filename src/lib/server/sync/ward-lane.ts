import type { WardId } from '$lib/domain/record/ids.ts';
import type { Incoming } from './incoming.ts';
import { StoreBusy } from './store.ts';
import { type Delivery, takeAlone, takeTogether, type UpProblem } from './take-up.ts';
import type { WriteWorld } from './ward-batch.ts';

/**
 * One commit judges this many at most: while it does, the ward's lock is held and its transaction says nothing, and both
 * have an end to their patience.
 */
const MUTATIONS_AT_ONCE = 500;

interface Waiting extends Delivery {
  readonly resolve: (problem: UpProblem) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The deliveries of one ward at this server, one commit after the other. Those that come while a commit is under way are
 * taken together by the next: its fixed costs, and the disk's, are then paid once. Nobody waits for company, and only
 * one connection waits for the ward's lock.
 */
class WardLane {
  readonly #world: WriteWorld;
  readonly #ward: WardId;
  #waiting: Waiting[] = [];
  #running = false;

  constructor(world: WriteWorld, ward: WardId) {
    this.#world = world;
    this.#ward = ward;
  }

  take(delivery: Delivery): Promise<UpProblem> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...delivery, resolve, reject });
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      const { together, rest } = nextTogether(this.#waiting);
      this.#waiting = rest;
      await this.#commit(together);
    }
    this.#running = false;
  }

  async #commit(together: readonly Waiting[]): Promise<void> {
    if (together.length > 1) {
      try {
        const problems = await takeTogether(this.#world, this.#ward, together, {
          forced: null,
          leftovers: true,
        });
        for (const [at, { resolve }] of together.entries()) resolve(problems[at] ?? null);
        return;
      } catch (error) {
        if (error instanceof StoreBusy) {
          for (const { reject } of together) reject(error);
          return;
        }
        // Something one of them brought: nothing of it was kept, and the others shall not suffer for it.
      }
    }
    for (const delivery of together)
      await takeAlone(this.#world, this.#ward, delivery).then(delivery.resolve, delivery.reject);
  }
}

/** A leader closes another replica's gap: neither may stand in one commit with what that replica brings. */
function mustGoAlone({ batch }: Delivery): boolean {
  return batch.some(({ reading }) => reading.is === 'mutation' && reading.mutation.kind === 'gap.close');
}

/** Those in front that may share a commit: of different replicas, without an id in common, and not too many at once. */
export function nextTogether<Waits extends Delivery>(
  waiting: readonly Waits[],
): { together: Waits[]; rest: Waits[] } {
  const together: Waits[] = [];
  const rest: Waits[] = [];
  const taken = new Set<string>();
  let count = 0;
  let closed = false;
  for (const delivery of waiting) {
    const { replica, batch } = delivery;
    const names = [replica, ...batch.map(({ envelope }) => envelope.id)];
    const fits = count + batch.length <= MUTATIONS_AT_ONCE && !names.some((name) => taken.has(name));
    const alone = mustGoAlone(delivery);
    if (together.length === 0 || (fits && !alone && !closed)) {
      together.push(delivery);
      count += batch.length;
      closed = alone;
    } else {
      rest.push(delivery);
    }
    // Also of those left behind: what the same replica brings later must not overtake it.
    for (const name of names) taken.add(name);
  }
  return { together, rest };
}

const lanes = new WeakMap<WriteWorld, Map<WardId, WardLane>>();

function laneOf(world: WriteWorld, ward: WardId): WardLane {
  const ofWorld = lanes.get(world) ?? new Map<WardId, WardLane>();
  lanes.set(world, ofWorld);
  const lane = ofWorld.get(ward) ?? new WardLane(world, ward);
  ofWorld.set(ward, lane);
  return lane;
}

/** Takes what a replica brings, exactly once and in seq order; null: the walk over it went through. */
export async function takeUp(
  world: WriteWorld,
  ward: WardId,
  { replica, person }: Pick<Delivery, 'replica' | 'person'>,
  batch: readonly Incoming[],
): Promise<UpProblem> {
  const inOrder = [...batch].sort((a, b) => a.envelope.seq - b.envelope.seq);
  for (let from = 0; from < inOrder.length; from += MUTATIONS_AT_ONCE) {
    const part = inOrder.slice(from, from + MUTATIONS_AT_ONCE);
    const problem = await laneOf(world, ward).take({ replica, person, batch: part });
    if (problem !== null) return problem;
  }
  return null;
}
