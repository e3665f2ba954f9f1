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
  'tabs',
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
  'oldSave',
  'oldSync',
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
  /** The server dies at this call of its storage; 0: it does not. */
  readonly serverKill: number;
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
  tabs: 5,
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
  oldSave: 3,
  oldSync: 4,
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

/** Kinds in which a process can die, and the calls of its ports that it may reach. */
const DEADLY: Partial<Readonly<Record<StepKind, number>>> = { sync: 60, tabs: 60, log: 14, edit: 14 };
const ON_THE_LINE: readonly StepKind[] = ['sync', 'tabs', 'oldSync'];
/** A round makes about so many calls of the server's storage. */
const SERVER_CALLS = 12;

function stepOf(dice: Dice, kind: StepKind): Step {
  const deadly = DEADLY[kind];
  const onTheLine = ON_THE_LINE.includes(kind);
  return {
    do: kind,
    who: dice.below(1000),
    pick: dice.below(1000),
    value: dice.below(1_000_000),
    fates: onTheLine ? fatesOf(dice) : [],
    kill: deadly !== undefined && dice.chance(0.12) ? 1 + dice.below(deadly) : 0,
    serverKill: onTheLine && dice.chance(0.08) ? 1 + dice.below(SERVER_CALLS) : 0,
  };
}

/** Phones that see the same records: a helper's two phones, or one of them and the team lead's. */
const TOGETHER = [
  [0, 3],
  [3, 0],
  [0, 2],
  [3, 2],
] as const;

/** A step as a story needs it. Value 5: a sync with an open vault and its own session; a restore that nobody announces. */
export function plain(
  kind: StepKind,
  who: number,
  given: { pick?: number; value?: number; fates?: Fate[] } = {},
): Step {
  const { pick = 0, value = 5, fates = ['ok'] } = given;
  return { do: kind, who, pick, value, fates: kind === 'sync' ? fates : [], kill: 0, serverKill: 0 };
}

/** Two phones, a record that both know, and edits of one and the same field. */
function twoPhones(dice: Dice): { a: number; b: number; edit: (who: number) => Step; known: Step[] } {
  const [a, b] = TOGETHER[dice.below(TOGETHER.length)] ?? [0, 3];
  const pick = dice.below(1000);
  return {
    a,
    b,
    edit: (who) => plain('edit', who, { pick, value: 2 * dice.below(200) }),
    known: [plain('log', a, { pick, value: 2 * dice.below(200) }), plain('sync', a), plain('sync', b)],
  };
}

/**
 * Both set the same field while apart; the ward, which may have heard one of them, is put back to before; then they
 * deliver (again).
 */
function apartOverARestore(dice: Dice): Step[] {
  const { a, b, edit, known } = twoPhones(dice);
  const early = dice.chance(0.6) ? [plain('sync', dice.chance(0.5) ? a : b)] : [];
  const restore = plain('restore', 0, { value: dice.below(2) });
  return [
    ...known,
    plain('backup', 0),
    edit(a),
    edit(b),
    ...early,
    restore,
    plain('sync', dice.chance(0.5) ? a : b),
  ];
}

/** An answer hangs, another tab hears newer things meanwhile, and then it arrives. */
function overtaken(dice: Dice): Step[] {
  const { a, b, edit, known } = twoPhones(dice);
  return [
    ...known,
    edit(b),
    plain('sync', b),
    plain('sync', a, { fates: ['late'] }),
    edit(b),
    plain('sync', b),
    plain('sync', a),
    plain('release', a),
  ];
}

/**
 * The answer to a delivery hangs, another tab asks meanwhile and hears nothing, the ward is put back to before, and only
 * then the answer arrives.
 */
function heardAfterARestore(dice: Dice): Step[] {
  const { a, edit, known } = twoPhones(dice);
  const before = dice.chance(0.5) ? known : [];
  const fates: Fate[] = [dice.chance(0.5) ? 'busy' : 'large'];
  return [
    ...before,
    plain('backup', 0),
    dice.chance(0.5) ? edit(a) : plain('log', a, { pick: dice.below(1000) }),
    plain('sync', a, { fates: ['late'] }),
    ...(dice.chance(0.7) ? [plain('sync', a, { fates })] : []),
    plain('restore', 0, { value: dice.below(4) === 0 ? 2 : 5 }),
    plain('release', a),
  ];
}

/** What chance alone brings too seldom to be tested. */
const STORIES: readonly ((dice: Dice) => Step[])[] = [apartOverARestore, overtaken, heardAfterARestore];
const RESTORING: readonly ((dice: Dice) => Step[])[] = [apartOverARestore, heardAfterARestore];

/** The steps of a history, from its seed alone. */
export function planOf(seed: number, focus: Focus = {}): Step[] {
  const dice = diceOf(seed);
  const length = 14 + dice.below(26);
  const steps = Array.from({ length }, () => stepOf(dice, kindFrom(dice, focus)));
  const story = dice.chance(0.3) ? STORIES[dice.below(STORIES.length)] : undefined;
  // A defect that is looked for where nothing is restored has no use for those stories.
  if (story === undefined || (RESTORING.includes(story) && focus.restore === 0)) return steps;
  const at = dice.below(steps.length);
  return [...steps.slice(0, at), ...story(dice), ...steps.slice(at)];
}

export function tellStep(step: Step): string {
  const { who, pick, value, fates, kill, serverKill } = step;
  const killed = kill > 0 ? ` kill@${kill}` : '';
  const server = serverKill > 0 ? ` serverKill@${serverKill}` : '';
  return `${step.do} who=${who} pick=${pick} value=${value}${fates.length > 0 ? ` net=${fates.join(',')}` : ''}${killed}${server}`;
}
