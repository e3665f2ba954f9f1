import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, type Json } from '../../kernel/json.ts';
import type { Actor } from '../people/roles.ts';
import { apply, type World } from './apply.ts';
import type { Change, Mutation, Outcome } from './mutation.ts';
import { openClashes, type Row, rowKey } from './row.ts';

/** A readable id: the last digits tell them apart. */
const id = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const WARD = 'phuong-mau';
const TEAM = id(1);
const ASSIST = id(2);
const FILING = id(3);
const PEOPLE = [id(11), id(12), id(13)];

function actor(n: number, more: Partial<Actor> = {}): Actor {
  const person = PEOPLE[n] ?? PEOPLE[0];
  return {
    person,
    role: 'team_lead',
    ward: WARD,
    teams: [TEAM],
    grant: id(21),
    replica: id(30 + n),
    mustPass: true,
    ...more,
  } as Actor;
}

class Rows implements World {
  readonly mayStillArrive: boolean = false;
  readonly rows = new Map<string, Row>();

  row(kind: Row['kind'], rowId: string): Row | undefined {
    return this.rows.get(rowKey(kind, rowId));
  }

  refusedCreator(): undefined {
    return undefined;
  }

  readStamp(stamp: Mutation['id']): Mutation['id'] {
    return stamp;
  }

  take(mutation: Mutation, by: Actor, sealed: string | null = null): Outcome {
    const verdict = apply(this, mutation, sealed, by);
    for (const row of verdict.rows) this.rows.set(rowKey(row.kind, row.id), row);
    return verdict.outcome;
  }

  get assist(): Row {
    const row = this.row('assist', ASSIST);
    if (!row) throw new Error('no assist');
    return row;
  }

  text(): string {
    return canonicalJson([...this.rows.entries()].sort() as unknown as Json);
  }
}

let next = 1000;
function mutation(
  n: number,
  kind: string,
  changes: readonly object[],
  mutationId = id((next += 1)),
): Mutation {
  return {
    v: 1,
    id: mutationId,
    kind,
    ward: WARD,
    grant: id(21),
    author: PEOPLE[n],
    at: 1_790_000_000_000,
    changes,
  } as unknown as Mutation;
}

const FIELDS: Record<string, Json> = {
  team: TEAM,
  enteredBy: PEOPLE[0] ?? '',
  performedBy: PEOPLE,
  resident: id(5),
  occurredAt: 1_790_000_000_000,
  channel: 'door',
  subject: '2.001009',
  outcome: 'guided_only',
  accountStep: null,
  reason: null,
  typedBy: null,
  minutes: 1,
  satisfaction: null,
  neighbourhood: null,
  voided: null,
};
const set = (fields: Record<string, Json>, on: string | null = null): Change['set'] =>
  Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, { value, on }])) as Change['set'];

const BIRTH = id(999);
const birth = (personal?: object): Mutation =>
  mutation(
    0,
    'assist.log',
    [{ row: 'assist', id: ASSIST, create: true, set: set(FIELDS), ...(personal ? { personal } : {}) }],
    BIRTH,
  );

function born(): Rows {
  const rows = new Rows();
  expect(rows.take(birth({ note: null }), actor(0), 'B0')).toMatchObject({ is: 'applied' });
  return rows;
}

const edit = (n: number, changes: object): Mutation =>
  mutation(n, 'assist.edit', [{ row: 'assist', id: ASSIST, ...changes }]);

/** An edit by one of three replicas of one field, standing on what that replica has seen so far. */
interface Step {
  readonly replica: number;
  readonly field: 'minutes' | 'subject' | 'channel';
  readonly value: number;
  readonly looks: boolean;
}
const VALUES = {
  minutes: [1, 2, 3, 4],
  subject: ['other', 'a', 'b', 'c'],
  channel: ['door', 'desk', 'hall', 'booth'],
} as const;
const steps = fc.array(
  fc.record<Step>({
    replica: fc.integer({ min: 0, max: 2 }),
    field: fc.constantFrom('minutes', 'subject', 'channel'),
    value: fc.integer({ min: 0, max: 3 }),
    looks: fc.boolean(),
  }),
  { maxLength: 25 },
);

interface Told {
  readonly mutation: Mutation;
  readonly step: Step;
  readonly value: Json;
}

