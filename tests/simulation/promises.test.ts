import { describe, expect, it } from 'vitest';
import { runHistory } from './history.ts';

/** As many as fit into about a minute and a half of one core; `npm run simulate` runs the long form. */
const HISTORIES = 70;

describe('I1 I2 I3 I4 I5 I6 I7 I8 I10 I11 any history of people, phones, a hostile network and restores', () => {
  it(`every promise holds in ${HISTORIES} seeded histories`, async () => {
    for (let seed = 1; seed <= HISTORIES; seed++) {
      const { faults, trace } = await runHistory(seed);
      expect(faults, `seed ${seed}\n${trace.join('\n')}`).toEqual([]);
    }
  });
});
