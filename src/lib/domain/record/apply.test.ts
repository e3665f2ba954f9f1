import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../kernel/json.ts';
import type { Mutation } from './mutation.ts';
import { openClashes } from './row.ts';
import {
  ASSIST,
  FILING,
  PEOPLE,
  actor,
  Rows,
  mutation,
  set,
  BIRTH,
  born,
  edit,
  VALUES,
  steps,
  play,
  withFiling,
  sighting,
  sight,
} from './apply.fixture.ts';

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
            .map((made) => ({ made, key: Number(order.next().value) }))
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
