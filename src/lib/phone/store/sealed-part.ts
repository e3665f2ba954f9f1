import type { SealedBlob } from '../../domain/record/row.ts';

/**
 * A personal part of a stored row, in one of two forms: `m`, in the outbox blob of the mutation it is filed under
 * (which opens to the values of all its rows); or `r.<data key>.<blob>`, as it came down (opens to this row's values).
 */
export type SealedPart =
  { readonly form: 'outbox' } | { readonly form: 'row'; readonly key: string; readonly blob: string };

export const OUTBOX_PART: SealedBlob = 'm';

export function rowPart(key: string, blob: string): SealedBlob {
  return `r.${key}.${blob}`;
}

/** Null: no form this build knows. */
export function readPart(text: SealedBlob): SealedPart | null {
  if (text === OUTBOX_PART) return { form: 'outbox' };
  const last = text.lastIndexOf('.');
  return text.startsWith('r.') && last > 2
    ? { form: 'row', key: text.slice(2, last), blob: text.slice(last + 1) }
    : null;
}
