import type { Change, Mutation } from '../../src/lib/domain/record/mutation.ts';
import type { MutationId } from '../../src/lib/domain/record/ids.ts';
import { UUID_PATTERN, uuidv7 } from '../../src/lib/kernel/uuid.ts';
import type { Json } from '../../src/lib/kernel/json.ts';
import type { Random } from '../../src/lib/kernel/random.ts';

/** A clock that moves a millisecond at each look, so that ids sort as they were made. */
export function steppingClock(from = Date.UTC(2026, 10, 22, 1)): {
  now(): number;
  advance(ms: number): void;
} {
  let now = from;
  return {
    now: () => (now += 1),
    advance: (ms) => {
      now += ms;
    },
  };
}

/** Not for secrets: a small seeded generator (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) & 0xff;
  };
  return { bytes: (length) => Uint8Array.from({ length }, next) };
}

/** Who writes, and under what. */
export interface Author {
  readonly ward: string;
  readonly person: string;
  readonly grant: string;
  readonly team: string;
}

export interface MutationMaker {
  id(): string;
  /** A whole assist, with what is given in place of the usual. */
  log(
    author: Author,
    given?: Partial<Record<string, Json>>,
    more?: { readonly personal?: readonly string[]; readonly assist?: string },
  ): Mutation;
  /** A filing that joins an assist, in an `assist.edit`. */
  filing(
    author: Author,
    assist: string,
    given?: { readonly id?: string; readonly resident?: string; readonly status?: string },
  ): Mutation;
  edit(
    author: Author,
    assist: string,
    set: Record<string, readonly [value: Json, on: string | null]>,
    personal?: Record<string, string | null>,
  ): Mutation;
  sight(author: Author, filing: string, status: string, day?: string): Mutation;
  of(author: Author, kind: string, changes: readonly Change[], mends?: string): Mutation;
}

const plainSet = (fields: Record<string, Json>): NonNullable<Change['set']> =>
  Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, { value, on: null }]));

export function mutationMaker(clock: { now(): number }, random: Random): MutationMaker {
  const id = (): string => uuidv7(clock, random);
  const of: MutationMaker['of'] = (author, kind, changes, mends) =>
    ({
      v: 1,
      id: id(),
      kind,
      ward: author.ward,
      grant: author.grant,
      author: author.person,
      at: clock.now(),
      ...(mends === undefined ? {} : { mends }),
      changes,
    }) as unknown as Mutation;
  const change = (value: object): Change => value as unknown as Change;
  return {
    id,
    of,
    log: (author, given = {}, more = {}) => {
      const personal = Object.fromEntries((more.personal ?? []).map((field) => [field, null]));
      const fields = {
        team: author.team,
        enteredBy: author.person,
        performedBy: [author.person],
        resident: id(),
        occurredAt: clock.now(),
        channel: 'door',
        subject: '2.001009',
        outcome: 'guided_only',
        accountStep: null,
        reason: null,
        typedBy: 'resident',
        minutes: 15,
        satisfaction: null,
        neighbourhood: null,
        voided: null,
        ...given,
      } as Record<string, Json>;
      const row = { row: 'assist', id: more.assist ?? id(), create: true, set: plainSet(fields) };
      return of(author, 'assist.log', [
        change(Object.keys(personal).length === 0 ? row : { ...row, personal }),
      ]);
    },
    filing: (author, assist, given = {}) => {
      const fields = {
        assist,
        resident: given.resident ?? id(),
        procedure: '2.001009',
        packVersion: null,
        code: null,
        submittedDay: '2026-11-20',
        officialDay: null,
        estimate: null,
        followedBy: author.person,
        voided: false,
      };
      const sighting = {
        status: given.status ?? 'submitted',
        day: '2026-11-20',
        source: 'helper_saw',
        by: author.person,
      };
      return of(author, 'assist.edit', [
        change({
          row: 'filing',
          id: given.id ?? id(),
          create: true,
          set: plainSet(fields),
          add: { sightings: [sighting] },
        }),
      ]);
    },
    edit: (author, assist, set, personal) =>
      of(author, 'assist.edit', [
        change({
          row: 'assist',
          id: assist,
          set: Object.fromEntries(Object.entries(set).map(([field, [value, on]]) => [field, { value, on }])),
          ...(personal === undefined ? {} : { personal }),
        }),
      ]),
    sight: (author, filing, status, day = '2026-11-21') =>
      of(author, 'filing.sight', [
        change({
          row: 'filing',
          id: filing,
          add: { sightings: [{ status, day, source: 'helper_saw', by: author.person }] },
        }),
      ]),
  };
}

export function rowIdOf(mutation: Mutation): string {
  const id = mutation.changes[0]?.id ?? '';
  if (!UUID_PATTERN.test(id)) throw new Error('this mutation names no row');
  return id;
}

export function idOf(mutation: Mutation): MutationId {
  return mutation.id;
}
