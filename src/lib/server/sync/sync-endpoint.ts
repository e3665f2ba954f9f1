import { MUTATION_LIMIT_SERVER } from '$lib/protocol/version.ts';
import { roundRequestSchema } from '$lib/protocol/round.ts';
import { unsentFileSchema } from '$lib/protocol/unsent-file.ts';
import { isKnownToken } from './known-token.ts';
import type { RoundSession, RoundWorld } from './round-call.ts';
import { takeRound } from './round.ts';
import { StoreBusy } from './store.ts';
import { readSyncBody } from './sync-body.ts';
import { problemReply, replyTo } from './sync-reply.ts';
import { takeUnsentFile } from './unsent-delivery.ts';

interface Sent {
  readonly plain: string;
  readonly sealed: string | null;
}

function isTooLarge(envelopes: readonly Sent[]): boolean {
  return envelopes.some(
    ({ plain, sealed }) => Buffer.byteLength(plain) + (sealed?.length ?? 0) > MUTATION_LIMIT_SERVER,
  );
}

async function answer(
  world: RoundWorld,
  request: Request,
  session: () => Promise<RoundSession | null>,
): Promise<Response> {
  const token = /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? null;
  const body = await readSyncBody(request, () => isKnownToken(world.store, token));
  if (!body.ok) return problemReply(body.error);
  if (body.value.is === 'unsent') {
    const file = unsentFileSchema.safeParse(body.value.json);
    if (!file.success) return problemReply('malformed');
    if (isTooLarge(file.data.envelopes)) return problemReply('too_large');
    const taken = await takeUnsentFile(world, token, file.data);
    return taken === null ? problemReply('unknown_token') : replyTo(request, taken);
  }
  const round = roundRequestSchema.safeParse(body.value.json);
  if (!round.success) return problemReply('malformed');
  if (isTooLarge(round.data.up)) return problemReply('too_large');
  // Without a wish for rows the session is not even looked up: delivering is not reading.
  const result = await takeRound(world, {
    token,
    session: round.data.down === null ? null : session(),
    body: round.data,
  });
  return result.status === 200 ? replyTo(request, result.answer) : problemReply(result.problem);
}

/** `POST /api/sync`, whole: gate, round or carried file, answer. */
export async function serveSync(
  world: () => Promise<RoundWorld>,
  request: Request,
  session: () => Promise<RoundSession | null>,
): Promise<Response> {
  try {
    return await answer(await world(), request, session);
  } catch (error) {
    if (error instanceof StoreBusy) return problemReply('busy');
    throw error;
  }
}
