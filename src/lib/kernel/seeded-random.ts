import type { Bytes } from './bytes.ts';
import type { Random } from './random.ts';

/** Chance that can be repeated: for the demo ward, the simulator and the bench. Never for secrets. */
export interface SeededRandom extends Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, below). */
  below(below: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Picks by weight; weights need not add up to one. */
  weigh<T>(items: readonly (readonly [T, number])[]): T;
}

/** sfc32 (Chris Doty-Humphrey's Small Fast Counting generator), state filled from the seed by splitmix32. */
export function seededRandom(seed: number): SeededRandom {
  const word = splitmix32(seed);
  let a = word();
  let b = word();
  let c = word();
  let counter = 1;
  const next32 = () => {
    const out = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + out;
    return out >>> 0;
  };
  for (let i = 0; i < 12; i++) next32();

  const random: SeededRandom = {
    next: () => next32() / 0x1_0000_0000,
    below: (below) => Math.floor(random.next() * below),
    chance: (probability) => random.next() < probability,
    pick: (items) => {
      const item = items[random.below(items.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
    weigh: (items) => {
      let at = random.next() * items.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [item, weight] of items) {
        at -= weight;
        if (at < 0) return item;
      }
      return random.pick(items)[0];
    },
    bytes: (length): Bytes => {
      const bytes = new Uint8Array(length);
      for (let i = 0; i < length; i += 4) {
        let rest = next32();
        for (let j = i; j < Math.min(i + 4, length); j++) {
          bytes[j] = rest & 0xff;
          rest >>>= 8;
        }
      }
      return bytes;
    },
  };
  return random;
}

function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
}
