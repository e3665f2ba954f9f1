import type { MutationId, PersonId } from '$lib/domain/record/ids.ts';
import { type Change, type Mutation, mutationSchema, type Outcome } from '$lib/domain/record/mutation.ts';
import { rowKey } from '$lib/domain/record/row.ts';
import { UUID_PATTERN } from '$lib/kernel/uuid.ts';
import { readPlain } from './incoming.ts';
import type { MutationRecord, WardReader } from './store.ts';

/** What matters about a mutation that others name. */
export interface KnownMutation {
  readonly id: MutationId;
  readonly person: PersonId;
  readonly outcome: Outcome;
  /** Null where its text could not be read. */
  readonly mutation: Mutation | null;
  readonly mends: MutationId | null;
  readonly mendedBy: MutationId | null;
}

/** What became of a mutation when it came first, and under which bytes. */
export type Original = Pick<MutationRecord, 'hash' | 'outcome'>;

/** A chain of refused stamps longer than this is nobody's work. */
const LONGEST_CHAIN = 1000;

function changeOf(mutation: Mutation | null | undefined, row: string): Change | undefined {
  return mutation?.changes.find((change) => rowKey(change.row, change.id) === row);
}

/** The resident that a change names; whatever is no id of ours names nobody, for keys are kept under it. */
export function residentNamed(change: Change | undefined): string | undefined {
  const value = change?.set?.['resident']?.value;
  return typeof value === 'string' && UUID_PATTERN.test(value) ? value : undefined;
}

/** The stamp a mutation carried for a field; undefined: it does not set it. */
function carried(
  mutation: Mutation | null | undefined,
  row: string,
  field: string,
): MutationId | null | undefined {
  const change = changeOf(mutation, row);
  const on = change?.set?.[field]?.on ?? change?.personal?.[field];
  const sets =
    change !== undefined &&
    (Object.hasOwn(change.set ?? {}, field) || Object.hasOwn(change.personal ?? {}, field));
  return sets ? (on ?? null) : undefined;
}

/** The mutations a batch names by stamp or mend, with the batch's own on top. */
export class KnownMutations {
  readonly #tx: WardReader;
  readonly #known = new Map<MutationId, KnownMutation | null>();
  readonly #brought = new Map<string, Original>();

  constructor(tx: WardReader) {
    this.#tx = tx;
  }

  get(id: MutationId): KnownMutation | undefined {
    return this.#known.get(id) ?? undefined;
  }

  set(known: KnownMutation): void {
    this.#known.set(known.id, known);
  }

  /** As this same account brought it before, under whatever replica. Ids of other accounts never match. */
  brought(id: MutationId, person: PersonId): Original | undefined {
    return this.#brought.get(`${id}|${person}`);
  }

  /** Asked for, and nobody has brought it. */
  isUnknown(stamp: MutationId): boolean {
    return this.#known.get(stamp) === null;
  }

  async load(ids: readonly MutationId[]): Promise<void> {
    const missing = [...new Set(ids)].filter((id) => !this.#known.has(id));
    if (missing.length === 0) return;
    for (const id of missing) this.#known.set(id, null);
    const records = await this.#tx.mutations(missing);
    const aside = await this.#readAside(records);
    for (const record of records) {
      this.#brought.set(`${record.id}|${record.person}`, record);
      // The same id under two accounts: the one that was applied is the one a stamp can mean.
      if (this.#known.get(record.id)?.outcome.is === 'applied') continue;
      const parsed = mutationSchema.safeParse(record.plain);
      const { id, person, outcome, mends, mendedBy } = record;
      const mutation = parsed.success ? parsed.data : (aside.get(`${person}|${id}`) ?? null);
      this.#known.set(id, { id, person, outcome, mends, mendedBy, mutation });
    }
  }

  /** What could not be written is read where it was kept aside: later ones stand on what it carried. */
  async #readAside(records: readonly MutationRecord[]): Promise<ReadonlyMap<string, Mutation>> {
    const unwritten = records.flatMap(({ id, outcome }) =>
      outcome.is === 'refused' && outcome.code === 'internal' ? [id] : [],
    );
    const read = new Map<string, Mutation>();
    for (const entry of unwritten.length > 0 ? await this.#tx.quarantine(unwritten) : []) {
      const reading = readPlain(entry.plain, entry.id);
      if (reading.is === 'mutation') read.set(`${entry.person}|${entry.id}`, reading.mutation);
    }
    return read;
  }

  /** Loads the mutations behind all stamps that do not stand, and, where those were refused, behind what they carried. */
  async prepare(
    mutations: readonly Mutation[],
    standing: (change: Change, field: string) => MutationId | undefined,
  ): Promise<void> {
    let wanted = mutations.flatMap((mutation) => [
      ...stampsOf(mutation, standing),
      ...(mutation.mends === undefined ? [] : [mutation.mends]),
    ]);
    const followed = new Set<MutationId>();
    while (wanted.length > 0) {
      await this.load(wanted);
      const next = new Set(wanted.filter((id) => !followed.has(id)));
      for (const id of next) followed.add(id);
      // Also of those that were here before: what the same batch repeats is loaded by its id, and not what it stands on.
      wanted = [...next]
        .flatMap((id) => this.get(id) ?? [])
        .filter((known) => known.outcome.is !== 'applied')
        .flatMap((known) => [
          ...(known.mutation === null ? [] : stampsOf(known.mutation, standing)),
          ...[known.mends, known.mendedBy].filter((id) => id !== null),
        ]);
    }
  }

  /** What a stamp stands for: itself; of a refused one its mend, if that set the field, or else the stamp it carried. */
  readStamp(stamp: MutationId, row: string, field: string): MutationId | null {
    let current = stamp;
    for (let step = 0; step < LONGEST_CHAIN; step++) {
      const known = this.get(current);
      if (known === undefined || known.outcome.is === 'applied') return current;
      const mend = known.mendedBy === null ? undefined : this.get(known.mendedBy);
      if (mend && carried(mend.mutation, row, field) !== undefined) return mend.id;
      const before = carried(known.mutation, row, field);
      if (before === undefined) return current;
      if (before === null) return null;
      current = before;
    }
    return current;
  }

  /** The resident a refused mutation names for a row it would have created. */
  createdResident(id: MutationId, row: string): string | undefined {
    return residentNamed(this.get(id)?.mutation?.changes.find((candidate) => candidate.id === row));
  }
}

function stampsOf(
  mutation: Mutation,
  standing: (change: Change, field: string) => MutationId | undefined,
): readonly MutationId[] {
  return mutation.changes.flatMap((change) => {
    const shown = [
      ...Object.entries(change.set ?? {}).map(([field, { on }]) => [field, on] as const),
      ...Object.entries(change.personal ?? {}),
      ...(change.settle ?? []).map(({ field, on }) => [field, on ?? null] as const),
    ];
    return shown.flatMap(([field, on]) => (on !== null && on !== standing(change, field) ? [on] : []));
  });
}
