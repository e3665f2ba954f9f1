import { UUID_PATTERN } from '$lib/kernel/uuid.ts';
import type { Instant } from '$lib/kernel/clock.ts';

/** How many of each kind stand on one page. */
export const PAGE_ITEMS = 50;

/** Where the parts of the page begin: after these; null: at the start. */
export interface AttentionPlace {
  /** A row that clashes. */
  readonly clash: string | null;
  readonly record: { readonly receivedAt: Instant; readonly mutation: string } | null;
}

const RECORD = /^(\d{1,15})~(.{36})$/;

/** Reads the address; what cannot be read is the start. */
export function readAttentionPlace(params: URLSearchParams): AttentionPlace {
  const clash = params.get('clash') ?? '';
  const [, at = '', mutation = ''] = RECORD.exec(params.get('record') ?? '') ?? [];
  return {
    clash: UUID_PATTERN.test(clash) ? clash : null,
    record: UUID_PATTERN.test(mutation) ? { receivedAt: Number(at), mutation } : null,
  };
}

/** A page of something, and where the next begins. */
export interface Paged<T> {
  readonly items: readonly T[];
  /** For the address; null at the end. */
  readonly next: string | null;
}
