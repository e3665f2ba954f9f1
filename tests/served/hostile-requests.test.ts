import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/lib/kernel/seeded-random.ts';
import { MUTATION_LIMIT_SERVER } from '../../src/lib/protocol/version.ts';
import { authWorld, type AuthWorld } from '../support/auth-world.ts';
import { authorOf, hostileGround, type HostileWorld, roundOf } from '../support/hostile/hostile-ground.ts';
import { diceOf, hostileRequest } from '../support/hostile/mutate-request.ts';
import { rawAsk, type RawAnswer } from '../support/hostile/raw-ask.ts';
import { type RawRequest, validRequests } from '../support/hostile/valid-requests.ts';
import { ROUTE_ACCESS } from '../support/route-access.ts';
import { type ServedProcess, serveProcess } from '../support/served-process.ts';

let world: AuthWorld;
let dataDir: string;
let server: ServedProcess;
let hostile: HostileWorld;

beforeAll(async () => {
  world = await authWorld();
  dataDir = mkdtempSync(join(tmpdir(), 'xks-hostile-'));
  server = await serveProcess(world.db.targets.web, dataDir);
  await fetch(`${server.origin}/api/entry`);
  hostile = await hostileGround(world, server.origin);
});
afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const sql = () => world.db.superuser.pool;

/** Everything a delivery may write, as one value: any half of one would show. */
async function written(): Promise<unknown> {
  const [row] = await sql()`
    select (select jsonb_object_agg(ward_id, version) from ward_counter) as versions,
      (select count(*)::int from mutation) as mutations, (select count(*)::int from mutation_row) as touched,
      (select count(*)::int from assist) as assists, (select count(*)::int from filing) as filings,
      (select count(*)::int from row_bucket) as buckets, (select count(*)::int from quarantine) as kept,
      (select count(*)::int from commit_mark) as marks, (select sum(last_seq)::int from replica) as seqs,
      (select count(*)::int from person) as people, (select count(*)::int from access_grant) as grants`;
  return row;
}

const syncRequest = (body: RawRequest['body'], headers: Record<string, string> = {}): RawRequest => {
  const [valid] = validRequests(hostile.ground).filter(({ door }) => door === 'POST /api/sync');
  if (valid === undefined) throw new Error('no sync request');
  return { ...valid, body, headers: { ...valid.headers, ...headers } };
};
const ask = async (request: RawRequest): Promise<RawAnswer> => {
  const answer = await rawAsk(server.origin, request);
  if (answer === null) throw new Error('no answer');
  return answer;
};
/** What a phone hears of rows. */
interface Heard {
  readonly receipt: string;
  readonly epoch: string;
  readonly down: {
    readonly buckets: readonly {
      readonly bucket: string;
      readonly cursor: string;
      readonly fromStart: boolean;
    }[];
  };
}

const told = ({ status, text }: RawAnswer): [number, unknown] => {
  const { problem, error } = JSON.parse(text) as { problem?: unknown; error?: unknown };
  return [status, problem ?? error];
};

