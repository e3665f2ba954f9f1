/**
 * One thing after the other with a draft: an older text never lands on a newer one, and none on a save that takes the
 * draft along, also when the phone is locked in the middle of that save and the lock seals what is on the screen.
 */
export class DraftTurns {
  #last: Promise<unknown> = Promise.resolve();
  #over = false;

  /** Saved or dropped: nothing is written any more. */
  get over(): boolean {
    return this.#over;
  }

  /** A write of the draft, in its turn; left out when the form has been saved by then. */
  keep(write: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(() => (this.#over ? undefined : write()));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** The save that takes the draft along: what is to be kept meanwhile waits for its end, and is kept where it failed. */
  save<R extends { readonly ok: boolean }>(save: () => Promise<R>): Promise<R> {
    const turn = this.#last.then(save).then((result) => {
      this.#over ||= result.ok;
      return result;
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** `drop` takes it away behind every write. `end`: none comes after it. */
  async drop(drop: () => Promise<unknown>, end: boolean): Promise<void> {
    this.#over ||= end;
    const turn = this.#last.then(drop);
    this.#last = turn.catch(() => undefined);
    await turn;
  }
}
