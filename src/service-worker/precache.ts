import { build, files, prerendered, version } from '$service-worker';
import { PrecacheController } from 'workbox-precaching';

const PREFIX = 'xks-app-';
/** One cache a version: an older tab keeps its own files until it is closed. */
export const CACHE = `${PREFIX}${version}`;
export const SHELL = '/shell';

/** In development nothing is built, so nothing is kept. */
export const hasShell = prerendered.includes(SHELL);

/** Built files, but for those that the office's pages alone load (scripts/field-files.ts). */
const fieldBuild = build.filter((url) => !url.includes('/_app/immutable/office/'));

/** A portal's or proxy's answer must not become our app: same origin, whole, not redirected, of the kind it is named. */
function isKeepable(request: Request, response: Response): boolean {
  if (!response.ok || response.redirected || response.type !== 'basic') return false;
  const type = response.headers.get('content-type') ?? '';
  const path = new URL(request.url).pathname;
  if (path.endsWith('.js')) return type.includes('javascript');
  return path === SHELL ? type.includes('text/html') : !type.includes('text/html');
}

export const precache = new PrecacheController({
  cacheName: CACHE,
  plugins: [
    {
      cacheWillUpdate: ({ request, response }) =>
        Promise.resolve(isKeepable(request, response) ? response : null),
    },
  ],
});

if (hasShell) {
  precache.addToCacheList([
    // Built files carry their hash in the name; the others are taken anew with each version.
    ...fieldBuild.map((url) => ({ url, revision: null })),
    ...files.map((url) => ({ url, revision: version })),
    { url: SHELL, revision: version },
  ]);
}

/** As many at a time as a browser opens to one server anyway. */
const AT_A_TIME = 6;

/**
 * Workbox takes its files one after the other, which on a slow line means minutes. This brings the built ones into the
 * browser's own cache several at a time first; what fails here is simply asked for again by the install.
 */
export async function warmUp(): Promise<void> {
  const left = [...fieldBuild];
  const bring = async (): Promise<void> => {
    for (let url = left.pop(); url !== undefined; url = left.pop()) {
      await fetch(url).then(
        (response) => response.arrayBuffer(),
        () => undefined,
      );
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, bring));
}

/** Kept under this version, or still there for an older tab. */
export async function keptResponse(url: string): Promise<Response | undefined> {
  const key = precache.getCacheKeyForURL(url);
  if (key !== undefined) {
    const own = await (await caches.open(CACHE)).match(key);
    if (own) return own;
  }
  return new URL(url).pathname.startsWith('/_app/immutable/')
    ? caches.match(url, { ignoreVary: true })
    : undefined;
}

async function olderCaches(): Promise<string[]> {
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
}

/** Was there an app of ours before this version? */
export async function isFirstVersion(): Promise<boolean> {
  return (await olderCaches()).length === 0;
}

/** Older versions go when no page is open that may still ask for their files. */
export async function dropOlderVersions(openPages: number): Promise<void> {
  if (openPages > 0) return;
  await Promise.all((await olderCaches()).map((name) => caches.delete(name)));
}
