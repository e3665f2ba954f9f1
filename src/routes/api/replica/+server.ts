import type { RequestHandler } from '@sveltejs/kit';
import { replicaRequestSchema } from '$lib/protocol/enrol.ts';
import { appContext } from '$lib/server/app-context.ts';
import { rememberReplica } from '$lib/server/auth/marker.ts';
import { forkReplica } from '$lib/server/auth/replica-fork.ts';
import { MALFORMED, NOT_KNOWN, readBody, refuse, reply } from '$lib/server/auth/replies.ts';
import { wardOfSecret } from '$lib/server/auth/secrets.ts';

export const POST: RequestHandler = async (event) => {
  const asked = await readBody(event.request, replicaRequestSchema);
  if (asked === null) return refuse(MALFORMED);
  const token = /^Bearer (.+)$/i.exec(event.request.headers.get('authorization') ?? '')?.[1] ?? '';
  const ward = wardOfSecret(token);
  if (ward === null) return refuse(NOT_KNOWN);
  const forked = await forkReplica(await appContext(), token, asked.replica);
  if (!forked.ok) return refuse(forked.error);
  rememberReplica(event, ward, forked.value.replica);
  return reply(forked.value);
};
