import { describe, expect, it } from 'vitest';
import { seededRandom } from './seeded-random.ts';

describe('chance that can be repeated', () => {
  it('gives the same from the same seed, and another from another', () => {
    const draw = (seed: number) => {
      const random = seededRandom(seed);
      return [random.next(), random.below(1000), [...random.bytes(7)]];
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('is even enough: ten buckets of 10,000 draws within 10 % of each other', () => {
    const random = seededRandom(1);
    const buckets = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 100_000; i++) buckets[random.below(10)]!++;
    for (const count of buckets) expect(Math.abs(count - 10_000)).toBeLessThan(1_000);
  });

  it('weighs: what has no weight is never picked', () => {
    const random = seededRandom(3);
    const picked = new Set(
      Array.from({ length: 1000 }, () =>
        random.weigh([
          ['a', 3],
          ['b', 0],
          ['c', 1],
        ]),
      ),
    );
    expect([...picked].sort()).toEqual(['a', 'c']);
  });
});
