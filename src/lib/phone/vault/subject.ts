/** A value that can be watched: the contract of a Svelte store, without Svelte. */
export interface Watched<T> {
  get(): T;
  /** Calls at once with the present value, then at each change. Returns the way out. */
  subscribe(run: (value: T) => void): () => void;
}

export interface Subject<T> extends Watched<T> {
  set(value: T): void;
}

export function makeSubject<T>(first: T): Subject<T> {
  let current = first;
  const watchers = new Set<(value: T) => void>();
  return {
    get: () => current,
    set: (value) => {
      current = value;
      for (const run of [...watchers]) run(value);
    },
    subscribe: (run) => {
      watchers.add(run);
      run(current);
      return () => watchers.delete(run);
    },
  };
}