describe('bad input at the machine’s door: a coded answer, and nothing half-written', () => {
  const packed = { 'content-encoding': 'gzip' };
  const cases: Readonly<Record<string, () => [RawRequest, [number, unknown]]>> = {
    'a truncated gzip': () => {
      const body = gzipSync(JSON.stringify(hostile.ground.round));
      return [syncRequest(body.subarray(0, -9), packed), [400, 'truncated']];
    },
    'a gzip bomb': () => [syncRequest(gzipSync(Buffer.alloc(50_000_000)), packed), [413, 'too_large']],
    'the 200 pages of a captive portal, in our type': () => [
      syncRequest('<!doctype html>' + '<p>wifi</p>'.repeat(60_000)),
      [400, 'malformed'],
    ],
    'the same as text/html': () => [
      syncRequest('<!doctype html>' + '<p>wifi</p>'.repeat(60_000), { 'content-type': 'text/html' }),
      [415, 'wrong_type'],
    ],
    'a stranger’s delivery token': () => [
      syncRequest(JSON.stringify(hostile.ground.round), {
        authorization: `Bearer ${world.home}.${'A'.repeat(43)}`,
      }),
      [401, 'unknown_token'],
    ],
    'the token of another ward’s phone': () => [
      syncRequest(JSON.stringify(hostile.ground.round), {
        authorization: `Bearer ${hostile.stranger.token}`,
      }),
      [401, 'unknown_token'],
    ],
    'this ward’s token under another ward’s name': () => [
      syncRequest(JSON.stringify(hostile.ground.round), {
        authorization: `Bearer ${hostile.phone.token.replace(/^mau\./, 'khac.')}`,
      }),
      [401, 'unknown_token'],
    ],
    'another phone’s replica': () => [
      syncRequest(JSON.stringify({ ...hostile.ground.round, replica: hostile.stranger.replica })),
      [401, 'unknown_token'],
    ],
    'a mutation above the limit': () => {
      const round = roundOf(hostile.phone, [hostile.make.log(authorOf(hostile.phone.member))]);
      const up = [{ ...round.up[0], plain: 'x'.repeat(MUTATION_LIMIT_SERVER + 1) }];
      return [syncRequest(JSON.stringify({ ...round, up })), [413, 'too_large']];
    },
    'JSON from another origin': () => [
      syncRequest(JSON.stringify(hostile.ground.round), { origin: 'https://evil.example' }),
      [403, 'foreign_origin'],
    ],
    '__proto__ beside the round’s own keys': () => [
      syncRequest(JSON.stringify(hostile.ground.round).replace('{', '{"__proto__":{"admin":true},')),
      [400, 'malformed'],
    ],
  };
  it.each(Object.keys(cases))('%s', async (name) => {
    const made = cases[name]?.();
    if (made === undefined) throw new Error(name);
    const [request, wanted] = made;
    const before = await written();
    expect(told(await ask(request))).toEqual(wanted);
    expect(await written()).toEqual(before);
  });

  it('__proto__, constructor and another ward’s id inside a mutation: refused one by one, the honest one beside them stands', async () => {
    const { make, phone } = hostile;
    const own = authorOf(phone.member);
    const strange = (from: string, to: string) => {
      const log = make.log(own);
      return { ...log, text: JSON.stringify(log).replace(from, to) };
    };
    const saves = [
      strange('"v":1', '"__proto__":{"x":1},"v":1'),
      strange('"set":{', '"set":{"constructor":{"value":1,"on":null},'),
      strange('"set":{', '"set":{"__proto__":{"value":1,"on":null},'),
      strange('"row":"assist"', '"row":"constructor"'),
      strange(`"ward":"${own.ward}"`, `"ward":"${world.away}"`),
      { ...make.log({ ...own, ward: world.away, team: world.farTeam }), text: '' },
      { ...make.log(own), text: '' },
    ];
    const round = roundOf(phone, saves);
    const up = round.up.map((envelope, at) => ({
      ...envelope,
      plain: saves[at]?.text === '' ? JSON.stringify({ ...saves[at], text: undefined }) : saves[at]?.text,
    }));
    const answer = await ask(syncRequest(JSON.stringify({ ...round, up })));
    const { settled } = JSON.parse(answer.text) as { settled: { outcome: { is: string; code?: string } }[] };
    expect(settled.map(({ outcome }) => outcome.code ?? outcome.is)).toEqual([
      'malformed',
      'malformed',
      'malformed',
      'malformed',
      'not_yours',
      'not_yours',
      'applied',
    ]);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    const far = await sql()`select 1 from mutation where ward_id = ${world.away}`;
    expect(far).toHaveLength(0);
  });

  it('a replayed request, and forged or foreign cursors and receipts: the same answer again, from the start, nothing written', async () => {
    const { phone, stranger } = hostile;
    const body = JSON.stringify(roundOf(phone, []));
    const first = JSON.parse((await ask(syncRequest(body))).text) as Heard;
    // A commit of their ward, which ours does not hold: no proof that ours was restored.
    const far = roundOf(stranger, [hostile.make.log(authorOf(stranger.member))]);
    const theirs = JSON.parse(
      (await ask(syncRequest(JSON.stringify(far), { authorization: `Bearer ${stranger.token}` }))).text,
    ) as { receipt: string };
    const before = await written();
    const again = JSON.parse((await ask(syncRequest(body))).text) as object;
    expect({ ...again, serverTime: 0, receipt: '' }).toEqual({ ...first, serverTime: 0, receipt: '' });
    const cursors = new Map(first.down.buckets.map(({ bucket, cursor }) => [bucket, cursor]));
    const own = cursors.get(`person:${phone.member.person}`) ?? '';
    const [key = '', payload = '', mac = ''] = own.split('.');
    const read = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const ahead = Buffer.from(JSON.stringify({ ...read, at: 999_999, version: 0, first: null })).toString(
      'base64url',
    );
    const tokens = [
      `${key}.${ahead}.${mac}`,
      cursors.get('ward:people') ?? 'none',
      theirs.receipt,
      first.receipt.replace(/.$/, '!'),
      `${first.receipt}x`,
      'x.y.z',
      '',
      'é'.repeat(400),
    ];
    expect(new Set(tokens).size).toBe(8);
    for (const token of tokens) {
      const down = { cursors: { [`person:${phone.member.person}`]: token }, limit: 100, key: null };
      const asked = syncRequest(JSON.stringify({ ...roundOf(phone, []), receipt: token, down }));
      const answer = await ask(asked);
      expect([token, answer.status]).toEqual([token, 200]);
      const told = JSON.parse(answer.text) as Heard;
      expect([told.epoch, told.down.buckets.every(({ fromStart }) => fromStart)]).toEqual([
        first.epoch,
        true,
      ]);
    }
    expect(await written()).toEqual(before);
  });
});

