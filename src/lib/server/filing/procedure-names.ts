import type { ProcedurePack } from '$lib/domain/procedure/pack.ts';
import { compareWords } from '$lib/kernel/text/name-order.ts';
import core from '../../../content/built/procedures-core.json' with { type: 'json' };

const { entries } = core as unknown as ProcedurePack;

/** Id → everyday name, in Vietnamese alphabetical order. What is not in the pack is shown by its id. */
export const procedureNames: ReadonlyMap<string, string> = new Map(
  entries.map(({ id, shortName }) => [id, shortName] as const).sort(([, a], [, b]) => compareWords(a, b)),
);
