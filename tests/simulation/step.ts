import { seededRandom } from '../support/sync-mutations.ts';

/** What may happen in a history. Weights are in `planOf`. */
export const STEP_KINDS = [
  'log',
  'edit',
  'sight',
  'void',
  'settle',
  'mend',
  'discard',
  'sync',
  'release',
  'stray',
  'clock',
  'serverClock',
  'backup',
  'restore',
  'copy',
  'empty',
  'revoke',
  'transfer',
  'forge',
] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/** What the network does to one request. */
export const FATES = ['ok', 'drop', 'lost', 'twice', 'html', 'cut', 'late', 'large', 'busy'] as const;
export type Fate = (typeof FATES)[number];

/** One step, complete in itself: taking others out of a history leaves its meaning as it was. */
export interface Step {
  readonly do: StepKind;
  /** Which phone account; which record; which value: each taken modulo what there is. */
  readonly who: number;
  readonly pick: number;
  readonly value: number;
  /** For `sync`: the fates of its requests, the last one for all further ones. */
  readonly fates: readonly Fate[];
  /** The process dies at this storage or network call; 0: it does not. */
  readonly kill: number;
}

const WEIGHTS: Readonly<Record<StepKind, number>> = {
  log: 22,
  edit: 24,
  sight: 6,
  void: 2,
  settle: 4,
  mend: 3,
  discard: 2,
  sync: 44,
  release: 6,
  stray: 5,
  clock: 3,
  serverClock: 2,
  backup: 4,
  restore: 3,
  copy: 1.5,
  empty: 1.5,
  revoke: 1,
  transfer: 2,
  forge: 1.5,
};

export interface Dice {
  /** A whole number from 0 up to, not including, `below`. */
  below(below: number): number;
  chance(share: number): boolean;
}

export function diceOf(seed: number): Dice {
  const random = seededRandom(seed);
  const unit = (): number => {
    const [a = 0, b = 0, c = 0] = random.bytes(3);
    return (a * 65_536 + b * 256 + c) / 16_777_216;
  };
  return { below: (below) => Math.floor(unit() * below), chance: (share) => unit() < share };
}

/** How much more often than usual a step comes. */
export type Focus = Partial<Readonly<Record<StepKind, number>>>;

function kindFrom(dice: Dice, focus: Focus): StepKind {
  const weightOf = (kind: StepKind): number => WEIGHTS[kind] * (focus[kind] ?? 1);
  const total = STEP_KINDS.reduce((sum, kind) => sum + weightOf(kind), 0);
  let at = (dice.below(1_000_000) / 1_000_000) * total;
  for (const kind of STEP_KINDS) {
    at -= weightOf(kind);
    if (at < 0) return kind;
  }
  return 'sync';
}

function fatesOf(dice: Dice): Fate[] {
  if (dice.chance(0.45)) return ['ok'];
  const fates = Array.from(
    { length: 1 + dice.below(2) },
    (): Fate => FATES[dice.below(FATES.length)] ?? 'ok',
  );
  return dice.chance(0.5) ? [...fates, 'ok'] : fates;
}

/** The steps of a history, from its seed alone. */
export function planOf(seed: number, focus: Focus = {}): Step[] {
  const dice = diceOf(seed);
  const length = 14 + dice.below(26);
  return Array.from({ length }, (): Step => {
    const kind = kindFrom(dice, focus);
    const dies = (kind === 'sync' || kind === 'log' || kind === 'edit') && dice.chance(0.12);
    return {
      do: kind,
      who: dice.below(1000),
      pick: dice.below(1000),
      value: dice.below(1_000_000),
      fates: kind === 'sync' ? fatesOf(dice) : [],
      kill: dies ? 1 + dice.below(kind === 'sync' ? 60 : 14) : 0,
    };
  });
}

export function tellStep(step: Step): string {
  const { who, pick, value, fates, kill } = step;
  const killed = kill > 0 ? ` kill@${kill}` : '';
  return `${step.do} who=${who} pick=${pick} value=${value}${fates.length > 0 ? ` net=${fates.join(',')}` : ''}${killed}`;
}
