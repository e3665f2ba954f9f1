import type { NameOf } from '$lib/ui/value-words.ts';

/** Looks names up in what the page was given; `other` is a subject of its own. */
export function recordNames(names: Readonly<Record<string, string>>, other: string): NameOf {
  return (id) => (id === 'other' ? other : Object.hasOwn(names, id) ? names[id] : undefined);
}
