import type { MetaShapes } from '../store/stored.ts';

type Batch = MetaShapes['batch'];

const FIRST = 64;
const MOST = 1000;
/** A lone mutation refused as too large so often is never let through by this network. */
const TOO_LARGE_TIMES = 3;

export function firstBatch(): number {
  return FIRST;
}

/** After an answer: twice as many next time. */
export function grown(batch: Batch | undefined): Batch {
  return { size: Math.min(MOST, (batch?.size ?? FIRST) * 2), tooLarge: 0 };
}

/** After a 413, a time-out, or a lock that had to be stolen: half as many, one at least. */
export function halved(batch: Batch | undefined, sent: number, tooLarge: boolean): Batch {
  const size = batch?.size ?? FIRST;
  const next = Math.max(1, Math.floor(Math.min(size, Math.max(1, sent)) / 2));
  return { size: next, tooLarge: tooLarge && sent <= 1 ? (batch?.tooLarge ?? 0) + 1 : 0 };
}

export function neverLetThrough(batch: Batch): boolean {
  return batch.tooLarge >= TOO_LARGE_TIMES;
}
