// Copied beside the harness's storm.mjs. Devices are enrolled, signed in and sealed before the clock starts.
import http from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const pack = promisify(gzip);
const [base, devices, visits] = process.argv.slice(3);
const made = await (await fetch(`${base}/peer/devices?count=${devices}&visits=${visits}`)).json();

function post(agent, { token, cookie }, body) {
  const url = new URL('/api/sync', base);
  const headers = {
    'content-type': 'application/vnd.xks.sync+json',
    'content-encoding': 'gzip',
    'content-length': body.length,
    'x-xks-protocol': '1',
    authorization: `Bearer ${token}`,
    cookie,
    origin: url.origin,
  };
  return new Promise((resolve, reject) => {
    const asking = http.request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString() }),
      );
    });
    asking.on('error', reject);
    asking.end(body);
  });
}

async function heard(agent, device, request) {
  const { status, text } = await post(agent, device, await pack(JSON.stringify(request)));
  if (status !== 200) throw new Error(`${status} ${text.slice(0, 200)}`);
  return JSON.parse(text);
}

/** As in the middle of a day: one round has been had, receipt and cursors are there. */
const ready = [];
for (const device of made) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const { receipt, down } = await heard(agent, device, { ...device.request, up: [] });
  const cursors = Object.fromEntries((down?.buckets ?? []).map(({ bucket, cursor }) => [bucket, cursor]));
  const request = { ...device.request, receipt, down: { ...device.request.down, cursors } };
  ready.push({ device, body: await pack(JSON.stringify(request)), up: request.up.length });
  agent.destroy();
}

export default () => ({
  prep: () => ready.pop(),
  run: async (agent, { device, body, up }) => {
    const { status, text } = await post(agent, device, body);
    if (status !== 200) throw new Error(`${status} ${text.slice(0, 200)}`);
    const applied = JSON.parse(text).settled.filter(({ outcome }) => outcome.is === 'applied').length;
    if (applied !== up) throw new Error(`${applied} of ${up} applied`);
  },
});
