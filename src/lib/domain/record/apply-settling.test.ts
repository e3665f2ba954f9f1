import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Actor } from '../people/roles.ts';
import type { Mutation } from './mutation.ts';
import { openClashes } from './row.ts';
import {
  id,
  ASSIST,
  PEOPLE,
  actor,
  Rows,
  mutation,
  set,
  BIRTH,
  birth,
  born,
  edit,
  steps,
  play,
  sighting,
} from './apply.fixture.ts';

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

  it.each(['late', 'standing'] as const)(
    'of a personal field, %s: the sealed part of the value that lost stays, for a second decision would need it',
    (first) => {
      const rows = new Rows();
      rows.take(birth({ note: null }), actor(0), 'B0');
      const standing = edit(0, { personal: { note: BIRTH } });
      rows.take(standing, actor(0), 'B1');
      const late = edit(1, { personal: { note: BIRTH } });
      rows.take(late, actor(1), 'B2');
      const decide = (n: number, take: 'late' | 'standing'): Mutation =>
        mutation(n, 'clash.settle', [
          { row: 'assist', id: ASSIST, settle: [{ field: 'note', late: late.id, take }] },
        ]);
      rows.take(decide(0, first), actor(0));
      rows.take(decide(2, first === 'late' ? 'standing' : 'late'), actor(2));
      const open = openClashes(rows.assist)[0];
      const lost = first === 'late' ? standing.id : late.id;
      expect(open?.late).toBe(lost);
      expect(rows.assist.sealed[lost]).toBe(first === 'late' ? 'B1' : 'B2');
    },
  );

  it('a decision for the late value does not pass over a newer one that its maker had not seen', () => {
    const { rows, late } = clashed();
    const seen = rows.assist.stamps['minutes'] as string;
    const newer = edit(0, { set: set({ minutes: 9 }, seen) });
    rows.take(newer, actor(0));
    const decide = (on: string): Mutation =>
      mutation(2, 'clash.settle', [
        { row: 'assist', id: ASSIST, settle: [{ field: 'minutes', late: late.id, take: 'late', on }] },
      ]);
    expect(rows.take(decide(seen), actor(2))).toEqual({
      is: 'applied',
      flags: ['settled_already'],
      clashes: 0,
    });
    expect(rows.assist.fields['minutes']).toBe(9);
    expect(openClashes(rows.assist)).toMatchObject([{ field: 'minutes', late: late.id, value: 8 }]);
    expect(rows.take(decide(newer.id), actor(2))).toEqual({ is: 'applied', flags: [], clashes: 0 });
    expect(rows.assist.fields['minutes']).toBe(8);
    expect(openClashes(rows.assist)).toEqual([]);
  });

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
    expect(rows.take({ ...birth(), ...given } as Mutation, actor(0, as as Partial<Actor>))).toEqual({
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

  it('I7 lets nobody hang a filing on a visit of other people by naming themselves as its follower', () => {
    const me = id(14);
    const fields = {
      assist: ASSIST,
      resident: id(5),
      procedure: '2.001009',
      packVersion: null,
      code: null,
      submittedDay: '2026-11-20',
      officialDay: null,
      estimate: null,
      followedBy: me,
      voided: false,
    };
    const foreign = {
      ...edit(0, { row: 'filing', id: id(3), create: true, set: set(fields) }),
      author: me,
    } as Mutation;
    const stranger = actor(0, { role: 'helper', person: me as Actor['person'], teams: [] });
    expect(born().take(foreign, stranger)).toEqual({ is: 'refused', code: 'not_yours' });
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
