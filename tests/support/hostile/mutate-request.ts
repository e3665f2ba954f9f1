import { gzipSync } from 'node:zlib';
import type { SeededRandom } from '../../../src/lib/kernel/seeded-random.ts';
import { PROTOCOL_HEADER } from '../../../src/lib/protocol/version.ts';
import type { RawRequest } from './valid-requests.ts';

/** What people and machines send when they mean harm, or are broken. */
const NASTY_TEXTS: readonly string[] = [
  '',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '🎉'.repeat(300),
  'ê\u0301\u0323'.repeat(100),
  '__proto__',
  'constructor',
  "'; drop table assist; --",
  '%00%ff',
  '../../../../etc/passwd',
  '#{7*7}{{7*7}}',
  '<script>alert(1)</script>',
  '01934b2c-7e00-7abc-8def-0123456789ab',
  '00000000-0000-0000-0000-000000000000',
  '-1',
  '9'.repeat(40),
  'NaN',
  'x'.repeat(20_000),
  '{"is":"applied"}',
  '\r\nset-cookie: a=b',
];
const NASTY_VALUES: readonly unknown[] = [
  ...NASTY_TEXTS,
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 31,
  Number.MAX_SAFE_INTEGER,
  -Number.MAX_SAFE_INTEGER,
  1e308,
  [],
  {},
  [[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]],
  { a: { b: { c: {} } } },
];

export interface Dice {
  readonly random: SeededRandom;
  below(limit: number): number;
  of<T>(list: readonly T[]): T;
}

export function diceOf(random: SeededRandom): Dice {
  const below = (limit: number): number => random.below(limit);
  return { random, below, of: <T>(list: readonly T[]) => list[below(list.length)] as T };
}

type Node = { [key: string]: unknown };
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** Every place in a value: its owner and its key there. */
function placesIn(value: unknown, found: [Node, string][] = []): [Node, string][] {
  if (!isNode(value)) return found;
  for (const key of Object.keys(value)) {
    found.push([value, key]);
    placesIn(value[key], found);
  }
  return found;
}

/** A text that is itself JSON (a mutation in its envelope) is opened, changed and closed again. */
function nested(value: unknown, dice: Dice): unknown {
  if (typeof value !== 'string' || !value.startsWith('{') || dice.below(3) === 0)
    return dice.of(NASTY_VALUES);
  return hostileJson(value, dice);
}

/** JSON with one to three places changed: other values, missing or strange keys, doubled parts. */
export function hostileJson(text: string, dice: Dice): string {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return text;
  }
  for (let times = 1 + dice.below(3); times > 0; times--) {
    const places = placesIn(root);
    if (places.length === 0) return JSON.stringify(dice.of(NASTY_VALUES));
    const [owner, key] = dice.of(places);
    const way = dice.below(6);
    if (way === 0) delete owner[key];
    else if (way === 1)
      owner[dice.of(['extra', 'constructor', 'prototype', '', '\u0000', 'id'])] = dice.of(NASTY_VALUES);
    else if (way === 2) owner[key] = [owner[key], owner[key]];
    else owner[key] = nested(owner[key], dice);
  }
  const written = JSON.stringify(root);
  // JSON.stringify writes no own `__proto__` that was set; a hostile text has one all the same.
  return dice.below(5) === 0 ? written.replace('{', '{"__proto__":{"admin":true},') : written;
}

function hostileForm(text: string, dice: Dice): string {
  const fields = [...new URLSearchParams(text)];
  const at = dice.below(Math.max(1, fields.length));
  const way = dice.below(4);
  if (way === 0) fields.splice(at, 1);
  else if (way === 1) fields.push([dice.of(NASTY_TEXTS), dice.of(NASTY_TEXTS)]);
  else if (fields[at] !== undefined) fields[at] = [fields[at][0], String(nested(fields[at][1], dice))];
  return new URLSearchParams(
    fields.map(([name, value]): [string, string] => [name, value.toWellFormed()]),
  ).toString();
}

