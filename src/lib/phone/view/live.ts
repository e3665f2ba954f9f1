import { liveQuery } from 'dexie';

/** A query of the database that runs again whenever what it read has changed, in this tab or another. */
export interface Live<T> {
  /** `run` with each answer, the first as soon as it is there. Returns the way to stop. */
  subscribe(run: (value: T) => void, failed?: (error: unknown) => void): () => void;
}

export function live<T>(query: () => Promise<T>): Live<T> {
  return {
    subscribe: (run, failed) => {
      const subscription = liveQuery(query).subscribe({
        next: run,
        error: (error: unknown) => failed?.(error),
      });
      return () => subscription.unsubscribe();
    },
  };
}
