/// <reference types="@sveltejs/kit" />
import { version } from '$service-worker';
import { deliverClosed } from '../lib/phone/courier/deliver-closed.ts';
import { isFieldPath } from './field-paths.ts';
import {
  dropOlderVersions,
  hasShell,
  isFirstVersion,
  keptResponse,
  precache,
  SHELL,
  warmUp,
} from './precache.ts';

declare const self: ServiceWorkerGlobalScope;

/** Background Sync (Chromium): not in the standard library's types. */
interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

const SYNC_TAG = 'xks-deliver';
const PACK_LIST = '/packs/manifest.json';

self.addEventListener('install', (event) => {
  if (hasShell) event.waitUntil(warmUp().then(() => precache.install(event)));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    isFirstVersion().then(async (first) => {
      await precache.activate(event);
      // The page that brought the first version is served by it from now on; a later version never takes a page unasked.
      if (first) await self.clients.claim();
    }),
  );
});

self.addEventListener('message', (event) => {
  const { type } = (event.data ?? {}) as { readonly type?: unknown };
  if (type === 'SKIP_WAITING') event.waitUntil(self.skipWaiting());
  if (type === 'DELIVER') event.waitUntil(deliverClosed(version));
});

self.addEventListener('sync', (event) => {
  const { tag } = event as SyncEvent;
  if (tag === SYNC_TAG) (event as SyncEvent).waitUntil(deliverOrAgain());
});

/** A rejection makes the browser try again later. */
async function deliverOrAgain(): Promise<void> {
  if (!(await deliverClosed(version))) throw new Error('something still waits');
}

/** Field screens come from the phone, at once and always; the server's pages from the server, or else the shell says so. */
async function openPage(request: Request, path: string): Promise<Response> {
  const shell = await keptResponse(new URL(SHELL, self.location.origin).href);
  if (isFieldPath(path) && shell) return shell;
  try {
    return await fetch(request);
  } catch (failed) {
    if (shell) return shell;
    throw failed;
  }
}

/** Content moves without a release: the list of packs is asked for anew, the kept one serves with no network. */
async function freshOrKept(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (failed) {
    const kept = await keptResponse(request.url);
    if (kept) return kept;
    throw failed;
  }
}

/** Pages that are open besides the one that is just being opened. */
async function otherPages(opening: string): Promise<number> {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  return pages.filter(({ id }) => id !== opening).length;
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (!hasShell || request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith('/api/')) return;
  if (request.mode === 'navigate') {
    event.respondWith(openPage(request, url.pathname));
    event.waitUntil(otherPages(event.resultingClientId).then(dropOlderVersions));
    return;
  }
  if (url.pathname === PACK_LIST) {
    event.respondWith(freshOrKept(request));
    return;
  }
  const isOurs =
    precache.getCacheKeyForURL(request.url) !== undefined || url.pathname.startsWith('/_app/immutable/');
  if (isOurs) event.respondWith(keptResponse(request.url).then((kept) => kept ?? fetch(request)));
});
