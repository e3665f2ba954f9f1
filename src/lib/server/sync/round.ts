import type { HttpProblem } from '$lib/protocol/problem.ts';
import type { RoundAnswer } from '$lib/protocol/round.ts';
import { answerRound } from './answer.ts';
import { readIncoming } from './incoming.ts';
import type { RoundCall, RoundWorld } from './round-call.ts';
import { noteContact, noteGap } from './note-contact.ts';
import { findSpeaker, keyOpener } from './speaker.ts';
import { tokenHash } from './token-hash.ts';
import { takeUp } from './ward-lane.ts';
import { wardOfToken } from './ward-of-token.ts';

export type RoundResult =
  | { readonly status: 200; readonly answer: RoundAnswer }
  | { readonly status: 401; readonly problem: Extract<HttpProblem, 'unknown_token'> };

const UNKNOWN: RoundResult = { status: 401, problem: 'unknown_token' };

/**
 * One round: takes what came up (exactly once, in seq order), and answers with what became of it and, to a session, with
 * rows. Nothing is answered before its commit: the answer is read from the tables afterwards, in one snapshot.
 */
export async function takeRound(world: RoundWorld, call: RoundCall): Promise<RoundResult> {
  const ward = wardOfToken(call.token);
  if (ward === null || call.token === null) return UNKNOWN;
  const hash = tokenHash(call.token);
  const [speaker, session] = await Promise.all([findSpeaker(world, ward, hash, call.body), call.session]);
  if (speaker === null) return UNKNOWN;
  const { replica } = speaker;
  const keyOf = keyOpener(world, speaker);
  const incoming = await Promise.all(
    call.body.up.map((envelope) => readIncoming(envelope, replica.person, keyOf)),
  );
  const problem = await takeUp(world, ward, replica, incoming);
  const answer = await world.store.read(ward, (tx) =>
    answerRound(world, tx, { speaker, call, session, keyOf, problem }),
  );
  if (problem === 'gap') await noteGap(world, ward, replica, call.body.up, answer.lastSeq);
  await noteContact(world, speaker, hash, { body: call.body, answer });
  return { status: 200, answer };
}
