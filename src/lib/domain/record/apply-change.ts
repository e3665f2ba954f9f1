import type { Json } from '../../kernel/json.ts';
import { sameJson } from '../../kernel/json.ts';
import type { MutationId } from './ids.ts';
import type { Change, Mutation } from './mutation.ts';
import type { Clash, Row, SealedBlob } from './row.ts';

/** What a stamp stands for: itself, or, when its mutation was refused, its mend or the stamp that one carried. */
export type StampReading = (stamp: MutationId, field: string) => MutationId | null;

interface Draft {
  fields: Record<string, Json>;
  stamps: Record<string, MutationId>;
  clashes: Clash[];
}

interface Bringing {
  readonly mutation: Mutation;
  readonly replica: Clash['replica'];
  readonly readStamp: StampReading;
}

/** A field's value for comparing: personal values are opaque and equal only to themselves. */
type FieldChange = {
  readonly field: string;
  readonly value: Json;
  readonly on: MutationId | null;
  readonly opaque: boolean;
};

/** The clash rule (sync.md): set when the standing stamp is the one shown, or the value is equal; else keep both. */
function bringField(draft: Draft, change: FieldChange, by: Bringing): void {
  const { field, value, opaque } = change;
  const standing = draft.stamps[field] ?? null;
  if (standing === by.mutation.id) return;
  const shown = change.on === null ? null : by.readStamp(change.on, field);
  const equal = !opaque && standing !== null && sameJson(draft.fields[field] ?? null, value);
  if (standing === shown || equal) {
    draft.stamps[field] = by.mutation.id;
    if (!opaque) draft.fields[field] = value;
    return;
  }
  const mine = draft.clashes.findIndex(
    (clash) =>
      clash.field === field &&
      clash.late === shown &&
      clash.author === by.mutation.author &&
      clash.settled === null,
  );
  const clash: Clash = {
    field,
    late: by.mutation.id,
    value: opaque ? null : value,
    against: standing ?? by.mutation.id,
    author: by.mutation.author,
    replica: by.replica,
    settled: null,
  };
  if (mine >= 0) draft.clashes[mine] = clash;
  else draft.clashes.push(clash);
}

type Wanted = NonNullable<Change['settle']>[number];

/**
 * Settles the named clash. Returns false when it had been settled otherwise (then it is open again, with the other value),
 * or when the late value was preferred to another than the one that stands by now: then it stays open.
 */
function settleClash(draft: Draft, wanted: Wanted, by: Bringing): boolean {
  const named = (clash: Clash): boolean => clash.field === wanted.field && clash.late === wanted.late;
  if (draft.clashes.some((clash) => named(clash) && isDecidedBy(clash, by.mutation.id))) return true;
  const open = draft.clashes.findIndex((clash) => named(clash) && clash.settled === null);
  if (open < 0) return disputeClash(draft, draft.clashes.findIndex(named), wanted, by);
  const clash = draft.clashes[open];
  if (!clash) return true;
  const stamp = draft.stamps[clash.field];
  if (wanted.take === 'late' && !isSeen(wanted, stamp, by)) return false;
  const value = draft.fields[clash.field] ?? null;
  const lost = wanted.take === 'late' && stamp !== undefined ? { stamp, value } : null;
  draft.clashes[open] = {
    ...clash,
    settled: { by: by.mutation.id, take: wanted.take, lost, disputed: null },
  };
  if (wanted.take === 'late') {
    draft.stamps[clash.field] = clash.late;
    if (clash.field in draft.fields) draft.fields[clash.field] = clash.value;
  }
  return true;
}

/** Whether the decision was made before the value that stands. A decision that does not say is taken at its word. */
function isSeen({ field, on }: Wanted, standing: MutationId | undefined, by: Bringing): boolean {
  if (on === undefined) return true;
  return (on === null ? null : by.readStamp(on, field)) === (standing ?? null);
}

function isDecidedBy(clash: Clash, mutation: MutationId): boolean {
  return clash.settled !== null && (clash.settled.by === mutation || clash.settled.disputed === mutation);
}

