import { sha256, utf8 } from '../../kernel/bytes.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { PROTOCOL, PROTOCOL_HEADER } from '../../protocol/version.ts';
import {
  UNSENT_CONTENT_TYPE,
  type UnsentAnswer,
  unsentAnswerSchema,
  type UnsentContent,
  type UnsentFile,
  unsentFileSchema,
  unsentMac,
} from '../../protocol/unsent-file.ts';
import type { CourierWorld } from '../courier/courier-world.ts';
import { SYNC_PATH } from '../courier/exchange.ts';
import { readMeta } from '../store/meta.ts';
import type { AccountDb } from '../store/open-account-db.ts';
import { attempt, type StorageFault } from '../store/storage-fault.ts';
import type { OutboxEntry } from '../store/stored.ts';

/** One part goes as one request, which may not unpack to more than 4 MB: well below it, whatever JSON adds. */
const PART_BYTES = 2_500_000;
const PART_ENVELOPES = 2000;

/** Why there is no file to hand over. */
export type UnsentFault =
  StorageFault | { readonly kind: 'nothing_waits' } | { readonly kind: 'not_enrolled' };

/**
 * What waits, as a file that any enrolled device can carry unread and unaltered: the same bytes as in the outbox, and a
 * MAC keyed by the hash of the delivery token (which the server keeps). The token itself is not in it. One line a part,
 * each whole in itself, in the order in which they are to be taken.
 */
export async function makeUnsentFile(db: AccountDb): Promise<Result<string, UnsentFault>> {
  const read = await attempt(() => readUnsent(db));
  if (!read.ok) return read;
  if (read.value === null) return err({ kind: 'not_enrolled' });
  const { parts, token } = read.value;
  if (parts.length === 0) return err({ kind: 'nothing_waits' });
  const hash = await sha256(utf8(token));
  const lines = await Promise.all(
    parts.map(async (content) =>
      JSON.stringify({ ...content, mac: await unsentMac(hash, content) } satisfies UnsentFile),
    ),
  );
  return ok(lines.join('\n'));
}

function readUnsent(
  db: AccountDb,
): PromiseLike<{ readonly parts: readonly UnsentContent[]; readonly token: string } | null> {
  const tables = db.relaxed;
  return tables.transaction('r', [tables.meta, tables.outbox, tables.keys], async () => {
    const replica = await readMeta(tables, 'replica');
    const account = await readMeta(tables, 'account');
    if (replica === undefined || account === undefined) return null;
    // Those that no network let through go whole here, also once their empty envelopes were heard: the file is their way.
    const givenUp = await tables.outbox
      .where('phase')
      .equals('needs_you')
      .filter((entry) => entry.replica === replica.id && entry.outcome?.is === 'given_up')
      .sortBy('seq');
    const waiting = await tables.outbox
      .where('[replica+seq]')
      .between([replica.id, replica.heardTo + 1], [replica.id, Infinity])
      .toArray();
    const entries = [...givenUp.filter(({ seq }) => seq <= replica.heardTo), ...waiting];
    const named = new Set(entries.flatMap((entry) => (entry.key === null ? [] : [entry.key])));
    const keys = (await tables.keys.bulkGet([...named])).filter((key) => key !== undefined);
    const parts = inParts(entries).map((part): UnsentContent => ({
      format: 'xks-unsent',
      v: 1,
      ward: account.ward,
      replica: replica.id,
      envelopes: part.map(({ seq, id, plain, sealed, key }) => ({ seq, id, plain, sealed, key })),
      keys: keys.filter(({ key }) => part.some((entry) => entry.key === key)).slice(0, 20),
    }));
    return { parts, token: replica.token };
  });
}

function inParts(entries: readonly OutboxEntry[]): OutboxEntry[][] {
  const parts: OutboxEntry[][] = [];
  let bytes = Infinity;
  for (const entry of entries) {
    const size = utf8(entry.plain).length * 1.5 + (entry.sealed?.length ?? 0);
    const part = parts.at(-1);
    bytes += size;
    if (part === undefined || bytes > PART_BYTES || part.length >= PART_ENVELOPES) {
      parts.push([entry]);
      bytes = size;
    } else part.push(entry);
  }
  return parts;
}

export type CarryFault =
  | { readonly kind: 'not_a_file' }
  | { readonly kind: 'no_answer' }
  | { readonly kind: 'not_enrolled' }
  | { readonly kind: NonNullable<UnsentAnswer['problem']> };

/**
 * Carries somebody else's unsent file to the ward under one's own delivery token, part after part. Returns how many of
 * its records the ward has now taken; what became of them only their owner's phone hears.
 */
export async function carryUnsentFile(
  text: string,
  db: AccountDb,
  fetch: CourierWorld['fetch'],
): Promise<Result<{ readonly taken: number }, CarryFault>> {
  const parts = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (parts.length === 0 || !parts.every(isUnsentPart)) return err({ kind: 'not_a_file' });
  const replica = await readMeta(db.relaxed, 'replica');
  if (replica === undefined) return err({ kind: 'not_enrolled' });
  let taken = 0;
  for (const part of parts) {
    const carried = await carryPart(part, replica.token, fetch);
    if (!carried.ok) return carried;
    taken += carried.value;
  }
  return ok({ taken });
}

async function carryPart(
  body: string,
  token: string,
  fetch: CourierWorld['fetch'],
): Promise<Result<number, CarryFault>> {
  try {
    const response = await fetch(SYNC_PATH, {
      method: 'POST',
      headers: {
        'content-type': UNSENT_CONTENT_TYPE,
        [PROTOCOL_HEADER]: String(PROTOCOL),
        authorization: `Bearer ${token}`,
      },
      body,
      redirect: 'error',
      cache: 'no-store',
      credentials: 'omit',
    });
    const isOurs = response.ok && response.headers.get(PROTOCOL_HEADER) !== null;
    const answer = isOurs ? unsentAnswerSchema.safeParse(await response.json()) : null;
    if (answer?.success !== true) return err({ kind: 'no_answer' });
    const { problem, taken } = answer.data;
    return problem === null ? ok(taken) : err({ kind: problem });
  } catch {
    return err({ kind: 'no_answer' });
  }
}

function isUnsentPart(text: string): boolean {
  try {
    return unsentFileSchema.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}
