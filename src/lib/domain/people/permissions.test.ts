import { describe, expect, it } from 'vitest';
import {
  actorOf,
  BELONGINGS,
  EXPECTED_ACTIONS,
  EXPECTED_ROLES,
  expectations,
  inviteCases,
} from '../../../../tests/support/authority-table.ts';
import { ACTIONS, can, mayInvite, PERMISSIONS, relationOf } from './permissions.ts';
import { ROLES } from './roles.ts';

describe('A1 one table of authority', () => {
  it('is written down for every role and every action', () => {
    expect([...EXPECTED_ROLES].sort()).toEqual([...ROLES].sort());
    expect([...EXPECTED_ACTIONS].sort()).toEqual([...ACTIONS].sort());
    expect(Object.keys(PERMISSIONS).sort()).toEqual([...ROLES].sort());
  });

  it('allows exactly what is written, in every combination', () => {
    const all = expectations();
    expect(all).toHaveLength(ROLES.length * ACTIONS.length * 4 * 2);
    const wrong = all.filter(
      ({ role, action, relation, mustPass, allowed }) =>
        can({ role, mustPass }, action, relation) !== allowed,
    );
    expect(wrong).toEqual([]);
  });

  it('allows nobody anything in another ward', () => {
    for (const role of ROLES) {
      for (const action of ACTIONS)
        expect(can({ role, mustPass: true }, action, 'other'), `${role} ${action}`).toBe(false);
    }
  });

  it('knows how near a thing stands', () => {
    for (const [thing, relation] of BELONGINGS) expect(relationOf(actorOf('helper'), thing)).toBe(relation);
  });
});

describe('T9 the must-pass module', () => {
  it('opens the keeping of names and nothing else', () => {
    for (const role of ROLES) {
      const opened = ACTIONS.filter(
        (action) =>
          can({ role, mustPass: true }, action, 'own') && !can({ role, mustPass: false }, action, 'own'),
      );
      expect(opened).toEqual(['helper', 'team_lead', 'clerk'].includes(role) ? ['personal.keep'] : []);
    }
  });
});

describe('A2 invitations', () => {
  it('reach no further than their maker', () => {
    const wrong = inviteCases().filter(({ by, member, allowed }) => mayInvite(by, member) !== allowed);
    expect(wrong).toEqual([]);
  });
});
