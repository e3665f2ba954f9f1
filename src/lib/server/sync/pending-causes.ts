import type { MutationId } from '$lib/domain/record/ids.ts';
import type { Judgeable } from './judgeable.ts';
import type { Provisional, WardReader } from './store.ts';

/** One that is held or waits; `item` when it came with this very batch. */
export interface Freed {
  readonly id: MutationId;
  readonly item: Judgeable | null;
}

/** What is held behind or waits for what, in the whole ward. There is seldom any; it is read once a batch, before anything is judged. */
export class PendingCauses {
  readonly #tx: WardReader;
  readonly #byCause = new Map<string, Freed[]>();
  #stored: readonly Provisional[] = [];

  constructor(tx: WardReader) {
    this.#tx = tx;
  }

  async load(): Promise<void> {
    this.#stored = await this.#tx.provisional();
    for (const { id, cause } of this.#stored) this.#push(cause, { id, item: null });
  }

  add(cause: string, item: Judgeable): void {
    this.#push(cause, { id: item.id, item });
  }

  /** Those behind this cause, oldest first; they are pending no more. */
  take(cause: string): readonly Freed[] {
    const freed = this.#byCause.get(cause) ?? [];
    this.#byCause.delete(cause);
    return freed;
  }

  /** Everything that waits (not: is held). */
  takeWaiting(): readonly MutationId[] {
    const waiting = this.#stored.filter((entry) => entry.waiting).map((entry) => entry.id);
    for (const id of waiting) this.forget(id);
    return waiting;
  }

  forget(id: MutationId): void {
    for (const [cause, list] of this.#byCause) {
      const rest = list.filter((freed) => freed.id !== id);
      if (rest.length !== list.length) this.#byCause.set(cause, rest);
    }
  }

  #push(cause: string, freed: Freed): void {
    const list = this.#byCause.get(cause);
    if (list) list.push(freed);
    else this.#byCause.set(cause, [freed]);
  }
}
