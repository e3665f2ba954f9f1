import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Database } from '../../src/lib/server/database/pool.ts';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  return (request.headers['content-encoding'] === 'gzip' ? await unpack(bytes) : bytes).toString();
}

async function reply(request: IncomingMessage, response: ServerResponse, text: string): Promise<void> {
  const packs = (request.headers['accept-encoding'] ?? '').includes('gzip') && text.length > 1024;
  const body = packs ? await pack(text) : Buffer.from(text);
  response.writeHead(200, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'content-length': body.length,
    ...(packs && { 'content-encoding': 'gzip' }),
  });
  response.end(body);
}

/** What the same PostgreSQL does with one POST and one statement: no accounts, no rules, no history. */
export interface WardFloor {
  serve(request: IncomingMessage, response: ServerResponse, url: URL): Promise<boolean>;
  /** The ward's rows once more, as plain documents to be pulled. */
  copyRows(ward: string): Promise<void>;
  clear(): Promise<void>;
}

export async function openFloor({ pool }: Database): Promise<WardFloor> {
  await pool`create table if not exists bench_row (id uuid primary key, seq bigint generated always as identity, body jsonb not null)`;
  await pool`create index if not exists bench_row_seq on bench_row (seq)`;
  const push = async (text: string): Promise<number> => {
    const done = await pool`
      insert into bench_row (id, body) select (e->>'id')::uuid, e from jsonb_array_elements(${text}::text::jsonb -> 'records') e
      on conflict (id) do update set body = excluded.body`;
    return done.count;
  };
  return {
    serve: async (request, response, url) => {
      if (url.pathname === '/bench/floor/push') {
        await reply(request, response, JSON.stringify({ ok: await push(await bodyOf(request)) }));
        return true;
      }
      if (url.pathname !== '/bench/floor/pull') return false;
      const since = Number(url.searchParams.get('since') ?? 0);
      const rows = await pool<{ seq: number; body: string }[]>`
        select seq, body::text as body from bench_row where seq > ${since} order by seq`;
      const cursor = rows.at(-1)?.seq ?? since;
      const records = rows.map(({ body }) => body).join(',');
      await reply(request, response, `{"cursor":${cursor},"records":[${records}]}`);
      return true;
    },
    copyRows: async (ward) => {
      await pool.begin(async (tx) => {
        await tx`select set_config('app.wards', ${ward}, true)`;
        await tx`
          insert into bench_row (id, body)
          select a.id, jsonb_build_object('id', a.id, 'kind', 'assist', 'version', a.version,
            'at', (a.body #>> '{fields,occurredAt}')::bigint, 'fields', a.body -> 'fields',
            'stamps', a.body -> 'stamps', 'sets', a.body -> 'sets', 'clashes', a.body -> 'clashes', 'sealed', a.sealed)
          from assist a where a.ward_id = ${ward} order by a.version
          on conflict (id) do nothing`;
      });
    },
    clear: async () => {
      await pool`truncate bench_row`;
    },
  };
}
