import type { SessionState } from '$lib/phone/session/phone-session.ts';

/** Pages that open with nobody enrolled and nothing unlocked. */
const OPEN_PATHS = ['/', '/enrol'];

/** Where an address (path and search) leads in this state: null to stay, else the address to go to instead. */
export function detourOf(state: SessionState, address: string): string | null {
  const path = address.split('?')[0] ?? '';
  if (OPEN_PATHS.includes(path)) return null;
  switch (state.is) {
    case 'empty':
      return '/';
    case 'locked':
      return path === '/unlock' ? null : `/unlock?to=${encodeURIComponent(address)}`;
    case 'unlocked':
      return null;
  }
}

/** The page to open after unlocking: only a path of our own, never another site's address. */
export function pathAfterUnlock(wanted: string | null): string {
  return wanted !== null && /^\/(?![/\\])/.test(wanted) && !wanted.startsWith('/unlock') ? wanted : '/today';
}
