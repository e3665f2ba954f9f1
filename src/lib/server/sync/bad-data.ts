import type { MutationId } from '$lib/domain/record/ids.ts';
import { StoreDataFault } from './store.ts';

/** How a write is tried. */
export interface Attempt {
  /** Earlier records that are not brought in: their data cannot be written. */
  readonly aside: ReadonlySet<MutationId>;
  /** Filled by the write: the earlier records that it brings in, for what they waited for is there. */
  readonly met: Set<MutationId>;
  /** Everything is written, and rolled back. */
  readonly rehearsal: boolean;
}

/** Ends a rehearsal, and its transaction. */
export class Rehearsed extends Error {}

/** A write that suspects nobody. */
export function plainAttempt(): Attempt {
  return { aside: new Set(), met: new Set(), rehearsal: false };
}

/**
 * A write that may bring in earlier records besides its own. When data cannot be written, those among the earlier ones
 * that it lies in are found, by rehearsals that halve them, and kept aside: neither the others nor the write itself shall
 * suffer for them. Throws the StoreDataFault when it lies in none of them.
 */
export async function withoutBadData<T>(write: (attempt: Attempt) => Promise<T>): Promise<T> {
  const first = plainAttempt();
  try {
    return await write(first);
  } catch (error) {
    if (!(error instanceof StoreDataFault) || first.met.size === 0) throw error;
    const aside = await badAmong([...first.met], write);
    if (aside === null) throw error;
    return write({ ...plainAttempt(), aside });
  }
}

/** Null: the fault lies elsewhere. */
async function badAmong(
  met: readonly MutationId[],
  write: (attempt: Attempt) => Promise<unknown>,
): Promise<ReadonlySet<MutationId> | null> {
  const aside = new Set(met);
  const goes = async (): Promise<boolean> => {
    try {
      await write({ aside, met: new Set(), rehearsal: true });
      return true;
    } catch (error) {
      if (error instanceof Rehearsed) return true;
      if (error instanceof StoreDataFault) return false;
      throw error;
    }
  };
  /** Not all of these go. */
  const sift = async (some: readonly MutationId[]): Promise<void> => {
    if (some.length === 1) return;
    const half = Math.ceil(some.length / 2);
    for (const part of [some.slice(0, half), some.slice(half)]) {
      for (const id of part) aside.delete(id);
      if (await goes()) continue;
      for (const id of part) aside.add(id);
      await sift(part);
    }
  };
  if (!(await goes())) return null;
  await sift(met);
  return aside;
}
