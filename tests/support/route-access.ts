import { type Action, can } from '../../src/lib/domain/people/permissions.ts';
import type { Role } from '../../src/lib/domain/people/roles.ts';

/** What a visitor is to the door: somebody without a session that counts, or a role. */
export type Visitor = 'stranger' | Role;

/** What is to come back: a status, and for redirects where to. `hidden`: 403 or 404, but never a row. */
export interface Answer {
  readonly status: number | 'hidden';
  readonly location?: string;
}

export interface Access {
  /** What is sent along, where a door takes something. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** The route's id names a row of this kind: asked with one of the own ward, one of another, and one that is not there. */
  readonly ids?: 'assist' | 'filing';
  readonly expect: (visitor: Visitor) => Answer;
}

const same = (status: number, location?: string): Access['expect'] => {
  return () => (location === undefined ? { status } : { status, location });
};

/** Pages of the phone: an empty shell, the same for everybody; what they show lies sealed on the device. */
const shell: Access = { expect: same(200) };

const HOMES: Readonly<Record<Role, string>> = {
  helper: '/',
  team_lead: '/',
  clerk: '/filings',
  ward_leader: '/filings',
  mobilisation_officer: '/teams',
  observer: '/welcome',
  administrator: '/teams',
};

const whoIsIn = (out: Answer): Access['expect'] => {
  return (visitor) => (visitor === 'stranger' ? out : { status: 303, location: HOMES[visitor] });
};

const signInFirst: Answer = { status: 303, location: '/sign-in' };

/** Pages of the office: strangers sign in first; roles that reach less than `relation` are told so. */
export function office(action: Action, relation: 'own' | 'team' | 'ward'): Access {
  return {
    expect: (visitor) => {
      if (visitor === 'stranger') return signInFirst;
      return { status: can({ role: visitor, mustPass: true }, action, relation) ? 200 : 403 };
    },
  };
}

/** A deed of the office, asked for something that is not there: who may do it hears `status`, all others 403. */
export function deed(action: Action, relation: 'own' | 'team' | 'ward', status: number): Access {
  const { expect: asked } = office(action, relation);
  return {
    expect: (visitor) => {
      const answer = asked(visitor);
      return answer.status === 200 ? { status } : answer;
    },
  };
}

/** A record's page, asked for a record of the visitor's own team that somebody else entered. */
export function record(action: Action, ids: 'assist' | 'filing'): Access {
  return {
    ids,
    expect: (visitor) => {
      if (visitor === 'stranger') return signInFirst;
      return { status: can({ role: visitor, mustPass: true }, action, 'team') ? 200 : 'hidden' };
    },
  };
}

/**
 * Who gets what at every door of the application, by hand. A door that is not listed here fails the test: whoever
 * builds one says here who may pass. Key: method, route, and for actions their name.
 */