/** Two people decided differently: the value that lost the first time is listed again. */
function disputeClash(draft: Draft, at: number, wanted: Wanted, by: Bringing): boolean {
  const clash = draft.clashes[at];
  if (!clash?.settled || clash.settled.take === wanted.take) return true;
  const { lost } = clash.settled;
  draft.clashes[at] = { ...clash, settled: { ...clash.settled, disputed: by.mutation.id } };
  draft.clashes.push({
    ...clash,
    late: lost?.stamp ?? clash.late,
    value: lost?.value ?? (lost === null ? clash.value : null),
    against: draft.stamps[clash.field] ?? clash.late,
    settled: null,
  });
  return false;
}

/** The mutation whose value a second, different decision would bring back; of an open clash, the late one. */
function valueAtStake({ late, settled }: Clash): MutationId | null {
  if (settled === null) return late;
  if (settled.disputed !== null) return null;
  return settled.take === 'late' ? (settled.lost?.stamp ?? null) : late;
}

/** Only the sealed parts that a standing value, a clash or its settlement still points to are kept. */
function keepNeeded(
  row: Row,
  sealed: Readonly<Record<string, SealedBlob>>,
  personal: readonly string[],
): Row['sealed'] {
  const needed = new Set<string>();
  for (const field of personal) {
    const stamp = row.stamps[field];
    if (stamp !== undefined) needed.add(stamp);
    for (const clash of row.clashes) {
      const stake = clash.field === field ? valueAtStake(clash) : null;
      if (stake !== null) needed.add(stake);
    }
  }
  return Object.fromEntries(Object.entries(sealed).filter(([id]) => needed.has(id)));
}

export interface ChangeResult {
  readonly row: Row;
  readonly newClashes: number;
  readonly settledAlready: boolean;
}

function openIn(draft: Draft): number {
  return draft.clashes.filter((clash) => clash.settled === null).length;
}

/** True when one of them had been settled otherwise before. */
function settleAll(draft: Draft, wanted: readonly Wanted[], by: Bringing): boolean {
  return wanted.map((one) => settleClash(draft, one, by)).includes(false);
}

/** Applies one change to one row (or to none, when it creates it). Shapes and authority have been checked. */
export function applyChange(
  standing: Row | undefined,
  change: Change,
  by: Bringing & { readonly sealed: SealedBlob | null; readonly personalFields: readonly string[] },
): ChangeResult {
  const draft: Draft = {
    fields: { ...standing?.fields },
    stamps: { ...standing?.stamps },
    clashes: [...(standing?.clashes ?? [])],
  };
  const openBefore = openIn(draft);
  for (const [field, { value, on }] of Object.entries(change.set ?? {})) {
    bringField(draft, { field, value, on, opaque: false }, by);
  }
  for (const [field, on] of Object.entries(change.personal ?? {})) {
    bringField(draft, { field, value: null, on, opaque: true }, by);
  }
  const settledAlready = settleAll(draft, change.settle ?? [], by);
  const row: Row = {
    kind: change.row,
    id: change.id,
    ...draft,
    sets: applySets(standing?.sets ?? {}, change, by.mutation.id),
    sealed: {},
  };
  const parts = {
    ...standing?.sealed,
    ...(by.sealed !== null && change.personal ? { [by.mutation.id]: by.sealed } : {}),
  };
  const openAfter = openIn(draft);
  return {
    row: { ...row, sealed: keepNeeded(row, parts, by.personalFields) },
    newClashes: Math.max(0, openAfter - openBefore),
    settledAlready,
  };
}

/** Members are added under the mutation's own id, so that bringing them twice changes nothing; a removal names what it saw. */
function applySets(sets: Row['sets'], change: Change, mutation: MutationId): Row['sets'] {
  if (!change.add && !change.remove) return sets;
  const next: Record<string, Record<string, Json>> = {};
  for (const [name, members] of Object.entries(sets)) next[name] = { ...members };
  for (const [name, values] of Object.entries(change.add ?? {})) {
    const members = (next[name] ??= {});
    values.forEach((value, index) => {
      const id = index === 0 ? mutation : `${mutation}.${index}`;
      if (!Object.hasOwn(members, id)) members[id] = value;
    });
  }
  for (const [name, ids] of Object.entries(change.remove ?? {})) {
    const members = next[name];
    for (const id of ids) if (members && Object.hasOwn(members, id)) members[id] = null;
  }
  return next;
}
