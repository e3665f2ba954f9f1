import { describe, expect, it } from 'vitest';
import { NOON, testAccount, testForm, uuidAt } from '../../../../tests/support/phone/test-phone.ts';
import { logMutation } from '../../domain/assist/log-mutation.ts';
import type { MutationId, ReplicaId } from '../../domain/record/ids.ts';
import type { Mutation } from '../../domain/record/mutation.ts';
import type { ConfirmedRow } from '../../domain/record/row.ts';
import { actorOf } from '../commands/actor-of.ts';
import { replay, type ReplayEntry } from './replay.ts';

const ACCOUNT = testAccount();
const { ward, grant, person } = ACCOUNT;
let next = 5000;
const { mutation: log } = logMutation(testForm(), {
  ids: () => uuidAt((next += 1)),
  at: NOON,
  ward,
  grant,
  author: person,
});
const assist = log.changes[0]!;
const set = Object.entries(assist.set ?? {});
const OTHER = uuidAt(6000) as MutationId;

/** The ward's row: our edit of `minutes` was applied at version 4, and somebody has changed it since. */
const ROW: ConfirmedRow = {
  kind: 'assist',
  id: assist.id,
  fields: { ...Object.fromEntries(set.map(([field, { value }]) => [field, value])), minutes: 50 },
  stamps: { ...Object.fromEntries(set.map(([field]) => [field, log.id])), minutes: OTHER },
  sets: {},
  sealed: {},
  clashes: [],
  version: 5,
  epoch: 'epoch-1',
};
const EDIT: Mutation = {
  ...log,
  id: uuidAt(6001) as MutationId,
  kind: 'assist.edit',
  changes: [{ row: 'assist', id: assist.id, set: { minutes: { value: 7, on: log.id } } }],
};

function entry(changes: Partial<ReplayEntry>): ReplayEntry {
  const actor = { ...actorOf(ACCOUNT), replica: uuidAt(6002) as ReplicaId };
  const outcome = { is: 'applied', flags: [], clashes: 0 } as const;
  return {
    id: EDIT.id,
    place: 1,
    mutation: EDIT,
    part: null,
    actor,
    outcome,
    commits: {},
    replay: 1,
    answeredBy: null,
    ...changes,
  };
}

const over = (changes: Partial<ReplayEntry>) =>
  replay(new Map([[`assist/${ROW.id}`, ROW]]), [entry(changes)]).rows.get(`assist/${ROW.id}`);

describe('I5 own queued edit is never reported as a clash', () => {
  it('a row of the commit or later holds it already, though its stamp has been written over', () => {
    expect(over({ commits: { 'epoch-1': 4 } })).toBeUndefined();
    expect(over({ commits: { 'epoch-1': 5 } })).toBeUndefined();
  });

  it('an older row, and a row of another epoch, do not hold it: then both values are kept', () => {
    expect(over({ commits: { 'epoch-1': 6 } })?.clashes).toHaveLength(1);
    expect(over({ commits: { 'epoch-0': 4 } })?.clashes).toHaveLength(1);
  });
});
