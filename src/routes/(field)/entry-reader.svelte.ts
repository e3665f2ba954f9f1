import type { Entry } from './entry-facts.ts';

/** What this browser knows of the server before anybody has a phone here: asked once, and again on wish. */
class EntryReader {
  entry = $state.raw<Entry>({ is: 'asking' });
  #asking: Promise<Entry> | null = null;

  /** Who asks while a question is under way hears the same answer. */
  async look(): Promise<Entry> {
    this.#asking ??= import('./entry-facts.ts').then(
      ({ readEntry }) => readEntry(fetch),
      () => ({ is: 'unreachable' }),
    );
    this.entry = await this.#asking;
    this.#asking = null;
    return this.entry;
  }
}

export const entryReader = new EntryReader();
