import type { Procedure } from '$lib/domain/procedure/procedure.ts';

/** The official name, where it tells more than the short one that stands above it. */
export function longerName({ shortName, name }: Pick<Procedure, 'shortName' | 'name'>): string | undefined {
  return name.value.toLowerCase().endsWith(shortName.toLowerCase()) ? undefined : name.value;
}