/** Plays a history: each replica edits what it has last looked at, with its own edits since on top. */
function play(history: readonly Step[], rows = born()): { rows: Rows; told: Told[] } {
  const seen = [0, 1, 2].map((): Record<string, string> => ({ ...rows.assist.stamps }));
  const told: Told[] = [];
  for (const step of history) {
    const own = seen[step.replica] ?? {};
    if (step.looks) Object.assign(own, rows.assist.stamps);
    const value = VALUES[step.field][step.value] ?? null;
    const made = edit(step.replica, { set: { [step.field]: { value, on: own[step.field] ?? null } } });
    expect(rows.take(made, actor(step.replica)).is).toBe('applied');
    own[step.field] = made.id;
    told.push({ mutation: made, step, value });
  }
  return { rows, told };
}

describe('I5 apply never lets a value go silently', () => {
  it('keeps every value standing, in an open clash, or knowingly replaced', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const { rows, told } = play(history);
        const replaced = new Set(
          told
            .map(({ mutation: made, step }) => made.changes[0]?.set?.[step.field]?.on)
            .filter((on) => on !== undefined),
        );
        for (const { mutation: made, step, value } of told) {
          const standing = canonicalJson(rows.assist.fields[step.field] ?? null) === canonicalJson(value);
          const clashing = openClashes(rows.assist).some(
            (clash) => clash.late === made.id && clash.value === value,
          );
          // Replaced by somebody whose screen showed it (or showed the same value, brought by another as well).
          const shown = told.some(
            (other) =>
              other.step.field === step.field && other.value === value && replaced.has(other.mutation.id),
          );
          expect(standing || clashing || replaced.has(made.id) || shown).toBe(true);
        }
      }),
    );
  });

  it('calls it a clash only when somebody else changed the field meanwhile, to another value', () => {
    fc.assert(
      fc.property(
        fc.array(
          steps.map((list) => list[0]),
          { maxLength: 12 },
        ),
        (list) => {
          const history = list.flatMap((step) => (step ? [{ ...step, replica: 0, looks: false }] : []));
          const { rows } = play(history);
          expect(rows.assist.clashes).toEqual([]);
          const last = history.findLast((step) => step.field === 'minutes');
          if (last) expect(rows.assist.fields['minutes']).toBe(VALUES.minutes[last.value]);
        },
      ),
    );
  });

  it('lets edits of different fields both stand', () => {
    const rows = born();
    rows.take(edit(0, { set: set({ minutes: 7 }, BIRTH) }), actor(0));
    rows.take(edit(1, { set: set({ subject: 'other' }, BIRTH) }), actor(1));
    expect(rows.assist.fields).toMatchObject({ minutes: 7, subject: 'other' });
    expect(rows.assist.clashes).toEqual([]);
  });

  it('replaces an author own late value in its clash instead of adding another', () => {
    const rows = born();
    rows.take(edit(0, { set: set({ minutes: 7 }, BIRTH) }), actor(0));
    const late = edit(1, { set: set({ minutes: 8 }, BIRTH) });
    rows.take(late, actor(1));
    rows.take(edit(1, { set: set({ minutes: 9 }, late.id) }), actor(1));
    expect(openClashes(rows.assist).map((clash) => clash.value)).toEqual([9]);
  });

  it('keeps the sealed part of every personal value that stands or clashes, and of no other', () => {
    const rows = born();
    const first = edit(0, { personal: { note: BIRTH } });
    rows.take(first, actor(0), 'B1');
    const late = edit(1, { personal: { note: BIRTH } });
    rows.take(late, actor(1), 'B2');
    expect(rows.assist.sealed).toEqual({ [first.id]: 'B1', [late.id]: 'B2' });
    expect(rows.assist.clashes).toMatchObject([{ field: 'note', late: late.id, value: null, settled: null }]);
  });
});

describe('I2 apply brought twice changes nothing', () => {
  it('for edits, additions, removals and settlements alike', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const { rows, told } = play(history);
        const clash = openClashes(rows.assist)[0];
        const settle =
          clash &&
          mutation(2, 'clash.settle', [
            { row: 'assist', id: ASSIST, settle: [{ field: clash.field, late: clash.late, take: 'late' }] },
          ]);
        if (settle) rows.take(settle, actor(2));
        const last = told.at(-1);
        const before = rows.text();
        if (settle) rows.take(settle, actor(2));
        else if (last) rows.take(last.mutation, actor(last.step.replica));
        expect(rows.text()).toBe(before);
      }),
    );
  });
});

