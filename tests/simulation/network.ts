import { sha256, utf8, toBase64url } from '$lib/kernel/bytes.ts';
import type { RoundAnswer, RoundRequest } from '$lib/protocol/round.ts';
import { PROTOCOL, PROTOCOL_HEADER, SYNC_CONTENT_TYPE } from '$lib/protocol/version.ts';
import { SYNC_PATH } from '$lib/phone/courier/exchange.ts';
import { REPLICA_PATH } from '$lib/phone/courier/register-fork.ts';
import { readMeta } from '$lib/phone/store/meta.ts';
import { WARD } from '../support/sync-ward.ts';
import { knock, outlived } from './front-door.ts';
import type { SimProcess } from './process.ts';
import type { SimPhone } from './sim-phone.ts';
import { dropRevoked } from './drop-revoked.ts';
import { fault, type Sim, tokenHash } from './sim-world.ts';
import type { Fate } from './step.ts';

/** How the requests of one run fare, and what the run is told of the sign-in. */
export interface Line {
  readonly fates: readonly Fate[];
  /** The process that asks: a page, or another tab beside it. */
  readonly process: SimProcess;
  /** Whose session is in front. */
  readonly session: string | null;
  /** What each request waits for on its way up. */
  readonly beforeArrival: () => Promise<unknown> | null;
  /** What each answer waits for, besides the network. */
  readonly beforeAnswer: () => Promise<unknown> | null;
  /** Called when an answer hangs: `arrive` lets it through. */
  readonly hang: (arrive: () => void) => void;
}

/** More than a run of these small histories can need, even a row at a time. */
const MOST_REQUESTS = 300;
const HTML = '<html><body>Đăng nhập Wi-Fi</body></html>';

/** The network between one phone's process and the ward. */
export function networkOf(
  sim: Sim,
  phone: SimPhone,
  line: Line,
): (url: string, init: RequestInit) => Promise<Response> {
  let count = 0;
  let hung = false;
  const { process } = line;
  return (url, init) => {
    const given = line.fates[Math.min(count, line.fates.length - 1)] ?? 'ok';
    // Only one answer of a run hangs: whoever lets it arrive waits for the end of the run.
    const fate = given === 'late' && hung ? 'ok' : given;
    hung ||= fate === 'late';
    count += 1;
    if (count > MOST_REQUESTS) {
      fault(sim, 'rest', `${phone.name} asks and asks: ${count} requests in one run`);
      return Promise.reject(new TypeError('network'));
    }
    return process.port(() => carry({ sim, phone, line, fate }, url, init));
  };
}

interface Way {
  readonly sim: Sim;
  readonly phone: SimPhone;
  readonly line: Line;
  readonly fate: Fate;
}

async function carry(way: Way, url: string, init: RequestInit): Promise<Response> {
  const { fate } = way;
  if (fate === 'html') return new Response(HTML, { headers: { 'content-type': 'text/html' } });
  if (fate === 'large') return new Response('', { status: 413 });
  if (fate === 'busy') return new Response('', { status: 503 });
  if (url === REPLICA_PATH) return registerReplica(way, init);
  if (url !== SYNC_PATH) throw new Error(`no such door: ${url}`);
  const own = new Headers(init.headers).get('authorization')?.replace('Bearer ', '') ?? '';
  const token = way.sim.defect?.token?.(own, way.line.session, way.sim) ?? own;
  const asked = JSON.parse(new TextDecoder().decode(init.body as Uint8Array)) as RoundRequest;
  const session = init.credentials === 'omit' ? null : way.line.session;
  way.sim.sent.push({ phone: way.phone, token, body: asked, session });
  if (fate === 'drop') throw new TypeError('network');
  await way.line.beforeArrival();
  let reply = await arrive(way.sim, { phone: way.phone, token, body: asked, session });
  if (fate === 'twice') reply = await arrive(way.sim, { phone: way.phone, token, body: asked, session });
  const { restores } = way.sim;
  await way.line.beforeAnswer();
  if (fate === 'lost') throw new TypeError('network');
  if (fate === 'late') await hang(way, asked, reply.answer);
  if (fate === 'cut')
    return new Response(reply.text.slice(0, reply.text.length / 2), { headers: ourHeaders() });
  way.phone.answeredAfter = restores;
  if (reply.answer?.problem === 'revoked' && way.sim.defect?.dropsAtOnce === true)
    await dropRevoked(way.sim, way.phone);
  if (reply.said !== null) noteTold(way.sim, way.phone, reply.said);
  return new Response(reply.text, { status: reply.status, headers: ourHeaders() });
}