describe('hostile requests at every door', () => {
  const COUNT = Number(process.env['FUZZ_REQUESTS'] ?? 2000);
  const SEED = Number(process.env['FUZZ_SEED'] ?? 20261122);
  const AT_ONCE = 6;

  it('every door has valid requests to be spoilt', () => {
    const doors = new Set(validRequests(hostile.ground).map(({ door }) => door));
    expect([...doors].sort()).toEqual(Object.keys(ROUTE_ACCESS).sort());
  });

  it(
    `none of ${COUNT} is answered with a fault, and the tables stay whole`,
    async () => {
      const dice = diceOf(seededRandom(SEED));
      const valid = validRequests(hostile.ground);
      const requests = Array.from({ length: COUNT }, () => hostileRequest(dice.of(valid), dice));
      const faults: string[] = [];
      let answered = 0;
      const work = async (): Promise<void> => {
        for (let request = requests.pop(); request; request = requests.pop()) {
          const answer = await rawAsk(server.origin, request);
          if (answer === null) continue;
          answered += 1;
          if (answer.status >= 500 && faults.length < 10)
            faults.push(`${answer.status} ${request.door} ${request.method} ${request.path} ${JSON.stringify(request.headers)} ${String(request.body).slice(0, 3000)}`.slice(0, 1500)); // prettier-ignore
          if (/\bat .+\.[jt]s:\d+/.test(answer.text))
            faults.push(`a stack is shown: ${request.door} ${request.path}`);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      expect(faults).toEqual([]);
      // What the client's own library would not send, or a refusal cut off, is the rare case.
      expect(answered).toBeGreaterThan(COUNT * 0.9);
      await expectWhole();
    },
    COUNT * 300 + 60_000,
  );

  /** Each seq settled once and without a hole, each applied save in its rows, each ward at its newest commit. */
  async function expectWhole(): Promise<void> {
    const torn = await sql()`
      select 'seqs' as what, r.replica_id::text as who from replica r
        where r.last_seq <> (select count(*) from (
          select seq from mutation m where m.ward_id = r.ward_id and m.replica_id = r.replica_id
          union select seq from mutation_alias a where a.ward_id = r.ward_id and a.replica_id = r.replica_id) s)
      union all select 'commit', c.ward_id from ward_counter c
        where c.version <> coalesce((select max(version) from commit_mark k where k.ward_id = c.ward_id), 0)
      union all select 'row', m.mutation_id::text from mutation m
        where m.outcome ->> 'is' = 'applied' and m.kind in ('assist.log', 'assist.edit')
        and not exists (select from mutation_row t where t.ward_id = m.ward_id and t.mutation_id = m.mutation_id)
      union all select 'kept', m.mutation_id::text from mutation m
        where m.outcome ->> 'is' in ('refused', 'held', 'waiting', 'unknown_kind')
        and not exists (select from quarantine q where q.ward_id = m.ward_id and q.mutation_id = m.mutation_id)`;
    expect([...torn]).toEqual([]);
  }
});
