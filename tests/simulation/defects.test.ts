import { describe, expect, it } from 'vitest';
import { DEFECTS } from './defects.ts';
import { runHistory } from './history.ts';
import { MORE_DEFECTS } from './more-defects.ts';
import { makeQuick } from './quick-runtime.ts';
import { shrink } from './shrink.ts';

makeQuick();

type Pinned = Readonly<Record<string, readonly [seed: number, checker: string]>>;

/** Each of the sixteen mistakes of the sync design → the seed that shows it first, and the checker that sees it there. */
const SIXTEEN: Pinned = {
  'no dedupe': [1, 'I2'],
  'bare "duplicate" after a refusal': [15, 'I1'],
  'seq restarts after eviction': [8, 'I4'],
  'queue stops at a refusal': [3, 'I4'],
  'late answer accepted': [33, 'I4'],
  'version before lock': [3, 'I3'],
  'one version for many rows with a page cut': [1, 'I3'],
  'cursor kept across an epoch': [5, 'I3'],
  'stamps ignored after a restore': [5, 'I5'],
  'ack without its row': [1, 'I1'],
  'scope entered without backfill': [4, 'I3'],
  'own queued edit reported as a clash': [5, 'I5'],
  'key dropped before drain': [1, 'I1'],
  'retained mutations pruned by the local clock': [1, 'I10'],
  'refused record leaves the view': [3, 'I6'],
  'epoch taken on an unsigned claim': [5, 'I8'],
};

/** One for each fault that the world has besides, and for each promise that none of the sixteen is pinned to. */
const MORE: Pinned = {
  'the oldest format is no longer read': [1, 'I9'],
  'answered before the commit is kept': [4, 'I2'],
  'bad data spoils what comes with it': [3, 'I6'],
  'a bucket that was withdrawn stays on the phone': [17, 'I7'],
  'what waits goes under the token of whoever is in front': [30, 'I7'],
  'an outcome is invented for what never arrived': [1, 'I11'],
  'a record still waits although its save has arrived': [1, 'I11'],
};

const named = (name: string) => {
  const defect = [...DEFECTS, ...MORE_DEFECTS].find((one) => one.name === name);
  if (defect === undefined) throw new Error(`no such defect: ${name}`);
  return defect;
};

describe('I1 I2 I3 I4 I5 I6 I7 I8 I9 I10 I11 planted defects are seen', () => {
  it('all sixteen of the design are looked for, and those beyond', () => {
    expect(DEFECTS.map(({ name }) => name).sort()).toEqual(Object.keys(SIXTEEN).sort());
    expect(DEFECTS).toHaveLength(16);
    expect(MORE_DEFECTS.map(({ name }) => name).sort()).toEqual(Object.keys(MORE).sort());
  });

  it.each(Object.entries({ ...SIXTEEN, ...MORE }))('%s', async (name, [seed, checker]) => {
    expect((await runHistory(seed)).faults).toEqual([]);
    const { faults } = await runHistory(seed, { defect: named(name) });
    expect(faults.map((fault) => fault.checker)).toContain(checker);
  });

  it('each promise has a defect that its own checker sees', () => {
    const pinned = new Set(Object.values({ ...SIXTEEN, ...MORE }).map(([, checker]) => checker));
    const promises = Array.from({ length: 11 }, (_, at) => `I${at + 1}`);
    expect(promises.filter((promise) => !pinned.has(promise))).toEqual([]);
  });

  it('a failing history shrinks to few steps, and fails by them alone', async () => {
    const defect = named('refused record leaves the view');
    const shrunken = await shrink(3, { defect }, 40);
    expect(shrunken?.steps.length).toBeLessThanOrEqual(6);
    expect(shrunken?.history.faults[0]?.checker).toBe('I6');
  });
});
