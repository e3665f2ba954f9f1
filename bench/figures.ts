/** The value below which `part` of them lie. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** One line of the table. */
export interface Figure {
  readonly row: string;
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  /** What it stands beside, measured in the same run; null: a plain count. */
  readonly floor: { readonly name: string; readonly value: number } | null;
  /** Median of the ratios of each round; null without a floor. */
  readonly ratio: number | null;
  /** The goal of the design; null: told for its size alone. */
  readonly goal: { readonly most: number; readonly of: 'ratio' | 'value' } | null;
  readonly rounds: number;
}

/** Ours and the floor's value of each round. */
export type Rounds = readonly (readonly [ours: number, floor: number])[];

export function beside(
  head: Pick<Figure, 'row' | 'what' | 'unit'>,
  floor: string,
  rounds: Rounds,
  mostRatio: number | null,
): Figure {
  return {
    ...head,
    ours: median(rounds.map(([ours]) => ours)),
    floor: { name: floor, value: median(rounds.map(([, value]) => value)) },
    ratio: median(rounds.map(([ours, value]) => ours / value)),
    goal: mostRatio === null ? null : { most: mostRatio, of: 'ratio' },
    rounds: rounds.length,
  };
}

export function alone(
  head: Pick<Figure, 'row' | 'what' | 'unit'>,
  values: readonly number[],
  most: number | null,
): Figure {
  return {
    ...head,
    ours: median(values),
    floor: null,
    ratio: null,
    goal: most === null ? null : { most, of: 'value' },
    rounds: values.length,
  };
}

/** By how much a goal is missed, as a factor; null: reached, or there is none. */
export function missedBy(figure: Figure): number | null {
  if (figure.goal === null) return null;
  const reached = figure.goal.of === 'ratio' ? (figure.ratio ?? Number.NaN) : figure.ours;
  return reached <= figure.goal.most ? null : reached / figure.goal.most;
}
