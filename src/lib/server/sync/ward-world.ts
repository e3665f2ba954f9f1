import type { World } from '$lib/domain/record/apply.ts';
import { parentIdOf } from '$lib/domain/record/belonging.ts';
import type { MutationId, WardId } from '$lib/domain/record/ids.ts';
import type { Change, Mutation } from '$lib/domain/record/mutation.ts';
import { type Row, type RowKind, rowKey } from '$lib/domain/record/row.ts';
import { ROW_SHAPES } from '$lib/domain/record/row-shapes.ts';
import { residentOf } from '../records/row-values.ts';
import { ResidentKeys } from '../keys/resident-keys.ts';
import type { ServerKeys } from '../keys/server-keys.ts';
import { KnownMutations, residentNamed } from './known-mutations.ts';
import type { RowRef, WardReader } from './store.ts';

/** The assist that a change's row belongs to, as far as the change itself says. */
function parentNamed(change: Change): string | null {
  const field = ROW_SHAPES[change.row].parent;
  const value = field === null ? undefined : change.set?.[field]?.value;
  return typeof value === 'string' ? value : null;
}

/**
 * A ward as one batch sees it: what the tables hold, loaded a whole batch at a time, with the batch's own results on
 * top. `apply` asks it synchronously; whatever it may be asked has been loaded by `prepare`.
 */
export class WardWorld implements World {
  /** Said before anything is judged. */
  mayStillArrive = false;
  readonly known: KnownMutations;
  readonly residentKeys: ResidentKeys;
  /** Rows as the tables hold them. */
  readonly before = new Map<string, Row>();
  /** Keys of rows this batch has written. */
  readonly written = new Set<string>();
  readonly #tx: WardReader;
  readonly #rows = new Map<string, Row | undefined>();
  readonly #creators = new Map<string, MutationId>();
  readonly #askedCreators = new Set<string>();
  readonly #askedResidents = new Set<string>();

  constructor(tx: WardReader, ward: WardId, keys: ServerKeys) {
    this.#tx = tx;
    this.known = new KnownMutations(tx);
    this.residentKeys = new ResidentKeys(keys, ward, []);
  }

  row(kind: RowKind, id: string): Row | undefined {
    return this.#rows.get(rowKey(kind, id));
  }

  refusedCreator(kind: RowKind, id: string): MutationId | undefined {
    return this.#creators.get(rowKey(kind, id));
  }

  readStamp(stamp: MutationId, row: string, field: string): MutationId | null {
    return this.known.readStamp(stamp, row, field);
  }

  isUnknownStamp(stamp: MutationId): boolean {
    return this.known.isUnknown(stamp);
  }

  put(row: Row): void {
    const key = rowKey(row.kind, row.id);
    this.#rows.set(key, row);
    this.written.add(key);
    this.#creators.delete(key);
  }

  /** A record that would have created these rows was not taken: what names them is held behind it. */
  holdBehind(keys: readonly string[], creator: MutationId): void {
    for (const key of keys) {
      this.#askedCreators.add(key);
      if (this.#rows.get(key) === undefined && !this.#creators.has(key)) this.#creators.set(key, creator);
    }
  }

  /** That record has come to an end, one way or another. */
  forgetCreator(creator: MutationId): void {
    for (const [key, by] of this.#creators) if (by === creator) this.#creators.delete(key);
  }

  /** The resident whose key seals what a mutation says of a row, also while the row itself was not taken. */
  residentOfRow(mutation: Mutation, row: string): string {
    const change = mutation.changes.find((candidate) => candidate.id === row);
    const named = residentNamed(change);
    if (named !== undefined) return named;
    const standing = change && this.row(change.row, row);
    const creator = change && this.#creators.get(rowKey(change.row, row));
    const refused = creator === undefined ? undefined : this.known.createdResident(creator, row);
    return (standing && residentOf(standing)) ?? refused ?? `row:${row}`;
  }

  /** What the mutations themselves name, in one go: seldom does `prepare` find anything left to ask for. */
  async loadNamed(mutations: readonly Mutation[]): Promise<void> {
    const changes = mutations.flatMap((mutation) => mutation.changes);
    const keys = changes.map((change) => rowKey(change.row, change.id));
    await Promise.all([
      this.load(
        changes.flatMap((change) => [
          { kind: change.row, id: change.id },
          ...refOfAssist(parentNamed(change)),
        ]),
      ),
      this.#loadCreators(keys),
      this.loadResidents(
        changes.flatMap((change) => [residentNamed(change) ?? [], `row:${change.id}`].flat()),
      ),
    ]);
    // Of a row that stands nobody asks who would have created it.
    for (const key of keys) if (this.#rows.get(key) !== undefined) this.#creators.delete(key);
  }

  /** Loads everything that judging these may ask for, in a few statements however many they are. */
  async prepare(mutations: readonly Mutation[]): Promise<void> {
    const changes = mutations.flatMap((mutation) => mutation.changes);
    await this.load(
      changes.flatMap((change) => [{ kind: change.row, id: change.id }, ...refOfAssist(parentNamed(change))]),
    );
    await this.load(changes.flatMap((change) => refOfAssist(this.#parentOf(change))));
    await this.#loadCreators(changes.map((change) => rowKey(change.row, change.id)));
    await this.known.prepare(mutations, (change, field) => this.row(change.row, change.id)?.stamps[field]);
    await this.loadResidents(
      mutations.flatMap((mutation) =>
        mutation.changes.flatMap((change) => [this.residentOfRow(mutation, change.id), `row:${change.id}`]),
      ),
    );
  }

  async load(refs: readonly RowRef[]): Promise<void> {
    const missing = new Map<string, RowRef>();
    for (const ref of refs) {
      const key = rowKey(ref.kind, ref.id);
      if (!this.#rows.has(key)) missing.set(key, ref);
    }
    if (missing.size === 0) return;
    for (const key of missing.keys()) this.#rows.set(key, undefined);
    for (const row of await this.#tx.rows([...missing.values()])) this.adopt(row);
  }

  /** Takes over a row read from the tables, unless it is here already. */
  adopt(row: Row): void {
    const key = rowKey(row.kind, row.id);
    if (this.before.has(key) || this.written.has(key)) return;
    this.before.set(key, row);
    this.#rows.set(key, row);
  }

  async loadResidents(residents: readonly string[]): Promise<void> {
    const missing = [...new Set(residents)].filter((resident) => !this.#askedResidents.has(resident));
    if (missing.length === 0) return;
    for (const resident of missing) this.#askedResidents.add(resident);
    this.residentKeys.know(await this.#tx.residentKeys(missing));
  }

  #parentOf(change: Change): string | null {
    const row = this.row(change.row, change.id);
    return row ? parentIdOf(row) : null;
  }

  async #loadCreators(keys: readonly string[]): Promise<void> {
    const asked = keys.filter((key) => this.#rows.get(key) === undefined && !this.#askedCreators.has(key));
    if (asked.length === 0) return;
    for (const key of asked) this.#askedCreators.add(key);
    for (const [key, creator] of await this.#tx.creators(asked)) this.#creators.set(key, creator);
    await this.known.load([...this.#creators.values()]);
  }
}

function refOfAssist(id: string | null): readonly RowRef[] {
  return id === null ? [] : [{ kind: 'assist', id }];
}
