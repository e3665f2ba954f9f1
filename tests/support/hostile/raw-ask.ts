import { request as httpRequest } from 'node:http';
import type { RawRequest } from './valid-requests.ts';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Sends bytes as they are. Null: the client's own library would not send this, or the line was closed on a refusal. */
export function rawAsk(origin: string, request: RawRequest): Promise<RawAnswer | null> {
  const { hostname, port } = new URL(origin);
  const { method, path, headers, body } = request;
  const bytes = Buffer.from(body);
  return new Promise((resolve) => {
    try {
      const length = method === 'GET' || method === 'HEAD' ? {} : { 'content-length': bytes.length };
      const sent = httpRequest({
        agent: false,
        hostname,
        port,
        method,
        path,
        headers: { ...headers, ...length },
      });
      sent.on('error', () => resolve(null));
      sent.on('response', (response) => {
        const answer = { status: response.statusCode ?? 0, headers: response.headers };
        if (response.headers['content-type']?.startsWith('text/event-stream') === true) {
          response.destroy();
          resolve({ ...answer, text: '' });
          return;
        }
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ ...answer, text }));
        response.on('error', () => resolve(null));
      });
      sent.end(method === 'GET' || method === 'HEAD' ? undefined : bytes);
    } catch {
      resolve(null);
    }
  });
}
