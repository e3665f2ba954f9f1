import type { Cookies } from '@sveltejs/kit';

/**
 * `__Host-` names (no domain, whole path, Secure) wherever the page came by https. On http://localhost and on a plain
 * LAN address they would be refused by some browsers, so there the names are plain and not Secure.
 */
function nameFor(url: URL, name: string): string {
  return url.protocol === 'https:' ? `__Host-${name}` : name;
}

export function sessionCookieName(url: URL): string {
  return nameFor(url, 'session');
}

/** Marks an office browser: its sessions work only beside this cookie. */
export function markCookieName(url: URL): string {
  return nameFor(url, 'browser');
}

/** Names the last databases enrolled in this browser, so that an emptied storage can be told from a new phone. */
export function markerCookieName(url: URL): string {
  return nameFor(url, 'xks-marker');
}

type CookieEvent = { readonly url: URL; readonly cookies: Cookies };

/** The longest that browsers keep a cookie. */
const LONG = 400 * 86_400;

function write(event: CookieEvent, name: string, value: string, maxAge: number): void {
  event.cookies.set(name, value, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: event.url.protocol === 'https:',
    maxAge,
  });
}

export function writeSessionCookie(event: CookieEvent, secret: string, expiresAt: Date, now: number): void {
  write(
    event,
    sessionCookieName(event.url),
    secret,
    Math.max(1, Math.floor((expiresAt.getTime() - now) / 1000)),
  );
}

export function dropSessionCookie(event: CookieEvent): void {
  event.cookies.delete(sessionCookieName(event.url), { path: '/', secure: event.url.protocol === 'https:' });
}

export function writeLongCookie(event: CookieEvent, name: string, value: string): void {
  write(event, name, value, LONG);
}