async function hang(
  { sim, phone, line }: Way,
  asked: RoundRequest,
  answer: RoundAnswer | null,
): Promise<void> {
  // Only a planted defect asks: this phone's other page may be dying, and nobody waits for the storage of the dead.
  const lease = sim.defect?.beforeLate ? await readMeta(phone.db.relaxed, 'lease') : undefined;
  if (lease !== undefined) phone.holders.set(asked, lease.holder);
  await new Promise<void>((resolve) => line.hang(resolve));
  if (answer !== null) await sim.defect?.beforeLate?.(phone, asked, answer);
}

function ourHeaders(): Headers {
  return new Headers({ 'content-type': SYNC_CONTENT_TYPE, [PROTOCOL_HEADER]: String(PROTOCOL) });
}

function noteTold(sim: Sim, phone: SimPhone, answer: RoundAnswer): void {
  const told = sim.told.get(phone) ?? new Map<string, number>();
  const note = (id: string): void => {
    if (!told.has(id)) told.set(id, answer.serverTime);
  };
  for (const settled of [...answer.settled, ...answer.resettled]) note(settled.id);
  for (const bucket of answer.down?.buckets ?? [])
    for (const row of bucket.rows) if (row.kind === 'quarantined') note(row.id);
  sim.told.set(phone, told);
}

type Sent = Sim['sent'][number];

interface Reply {
  readonly status: number;
  readonly text: string;
  /** As it goes down to the phone. */
  readonly answer: RoundAnswer | null;
  /** As the ward gave it: what no planted mistake has changed. */
  readonly said: RoundAnswer | null;
}

/** A request reaches the ward; only the promise I7 is looked at on the way. */
export async function arrive(sim: Sim, { phone, token, body, session }: Sent): Promise<Reply> {
  const owner = sim.tokens.get(token);
  for (const { plain } of body.up) {
    const author = plain === '' ? owner : (JSON.parse(plain) as { author: string }).author;
    if (author !== owner)
      fault(sim, 'I7', `a save of ${String(author)} goes under the token of ${String(owner)}`);
  }
  const limited = body.down === null ? body : { ...body, down: { ...body.down, limit: sim.pageLimit } };
  const asked = (await sim.defect?.request?.(limited, phone, sim)) ?? limited;
  const carried = { token, session, keyMark: phone.key.mark };
  const response = await knock(sim, { ...carried, protocol: PROTOCOL, body: JSON.stringify(asked) });
  const text = await response.text();
  if (response.status !== 200) return { status: response.status, text, answer: null, said: null };
  const answer = JSON.parse(text) as RoundAnswer;
  if ((answer.down !== null || answer.own.length > 0) && session !== owner)
    fault(sim, 'I7', `rows of ${String(owner)} came down to a session of ${String(session)}`);
  const changed = (await sim.defect?.answer?.(answer, asked, phone, sim)) ?? answer;
  const down = changed === answer ? text : JSON.stringify(changed);
  return { status: 200, text: down, answer: changed, said: answer };
}

/** The door's model of `POST /api/replica`: the same (token, replica) gets the same token; revoked tokens have revoked forks. */
async function registerReplica({ sim, phone, fate }: Way, init: RequestInit): Promise<Response> {
  if (fate === 'drop') throw new TypeError('network');
  const token = new Headers(init.headers).get('authorization')?.replace('Bearer ', '') ?? '';
  const { replica } = JSON.parse(init.body as string) as { replica: string };
  const hash = await tokenHash(token);
  const from = await outlived(sim, () => sim.world.store.read(WARD, (tx) => tx.replicaByToken(hash)));
  if (from === null)
    return new Response('{}', { status: 403, headers: { 'content-type': 'application/json' } });
  const fresh = `${WARD}.${toBase64url(await digest(`fork|${token}|${replica}`))}`;
  const identity = { ...phone.identity, replica, token: fresh };
  const standing = await outlived(sim, () =>
    sim.world.store.read(WARD, (tx) => tx.replica(replica as never)),
  );
  if (standing === null) {
    await sim.server.addReplica(identity, await tokenHash(fresh));
    if (from.revoked) await sim.server.revoke(identity);
  }
  sim.tokens.set(fresh, from.person);
  if (fate === 'lost' || fate === 'cut' || fate === 'late') throw new TypeError('network');
  phone.identity = identity;
  return new Response(JSON.stringify({ replica, deliveryToken: fresh }), {
    headers: { 'content-type': 'application/json' },
  });
}

async function digest(text: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(utf8(await sha256(utf8(text))).slice(0, 32));
}
