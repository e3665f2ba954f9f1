import type { IconComponent } from './icons.ts';

/** One place the app can go to. Show only what already works. */
export interface NavItem {
  readonly href: string;
  readonly label: string;
  readonly icon: IconComponent;
  /** A count worth noticing, e.g. of things to settle. */
  readonly badge?: number | undefined;
}

/** The item the reader is in: the longest address that starts the path, on whole segments. */
export function currentHref(items: readonly Pick<NavItem, 'href'>[], path: string): string | null {
  const holds = items.filter(({ href }) => path === href || path.startsWith(href === '/' ? '/' : `${href}/`));
  return holds.reduce<string | null>(
    (best, { href }) => (best === null || href.length > best.length ? href : best),
    null,
  );
}
