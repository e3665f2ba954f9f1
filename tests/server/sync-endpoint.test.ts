import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { httpProblemSchema } from '../../src/lib/protocol/problem.ts';
import { roundAnswerSchema } from '../../src/lib/protocol/round.ts';
import { UNSENT_CONTENT_TYPE } from '../../src/lib/protocol/unsent-file.ts';
import { MUTATION_LIMIT_SERVER, PROTOCOL_HEADER, SYNC_CONTENT_TYPE } from '../../src/lib/protocol/version.ts';
import { StoreBusy } from '../../src/lib/server/sync/store.ts';
import { serveSync } from '../../src/lib/server/sync/sync-endpoint.ts';
import { memoryServer } from '../support/sync-memory.ts';
import type { WirePhone } from '../support/sync-phone.ts';
import { type SyncServer, WARD } from '../support/sync-ward.ts';

let server: SyncServer;
let phone: WirePhone;
beforeAll(async () => {
  server = await memoryServer(6);
  await server.foundWard(WARD);
  phone = await server.phone(await server.person(WARD));
  await phone.save(server.make.log(phone.identity));
});

const round = (more: object = {}): object => ({
  replica: phone.identity.replica,
  heardTo: 0,
  rowsTo: 0,
  receipt: null,
  up: phone.outbox,
  keys: [],
  down: null,
  ...more,
});

function request(
  body: string | Uint8Array<ArrayBuffer> | ReadableStream,
  headers: Record<string, string> = {},
): Request {
  return new Request('https://ward.lan/api/sync', {
    method: 'POST',
    body,
    headers: {
      'content-type': SYNC_CONTENT_TYPE,
      [PROTOCOL_HEADER]: '1',
      authorization: `Bearer ${phone.identity.token}`,
      ...headers,
    },
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
  });
}

const serve = (asked: Request): Promise<Response> =>
  serveSync(
    () => Promise.resolve(server.world),
    asked,
    () => Promise.resolve(null),
  );

async function problemOf(asked: Request): Promise<[number, string]> {
  const response = await serve(asked);
  expect(response.headers.get('content-type')).toBe(SYNC_CONTENT_TYPE);
  expect(response.headers.get(PROTOCOL_HEADER)).toBe('1');
  return [response.status, httpProblemSchema.parse(await response.json()).problem];
}

