import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../kernel/json.ts';
import { readRoundAnswer } from './read-answer.ts';
import { roundAnswerSchema } from './round.ts';

const ID = '01900000-0000-7000-8000-000000000001';
const ROW = {
  kind: 'assist',
  id: ID,
  version: 3,
  fields: { outcome: 'guided_only', performedBy: [ID], minutes: null },
  stamps: { outcome: ID },
  sets: { sightings: { [ID]: { status: 'submitted' } } },
  sealed: { [ID]: 'abc' },
  clashes: [],
};
const REFUSED = {
  kind: 'quarantined',
  id: ID,
  version: 4,
  replica: ID,
  seq: 2,
  plain: '{}',
  sealed: null,
  outcome: { is: 'refused', code: 'not_yours' },
  receivedAt: 5,
};
const ANSWER = {
  epoch: 'e',
  serverTime: 1_790_000_000_000,
  lastSeq: 2,
  settled: [{ seq: 1, id: ID, outcome: { is: 'applied', flags: [], clashes: 0 }, commit: 3 }],
  settledAll: true,
  resettled: [],
  receipt: 'r',
  problem: null,
  retryAfter: null,
  signedIn: true,
  own: [ROW],
  ownTo: 2,
  down: {
    buckets: [
      {
        bucket: `team:${ID}`,
        rows: [ROW, REFUSED, { kind: 'of a later release', id: 'x', version: 9, more: [1] }],
        gone: [{ kind: 'assist', id: ID, version: 5 }],
        cursor: 'c',
        more: true,
        fromStart: false,
        total: 7,
      },
    ],
    dropped: [],
  },
  deliveryKey: { id: 'k', publicKey: 'p' },
};

type Place = readonly (string | number)[];

function placesIn(value: unknown, at: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...at, key]))];
}

/** The answer with one place replaced, or left out. */
function changed(value: unknown, [head, ...rest]: Place, to: Json | undefined): unknown {
  if (head === undefined) return to;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<
    string | number,
    unknown
  >;
  const next = rest.length === 0 ? to : changed(copy[head], rest, to);
  if (next === undefined && !Array.isArray(copy)) Reflect.deleteProperty(copy, head);
  else copy[head] = next;
  return copy;
}

const PLACES = placesIn(ANSWER);
const values = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom<Json>(null, true, -1, 0, 1.5, '', 'assist', [], {}, [{}], { kind: 'assist' }),
  fc.jsonValue().map((value) => value as Json),
);

describe('I9 an answer is judged on the phone as its schema says', () => {
  it('takes the whole answer as it is', () => {
    expect(readRoundAnswer(ANSWER)).toEqual(roundAnswerSchema.parse(ANSWER));
  });

  it('lets through, and refuses, exactly what the schema does, wherever it is changed', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PLACES), values, (place, value) => {
        const given = changed(ANSWER, place, value);
        const byHand = readRoundAnswer(given);
        const bySchema = roundAnswerSchema.safeParse(given);
        expect(byHand !== null).toBe(bySchema.success);
        if (bySchema.success) expect(byHand).toEqual(bySchema.data);
      }),
      { numRuns: 600, seed: 20_261_122 },
    );
  }, 60_000);
});