function withFiling(): Rows {
  const rows = born();
  const fields = {
    assist: ASSIST,
    resident: id(5),
    procedure: '2.001009',
    packVersion: null,
    code: null,
    submittedDay: '2026-11-20',
    officialDay: null,
    estimate: null,
    followedBy: PEOPLE[0] ?? '',
    voided: false,
  };
  expect(rows.take(edit(0, { row: 'filing', id: FILING, create: true, set: set(fields) }), actor(0)).is).toBe(
    'applied',
  );
  return rows;
}

const sighting = (n: number): object => ({
  status: 'processing',
  day: '2026-11-21',
  source: 'helper_saw',
  by: PEOPLE[n],
});
const sight = (n: number, more: object): Mutation =>
  mutation(n, 'filing.sight', [{ row: 'filing', id: FILING, ...more }]);

describe('I4 sets merge', () => {
  it('to the same members in whatever order additions and removals come', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.nat(5), { maxLength: 4 }),
        fc.infiniteStream(fc.nat(1000)),
        (count, removed, order) => {
          const added = Array.from({ length: count }, (_, i) =>
            sight(i % 3, { add: { sightings: [sighting(i % 3)] } }),
          );
          const removals = removed.flatMap((at) =>
            added[at] ? [{ at, made: sight(0, { remove: { sightings: [added[at].id] } }) }] : [],
          );
          const base = withFiling();
          const members = (list: readonly Mutation[]): string => {
            const rows = new Rows();
            for (const [key, row] of base.rows) rows.rows.set(key, row);
            for (const made of list) rows.take(made, actor(PEOPLE.indexOf(made.author)));
            return canonicalJson(rows.row('filing', FILING)?.sets ?? {});
          };
          // A removal names what it has seen, so it always comes after it.
          const straight = [...added, ...removals.map(({ made }) => made)];
          const shuffled = added
            .map((made) => ({ made, key: order.next().value }))
            .sort((a, b) => a.key - b.key)
            .map(({ made }) => made);
          expect(members([...shuffled, ...removals.map(({ made }) => made).reverse()])).toBe(
            members(straight),
          );
          // What was removed does not come back when the addition is brought again.
          expect(members([...straight, ...added])).toBe(members(straight));
        },
      ),
    );
  });

  it('so that two people who note progress never clash', () => {
    const rows = withFiling();
    for (const n of [0, 1, 2]) rows.take(sight(n, { add: { sightings: [sighting(n)] } }), actor(n));
    expect(Object.keys(rows.row('filing', FILING)?.sets['sightings'] ?? {})).toHaveLength(3);
    expect(rows.row('filing', FILING)?.clashes).toEqual([]);
  });
});

describe('I5 settling', () => {
  const clashed = (): { rows: Rows; late: Mutation } => {
    const rows = born();
    rows.take(edit(0, { set: set({ minutes: 7 }, BIRTH) }), actor(0));
    const late = edit(1, { set: set({ minutes: 8 }, BIRTH) });
    rows.take(late, actor(1));
    return { rows, late };
  };
  const settle = (n: number, late: string, take: 'late' | 'standing'): Mutation =>
    mutation(n, 'clash.settle', [{ row: 'assist', id: ASSIST, settle: [{ field: 'minutes', late, take }] }]);

  it.each([
    ['late', 'standing', 8, 7],
    ['standing', 'late', 7, 8],
  ] as const)(
    '%s, then %s by somebody else: the value that lost is listed again',
    (first, second, stands, lost) => {
      const { rows, late } = clashed();
      rows.take(settle(0, late.id, first), actor(0));
      expect(rows.assist.fields['minutes']).toBe(stands);
      const outcome = rows.take(settle(2, late.id, second), actor(2));
      expect(outcome).toEqual({ is: 'applied', flags: ['settled_already'], clashes: 1 });
      expect(rows.assist.fields['minutes']).toBe(stands);
      expect(openClashes(rows.assist)).toMatchObject([{ field: 'minutes', value: lost }]);
      const open = openClashes(rows.assist)[0];
      rows.take(settle(0, open?.late ?? '', 'late'), actor(0));
      expect(rows.assist.fields['minutes']).toBe(lost);
      expect(openClashes(rows.assist)).toEqual([]);
    },
  );

  it('the same way twice is settled once', () => {
    const { rows, late } = clashed();
    rows.take(settle(0, late.id, 'late'), actor(0));
    expect(rows.take(settle(2, late.id, 'late'), actor(2))).toEqual({ is: 'applied', flags: [], clashes: 0 });
    expect(openClashes(rows.assist)).toEqual([]);
  });
});