const gzipped = { 'content-encoding': 'gzip' };
const packed = (text: string | Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(gzipSync(text));

describe('the gate of POST /api/sync', () => {
  beforeAll(async () => {
    // Enough for the answer to be worth packing.
    for (let at = 0; at < 10; at++) await phone.save(server.make.log(phone.identity));
  });

  it.each([
    ['identity', null],
    ['gzip', 'gzip'],
    ['gzip, deflate, br, zstd', 'br'],
    ['deflate, brx', null],
  ])('answers a round in our content type, to a phone that unpacks %s as %s', async (accepted, packing) => {
    const response = await serve(
      request(packed(JSON.stringify(round())), { ...gzipped, 'accept-encoding': accepted }),
    );
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('vary')).toBe('accept-encoding');
    expect(response.headers.get('content-encoding')).toBe(packing);
    const bytes = Buffer.from(await response.arrayBuffer());
    const unpack = { gzip: gunzipSync, br: brotliDecompressSync };
    const text = packing === null ? bytes : unpack[packing as keyof typeof unpack](bytes);
    expect(roundAnswerSchema.parse(JSON.parse(text.toString())).settled[0]?.outcome.is).toBe('applied');
  });

  it('says 413 to a gzip bomb, and unpacks no more than the limit of it', async () => {
    const bomb = packed(new Uint8Array(64 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(100_000);
    expect(await problemOf(request(bomb, gzipped))).toEqual([413, 'too_large']);
  });

  it('says 413 to a plain body above the limit, and to one mutation above its own', async () => {
    expect(await problemOf(request(' '.repeat(4 * 1024 * 1024 + 1)))).toEqual([413, 'too_large']);
    const up = [{ ...phone.outbox[0], plain: 'x'.repeat(MUTATION_LIMIT_SERVER + 1) }];
    expect(await problemOf(request(JSON.stringify(round({ up }))))).toEqual([413, 'too_large']);
  });

  it('says 400 to a truncated gzip, a body that breaks off, and what is not a round', async () => {
    const whole = packed(JSON.stringify(round()));
    // Also where only the check sum or the length at its very end is missing, though all of the text is there.
    for (const cut of [1, 4, 8, 12, whole.length - 5])
      expect(await problemOf(request(whole.slice(0, -cut), gzipped)), `${cut} off`).toEqual([
        400,
        'truncated',
      ]);
    expect(await problemOf(request('<html>đăng nhập wifi</html>', gzipped))).toEqual([400, 'truncated']);
    const broken = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode('{"replica":'));
        controller.error(new Error('connection reset'));
      },
    });
    expect(await problemOf(request(broken))).toEqual([400, 'truncated']);
    expect(await problemOf(request('{"half'))).toEqual([400, 'malformed']);
    expect(await problemOf(request(new Uint8Array([0xff, 0xfe, 0x7b])))).toEqual([400, 'malformed']);
    expect(await problemOf(request('[]'))).toEqual([400, 'malformed']);
    expect(await problemOf(request(JSON.stringify(round({ extra: 1 }))))).toEqual([400, 'malformed']);
    const polluted = JSON.stringify(round()).replace('{', '{"__proto__":{"admin":true},');
    expect(await problemOf(request(polluted))).toEqual([400, 'malformed']);
    expect(
      await problemOf(request(JSON.stringify(round({ up: [{ ...phone.outbox[0], seq: -1 }] })))),
    ).toEqual([400, 'malformed']);
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  it('says 415 to other types, 426 to a protocol of the future, 401 to strangers', async () => {
    const body = JSON.stringify(round());
    expect(await problemOf(request(body, { 'content-type': 'application/json' }))).toEqual([
      415,
      'wrong_type',
    ]);
    expect(await problemOf(request(body, { 'content-encoding': 'br' }))).toEqual([415, 'wrong_type']);
    for (const version of ['2', '0', 'x', '1.5']) {
      expect(await problemOf(request(body, { [PROTOCOL_HEADER]: version }))).toEqual([426, 'upgrade']);
    }
    for (const token of [
      '',
      'Bearer',
      `Bearer ${WARD}.${'B'.repeat(43)}`,
      'Bearer ../../etc.x',
      'Basic eDp4',
    ]) {
      expect(await problemOf(request(body, { authorization: token }))).toEqual([401, 'unknown_token']);
    }
  });

  it('answers a stranger without reading what they send, a known phone after it', async () => {
    let read = 0;
    const unread = () =>
      new ReadableStream(
        {
          pull: (controller) => {
            read += 1;
            controller.enqueue(new TextEncoder().encode('{"replica":'));
            controller.close();
          },
        },
        { highWaterMark: 0 },
      );
    const stranger = { authorization: `Bearer ${WARD}.${'C'.repeat(43)}` };
    expect(await problemOf(request(unread(), stranger))).toEqual([401, 'unknown_token']);
    expect(await problemOf(request(unread(), { authorization: '' }))).toEqual([401, 'unknown_token']);
    expect(read).toBe(0);
    expect(await problemOf(request(unread()))).toEqual([400, 'malformed']);
    expect(read).toBe(1);
  });

  it('says 503 with a time while the ward is busy, and does not hide a defect', async () => {
    const busy = await serveSync(
      () => Promise.reject(new StoreBusy(new Error('lock timeout'))),
      request(JSON.stringify(round())),
      () => Promise.resolve(null),
    );
    expect(busy.status).toBe(503);
    expect(httpProblemSchema.parse(await busy.json())).toEqual({ problem: 'busy', retryAfter: 5 });
    const defect = serveSync(
      () => Promise.reject(new Error('defect')),
      request(JSON.stringify(round())),
      () => Promise.resolve(null),
    );
    await expect(defect).rejects.toThrow('defect');
  });

  it('takes a carried file under its own content type, and refuses a torn one', async () => {
    const carrier = await server.phone(await server.person(WARD));
    const file = await phone.unsentFile();
    const headers = {
      'content-type': UNSENT_CONTENT_TYPE,
      authorization: `Bearer ${carrier.identity.token}`,
    };
    const response = await serve(request(JSON.stringify(file), headers));
    expect(await response.json()).toEqual({ problem: null, taken: phone.outbox.length });
    expect(await problemOf(request(JSON.stringify({ ...file, format: 'other' }), headers))).toEqual([
      400,
      'malformed',
    ]);
    expect(await problemOf(request(JSON.stringify(file), { ...headers, authorization: 'Bearer x' }))).toEqual(
      [401, 'unknown_token'],
    );
    const [envelope] = file.envelopes;
    const heavy = { ...file, envelopes: [{ ...envelope, plain: ' '.repeat(MUTATION_LIMIT_SERVER + 1) }] };
    expect(await problemOf(request(JSON.stringify(heavy), headers))).toEqual([413, 'too_large']);
  });
});
