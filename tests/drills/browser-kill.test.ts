import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/lib/kernel/seeded-random.ts';
import { runBrowserKill } from './browser-kill.ts';
import { chromiumEngine } from './engines.ts';

/** The short form; `npm run drills -- browser-kill --saves 2000` is the long one. */
describe('I1 saved is saved: kill -9 of the whole browser at random acknowledgements', () => {
  it('loses no save that was told as kept, and leaves none half-written', async () => {
    const result = await runBrowserKill({
      engine: chromiumEngine(),
      saves: 150,
      perLife: 20,
      random: seededRandom(20),
      say: () => undefined,
    });
    expect(result.lost).toEqual([]);
    expect(result.faults).toEqual([]);
    expect(result.acknowledged).toBeGreaterThanOrEqual(150);
    expect(result.kills).toBeGreaterThanOrEqual(8);
  });
});