const HTML = '<!doctype html><title>Đăng nhập wifi</title>' + '<p>Chào mừng quý khách</p>'.repeat(2500);

/** A body of another kind, cut short, or packed in a way that is none. */
function brokenBody(request: RawRequest, dice: Dice): RawRequest {
  const bytes = Buffer.from(request.body);
  const { headers } = request;
  const gzip = { ...headers, 'content-encoding': 'gzip' };
  switch (dice.below(8)) {
    case 0:
      return { ...request, body: bytes.subarray(0, dice.below(bytes.length + 1)) };
    case 1:
      return { ...request, body: HTML };
    case 2:
      return { ...request, headers: gzip, body: bytes };
    case 3:
      return { ...request, headers: gzip, body: gzipSync(bytes).subarray(0, -1 - dice.below(12)) };
    case 4:
      return { ...request, headers: gzip, body: gzipSync(Buffer.alloc(6_000_000)) };
    case 5:
      return { ...request, body: Buffer.from(dice.random.bytes(200)) };
    case 6:
      return { ...request, body: '['.repeat(50_000) };
    default:
      return {
        ...request,
        headers: { ...headers, 'content-type': 'multipart/form-data; boundary=x' },
        body: '--x\r\nno',
      };
  }
}

function hostileHeaders(request: RawRequest, dice: Dice): RawRequest {
  const names = [
    'content-type',
    'authorization',
    'cookie',
    'accept',
    'accept-language',
    'content-encoding',
    'origin',
    PROTOCOL_HEADER,
    'x-sveltekit-action',
    'x-forwarded-for',
    'range',
    'if-none-match',
  ];
  const values = [
    '',
    'x',
    'Bearer mau.' + 'A'.repeat(43),
    'Bearer khac.' + 'A'.repeat(43),
    'Bearer ' + 'é'.repeat(10),
    'session=%00; xks=%ff',
    'application/json',
    'text/html',
    'multipart/form-data',
    'https://evil.example',
    'null',
    '2',
    '1e9',
    'a'.repeat(4000),
  ];
  return { ...request, headers: { ...request.headers, [dice.of(names)]: dice.of(values) } };
}

/** Ids, queries and actions of an address; whole words of it, never another host. */
function hostilePath(request: RawRequest, dice: Dice): RawRequest {
  const strange = encodeURIComponent(dice.of(NASTY_TEXTS).toWellFormed()).slice(0, 2000);
  const [path = '/', query = ''] = request.path.split('?');
  const parts = path.split('/');
  switch (dice.below(5)) {
    case 0:
      parts[dice.below(parts.length - 1) + 1] = strange || 'x';
      return { ...request, path: parts.join('/') + (query && `?${query}`) };
    case 1:
      return { ...request, path: `${path}?${query}&${strange}=${strange}` };
    case 2:
      return {
        ...request,
        path: `${path}?${query.replace(/=[^&]*/g, () => (dice.below(2) ? `=${strange}` : '='))}`,
      };
    case 3:
      return { ...request, path: `${path}?/${strange}` };
    default:
      return { ...request, path: `${path}/${strange}?${query}` };
  }
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** The request with one thing wrong, sometimes two. */
export function hostileRequest(request: RawRequest, dice: Dice): RawRequest {
  const way = dice.below(12);
  const text = typeof request.body === 'string' ? request.body : '';
  const type = request.headers['content-type'] ?? '';
  if (way < 6 && type.includes('json')) return { ...request, body: hostileJson(text, dice) };
  if (way < 6 && type.includes('form')) return { ...request, body: hostileForm(text, dice) };
  if (way < 8) return hostilePath(request, dice);
  if (way < 9) return brokenBody(request, dice);
  if (way < 10) return hostileHeaders(request, dice);
  if (way < 11) return { ...request, method: dice.of(METHODS) };
  return hostileRequest(hostileRequest(request, dice), dice);
}
