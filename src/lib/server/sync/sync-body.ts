import { promisify } from 'node:util';
import { gunzip, gunzipSync } from 'node:zlib';
import { textOf } from '$lib/kernel/bytes.ts';
import { err, ok, type Result } from '$lib/kernel/result.ts';
import type { HttpProblem } from '$lib/protocol/problem.ts';
import { PROTOCOL, PROTOCOL_HEADER, ROUND_LIMIT, SYNC_CONTENT_TYPE } from '$lib/protocol/version.ts';
import { UNSENT_CONTENT_TYPE } from '$lib/protocol/unsent-file.ts';

const inThread = promisify(gunzip);
/** What is small is unpacked here and now: the way to another thread and back costs more. */
const SMALL = 16 * 1024;

/** Never unpacks beyond the limit, whatever the body claims to hold. */
async function unpack(bytes: Uint8Array): Promise<Uint8Array> {
  const options = { maxOutputLength: ROUND_LIMIT };
  return bytes.length <= SMALL ? gunzipSync(bytes, options) : inThread(bytes, options);
}

/** What a request on the sync path is. */
export type SyncBody = { readonly is: 'round' | 'unsent'; readonly json: unknown };

const TYPES: ReadonlyMap<string, SyncBody['is']> = new Map([
  [SYNC_CONTENT_TYPE, 'round'],
  [UNSENT_CONTENT_TYPE, 'unsent'],
]);

/** Every version ever released is taken on the way up; one of the future is not. */
function isKnownProtocol(header: string | null): boolean {
  const version = Number(header);
  return header !== null && Number.isInteger(version) && version >= 1 && version <= PROTOCOL;
}

async function readAll(request: Request): Promise<Result<Uint8Array, HttpProblem>> {
  try {
    const bytes = new Uint8Array(await request.arrayBuffer());
    return bytes.length > ROUND_LIMIT ? err('too_large') : ok(bytes);
  } catch (error) {
    const tooLarge = error instanceof Error && 'status' in error && error.status === 413;
    return err(tooLarge ? 'too_large' : 'truncated');
  }
}

async function unpacked(
  bytes: Uint8Array,
  encoding: string | null,
): Promise<Result<Uint8Array, HttpProblem>> {
  if (encoding === null || encoding === 'identity') return ok(bytes);
  if (encoding !== 'gzip') return err('wrong_type');
  try {
    return ok(await unpack(bytes));
  } catch (error) {
    const tooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    return err(tooLarge ? 'too_large' : 'truncated');
  }
}

/**
 * Reads a request's body as JSON of one of our content types; a coded problem for everything else.
 * @param isKnown whether the sender is: asked before anything of the body is read.
 */
export async function readSyncBody(
  request: Request,
  isKnown: () => Promise<boolean>,
): Promise<Result<SyncBody, HttpProblem>> {
  const is = TYPES.get(request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '');
  if (is === undefined) return err('wrong_type');
  if (!isKnownProtocol(request.headers.get(PROTOCOL_HEADER))) return err('upgrade');
  if (!(await isKnown())) return err('unknown_token');
  const sent = await readAll(request);
  if (!sent.ok) return sent;
  const bytes = await unpacked(sent.value, request.headers.get('content-encoding'));
  if (!bytes.ok) return bytes;
  try {
    return ok({ is, json: JSON.parse(textOf(bytes.value)) as unknown });
  } catch {
    return err('malformed');
  }
}
