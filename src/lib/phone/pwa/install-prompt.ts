import { makeSubject, type Watched } from '../vault/subject.ts';

/** Which help with installing fits: the drawings are per browser. */
export type InstallBrowser =
  | 'chrome_android'
  | 'samsung'
  | 'firefox_android'
  | 'safari_ios'
  | 'other_ios'
  | 'chrome_desktop'
  | 'safari_mac'
  | 'other';

/** `can_ask`: the browser offers its own dialog. `by_hand`: only the person can, by the browser's menu. */
export type InstallState =
  | { readonly is: 'installed' }
  | { readonly is: 'can_ask'; readonly browser: InstallBrowser }
  | { readonly is: 'by_hand'; readonly browser: InstallBrowser };

interface PromptEvent extends Event {
  prompt(): Promise<unknown>;
  readonly userChoice: Promise<{ readonly outcome: 'accepted' | 'dismissed' }>;
}

export function installBrowserOf(userAgent: string): InstallBrowser {
  if (/iPhone|iPad/.test(userAgent))
    return /CriOS|FxiOS|EdgiOS|OPiOS/.test(userAgent) ? 'other_ios' : 'safari_ios';
  if (/Android/.test(userAgent)) {
    if (/SamsungBrowser/.test(userAgent)) return 'samsung';
    if (/Firefox/.test(userAgent)) return 'firefox_android';
    return /Chrome/.test(userAgent) ? 'chrome_android' : 'other';
  }
  if (/Chrome\//.test(userAgent)) return 'chrome_desktop';
  return /Macintosh.*Version\/.*Safari/.test(userAgent) ? 'safari_mac' : 'other';
}

const state = makeSubject<InstallState>({ is: 'by_hand', browser: 'other' });
let kept: PromptEvent | null = null;

/** Listens for what the browser offers; once a page, as early as possible, or its one event is missed. */
export function readInstallEvents(page: Window): void {
  const browser = installBrowserOf(page.navigator.userAgent);
  const alone = page.matchMedia('(display-mode: standalone)').matches;
  state.set(alone ? { is: 'installed' } : { is: 'by_hand', browser });
  page.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    kept = event as PromptEvent;
    state.set({ is: 'can_ask', browser });
  });
  page.addEventListener('appinstalled', () => {
    kept = null;
    state.set({ is: 'installed' });
  });
}

export interface InstallPrompt extends Watched<InstallState> {
  /** Shows the browser's dialog; inside a gesture. False: dismissed, or there is none. */
  ask(): Promise<boolean>;
}

export const installPrompt: InstallPrompt = {
  get: () => state.get(),
  subscribe: (run) => state.subscribe(run),
  ask: async () => {
    if (!kept) return false;
    const prompt = kept;
    kept = null;
    await prompt.prompt();
    const accepted = (await prompt.userChoice).outcome === 'accepted';
    const standing = state.get();
    if (!accepted && standing.is === 'can_ask') state.set({ is: 'by_hand', browser: standing.browser });
    return accepted;
  },
};
