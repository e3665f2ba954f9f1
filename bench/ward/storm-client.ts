import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { PROTOCOL, PROTOCOL_HEADER } from '../../src/lib/protocol/version.ts';

// node --import tsx storm-client.ts <origin> <file> ours|floor: every device on its own connection, all at one moment.
const [origin = '', file = '', way = 'ours'] = process.argv.slice(2);
const pack = promisify(gzip);
const unpack = promisify(gunzip);

interface Device {
  readonly type: string;
  readonly token: string;
  readonly cookie: string;
  readonly up: readonly { readonly id: string; readonly seq: number }[];
  readonly rest: { readonly down: object };
}

interface Heard {
  readonly receipt: string;
  readonly down: { readonly buckets: readonly { readonly bucket: string; readonly cursor: string }[] } | null;
  readonly settled: readonly { readonly outcome: { readonly is: string } }[];
  readonly lastSeq: number;
}

interface Sent {
  readonly status: number;
  readonly body: Buffer;
}

function post(agent: Agent, path: string, headers: Record<string, string>, body: Buffer): Promise<Sent> {
  const url = new URL(path, origin);
  return new Promise((resolve, reject) => {
    const asking = request(url, {
      method: 'POST',
      agent,
      headers: { ...headers, 'content-length': body.length },
    });
    asking.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const whole = Buffer.concat(chunks);
        const unpacked =
          response.headers['content-encoding'] === 'gzip' ? unpack(whole) : Promise.resolve(whole);
        unpacked.then((text) => resolve({ status: response.statusCode ?? 0, body: text }), reject);
      });
    });
    asking.on('error', reject);
    asking.end(body);
  });
}

async function round(agent: Agent, device: Device, wanted: object): Promise<Heard> {
  const headers = {
    'content-type': device.type,
    [PROTOCOL_HEADER]: String(PROTOCOL),
    authorization: `Bearer ${device.token}`,
    cookie: device.cookie,
    origin,
    'accept-encoding': 'gzip',
    'content-encoding': 'gzip',
  };
  const sent = await post(
    agent,
    '/api/sync',
    headers,
    await pack(JSON.stringify({ ...device.rest, ...wanted })),
  );
  if (sent.status !== 200) throw new Error(`${sent.status} ${sent.body.subarray(0, 200).toString()}`);
  return JSON.parse(sent.body.toString()) as Heard;
}

interface Ready {
  readonly agent: Agent;
  /** Resolves when this device's records have arrived. */
  readonly run: () => Promise<void>;
}

/** Ours is in the middle of its day: session, receipt and cursors are there from an earlier round. */
async function readyOurs(device: Device): Promise<Ready> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const early = await round(agent, device, { up: [] });
  const cursors = Object.fromEntries(
    (early.down?.buckets ?? []).map(({ bucket, cursor }) => [bucket, cursor]),
  );
  const wanted = { up: device.up, receipt: early.receipt, down: { ...device.rest.down, cursors } };
  return {
    agent,
    run: async () => {
      const heard = await round(agent, device, wanted);
      const applied = heard.settled.filter(({ outcome }) => outcome.is === 'applied').length;
      if (applied !== device.up.length) throw new Error(`${applied} of ${device.up.length} applied`);
    },
  };
}

async function readyFloor(device: Device): Promise<Ready> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const body = Buffer.from(JSON.stringify({ records: device.up }));
  await post(agent, '/bench/floor/push', { origin }, Buffer.from('{"records":[]}'));
  return {
    agent,
    run: async () => {
      const sent = await post(
        agent,
        '/bench/floor/push',
        { 'content-type': 'application/json', origin },
        body,
      );
      const { ok } = JSON.parse(sent.body.toString()) as { ok: number };
      if (ok !== device.up.length) throw new Error(`${ok} of ${device.up.length} stored`);
    },
  };
}

const devices = readFileSync(file, 'utf8')
  .split('\n')
  .map((line) => JSON.parse(line) as Device);
const ready: Ready[] = [];
// In lots, so that the first connection is not let go of for its idleness before the last is there.
const AT_ONCE = 16;
for (let at = 0; at < devices.length; at += AT_ONCE)
  ready.push(
    ...(await Promise.all(devices.slice(at, at + AT_ONCE).map(way === 'ours' ? readyOurs : readyFloor))),
  );
const started = performance.now();
const times: number[] = [];
let failed = 0;
await Promise.all(
  ready.map(async ({ agent, run }) => {
    await run().then(
      () => times.push(performance.now() - started),
      (error: unknown) => {
        failed += 1;
        if (failed <= 3) console.error(String(error));
      },
    );
    agent.destroy();
  }),
);
process.send?.({ ms: performance.now() - started, times, failed });
