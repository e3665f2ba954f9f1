import { describe, expect, it } from 'vitest';
import { DEFECTS } from './defects.ts';
import { runHistory } from './history.ts';
import { shrink } from './shrink.ts';

/**
 * Defect → the seed that shows it first, and the checker that sees it there. Not among them, and not yet seen in 40
 * histories: stamps ignored after a restore.
 */
const CAUGHT: Readonly<Record<string, readonly [seed: number, checker: string]>> = {
  'no dedupe': [1, 'I2'],
  'bare "duplicate" after a refusal': [1, 'I2'],
  'seq restarts after eviction': [6, 'rest'],
  'queue stops at a refusal': [1, 'I2'],
  'late answer accepted': [1, 'I4'],
  'version before lock': [8, 'I3'],
  'one version for many rows with a page cut': [1, 'I3'],
  'cursor kept across an epoch': [4, 'I3'],
  'ack without its row': [1, 'I1'],
  'scope entered without backfill': [2, 'I3'],
  'own queued edit reported as a clash': [5, 'I5'],
  'key dropped before drain': [4, 'I1'],
  'retained mutations pruned by the local clock': [1, 'I10'],
  'refused record leaves the view': [1, 'I6'],
  'epoch taken on an unsigned claim': [8, 'I8'],
};

const named = (name: string) => {
  const defect = DEFECTS.find((one) => one.name === name);
  if (defect === undefined) throw new Error(`no such defect: ${name}`);
  return defect;
};

describe('I1 I2 I3 I4 I5 I6 I7 I8 I10 I11 fifteen planted defects are seen', () => {
  it.each(Object.entries(CAUGHT))('%s', async (name, [seed, checker]) => {
    const { faults } = await runHistory(seed, { defect: named(name) });
    expect(faults.map((fault) => fault.checker)).toContain(checker);
  });

  it('a failing history shrinks to few steps, and fails by them alone', async () => {
    const defect = named('refused record leaves the view');
    const shrunken = await shrink(1, { defect }, 40);
    expect(shrunken?.steps.length).toBeLessThanOrEqual(4);
    expect(shrunken?.history.faults[0]?.checker).toBe('I6');
  });
});
