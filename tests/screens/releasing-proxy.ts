import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The ward behind a door of its own, through which a newer version of the app can be let out. */
export interface ReleasingProxy {
  readonly origin: string;
  /** From now on the worker's file is another one: what a browser takes for a newer version. */
  release(): void;
  close(): Promise<void>;
}

const WORKER = '/service-worker.js';

/** The browser's own look for a newer worker passes by Playwright's routes: only a server can answer it. */
export async function startReleasingProxy(port: number): Promise<ReleasingProxy> {
  let newer = false;
  const server = createServer((asked, answered) => {
    const { method, url = '/', headers } = asked;
    const isWorker = url === WORKER;
    const plain = isWorker ? { ...headers, 'accept-encoding': 'identity', 'if-none-match': '' } : headers;
    const passed = request({ host: 'localhost', port, method, path: url, headers: plain }, (answer) => {
      if (!isWorker || !newer) {
        answered.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(answered);
        return;
      }
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const { 'content-length': _length, etag: _etag, ...kept } = answer.headers;
        answered.writeHead(200, kept);
        answered.end(`${Buffer.concat(chunks).toString()}\n// newer`);
      });
    });
    passed.on('error', () => answered.destroy());
    asked.pipe(passed);
  }).listen(0, 'localhost');
  await once(server, 'listening');
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    release: () => {
      newer = true;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
