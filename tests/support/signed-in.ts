import type { DeviceId } from '../../src/lib/domain/record/ids.ts';
import { FIELD_ROLES } from '../../src/lib/domain/people/roles.ts';
import { beginSession } from '../../src/lib/server/auth/lucia.ts';
import { beginOfficeSession } from '../../src/lib/server/auth/office-session.ts';
import { testBrowser } from './auth-event.ts';
import { type AuthWorld, type Member, newId } from './auth-world.ts';

async function fieldSession(world: AuthWorld, { ward, person, grant }: Member): Promise<string> {
  const device = newId<DeviceId>();
  await world.db.superuser.pool`
    insert into device (ward_id, person_id, device_id, public_key, label, enrolled_at)
    values (${ward}, ${person}, ${device}, '', '', now())`;
  const place = { device, markHash: null, keyMark: null };
  return (await beginSession(world.context, { ward, person, grant, place, lifetimeMs: 60_000 })).secret;
}

/** The cookies of a fresh session of this member, as their browser would send them. */
export async function cookiesOf(world: AuthWorld, member: Member, origin: string): Promise<string> {
  const browser = testBrowser(origin);
  const { ward, person, grant: id, role } = member;
  if (FIELD_ROLES.includes(role) && role !== 'clerk')
    browser.jar.set('session', await fieldSession(world, member));
  else await beginOfficeSession(world.context, browser.event(), { ward, person, id });
  return [...browser.jar].map(([name, value]) => `${name}=${value}`).join('; ');
}
