import type { Action, Belonging, Member, Relation } from '../../src/lib/domain/people/permissions.ts';
import type { Actor, Role } from '../../src/lib/domain/people/roles.ts';
import type { GrantId, PersonId, ReplicaId, TeamId, WardId } from '../../src/lib/domain/record/ids.ts';

/**
 * Who may do what, written down a second time and by hand from product.md ("Who uses it", A1–A3, T9), not from the code:
 * how far each role reaches. `-` nothing, `o` own, `t` own and team, `w` the whole ward. Never another ward.
 */
const TABLE = `
                   helper team_lead clerk ward_leader mobilisation_officer observer administrator
assist.log         o      t         o     -           -                    -        -
assist.read        o      t         w     w           -                    -        -
assist.edit        o      t         o     -           -                    -        -
assist.void        o      t         o     -           -                    -        -
filing.sight       o      t         w     -           -                    -        -
personal.keep      o      o         o     -           -                    -        -
personal.read      o      t         o     w           -                    -        -
clash.settle       o      t         o     w           -                    -        -
quarantine.read    o      t         o     w           -                    -        w
quarantine.settle  -      -         -     w           -                    -        -
people.read        w      w         w     w           w                    -        w
people.manage      -      -         -     -           -                    -        w
device.read        o      t         o     w           -                    -        w
device.invite      -      t         -     -           -                    -        w
device.revoke      -      t         -     -           -                    -        w
ward.configure     -      -         -     -           -                    -        w
backup.run         -      -         -     -           -                    -        w
`;

export interface Expectation {
  readonly role: Role;
  readonly action: Action;
  readonly relation: Relation;
  readonly mustPass: boolean;
  readonly allowed: boolean;
}

const RELATIONS: readonly Relation[] = ['own', 'team', 'ward', 'other'];
const REACHED: Readonly<Record<string, readonly Relation[]>> = {
  '-': [],
  o: ['own'],
  t: ['own', 'team'],
  w: ['own', 'team', 'ward'],
};

const [head = '', ...body] = TABLE.trim().split('\n');
export const EXPECTED_ROLES = head.trim().split(/\s+/) as Role[];
export const EXPECTED_ACTIONS = body.map((line) => line.split(/\s+/)[0] as Action);

/** Every role × action × relation × passed or not the must-pass module. */
export function expectations(): Expectation[] {
  return body.flatMap((line) => {
    const [action = '', ...cells] = line.split(/\s+/);
    return EXPECTED_ROLES.flatMap((role, column) =>
      RELATIONS.flatMap((relation) =>
        [true, false].map((mustPass) => ({
          role,
          action: action as Action,
          relation,
          mustPass,
          // T9: names are kept only by who has passed; everything else is open without it.
          allowed:
            (REACHED[cells[column] ?? ''] ?? []).includes(relation) &&
            (mustPass || action !== 'personal.keep'),
        })),
      ),
    );
  });
}

const [me, mate, red, blue, green] = ['me', 'mate', 'red', 'blue', 'green'] as [
  PersonId,
  PersonId,
  TeamId,
  TeamId,
  TeamId,
];
const [here, there] = ['here', 'there'] as [WardId, WardId];

export function actorOf(role: Role, teams: readonly TeamId[] = [red, green]): Actor {
  return {
    person: me,
    role,
    ward: here,
    teams,
    grant: 'g' as GrantId,
    replica: 'r' as ReplicaId,
    mustPass: true,
  };
}

/** Things, and how they stand to an actor of ward `here`, teams red and green. */
export const BELONGINGS: readonly (readonly [Belonging, Relation])[] = [
  [{ ward: here, team: red, people: [me] }, 'own'],
  [{ ward: here, team: blue, people: [mate, me] }, 'own'],
  [{ ward: here, team: null, people: [me] }, 'own'],
  [{ ward: here, team: red, people: [mate] }, 'team'],
  [{ ward: here, team: green, people: [] }, 'team'],
  [{ ward: here, team: blue, people: [mate] }, 'ward'],
  [{ ward: here, team: null, people: [mate] }, 'ward'],
  [{ ward: there, team: red, people: [me] }, 'other'],
  [{ ward: there, team: null, people: [] }, 'other'],
];

export interface InviteCase {
  readonly by: Actor;
  readonly member: Member;
  readonly allowed: boolean;
}

/** Invitations: whoever makes one could become the invited, so it may not reach further than its maker. */
export function inviteCases(): InviteCase[] {
  const members: {
    member: Omit<Member, 'role'>;
    kind: 'self' | 'within' | 'beyond' | 'elsewhere' | 'away';
  }[] = [
    { member: { ward: here, person: me, teams: [red, blue] }, kind: 'self' },
    { member: { ward: here, person: mate, teams: [red] }, kind: 'within' },
    { member: { ward: here, person: mate, teams: [red, green] }, kind: 'within' },
    { member: { ward: here, person: mate, teams: [red, blue] }, kind: 'beyond' },
    { member: { ward: here, person: mate, teams: [blue] }, kind: 'elsewhere' },
    { member: { ward: here, person: mate, teams: [] }, kind: 'elsewhere' },
    { member: { ward: there, person: mate, teams: [red] }, kind: 'away' },
    { member: { ward: there, person: me, teams: [red] }, kind: 'away' },
  ];
  return EXPECTED_ROLES.flatMap((byRole) =>
    EXPECTED_ROLES.flatMap((role) =>
      members.map(({ member, kind }) => {
        const works = ['helper', 'team_lead', 'clerk'].includes(role);
        const lead = byRole === 'team_lead' && (kind === 'self' || (kind === 'within' && role !== 'clerk'));
        const administrator = byRole === 'administrator' && kind !== 'away';
        return {
          by: actorOf(byRole),
          member: { ...member, role },
          allowed: works && (lead || administrator),
        };
      }),
    ),
  );
}
