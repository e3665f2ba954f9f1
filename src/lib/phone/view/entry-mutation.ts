import type { Mutation } from '../../domain/record/mutation.ts';
import type { OutboxEntry } from '../store/stored.ts';

/** The plain part of an entry, as the phone itself wrote it. */
export function mutationOf(entry: Pick<OutboxEntry, 'plain'>): Mutation {
  return JSON.parse(entry.plain) as Mutation;
}
