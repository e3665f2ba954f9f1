import type { WardId } from '$lib/domain/record/ids.ts';

/** Hears "ward at version n": once at the beginning, then whenever it has grown. */
export type Watcher = (version: number) => void;

export interface WatchMeans {
  /** Where these wards stand now. */
  readonly ask: (wards: readonly WardId[]) => Promise<ReadonlyMap<WardId, number>>;
  /** Calls `work` again and again; returns how to stop. */
  readonly every: (work: () => void) => () => void;
  /** A question that failed: the next one is asked all the same. */
  readonly onFault: (error: unknown) => void;
}

/**
 * One question for all watched wards, however many pages look at them: the database is asked once a beat by each
 * process, and not at all while nobody looks.
 */
export class WardWatch {
  readonly #means: WatchMeans;
  readonly #watchers = new Map<WardId, Map<Watcher, number>>();
  readonly #closers = new Set<() => void>();
  #stop: (() => void) | null = null;
  #asking = false;

  constructor(means: WatchMeans) {
    this.#means = means;
  }

  get watchers(): number {
    return this.#closers.size;
  }

  /** Returns how to look away. `onclose` is called when the process stops. */
  watch(ward: WardId, watcher: Watcher, onclose: () => void): () => void {
    const ofWard = this.#watchers.get(ward) ?? new Map<Watcher, number>();
    ofWard.set(watcher, -1);
    this.#watchers.set(ward, ofWard);
    this.#closers.add(onclose);
    this.#stop ??= this.#means.every(() => void this.beat());
    void this.beat();
    return () => {
      ofWard.delete(watcher);
      if (ofWard.size === 0 && this.#watchers.get(ward) === ofWard) this.#watchers.delete(ward);
      this.#closers.delete(onclose);
      if (this.#watchers.size === 0) this.#rest();
    };
  }

  /** Asks once, unless the answer before is still awaited. */
  async beat(): Promise<void> {
    if (this.#asking || this.#watchers.size === 0) return;
    this.#asking = true;
    try {
      for (const [ward, version] of await this.#means.ask([...this.#watchers.keys()]))
        this.#tell(ward, version);
    } catch (error) {
      this.#means.onFault(error);
    } finally {
      this.#asking = false;
    }
  }

  close(): void {
    this.#rest();
    for (const close of [...this.#closers]) close();
  }

  #tell(ward: WardId, version: number): void {
    const ofWard = this.#watchers.get(ward);
    for (const [watcher, told] of [...(ofWard ?? [])]) {
      if (told === version) continue;
      ofWard?.set(watcher, version);
      watcher(version);
    }
  }

  #rest(): void {
    this.#stop?.();
    this.#stop = null;
  }
}
