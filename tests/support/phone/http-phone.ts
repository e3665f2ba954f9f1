import { gzipSync } from 'node:zlib';
import type { PersonId } from '$lib/domain/record/ids.ts';
import type { Role } from '$lib/domain/people/roles.ts';
import { demoEnterAnswerSchema, entryAnswerSchema } from '$lib/protocol/enrol.ts';
import type { OpenPhone } from '$lib/phone/commands/open-phone.ts';
import type { CourierWorld, RunEnd } from '$lib/phone/courier/courier-world.ts';
import { deliver } from '$lib/phone/courier/deliver.ts';
import { openDatabases } from '$lib/phone/session/account-shelves.ts';
import { makePhoneSession, type PhoneSession } from '$lib/phone/session/phone-session.ts';
import { NO_COURIER, type SessionParts, sessionPorts } from '$lib/phone/session/wire-session.ts';
import type { AccountDb } from '$lib/phone/store/open-account-db.ts';
import { deriveArgon2id } from '$lib/phone/vault/argon2.ts';
import { openDeviceStore } from '$lib/phone/vault/device-store.ts';
import { freshIdb } from './test-phone.ts';
import { testLocks } from './test-world.ts';

/** A phone in this process whose ward is a real server over HTTP: production vault, session, store and courier. */
export interface HttpPhone {
  readonly person: PersonId;
  readonly team: string;
  readonly phone: OpenPhone;
  readonly db: AccountDb;
  readonly session: PhoneSession;
  /** One run of the courier: `locked` sends and hears outcomes only, `open` takes rows too. */
  round(how: 'locked' | 'open'): Promise<RunEnd>;
}

/** A browser's way to one server: its cookies, its Origin, relative addresses. `asking` is told of each request. */
function cookieFetch(origin: string, asking: () => void) {
  const jar = new Map<string, string>();
  return async (path: string, init: RequestInit): Promise<Response> => {
    asking();
    const headers = new Headers(init.headers);
    headers.set('origin', origin);
    if (init.credentials !== 'omit' && jar.size > 0)
      headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await fetch(new URL(path, origin), { ...init, headers });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const at = pair.indexOf('=');
      jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  };
}

const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };
const clock = { now: () => Date.now() };

/** Enrols a new phone for the demo person of a role, through the same doors as the app. */
export async function httpPhone(
  origin: string,
  role: Role,
  asking: () => void = () => undefined,
): Promise<HttpPhone> {
  const ask = cookieFetch(origin, asking);
  const idb = freshIdb();
  const databases = openDatabases(idb);
  const parts = {
    device: openDeviceStore(idb),
    databases,
    // Weak on purpose: what a PIN is worth is proven elsewhere.
    kdf: { derive: (secret, given) => deriveArgon2id(secret, { ...given, memoryKiB: 64, passes: 1 }) },
    clock,
    random,
    fetch: ask,
    userAgent: 'drill',
    after: () => () => undefined,
    lookForEviction: () => Promise.resolve(null),
    askForSync: () => Promise.resolve(),
  } satisfies SessionParts;
  const session = await makePhoneSession(sessionPorts(parts, NO_COURIER));
  const enrolment = await session.enrolment();
  const redeemed = await enrolment.redeem(await demoCode(ask, role));
  if (!redeemed.ok) throw new Error(`not enrolled: ${JSON.stringify(redeemed.error)}`);
  const opened = await enrolment.finish('739264');
  const state = session.get();
  if (!opened.ok || state.is !== 'unlocked') throw new Error('no open vault');
  const { person } = opened.value;
  const db = await databases.of(person);
  const world: CourierWorld = {
    fetch: ask,
    clock,
    random,
    timer: { wait: waitOr },
    lock: testLocks(),
    gzip: (bytes) => Promise.resolve(new Uint8Array(gzipSync(bytes))),
    pullKey: () => null,
    tell: () => undefined,
    app: 'drill',
  };
  return {
    person,
    team: state.account.teams[0]?.id ?? '',
    phone: state.phone,
    db,
    session,
    round: (how) =>
      deliver({ db, world: how === 'locked' ? world : { ...world, pullKey: (who) => session.pullKey(who) } }),
  };
}

async function demoCode(ask: ReturnType<typeof cookieFetch>, role: Role): Promise<string> {
  const entry = entryAnswerSchema.parse(await (await ask('/api/entry', {})).json());
  const person = entry.demo?.people.find((one) => one.role === role)?.person;
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ person });
  const answer = await ask('/api/demo/enter', { method: 'POST', headers, body });
  const entered = demoEnterAnswerSchema.parse(await answer.json());
  if (entered.is !== 'enrol') throw new Error(`${role} enrols no phone`);
  return entered.code;
}

function waitOr(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(end, ms);
    if (signal?.aborted) end();
    signal?.addEventListener('abort', end, { once: true });
  });
}
