/** Where the page runs, as far as enrolment cares. */
export interface PlaceFacts {
  readonly userAgent: string;
  readonly secure: boolean;
  readonly crypto: boolean;
  readonly worker: boolean;
  readonly storage: boolean;
}

/** Applications whose built-in browser loses what is stored, or shares it with nobody. */
export type InApp = 'zalo' | 'messenger' | 'facebook' | 'instagram' | 'tiktok' | 'other';

export type Place =
  | { readonly may: true }
  | { readonly may: false; readonly why: 'in_app'; readonly app: InApp }
  | { readonly may: false; readonly why: 'insecure' | 'no_storage' };

const IN_APP: readonly (readonly [InApp, RegExp])[] = [
  ['zalo', /\bZalo/i],
  ['messenger', /FBAN\/Messenger|MessengerForiOS|Orca-Android|FB_IAB\/MESSENGER/i],
  ['instagram', /\bInstagram\b/i],
  ['facebook', /\bFB(?:AN|AV|_IAB|IOS)\b/],
  ['tiktok', /musical_ly|BytedanceWebview|\bTikTok\b|\btrill\b/i],
  ['other', /\bLine\/|\bViber\b|\bMicroMessenger\b|\bSnapchat\b|;\s?wv\)|\bGSA\//],
];

/** The application whose built-in browser this is; null: a browser of its own. */
export function inAppOf(userAgent: string): InApp | null {
  return IN_APP.find(([, sign]) => sign.test(userAgent))?.[0] ?? null;
}

/** May a phone be enrolled here? In an in-app browser never: what is saved there is lost with the application's cache. */
export function judgePlace(facts: PlaceFacts): Place {
  const app = inAppOf(facts.userAgent);
  if (app !== null) return { may: false, why: 'in_app', app };
  if (!facts.secure || !facts.crypto) return { may: false, why: 'insecure' };
  return facts.storage && facts.worker ? { may: true } : { may: false, why: 'no_storage' };
}

/** The same of this very page. */
export function placeOf(navigator: Pick<Navigator, 'userAgent'>): Place {
  const scope = globalThis as Partial<Pick<typeof globalThis, 'indexedDB' | 'isSecureContext' | 'crypto'>>;
  const { subtle } = (scope.crypto ?? {}) as Partial<Crypto>;
  return judgePlace({
    userAgent: navigator.userAgent,
    secure: scope.isSecureContext === true,
    crypto: subtle !== undefined,
    worker: 'serviceWorker' in navigator,
    storage: scope.indexedDB !== undefined,
  });
}
