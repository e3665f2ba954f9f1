import type { Role } from '../../../src/lib/domain/people/roles.ts';
import { PROTOCOL_HEADER, SYNC_CONTENT_TYPE } from '../../../src/lib/protocol/version.ts';
import { ROUTE_ACCESS } from '../route-access.ts';

/** A request as it goes over the line. */
export interface RawRequest {
  /** The door it was made for. */
  readonly door: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** What valid requests are made of. */
export interface Ground {
  readonly origin: string;
  readonly cookies: Readonly<Record<Role, string>>;
  readonly ids: Readonly<
    Record<'assist' | 'filing' | 'person' | 'device' | 'replica' | 'mutation' | 'team', string>
  >;
  readonly code: string;
  readonly token: string;
  readonly otherToken: string;
  /** The next round of the phone whose token it is; a carried file. */
  readonly round: object;
  readonly file: object;
}

const JSON_DOORS: Readonly<Record<string, (ground: Ground) => object>> = {
  'POST /api/invitations': ({ ids }) => ({ person: ids.person }),
  'POST /api/sign-out': () => ({}),
  'POST /api/enrol': ({ ids, code }) => ({
    code,
    nonce: 'n'.repeat(32),
    replica: ids.replica,
    device: ids.device,
    devicePublicKey: 'A'.repeat(88),
    deviceLabel: 'Chrome, Android',
    keys: [],
  }),
  'POST /api/session': ({ ids }) => ({
    device: ids.device,
    person: ids.person,
    challenge: 'mau.' + 'c'.repeat(43),
    signature: 's'.repeat(86),
  }),
  'POST /api/session/challenge': ({ ids }) => ({ device: ids.device, person: ids.person }),
  'POST /api/replica': ({ ids }) => ({ replica: ids.replica }),
  'POST /api/demo/enter': ({ ids }) => ({ person: ids.person }),
};

const FORMS: Readonly<Record<string, (ids: Ground['ids']) => Readonly<Record<string, string>>>> = {
  'POST /sign-in default': () => ({ login: 'quan.tri', password: 'con mèo trèo cây cau', next: '/filings' }),
  'POST /first-password default': () => ({ password: 'con mèo trèo cây cau', again: 'con mèo trèo cây cau' }),
  'POST /teams/[id] revoke': ({ device }) => ({ device }),
  'POST /teams/[id] change': ({ team }) => ({ name: 'Vàng A Sử', role: 'helper', teams: team, shown: '{}' }),
  'POST /teams/[id] disable': () => ({ ending: 'transfer', shown: '{}' }),
  'POST /teams/[id] enable': () => ({ shown: '{}' }),
  'POST /teams/[id] resetPassword': () => ({ login: 'nguoi.moi' }),
  'POST /teams/new default': ({ team }) => ({ name: 'K’Bril', role: 'helper', teams: team, login: '' }),
  'POST /teams/places team': () => ({ id: '', name: 'Tổ Hoa Mai', shown: '{}' }),
  'POST /teams/places neighbourhood': ({ team }) => ({ id: '', name: 'Thôn Trung', word: 'thôn', team, shown: '{}' }),
  'POST /attention settle': ({ assist, mutation }) => ({ kind: 'assist', id: assist, field: 'minutes', late: mutation, take: 'late' }),
  'POST /attention discard': ({ mutation }) => ({ mutation, why: 'other' }),
  'POST /attention discardAll': ({ person }) => ({ person, why: 'other' }),
  'POST /attention accept': ({ mutation }) => ({ mutation }),
  'POST /attention acceptAll': ({ person }) => ({ person }),
  'POST /attention close': ({ replica }) => ({ replica, from: '1', to: '2' }),
  'POST /attention noted': () => ({ epoch: 'e1' }),
}; // prettier-ignore

const QUERIES: Readonly<Record<string, string>> = {
  'GET /filings': '?view=filings&period=month&status=submitted&sort=day&after=2026-11-01~01934b2c-7e00-7abc-8def-0123456789ab',
  'GET /attention': '?record=1790000000000~01934b2c-7e00-7abc-8def-0123456789ab&clash=01934b2c-7e00-7abc-8def-0123456789ab',
  'GET /sign-in': '?notice=over&next=%2Ffilings',
  'GET /api/marker': '?ward=mau',
}; // prettier-ignore

/** Who is most at home behind a door: a stranger's request seldom gets far. */
function roleFor(door: string): Role {
  if (/teams|places|noted|invitations/.test(door)) return 'administrator';
  return /filings|assists|attention/.test(door) ? 'ward_leader' : 'helper';
}

function syncRequests(ground: Ground): RawRequest[] {
  const base = { door: 'POST /api/sync', method: 'POST', path: '/api/sync' };
  const headers = {
    origin: ground.origin,
    'content-type': SYNC_CONTENT_TYPE,
    [PROTOCOL_HEADER]: '1',
    authorization: `Bearer ${ground.token}`,
    cookie: ground.cookies.helper,
  };
  const carried = { ...headers, 'content-type': 'application/vnd.xks.unsent+json' };
  return [
    { ...base, headers, body: JSON.stringify(ground.round) },
    { ...base, headers, body: JSON.stringify(ground.round) },
    { ...base, headers: { ...headers, authorization: `Bearer ${ground.otherToken}` }, body: JSON.stringify(ground.round) },
    { ...base, headers: carried, body: JSON.stringify(ground.file) },
  ]; // prettier-ignore
}

/** One valid request, or as good as one, for every door in the table of doors. */
export function validRequests(ground: Ground): RawRequest[] {
  const { origin, cookies, ids } = ground;
  return Object.keys(ROUTE_ACCESS).flatMap((door): RawRequest[] => {
    if (door === 'POST /api/sync') return syncRequests(ground);
    const [method = 'GET', route = '/', action] = door.split(' ');
    const id = route.includes('assists') ? ids.assist : route.includes('teams') ? ids.person : ids.filing;
    const deed = action === undefined || action === 'default' ? '' : `?/${action}`;
    const path = route.replace(/\[[^\]]+\]/g, id) + deed + (QUERIES[door] ?? '');
    const signed = { origin, cookie: cookies[roleFor(door)], accept: 'text/html' };
    if (method === 'GET') return [{ door, method, path, headers: signed, body: '' }];
    const json = JSON_DOORS[door];
    if (json !== undefined) {
      const authorization = `Bearer ${ground.token}`;
      const headers = { ...signed, accept: '*/*', 'content-type': 'application/json', authorization };
      return [{ door, method, path, headers, body: JSON.stringify(json(ground)) }];
    }
    const form = new URLSearchParams(FORMS[door]?.(ids) ?? {}).toString();
    const headers = { ...signed, 'content-type': 'application/x-www-form-urlencoded' };
    return [{ door, method, path, headers, body: form }];
  });
}
