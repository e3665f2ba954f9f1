/** Where a visitor wanted to go before signing in: a path of ours, or null. An address elsewhere is never followed. */
export function safeNext(url: URL): string | null {
  const next = url.searchParams.get('next');
  if (next?.startsWith('/') !== true || next.length > 500) return null;
  const target = URL.canParse(next, url.origin) ? new URL(next, url.origin) : null;
  if (target?.origin !== url.origin || target.pathname.startsWith('/sign-in')) return null;
  return target.pathname + target.search;
}
