import type { Json } from '../../kernel/json.ts';
import { can, relationOf } from '../people/permissions.ts';
import type { Actor } from '../people/roles.ts';
import { applyChange } from './apply-change.ts';
import { belongingOf, parentIdOf } from './belonging.ts';
import { flagsOf } from './flags.ts';
import type { MutationId } from './ids.ts';
import { type Change, type Flag, type Mutation, type Outcome, WITHOUT_ROWS } from './mutation.ts';
import { type ChangeRule, MUTATION_RULES } from './mutation-rules.ts';
import { type Row, type RowKind, rowKey, type SealedBlob } from './row.ts';
import { ROW_SHAPES } from './row-shapes.ts';

/** What `apply` may look at. It gets no clock: times are values in the mutation. */
export interface World {
  row(kind: RowKind, id: string): Row | undefined;
  /** The refused or held mutation that would have created this row, if there is one. */
  refusedCreator(kind: RowKind, id: string): MutationId | undefined;
  /** What a stamp stands for now: itself, its mend, or what a refused mutation had carried. */
  readStamp(stamp: MutationId, row: string, field: string): MutationId | null;
  /** True for 30 days after a new epoch: unknown rows and stamps may still arrive from other phones. */
  readonly mayStillArrive: boolean;
  /** Server only: nobody has brought this mutation yet. Asked while something may still arrive. */
  isUnknownStamp?(stamp: MutationId): boolean;
}

export interface Verdict {
  readonly outcome: Outcome;
  /** The rows as they stand afterwards; empty unless applied. */
  readonly rows: readonly Row[];
}

const refuse = (code: Extract<Outcome, { is: 'refused' }>['code']): Verdict => ({
  outcome: { is: 'refused', code },
  rows: [],
});

/**
 * The one judgement of a mutation, called by the phone at once, by the server for the last word, and by the
 * simulator. It refuses only what may not be held (not yours, malformed); a visit that took place is kept and flagged.
 */
export function apply(world: World, mutation: Mutation, sealed: SealedBlob | null, actor: Actor): Verdict {
  if (mutation.author !== actor.person || mutation.ward !== actor.ward) return refuse('not_yours');
  if (mutation.changes.length === 0 && !WITHOUT_ROWS.includes(mutation.kind)) return refuse('malformed');
  const touched = new Map<string, Row>();
  // Asked one by one, never spread: a world may be an object of a class.
  const seen: World = {
    row: (kind, id) => touched.get(rowKey(kind, id)) ?? world.row(kind, id),
    refusedCreator: (kind, id) => world.refusedCreator(kind, id),
    readStamp: (stamp, row, field) => world.readStamp(stamp, row, field),
    mayStillArrive: world.mayStillArrive,
  };
  const flags = new Set<Flag>();
  let clashes = 0;
  for (const change of mutation.changes) {
    const rule = MUTATION_RULES[mutation.kind][change.row];
    if (!rule || !fitsRule(change, rule)) return refuse('malformed');
    const standing = seen.row(change.row, change.id);
    const missing = checkPresence(seen, change, standing) ?? checkStamps(world, change);
    if (missing) return { outcome: missing, rows: [] };
    const result = applyChange(standing, change, {
      mutation,
      replica: actor.replica,
      readStamp: (stamp, field) => world.readStamp(stamp, rowKey(change.row, change.id), field),
      sealed,
      personalFields: ROW_SHAPES[change.row].personal,
    });
    const forbidden = checkAuthority(seen, standing, result.row, rule, actor);
    if (forbidden) return { outcome: forbidden, rows: [] };
    if (change.create && !isWhole(result.row)) return refuse('malformed');
    touched.set(rowKey(change.row, change.id), result.row);
    clashes += result.newClashes;
    if (result.settledAlready) flags.add('settled_already');
    for (const flag of flagsOf(standing, result.row, mutation)) flags.add(flag);
  }
  return { outcome: { is: 'applied', flags: [...flags], clashes }, rows: [...touched.values()] };
}

