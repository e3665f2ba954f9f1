import type { RequestHandler } from '@sveltejs/kit';
import { enrolRequestSchema } from '$lib/protocol/enrol.ts';
import { appContext } from '$lib/server/app-context.ts';
import { presentEpoch } from '$lib/server/auth/first-epoch.ts';
import { rememberReplica } from '$lib/server/auth/marker.ts';
import { redeemInvitation } from '$lib/server/auth/redeem.ts';
import { MALFORMED, readBody, refuse, reply } from '$lib/server/auth/replies.ts';

export const POST: RequestHandler = async (event) => {
  const asked = await readBody(event.request, enrolRequestSchema);
  if (asked === null) return refuse(MALFORMED);
  const context = await appContext();
  const redeemed = await redeemInvitation(
    { ...context, epoch: (tx) => presentEpoch(tx, context.random) },
    asked,
    event.getClientAddress(),
  );
  if (!redeemed.ok) return refuse(redeemed.error);
  rememberReplica(event, redeemed.value.account.ward, redeemed.value.replica);
  return reply(redeemed.value);
};