export const ROUTE_ACCESS: Readonly<Record<string, Access>> = {
  'GET /': shell,
  'GET /enrol': shell,
  'GET /unlock': shell,
  'GET /shell': shell,
  'GET /today': shell,
  'GET /assist/quick': shell,
  'GET /records': shell,
  'GET /records/[id]': shell,
  'GET /records/[id]/edit': shell,
  'GET /outbox': shell,
  'GET /procedures': shell,
  'GET /procedures/[id]': shell,
  'GET /me': shell,
  'GET /me/pin': shell,
  'GET /me/team': shell,
  // The gallery of building blocks is not there unless somebody asks for it at the start.
  'GET /design': { expect: same(404) },
  'GET /design/[screen]': { expect: same(404) },

  'GET /sign-in': { expect: whoIsIn({ status: 200 }) },
  // Who is in already stays in.
  'POST /sign-in default': { body: {}, expect: whoIsIn({ status: 400 }) },
  'GET /first-password': { expect: whoIsIn({ status: 303, location: '/sign-in' }) },
  'POST /first-password default': {
    body: { password: 'con mèo trèo cây cau', again: 'con mèo trèo cây cau' },
    expect: same(303, '/sign-in?notice=over'),
  },
  'GET /sign-out': { expect: same(303, '/sign-in') },
  'POST /sign-out default': { body: {}, expect: same(303, '/sign-in?notice=out') },

  // A page for whose role no other is open yet; all others go home.
  'GET /welcome': {
    expect: (visitor) => {
      if (visitor === 'stranger') return signInFirst;
      return visitor === 'observer' ? { status: 200 } : { status: 303, location: HOMES[visitor] };
    },
  },
  'GET /filings': office('assist.read', 'own'),
  'GET /filings/[id]': record('assist.read', 'filing'),
  'GET /assists/[id]': record('assist.read', 'assist'),
  // Opening personal values whole is an act of its own.
  'POST /filings/[id] open': { ...record('personal.read', 'filing'), body: {} },
  'POST /assists/[id] open': { ...record('personal.read', 'assist'), body: {} },
  'GET /teams': office('people.read', 'ward'),
  'GET /teams/[id]': deed('people.read', 'ward', 404),
  // Of somebody who is not there: whoever may finds nobody, all others may not.
  'POST /teams/[id] invite': { ...deed('device.invite', 'own', 404), body: {} },
  'POST /teams/[id] revoke': {
    ...deed('device.revoke', 'own', 404),
    body: { device: '01934b2c-7e00-7abc-8def-0123456789ab' },
  },
  'POST /teams/[id] change': {
    ...deed('people.manage', 'ward', 404),
    body: { name: 'Ai Đó', role: 'administrator', shown: '{}' },
  },
  'POST /teams/[id] disable': {
    ...deed('people.manage', 'ward', 404),
    body: { ending: 'revocation', shown: '{}' },
  },
  'POST /teams/[id] enable': { ...deed('people.manage', 'ward', 404), body: { shown: '{}' } },
  'POST /teams/[id] resetPassword': { ...deed('people.manage', 'ward', 404), body: { login: 'ai.do' } },
  'GET /teams/new': office('people.manage', 'ward'),
  'POST /teams/new default': { ...deed('people.manage', 'ward', 400), body: {} },
  'GET /teams/devices': office('device.read', 'own'),
  'GET /teams/places': office('people.manage', 'ward'),
  'POST /teams/places team': { ...deed('people.manage', 'ward', 400), body: {} },
  'POST /teams/places neighbourhood': { ...deed('people.manage', 'ward', 400), body: {} },
  'GET /attention': office('quarantine.read', 'own'),
  'POST /attention settle': {
    body: {},
    expect: (visitor) =>
      visitor === 'administrator' ? { status: 400 } : deed('clash.settle', 'own', 400).expect(visitor),
  },
  'POST /attention discard': { ...deed('quarantine.read', 'own', 400), body: {} },
  'POST /attention discardAll': { ...deed('quarantine.settle', 'ward', 400), body: {} },
  'POST /attention accept': { ...deed('quarantine.settle', 'ward', 400), body: {} },
  'POST /attention acceptAll': { ...deed('quarantine.settle', 'ward', 400), body: {} },
  'POST /attention close': { ...deed('quarantine.settle', 'ward', 400), body: {} },
  'POST /attention noted': { ...deed('backup.run', 'ward', 400), body: {} },
  'POST /attention open': { ...office('personal.read', 'own'), body: {} },

  'GET /api/entry': { expect: same(200) },
  'GET /api/marker': { expect: same(200) },
  'GET /api/live': { expect: (visitor) => ({ status: visitor === 'stranger' ? 401 : 200 }) },
  'GET /api/me': { expect: (visitor) => ({ status: visitor === 'stranger' ? 401 : 200 }) },
  // Of somebody who is not there.
  'POST /api/invitations': {
    body: { person: '01934b2c-7e00-7abc-8def-0123456789ab' },
    expect: (visitor) => ({ status: visitor === 'stranger' ? 401 : 404 }),
  },
  'POST /api/sign-out': { body: {}, expect: same(204) },
  // These ask for a code, a signature or a token, whoever comes.
  'POST /api/enrol': { body: {}, expect: same(400) },
  'POST /api/session': { body: {}, expect: same(400) },
  'POST /api/session/challenge': { body: {}, expect: same(400) },
  'POST /api/replica': { body: { replica: '01934b2c-7e00-7abc-8def-0123456789ab' }, expect: same(401) },
  'POST /api/demo/enter': { body: { person: '01934b2c-7e00-7abc-8def-0123456789ab' }, expect: same(404) },
  'POST /api/sync': { body: {}, expect: same(415) },
};