describe('a visit voided', () => {
  const voiding = (n: number): Mutation =>
    mutation(n, 'assist.void', [{ row: 'assist', id: ASSIST, set: set({ voided: 'entered_twice' }, BIRTH) }]);

  it('stays void whatever is edited meanwhile, and the edit is kept and flagged', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const rows = born();
        rows.take(voiding(0), actor(0));
        const outcome = rows.take(edit(1, { set: set({ minutes: 3 }, BIRTH) }), actor(1));
        expect(outcome).toMatchObject({ is: 'applied', flags: ['changed_after_void'] });
        play(history, rows);
        expect(rows.assist.fields['voided']).toBe('entered_twice');
      }),
      { numRuns: 30 },
    );
  });

  it('cannot be undone by an edit', () => {
    const rows = born();
    const made = voiding(0);
    rows.take(made, actor(0));
    expect(rows.take(edit(1, { set: set({ voided: null }, made.id) }), actor(1))).toEqual({
      is: 'refused',
      code: 'malformed',
    });
  });
});

describe('I7 authority', () => {
  it.each([
    ['somebody else name', { author: PEOPLE[1] }, {}],
    ['another ward', { ward: 'phuong-khac' }, {}],
    ['a team that is not theirs', {}, { teams: [id(77)] }],
    ['no role to log', {}, { role: 'observer' as const }],
  ])('refuses a visit logged in %s', (_, given, as) => {
    const rows = new Rows();
    expect(rows.take({ ...birth(), ...given } as Mutation, actor(0, as))).toEqual({
      is: 'refused',
      code: 'not_yours',
    });
    expect(rows.rows.size).toBe(0);
  });

  it('lets a helper edit own visits only, and a lead those of the team', () => {
    const stranger = { role: 'helper' as const, person: id(14) as Actor['person'] };
    const foreign = { ...edit(0, { set: set({ minutes: 2 }, BIRTH) }), author: id(14) } as Mutation;
    expect(born().take(foreign, actor(0, stranger))).toEqual({ is: 'refused', code: 'not_yours' });
    expect(born().take(foreign, actor(0, { ...stranger, role: 'team_lead' }))).toMatchObject({
      is: 'applied',
    });
  });

  it('changes no row of a mutation that is refused in part', () => {
    const rows = born();
    const before = rows.text();
    const outcome = rows.take(
      mutation(0, 'assist.edit', [
        { row: 'assist', id: ASSIST, set: set({ minutes: 9 }, BIRTH) },
        { row: 'assist', id: id(88), set: set({ minutes: 9 }, BIRTH) },
      ]),
      actor(0),
    );
    expect(outcome).toEqual({ is: 'refused', code: 'malformed' });
    expect(rows.text()).toBe(before);
  });

  it('refuses what is fixed at birth, unknown fields, wrong values and other intents', () => {
    const bad = [
      edit(0, { set: set({ team: id(78) }, BIRTH) }),
      edit(0, { set: set({ minutes: 'nine' }, BIRTH) }),
      edit(0, { set: set({ hat: 'red' }, BIRTH) }),
      edit(0, { personal: { subject: BIRTH } }),
      edit(0, { add: { sightings: [sighting(0)] } }),
      mutation(0, 'filing.sight', [{ row: 'assist', id: ASSIST, set: set({ minutes: 2 }, BIRTH) }]),
      mutation(0, 'assist.edit', []),
      birth(),
    ];
    for (const made of bad) {
      const rows = born();
      const before = rows.text();
      expect(rows.take(made, actor(0)).is).toBe('refused');
      expect(rows.text()).toBe(before);
    }
  });
});
