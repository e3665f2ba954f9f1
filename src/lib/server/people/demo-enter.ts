import { FIELD_ROLES } from '$lib/domain/people/roles.ts';
import type { PersonId } from '$lib/domain/record/ids.ts';
import type { DemoEnterAnswer } from '$lib/protocol/enrol.ts';
import type { AppContext } from '../app-context.ts';
import { beginOfficeSession, type OfficeEvent, officeHome } from '../auth/office-session.ts';
import { presentGrant } from '../auth/grant-rows.ts';
import { writeInvitation } from '../auth/invitation.ts';
import { inTransaction } from '../database/transaction.ts';
import { demoWard } from './entry-facts.ts';

/**
 * One click into a demo role: for the field a fresh invitation, which the page redeems like any other; for the office a
 * session. Null outside a demo, and for anybody who is not of the demo ward.
 */
export async function enterDemo(
  context: AppContext,
  event: OfficeEvent,
  person: PersonId,
): Promise<DemoEnterAnswer | null> {
  const demo = await demoWard(context);
  if (demo === null) return null;
  const { ward } = demo;
  const entered = await inTransaction(context.database, { wards: [ward], actor: person }, async (tx) => {
    const grant = await presentGrant(tx, ward, person);
    if (grant === null) return null;
    if (!FIELD_ROLES.includes(grant.role)) return { grant, code: null };
    return { grant, code: (await writeInvitation(tx, context, { ward, person, by: person })).code };
  });
  if (entered === null) return null;
  if (entered.code !== null) return { is: 'enrol', code: entered.code };
  await beginOfficeSession(context, event, entered.grant);
  return { is: 'office', to: officeHome(entered.grant.role) };
}
