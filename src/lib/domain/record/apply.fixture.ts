import { expect } from 'vitest';
import fc from 'fast-check';
import { canonicalJson, type Json } from '../../kernel/json.ts';
import type { Actor } from '../people/roles.ts';
import { apply, type World } from './apply.ts';
import type { Change, Mutation, Outcome } from './mutation.ts';
import { rowKey, type Row } from './row.ts';

/** A readable id: the last digits tell them apart. */
export const id = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
export const WARD = 'phuong-mau';
export const TEAM = id(1);
export const ASSIST = id(2);
export const FILING = id(3);
export const PEOPLE = [id(11), id(12), id(13)];

export function actor(n: number, more: Partial<Actor> = {}): Actor {
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

export class Rows implements World {
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
export function mutation(
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

export const FIELDS: Record<string, Json> = {
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
export const set = (fields: Record<string, Json>, on: string | null = null): Change['set'] =>
  Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, { value, on }])) as Change['set'];

export const BIRTH = id(999);
export const birth = (personal?: object): Mutation =>
  mutation(
    0,
    'assist.log',
    [{ row: 'assist', id: ASSIST, create: true, set: set(FIELDS), ...(personal ? { personal } : {}) }],
    BIRTH,
  );

export function born(): Rows {
  const rows = new Rows();
  expect(rows.take(birth({ note: null }), actor(0), 'B0')).toMatchObject({ is: 'applied' });
  return rows;
}

export const edit = (n: number, changes: object): Mutation =>
  mutation(n, 'assist.edit', [{ row: 'assist', id: ASSIST, ...changes }]);

/** An edit by one of three replicas of one field, standing on what that replica has seen so far. */
export interface Step {
  readonly replica: number;
  readonly field: 'minutes' | 'subject' | 'channel';
  readonly value: number;
  readonly looks: boolean;
}
export const VALUES = {
  minutes: [1, 2, 3, 4],
  subject: ['other', 'a', 'b', 'c'],
  channel: ['door', 'desk', 'hall', 'booth'],
} as const;
export const steps = fc.array(
  fc.record<Step>({
    replica: fc.integer({ min: 0, max: 2 }),
    field: fc.constantFrom('minutes', 'subject', 'channel'),
    value: fc.integer({ min: 0, max: 3 }),
    looks: fc.boolean(),
  }),
  { maxLength: 25 },
);

export interface Told {
  readonly mutation: Mutation;
  readonly step: Step;
  readonly value: Json;
}

/** Plays a history: each replica edits what it has last looked at, with its own edits since on top. */
export function play(history: readonly Step[], rows = born()): { rows: Rows; told: Told[] } {
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

export function withFiling(): Rows {
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

export const sighting = (n: number): object => ({
  status: 'processing',
  day: '2026-11-21',
  source: 'helper_saw',
  by: PEOPLE[n],
});
export const sight = (n: number, more: object): Mutation =>
  mutation(n, 'filing.sight', [{ row: 'filing', id: FILING, ...more }]);
