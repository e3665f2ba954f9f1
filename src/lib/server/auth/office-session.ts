import type { Cookies } from '@sveltejs/kit';
import type { Role } from '$lib/domain/people/roles.ts';
import { toBase64url } from '$lib/kernel/bytes.ts';
import { inTransaction } from '../database/transaction.ts';
import type { AuthContext } from './auth-context.ts';
import type { Grant } from './grant-rows.ts';
import { beginSession } from './lucia.ts';
import { hashSecret } from './secrets.ts';
import { markCookieName, writeLongCookie, writeSessionCookie } from './session-cookie.ts';

/** A working day: whoever comes in the morning signs in once, a browser left open overnight is closed. */
export const OFFICE_SESSION_MS = 12 * 3_600_000;

export interface OfficeEvent {
  readonly url: URL;
  readonly cookies: Cookies;
}

/** Where a role's work begins. */
const HOMES: Readonly<Record<Role, string>> = {
  helper: '/',
  team_lead: '/',
  clerk: '/filings',
  ward_leader: '/filings',
  mobilisation_officer: '/teams',
  observer: '/welcome',
  administrator: '/teams',
};

export function officeHome(role: Role): string {
  return HOMES[role];
}

/** The mark this browser carries, hashed; null before its first sign-in. */
export async function browserMarkHash(event: OfficeEvent): Promise<string | null> {
  const mark = event.cookies.get(markCookieName(event.url));
  return mark === undefined || mark.length < 40 ? null : hashSecret(mark);
}

async function ensureMark(context: AuthContext, event: OfficeEvent): Promise<string> {
  const standing = await browserMarkHash(event);
  if (standing !== null) return standing;
  const mark = toBase64url(context.random.bytes(32));
  writeLongCookie(event, markCookieName(event.url), mark);
  return hashSecret(mark);
}

/** Begins an office session bound to this browser, always under a new token, and remembers the browser for the account. */
export async function beginOfficeSession(
  context: AuthContext,
  event: OfficeEvent,
  grant: Pick<Grant, 'ward' | 'person' | 'id'>,
): Promise<void> {
  const { ward, person } = grant;
  const markHash = await ensureMark(context, event);
  const place = { device: null, markHash };
  const begun = await beginSession(context, {
    ward,
    person,
    grant: grant.id,
    place,
    lifetimeMs: OFFICE_SESSION_MS,
  });
  writeSessionCookie(event, begun.secret, begun.expiresAt, context.clock.now());
  await inTransaction(context.database, { wards: [ward], actor: person }, async (tx) => {
    const now = new Date(context.clock.now());
    await tx`
      insert into known_browser (ward_id, person_id, mark_hash, seen_at) values (${ward}, ${person}, ${markHash}, ${now})
      on conflict (ward_id, person_id, mark_hash) do update set seen_at = excluded.seen_at`;
  });
}
