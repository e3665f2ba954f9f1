import type { Json } from '../../kernel/json.ts';
import type { MutationId, PersonId, ReplicaId, RowId } from './ids.ts';

/** Everything that is kept, shown and synchronised is a row of one of these kinds. */
export const ROW_KINDS = ['assist', 'filing', 'consent', 'person', 'team', 'neighbourhood'] as const;
export type RowKind = (typeof ROW_KINDS)[number];

/** A sealed blob (AES-256-GCM) as base64url. Opaque here: domain never opens it. */
export type SealedBlob = string;

/**
 * A value that came too late for a field somebody else had set. It is kept until a person settles it
 * (promise I5). Once settled it stays, so that a second, different settlement cannot pass silently.
 */
export interface Clash {
  readonly field: string;
  /** The mutation that brought the late value; the clash is named by (field, late). */
  readonly late: MutationId;
  /** The late value; null for personal fields, whose value lies in the sealed part named by `late`. */
  readonly value: Json;
  /** The stamp that stood when the late value arrived. */
  readonly against: MutationId;
  readonly author: PersonId;
  readonly replica: ReplicaId;
  readonly settled: Settlement | null;
}

/** How a clash was settled, with all that a second, different decision would need. */
export interface Settlement {
  readonly by: MutationId;
  readonly take: 'standing' | 'late';
  /** With `late`: what stood until then. Its personal value lies in the sealed part named by `stamp`. */
  readonly lost: { readonly stamp: MutationId; readonly value: Json } | null;
  /** A second decision that chose otherwise, and so opened the clash anew. */
  readonly disputed: MutationId | null;
}

/**
 * One row. `fields` are plain; personal fields have only a stamp: their value lies in the sealed part of the
 * mutation that the stamp names. `sets` hold things that happened, which are added and never overwritten.
 */
export interface Row {
  readonly kind: RowKind;
  readonly id: RowId;
  readonly fields: Readonly<Record<string, Json>>;
  /** Field (plain or personal) → the mutation that last set it. */
  readonly stamps: Readonly<Record<string, MutationId>>;
  /** Set name → id of the member → member; null in place of one that was removed, so that it never comes back. */
  readonly sets: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  /** The sealed parts that standing or clashing personal values lie in. */
  readonly sealed: Readonly<Record<MutationId, SealedBlob>>;
  readonly clashes: readonly Clash[];
}

/** A row as the server holds it: `version` orders it within `epoch` and its ward. */
export interface ConfirmedRow extends Row {
  readonly version: number;
  readonly epoch: string;
}

export function openClashes(row: Row): readonly Clash[] {
  return row.clashes.filter((clash) => clash.settled === null);
}

/** Rows are looked up by kind and id. */
export function rowKey(kind: RowKind, id: string): string {
  return `${kind}/${id}`;
}
