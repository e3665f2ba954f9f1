import type { PersonId, TeamId, WardId } from '../record/ids.ts';
import { type Actor, FIELD_ROLES, type Role } from './roles.ts';

/** How the thing acted on stands to the actor, nearest first. */
export const RELATIONS = ['own', 'team', 'ward', 'other'] as const;
export type Relation = (typeof RELATIONS)[number];

export const ACTIONS = [
  'assist.log',
  'assist.read',
  'assist.edit',
  'assist.void',
  'filing.sight',
  'personal.keep',
  'personal.read',
  'clash.settle',
  'quarantine.read',
  'quarantine.settle',
  'people.read',
  'people.manage',
  'device.read',
  'device.invite',
  'device.revoke',
  'ward.configure',
  'backup.run',
] as const;
export type Action = (typeof ACTIONS)[number];

type Reach = 'none' | 'own' | 'team' | 'ward';
const REACH: Readonly<Record<Reach, readonly Relation[]>> = {
  none: [],
  own: ['own'],
  team: ['own', 'team'],
  ward: ['own', 'team', 'ward'],
};

const NOTHING: Readonly<Record<Action, Reach>> = {
  'assist.log': 'none',
  'assist.read': 'none',
  'assist.edit': 'none',
  'assist.void': 'none',
  'filing.sight': 'none',
  'personal.keep': 'none',
  'personal.read': 'none',
  'clash.settle': 'none',
  'quarantine.read': 'none',
  'quarantine.settle': 'none',
  'people.read': 'none',
  'people.manage': 'none',
  'device.read': 'none',
  'device.invite': 'none',
  'device.revoke': 'none',
  'ward.configure': 'none',
  'backup.run': 'none',
};

const FIELD_WORK = {
  ...NOTHING,
  'assist.log': 'own',
  'assist.read': 'own',
  'assist.edit': 'own',
  'assist.void': 'own',
  'filing.sight': 'own',
  'personal.keep': 'own',
  'personal.read': 'own',
  'clash.settle': 'own',
  'quarantine.read': 'own',
  'people.read': 'ward',
  'device.read': 'own',
} as const satisfies Record<Action, Reach>;

/** The one table of authority: role × action → how far it reaches. Nothing else decides who may do what. */
export const PERMISSIONS: Readonly<Record<Role, Readonly<Record<Action, Reach>>>> = {
  helper: FIELD_WORK,
  team_lead: {
    ...FIELD_WORK,
    'assist.log': 'team',
    'assist.read': 'team',
    'assist.edit': 'team',
    'assist.void': 'team',
    'filing.sight': 'team',
    'personal.read': 'team',
    'clash.settle': 'team',
    'quarantine.read': 'team',
    'device.read': 'team',
    'device.invite': 'team',
    'device.revoke': 'team',
  },
  clerk: { ...FIELD_WORK, 'assist.read': 'ward', 'filing.sight': 'ward' },
  ward_leader: {
    ...NOTHING,
    'assist.read': 'ward',
    'personal.read': 'ward',
    'clash.settle': 'ward',
    'quarantine.read': 'ward',
    'quarantine.settle': 'ward',
    'people.read': 'ward',
    'device.read': 'ward',
  },
  mobilisation_officer: { ...NOTHING, 'people.read': 'ward' },
  observer: NOTHING,
  administrator: {
    ...NOTHING,
    'people.read': 'ward',
    'people.manage': 'ward',
    'device.read': 'ward',
    'device.invite': 'ward',
    'device.revoke': 'ward',
    'quarantine.read': 'ward',
    'ward.configure': 'ward',
    'backup.run': 'ward',
  },
};

/** Actions that need the must-pass module (T9): keeping names, follow-up, hand-over. */
export const NEEDS_MUST_PASS: readonly Action[] = ['personal.keep'];

/** Whom a thing belongs to, as far as authority is concerned. */
export interface Belonging {
  readonly ward: WardId;
  readonly team: TeamId | null;
  readonly people: readonly PersonId[];
}

export function relationOf(actor: Actor, thing: Belonging): Relation {
  if (thing.ward !== actor.ward) return 'other';
  if (thing.people.includes(actor.person)) return 'own';
  return thing.team !== null && actor.teams.includes(thing.team) ? 'team' : 'ward';
}

/** Deny by default. */
export function can(actor: Pick<Actor, 'role' | 'mustPass'>, action: Action, relation: Relation): boolean {
  if (NEEDS_MUST_PASS.includes(action) && !actor.mustPass) return false;
  return REACH[PERMISSIONS[actor.role][action]].includes(relation);
}

/** A member as authority sees them. */
export interface Member {
  readonly ward: WardId;
  readonly person: PersonId;
  readonly role: Role;
  readonly teams: readonly TeamId[];
}

/** Somebody stands nearest through whichever team is shared. */
export function relationToMember(actor: Actor, member: Member): Relation {
  const shared = member.teams.find((team) => actor.teams.includes(team)) ?? null;
  return relationOf(actor, { ward: member.ward, team: shared, people: [member.person] });
}

/**
 * Who may enrol a device for whom. Only roles of the field work on enrolled devices; and an invitation lets its maker
 * become the invited person, so a team lead invites nobody who sees further than the lead's own teams.
 */
export function mayInvite(actor: Actor, member: Member): boolean {
  if (!FIELD_ROLES.includes(member.role)) return false;
  const relation = relationToMember(actor, member);
  if (!can(actor, 'device.invite', relation)) return false;
  if (relation === 'own' || can(actor, 'device.invite', 'ward')) return true;
  return member.role !== 'clerk' && member.teams.every((team) => actor.teams.includes(team));
}
