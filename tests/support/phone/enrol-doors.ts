import { fromBase64url, toBase64url, utf8 } from '$lib/kernel/bytes.ts';
import { makeBoxKeys, openBox } from '$lib/kernel/crypto/sealed-box.ts';
import { type Account, challengeText, type EnrolRequest } from '$lib/protocol/enrol.ts';
import { keyAad } from '$lib/protocol/bound-bytes.ts';
import { TEAM } from './test-phone.ts';

export const person = (n: number) => `0190f0a0-0000-7000-8000-00000000000${n}`;
export const accountOf = (n: number): Account =>
  ({
    person: person(n),
    name: `Người ${n}`,
    ward: 'phuong-mau',
    wardName: 'Phường Mẫu',
    wardWord: 'phường',
    role: 'helper',
    teams: [{ id: TEAM, name: 'Tổ 1' }],
    grant: '0190f0a0-0000-7000-8000-0000000000e1',
    mustPass: true,
    demo: true,
  }) as unknown as Account;

const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

/** The ward's doors as the phone sees them: two codes for two people, answers that can be lost, sessions by signature. */
export async function enrolDoors() {
  const box = await makeBoxKeys();
  const codes = new Map([
    ['AAAAAAAAAA', 1],
    ['BBBBBBBBBB', 2],
    ['CCCCCCCCCC', 1],
  ]);
  const used = new Map<string, EnrolRequest>();
  const devices = new Map<string, string>();
  const state = {
    offline: false,
    loseAnswer: false,
    giveKeys: true,
    session: null as string | null,
    /** The mark of the key that the last session's device vouched for. */
    vouched: undefined as string | undefined,
    asked: [] as string[],
    /** Told of each replica that is let in. */
    enrolled: (_request: EnrolRequest, _account: Account, _token: string): void => undefined,
    deliveryKey: { id: 'k1', publicKey: box.publicKey },
    epoch: 'e1',
  };
  const key = (who: string, device: string) => `${who}|${device}`;

  async function enrol(request: EnrolRequest): Promise<Response> {
    const first = used.get(request.code);
    const who = codes.get(request.code);
    if (who === undefined) return json({ problem: 'unknown_code', retryAfter: null }, 404);
    if (first && (first.nonce !== request.nonce || first.replica !== request.replica))
      return json({ problem: 'used_code', retryAfter: null }, 409);
    used.set(request.code, request);
    devices.set(key(person(who), request.device), request.devicePublicKey);
    const oldKeys = [];
    for (const envelope of state.giveKeys ? request.keys : []) {
      const raw = await openBox(box, envelope.box, keyAad(person(who), request.device, envelope.key));
      if (raw) oldKeys.push({ key: envelope.key, raw: toBase64url(raw) });
    }
    const deliveryToken = `phuong-mau.${request.replica}`;
    state.enrolled(request, accountOf(who), deliveryToken);
    return json({
      account: accountOf(who),
      replica: request.replica,
      device: request.device,
      deliveryToken,
      deliveryKey: state.deliveryKey,
      epoch: state.epoch,
      oldKeys,
    });
  }

  async function begin(body: {
    device: string;
    person: string;
    challenge: string;
    keyMark?: string;
    signature: string;
  }): Promise<Response> {
    const publicKey = devices.get(key(body.person, body.device));
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
    const point = await crypto.subtle.importKey('raw', fromBase64url(publicKey ?? '')!, algorithm, false, [
      'verify',
    ]);
    const text = utf8(challengeText(body.person, body.device, body.challenge, body.keyMark));
    const good = await crypto.subtle.verify(algorithm, point, fromBase64url(body.signature)!, text);
    if (!good) return json({ problem: 'bad_signature', retryAfter: null }, 403);
    state.session = body.person;
    state.vouched = body.keyMark;
    return json({ account: accountOf(Number(body.person.at(-1))), expiresAt: 1 });
  }

  async function fetch(path: string, init: RequestInit): Promise<Response> {
    if (state.offline) throw new TypeError('offline');
    state.asked.push(path);
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : null;
    if (path === '/api/marker') return json({ marks: [] });
    if (path === '/api/me')
      return state.session ? json({ account: accountOf(Number(state.session.at(-1))) }) : json({}, 401);
    if (path === '/api/session/challenge') return json({ challenge: 'c', expiresAt: 1 });
    if (path === '/api/sign-out') {
      state.session = null;
      return new Response(null, { status: 204 });
    }
    if (path === '/api/session') return begin(body as Parameters<typeof begin>[0]);
    const answer = await enrol(body as EnrolRequest);
    if (!state.loseAnswer) return answer;
    state.loseAnswer = false;
    throw new TypeError('the answer was lost');
  }
  return { fetch, state, used, box };
}

export type EnrolDoors = Awaited<ReturnType<typeof enrolDoors>>;
