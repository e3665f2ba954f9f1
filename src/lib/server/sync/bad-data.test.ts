import { describe, expect, it } from 'vitest';
import type { MutationId } from '$lib/domain/record/ids.ts';
import { type Attempt, Rehearsed, withoutBadData } from './bad-data.ts';
import { StoreDataFault } from './store.ts';

const ids = (...names: string[]): MutationId[] => names as MutationId[];

/** A write of one record that sets `freed` free; the data of `bad` cannot be written, be it the record's own. */
function writing(freed: readonly MutationId[], bad: readonly string[]) {
  const tries: Attempt[] = [];
  const write = (attempt: Attempt): Promise<readonly MutationId[]> => {
    tries.push(attempt);
    const brought = freed.filter((id) => !attempt.aside.has(id));
    for (const id of freed) attempt.met.add(id);
    if (bad.includes('own') || brought.some((id) => bad.includes(id)))
      return Promise.reject(new StoreDataFault(new Error('22P05')));
    return attempt.rehearsal ? Promise.reject(new Rehearsed()) : Promise.resolve(brought);
  };
  return { write, tries };
}

describe('I6 what the database cannot write is kept aside, and nothing else with it', () => {
  it('keeps aside those earlier records alone whose data is bad', async () => {
    const { write } = writing(ids('a', 'b', 'c', 'd', 'e'), ['b', 'e']);
    expect(await withoutBadData(write)).toEqual(ids('a', 'c', 'd'));
  });

  it('keeps aside a single one, and all where all are bad', async () => {
    expect(await withoutBadData(writing(ids('a'), ['a']).write)).toEqual([]);
    expect(await withoutBadData(writing(ids('a', 'b', 'c'), ['a', 'b', 'c']).write)).toEqual([]);
  });

  it('rehearses nothing where nothing is wrong, nor where no earlier record was met', async () => {
    const whole = writing(ids('a', 'b'), []);
    expect(await withoutBadData(whole.write)).toEqual(ids('a', 'b'));
    expect(whole.tries).toHaveLength(1);
    const alone = writing([], ['own']);
    await expect(withoutBadData(alone.write)).rejects.toBeInstanceOf(StoreDataFault);
    expect(alone.tries).toHaveLength(1);
  });

  it('blames no earlier record for what the write itself brings', async () => {
    const { write } = writing(ids('a', 'b'), ['own']);
    await expect(withoutBadData(write)).rejects.toBeInstanceOf(StoreDataFault);
  });

  it('is no way round another failure', async () => {
    const lost = (attempt: Attempt): Promise<never> => {
      attempt.met.add('a' as MutationId);
      return Promise.reject(new Error('connection lost'));
    };
    await expect(withoutBadData(lost)).rejects.toThrow('connection lost');
  });
});
