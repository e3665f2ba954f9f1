import { expect, it } from 'vitest';
import { runHistory } from './history.ts';
import { makeQuick } from './quick-runtime.ts';
import { tellFailure } from './run-seed.ts';
import { plain, type Step } from './step.ts';

makeQuick();

/** The histories that the long simulation once found broken, as short as they could be made. */
async function holds(seed: number, steps: readonly Step[]): Promise<void> {
  const history = await runHistory(seed, { steps });
  if (history.faults.length > 0) expect.fail(tellFailure(seed, history));
  expect(history.saves).toBeGreaterThan(0);
}

it('I1 I8 the first answer of all comes after the ward was put back, to a phone that has been overtaken', () =>
  holds(125407, [
    plain('backup', 0),
    plain('log', 3, { pick: 964 }),
    plain('sync', 3, { fates: ['late'] }),
    plain('sync', 3, { fates: ['busy'] }),
    plain('restore', 0),
  ]));

it('I1 I8 an answer comes after the ward was put back, to a phone that knows it from before', () =>
  holds(120735, [
    plain('log', 0, { pick: 378 }),
    plain('sync', 0),
    plain('backup', 0),
    plain('edit', 0, { value: 44 }),
    plain('sync', 0, { fates: ['late'] }),
    plain('restore', 0),
    plain('sync', 0, { fates: ['large'] }),
  ]));

it('I5 a value that was replaced knowingly, by one which an equal value of somebody else then stood for', () =>
  holds(137138, [
    plain('log', 0, { pick: 744, value: 10 }),
    plain('sync', 0),
    plain('sync', 2),
    plain('edit', 0, { value: 44 }),
    plain('edit', 2, { value: 68 }),
    plain('edit', 2, { value: 44 }),
    plain('sync', 2),
    plain('sync', 0),
  ]));