/** Every value parses, and nothing is set that this intent may not set. */
function fitsRule(change: Change, rule: ChangeRule): boolean {
  const shape = ROW_SHAPES[change.row];
  if (change.create && !rule.create) return false;
  if (change.settle && !rule.settle) return false;
  if (change.personal && !rule.personal) return false;
  return (
    Object.entries(change.set ?? {}).every(([field, { value }]) => mayBeSet(change, rule, field, value)) &&
    Object.keys(change.personal ?? {}).every((field) =>
      (shape.personal as readonly string[]).includes(field),
    ) &&
    Object.entries(change.add ?? {}).every(([name, values]) => mayBeAdded(change, rule, name, values)) &&
    Object.keys(change.remove ?? {}).every((name) => rule.add?.includes(name))
  );
}

function mayBeSet(change: Change, rule: ChangeRule, field: string, value: Json): boolean {
  const shape = ROW_SHAPES[change.row];
  const schema = Object.hasOwn(shape.fields, field) ? shape.fields[field] : undefined;
  if (!schema?.safeParse(value).success) return false;
  if (!change.create && shape.fixed.includes(field)) return false;
  // Voiding is an intent of its own: an edit made meanwhile must not undo it.
  if (rule.set === 'all') return change.create === true || field !== 'voided';
  return rule.set?.includes(field) === true;
}

function mayBeAdded(change: Change, rule: ChangeRule, name: string, values: readonly Json[]): boolean {
  const { sets } = ROW_SHAPES[change.row];
  const schema = Object.hasOwn(sets, name) ? sets[name] : undefined;
  if (!schema || rule.add?.includes(name) !== true) return false;
  return values.every((value) => schema.safeParse(value).success);
}

/** A row that is created has every plain field of its shape. */
function isWhole(row: Row): boolean {
  return Object.keys(ROW_SHAPES[row.kind].fields).every((field) => row.fields[field] !== undefined);
}

function checkPresence(world: World, change: Change, standing: Row | undefined): Outcome | null {
  const unknown = (kind: RowKind, id: string): Outcome => {
    const creator = world.refusedCreator(kind, id);
    if (creator !== undefined) return { is: 'held', behind: creator };
    if (world.mayStillArrive) return { is: 'waiting', for: rowKey(kind, id) };
    return { is: 'refused', code: 'malformed' };
  };
  if (change.create) {
    if (standing) return { is: 'refused', code: 'already_exists' };
    const field = ROW_SHAPES[change.row].parent;
    const parent = field === null ? null : change.set?.[field]?.value;
    return typeof parent === 'string' && !world.row('assist', parent) ? unknown('assist', parent) : null;
  }
  return standing ? null : unknown(change.row, change.id);
}

/** After a restore a stamp may be that of a mutation which its phone has not sent again yet. */
function checkStamps(world: World, change: Change): Outcome | null {
  if (!world.mayStillArrive || !world.isUnknownStamp) return null;
  const shown = [
    ...Object.entries(change.set ?? {}).map(([field, { on }]) => [field, on] as const),
    ...Object.entries(change.personal ?? {}),
  ];
  for (const [field, on] of shown) {
    const stamp = on === null ? null : world.readStamp(on, rowKey(change.row, change.id), field);
    if (stamp !== null && world.isUnknownStamp(stamp)) return { is: 'waiting', for: stamp };
  }
  return null;
}

/**
 * Authority is asked of the row as it stood; of one that is born, of the assist it is born into (what it says of itself
 * gives no right), or, where there is none, as it would stand. Nobody logs in another person's name, nor into a team
 * that is not theirs.
 */
function checkAuthority(
  world: World,
  before: Row | undefined,
  after: Row,
  rule: ChangeRule,
  actor: Actor,
): Outcome | null {
  const parentId = parentIdOf(before ?? after);
  const parent = parentId === null ? undefined : world.row('assist', parentId);
  const relation = relationOf(actor, belongingOf(actor.ward, before ?? parent ?? after, parent));
  // T9 is a rule of conduct: it binds the phone's screens and is flagged, it never refuses what took place.
  const allowed = can({ role: actor.role, mustPass: true }, rule.action, relation);
  return allowed && (before !== undefined || isOwnBirth(after, actor))
    ? null
    : { is: 'refused', code: 'not_yours' };
}

function isOwnBirth(row: Row, actor: Actor): boolean {
  if (row.kind !== 'assist') return true;
  return row.fields['enteredBy'] === actor.person && actor.teams.some((team) => team === row.fields['team']);
}
