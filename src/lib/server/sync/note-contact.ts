import type { KeyEnvelope } from '$lib/protocol/envelope.ts';
import type { RoundAnswer, RoundRequest } from '$lib/protocol/round.ts';
import type { RoundWorld } from './round-call.ts';
import type { Speaker } from './speaker.ts';
import type { ContactWords } from './store.ts';

const CONTACT_EVERY_MS = 60_000;
/** A clock is read at either end of a slow line: less than this says nothing. */
const SKEW_MATTERS_MS = 60_000;

/** More than this on one phone is nobody's work, and no column's. */
const MOST_UNSENT = 1_000_000;
/** A build's name is plain letters; anything else is a modified client's, and might not be storable. */
const NO_NAME = /[^\w.+-]/g;

/** What the phone says of itself. What it counted on to arrive and did not is still with it. */
function wordsOf(
  standing: ContactWords,
  body: RoundRequest,
  now: number,
  answer: Pick<RoundAnswer, 'lastSeq'>,
): ContactWords {
  const left = body.up.filter(({ seq }) => seq > answer.lastSeq).length;
  const unsent = body.unsent === undefined ? standing.unsent : Math.min(body.unsent + left, MOST_UNSENT);
  return {
    unsent,
    skewMs: body.at === undefined ? standing.skewMs : body.at - now,
    app: body.app === undefined ? standing.app : body.app.replace(NO_NAME, ''),
  };
}

function isNews(standing: ContactWords, said: ContactWords): boolean {
  const moved = Math.abs((said.skewMs ?? 0) - (standing.skewMs ?? 0)) >= SKEW_MATTERS_MS;
  return moved || said.unsent !== standing.unsent || said.app !== standing.app;
}

/** Those that open; under an id that is kept already, only another envelope of the very same key. */
async function openable(
  world: RoundWorld,
  { replica }: Speaker,
  stored: readonly KeyEnvelope[],
  fresh: readonly KeyEnvelope[],
): Promise<KeyEnvelope[]> {
  const owner = { account: replica.person, device: replica.device };
  const kept: KeyEnvelope[] = [];
  for (const envelope of fresh) {
    const raw = await world.keys.openDataKey(owner, envelope);
    const standing = stored.find(({ key }) => key === envelope.key);
    const known = standing && (await world.keys.openDataKey(owner, standing));
    if (raw !== null && (!known || Buffer.compare(known, raw) === 0)) kept.push(envelope);
  }
  return kept;
}

/** A phone has one data key, and those of former enrolments. What comes beyond serves its own request and is not kept. */
const MOST_KEYS = 50;

/** No more ids than a person can have come by. */
function keepable(stored: readonly KeyEnvelope[], fresh: readonly KeyEnvelope[]): readonly KeyEnvelope[] {
  const ids = new Set(stored.map(({ key }) => key));
  return fresh.filter(({ key }) => {
    if (ids.size < MOST_KEYS) ids.add(key);
    return ids.has(key);
  });
}

/** Keeps what a contact leaves behind: once a minute, or at once when it changes something. */
export async function noteContact(
  world: RoundWorld,
  speaker: Speaker,
  tokenHash: string,
  round: { readonly body: RoundRequest; readonly answer: Pick<RoundAnswer, 'lastSeq'> },
): Promise<void> {
  const { replica, ward, keys } = speaker;
  const { body, answer } = round;
  const at = world.clock.now();
  const stored = keys.slice(body.keys.length);
  const fresh = body.keys.filter(
    (envelope) => !stored.some((other) => other.key === envelope.key && other.box === envelope.box),
  );
  const forgetPreviousToken = replica.previousTokenHash !== null && replica.tokenHash === tokenHash;
  const said = wordsOf(replica.said, body, at, answer);
  const due = Math.abs(at - (replica.lastSeenAt ?? -Infinity)) >= CONTACT_EVERY_MS;
  // A revoked phone empties itself after this answer: there will be no later contact to note.
  if (!due && !replica.revoked && fresh.length === 0 && !forgetPreviousToken && !isNews(replica.said, said))
    return;
  const { person, device } = replica;
  await world.store.noteContact(ward, {
    replica: replica.replica,
    person,
    device,
    at,
    forgetPreviousToken,
    keys: await openable(world, speaker, stored, keepable(stored, fresh)),
    said,
  });
}

/** A seq came beyond a missing one: kept for the leader, who may close what nobody can bring any more. */
export async function noteGap(
  world: RoundWorld,
  ward: Speaker['ward'],
  replica: Speaker['replica'],
  came: readonly { readonly seq: number }[],
  lastSeq: number,
): Promise<void> {
  const beyond = came.map(({ seq }) => seq).filter((seq) => seq > lastSeq);
  const first = Math.min(...beyond);
  if (beyond.length === 0 || first === replica.gapSeq) return;
  await world.store.noteGap(ward, replica.replica, first, world.clock.now());
}
