import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/lib/kernel/seeded-random.ts';
import { runServerKill } from './server-kill.ts';

/** The short form; `npm run drills -- server-kill --kills 200 --mutations 100000` is the long one. */
describe('I2 exactly once: kill -9 of server and database in the middle of deliveries', () => {
  it('each mutation told as arrived stands once, seqs and versions without a gap', async () => {
    const result = await runServerKill({
      phones: 4,
      mutations: 1200,
      kills: 6,
      random: seededRandom(6),
      say: () => undefined,
    });
    expect(result.faults).toEqual([]);
    expect(result.mutations).toBe(1200);
    expect(result.broken).toBeGreaterThan(0);
    expect(Object.values(result.kills).reduce((sum, count) => sum + count)).toBe(6);
  }, 600_000);
});
