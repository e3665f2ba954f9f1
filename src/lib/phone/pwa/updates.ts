import { makeSubject, type Watched } from '../vault/subject.ts';

/**
 * `offered`: a newer version lies ready and is taken when the person says so. `old_tab`: another tab has taken it, this one
 * still runs the older app and should be reloaded when its draft is safe.
 */
export type Update =
  | { readonly is: 'current' }
  | { readonly is: 'offered' }
  | { readonly is: 'taking' }
  | { readonly is: 'old_tab' };

/**
 * How long the newer version is given to take over before the page is loaded anew without waiting for it. Chromium gives a
 * take-over up when a request of the app reaches the older worker at that moment; told again it does nothing, but the next
 * load brings it about (seen in Chromium 156; cf. github.com/w3c/ServiceWorker/issues/1295).
 */
export const TAKE_OVER_MS = 3000;

/** The registered worker, as far as updates go. */
export interface UpdateSource {
  /** A newer version is waiting. */
  onWaiting(run: () => void): void;
  /** The page is controlled by another version than it was loaded with. */
  onControlled(run: () => void): void;
  /** Tells the waiting version to take over. */
  takeOver(): void;
  /** Looks whether there is a newer one. */
  check(): Promise<void>;
}

export interface Updates extends Watched<Update> {
  follow(source: UpdateSource): void;
  /** The person agreed: drafts are sealed, the new version takes over, the page is loaded anew. */
  take(): Promise<void>;
  /** Run before the page is loaded anew; while one of them says no, nothing is taken. */
  beforeTake(ready: () => Promise<boolean>): () => void;
  check(): Promise<void>;
}

export function makeUpdates(reload: () => void): Updates {
  const state = makeSubject<Update>({ is: 'current' });
  const guards = new Set<() => Promise<boolean>>();
  let followed: UpdateSource | null = null;
  return {
    get: () => state.get(),
    subscribe: (run) => state.subscribe(run),
    follow: (source) => {
      followed = source;
      source.onWaiting(() => {
        if (state.get().is === 'current') state.set({ is: 'offered' });
      });
      source.onControlled(() => {
        const agreed = state.get().is === 'taking';
        state.set({ is: 'old_tab' });
        if (agreed) reload();
      });
    },
    take: async () => {
      if (state.get().is !== 'offered' || !followed) return;
      const ready = await Promise.all([...guards].map((guard) => guard()));
      if (ready.includes(false)) return;
      state.set({ is: 'taking' });
      followed.takeOver();
      setTimeout(() => {
        if (state.get().is === 'taking') reload();
      }, TAKE_OVER_MS);
    },
    beforeTake: (ready) => {
      guards.add(ready);
      return () => guards.delete(ready);
    },
    check: async () => followed?.check(),
  };
}

/** Of this page. Followed by `register-app.ts`. */
export const updates: Updates = makeUpdates(() => location.reload());
