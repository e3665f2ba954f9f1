import { apply, type Verdict } from '$lib/domain/record/apply.ts';
import { can } from '$lib/domain/people/permissions.ts';
import type { Actor } from '$lib/domain/people/roles.ts';
import type { Flag, Mutation, Outcome, RefusalCode } from '$lib/domain/record/mutation.ts';
import { isOfficeOnly } from '$lib/domain/record/office-only.ts';
import { type Row, rowKey } from '$lib/domain/record/row.ts';
import { residentOf, sealRowValues } from '../records/row-values.ts';
import type { Acting } from './actors.ts';
import type { Judgeable } from './judgeable.ts';
import type { WardWorld } from './ward-world.ts';

/** Stands for the sealed part while `apply`, which never opens it, decides what becomes of it. */
const SEALED_HERE = 'sealed-here';

export interface Judged {
  readonly outcome: Outcome;
  readonly rows: readonly Row[];
  /** Row key → this mutation's values of that row, sealed: for the history. */
  readonly parts: ReadonlyMap<string, string>;
}

const NO_PARTS: ReadonlyMap<string, string> = new Map();

export function refused(code: RefusalCode): Judged {
  return { outcome: { is: 'refused', code }, rows: [], parts: NO_PARTS };
}

/** A deed without rows of its own; `already`: somebody had been quicker, and nothing was done. */
export function deedDone(already: boolean): Judged {
  return {
    outcome: { is: 'applied', flags: already ? ['settled_already'] : [], clashes: 0 },
    rows: [],
    parts: NO_PARTS,
  };
}

function declaresPersonal(mutation: Mutation): boolean {
  return mutation.changes.some(
    (change) => change.personal !== undefined && Object.keys(change.personal).length > 0,
  );
}

/** The last word on one record: who may, what `apply` says, and whether its sealed part can be kept. */
export function judge(item: Judgeable, acting: Acting, world: WardWorld): Judged {
  switch (item.reading.is) {
    case 'given_up':
      return { outcome: { is: 'given_up' }, rows: [], parts: NO_PARTS };
    case 'malformed':
      return refused('malformed');
    case 'unknown_kind':
      return { outcome: { is: 'unknown_kind' }, rows: [], parts: NO_PARTS };
    case 'mutation':
      return judgeMutation(item, item.reading.mutation, acting, world);
  }
}

function judgeMutation(item: Judgeable, mutation: Mutation, acting: Acting, world: WardWorld): Judged {
  if (acting.is === 'revoked') return refused('revoked');
  if (acting.is === 'unknown') return refused('not_yours');
  if (item.door === 'phone' && isOfficeOnly(mutation)) return refused('not_yours');
  if (isTakenByAnother(item, world)) return refused('malformed');
  if (touchesErased(mutation, world)) return refused('erased');
  const personal = declaresPersonal(mutation);
  if (personal && item.personal.is === 'none') return refused('malformed');
  const verdict = apply(world, mutation, personal ? SEALED_HERE : null, acting.actor);
  if (verdict.outcome.is !== 'applied') return { outcome: verdict.outcome, rows: [], parts: NO_PARTS };
  if (personal && item.personal.is === 'unopenable') return refused('unopenable');
  if (mutation.kind === 'record.discard') return judgeDiscard(mutation, acting.actor, verdict, world);
  const parts = sealParts(item, mutation, verdict.rows, world);
  const flags: readonly Flag[] =
    item.personal.is === 'open' && item.personal.masked
      ? [...verdict.outcome.flags, 'forbidden_text']
      : verdict.outcome.flags;
  return {
    outcome: { ...verdict.outcome, flags },
    rows: verdict.rows.map((row) => withPart(row, mutation, parts)),
    parts,
  };
}

/** An id under which another account's record was applied: taking it again would overwrite that one's sealed part. */
function isTakenByAnother(item: Judgeable, world: WardWorld): boolean {
  const known = world.known.get(item.id);
  return known !== undefined && known.person !== item.person && known.outcome.is === 'applied';
}

function touchesErased(mutation: Mutation, world: WardWorld): boolean {
  return mutation.changes.some((change) =>
    world.residentKeys.isErased(world.residentOfRow(mutation, change.id)),
  );
}

/** Discarding changes no row: it ends a record of one's own that was not taken, or, for a leader, anybody's. */
function judgeDiscard(mutation: Mutation, actor: Actor, verdict: Verdict, world: WardWorld): Judged {
  if (mutation.mends === undefined) return refused('malformed');
  const target = world.known.get(mutation.mends);
  if (target === undefined) {
    const outcome: Outcome = world.mayStillArrive
      ? { is: 'waiting', for: mutation.mends }
      : { is: 'applied', flags: [], clashes: 0 };
    return { outcome, rows: [], parts: NO_PARTS };
  }
  if (!mayEnd(target.person, actor)) return refused('not_yours');
  const flags: readonly Flag[] = target.outcome.is === 'applied' ? ['settled_already'] : [];
  return { outcome: { is: 'applied', flags, clashes: 0 }, rows: verdict.rows, parts: NO_PARTS };
}

/** Whether an actor may mend or discard what somebody brought. */
export function mayEnd(author: string, actor: Pick<Actor, 'person' | 'role' | 'mustPass'>): boolean {
  return author === actor.person || can(actor, 'quarantine.settle', 'ward');
}

function sealParts(
  item: Judgeable,
  mutation: Mutation,
  rows: readonly Row[],
  world: WardWorld,
): Map<string, string> {
  const parts = new Map<string, string>();
  if (item.personal.is !== 'open') return parts;
  for (const row of rows) {
    const declared = mutation.changes.flatMap((change) =>
      change.row === row.kind && change.id === row.id ? Object.keys(change.personal ?? {}) : [],
    );
    if (declared.length === 0 || residentOf(row) === null) continue;
    const given = item.personal.values.get(row.id) ?? {};
    const values = Object.fromEntries(Object.entries(given).filter(([field]) => declared.includes(field)));
    parts.set(rowKey(row.kind, row.id), sealRowValues(world.residentKeys, row, mutation.id, values));
  }
  return parts;
}

function withPart(row: Row, mutation: Mutation, parts: ReadonlyMap<string, string>): Row {
  if (row.sealed[mutation.id] !== SEALED_HERE) return row;
  const { [mutation.id]: _standIn, ...rest } = row.sealed;
  const part = parts.get(rowKey(row.kind, row.id));
  return { ...row, sealed: part === undefined ? rest : { ...rest, [mutation.id]: part } };
}

/** A defect of ours in judging one record must not stop the others behind it. */
export function judgeSafely(item: Judgeable, acting: Acting, world: WardWorld): Judged {
  try {
    return judge(item, acting, world);
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return refused('internal');
    throw error;
  }
}
