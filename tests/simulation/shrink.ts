import { type History, type HistoryOptions, runHistory } from './history.ts';
import { planOf, type Step } from './step.ts';

/** A failing history with as few steps as could be found, and how it fails. */
export interface Shrunken {
  readonly steps: readonly Step[];
  readonly history: History;
}

/**
 * Takes steps away, halves first, then smaller pieces, as long as the same promise still breaks. `budget`: histories
 * run at most. Null: the seed does not fail.
 */
export async function shrink(
  seed: number,
  options: HistoryOptions = {},
  budget = 150,
): Promise<Shrunken | null> {
  let steps: readonly Step[] = options.steps ?? planOf(seed, options.defect?.focus);
  let history = await runHistory(seed, { ...options, steps });
  const checker = history.faults[0]?.checker;
  if (checker === undefined) return null;
  let runs = 0;
  for (let piece = Math.ceil(steps.length / 2); piece >= 1 && runs < budget;) {
    let shorter = false;
    for (let from = 0; from < steps.length && runs < budget;) {
      const fewer = [...steps.slice(0, from), ...steps.slice(from + piece)];
      runs += 1;
      const tried = await runHistory(seed, { ...options, steps: fewer });
      if (tried.faults[0]?.checker === checker) {
        steps = fewer;
        history = tried;
        shorter = true;
      } else from += piece;
    }
    if (piece === 1 && !shorter) break;
    piece = piece === 1 ? 1 : Math.ceil(piece / 2);
  }
  return { steps, history };
}
