import type { PersonId, ReplicaId, WardId } from '$lib/domain/record/ids.ts';
import type { Mutation, Outcome } from '$lib/domain/record/mutation.ts';
import { mutationSchema } from '$lib/domain/record/mutation.ts';
import type { PersonalValues } from '$lib/domain/people/personal-fields.ts';
import { sha256, utf8 } from '$lib/kernel/bytes.ts';
import { canonicalJson, type Json } from '$lib/kernel/json.ts';
import { uuidv7 } from '$lib/kernel/uuid.ts';
import type { Transaction } from '../database/pool.ts';
import type { Judgeable } from './judgeable.ts';
import type { PostgresStore, PostgresWriter } from './postgres-store.ts';
import type { ReplicaRecord } from './store.ts';
import { blotted } from './unseal.ts';
import { WardBatch, type WriteWorld } from './ward-batch.ts';

/** Office pages, seeds and jobs write through the same door as phones. */
export interface OfficeWorld extends WriteWorld {
  readonly store: PostgresStore;
}

/** Who acts: the person of the session, already checked. Authority is judged under the grant the mutation names. */
export interface OfficeActor {
  readonly ward: WardId;
  readonly person: PersonId;
}

export interface OfficeEntry {
  readonly mutation: Mutation;
  /** Row id → personal values declared in the mutation; null: none. */
  readonly values: ReadonlyMap<string, PersonalValues> | null;
}

export interface OfficeOptions {
  /** Writes to other tables in the same transaction, once every mutation was applied. */
  readonly also?: (tx: Transaction) => Promise<void>;
}

/** Rolls the transaction back: an office form is answered at once, so nothing of a refused one is kept. */
class NotTaken extends Error {
  readonly outcomes: readonly Outcome[];
  constructor(outcomes: readonly Outcome[]) {
    super('not taken');
    this.outcomes = outcomes;
  }
}

/**
 * Applies mutations of the office as one commit: all, or, when one is not applied, none (its outcome says why). The same
 * mutation id again has its first outcome and changes nothing.
 */
export async function applyOfficeMutations(
  world: OfficeWorld,
  actor: OfficeActor,
  entries: readonly OfficeEntry[],
  options: OfficeOptions = {},
): Promise<readonly Outcome[]> {
  await ensureReplica(world, actor.ward);
  const read = await Promise.all(entries.map((entry) => readEntry(entry)));
  try {
    return await world.store.write(actor.ward, (tx) => takeAll(world, tx, actor, read, options));
  } catch (error) {
    if (error instanceof NotTaken) return error.outcomes;
    throw error;
  }
}

/** One save of an office page. */
export async function applyOfficeMutation(
  world: OfficeWorld,
  actor: OfficeActor,
  mutation: Mutation,
  values: ReadonlyMap<string, PersonalValues> | null = null,
  options: OfficeOptions = {},
): Promise<Outcome> {
  const [outcome] = await applyOfficeMutations(world, actor, [{ mutation, values }], options);
  return outcome ?? { is: 'refused', code: 'internal' };
}

type ReadEntry = Pick<Judgeable, 'id' | 'hash' | 'plain' | 'reading' | 'personal'>;

async function readEntry({ mutation, values }: OfficeEntry): Promise<ReadEntry> {
  const plain = JSON.stringify(mutation);
  const parsed = mutationSchema.safeParse(mutation);
  const sealedText = values === null ? '' : canonicalJson(Object.fromEntries(values) as { [row: string]: Json });
  const hash = await sha256(utf8(`${plain}\0${sealedText}`));
  const reading: ReadEntry['reading'] = parsed.success ? { is: 'mutation', mutation: parsed.data } : { is: 'malformed' };
  return { id: mutation.id, hash, plain, reading, personal: values === null ? { is: 'none' } : opened(values) };
}

function opened(values: ReadonlyMap<string, PersonalValues>): ReadEntry['personal'] {
  let masked = false;
  const kept = new Map<string, PersonalValues>();
  for (const [row, fields] of values) {
    const texts = Object.entries(fields).map(([field, text]) => {
      const clean = field === 'residentPhone' ? text : blotted(text.normalize('NFC'));
      masked ||= clean !== text.normalize('NFC');
      return [field, clean];
    });
    kept.set(row, Object.fromEntries(texts) as PersonalValues);
  }
  return { is: 'open', values: kept, masked };
}

async function ensureReplica(world: OfficeWorld, ward: WardId): Promise<void> {
  const known = await world.store.read(ward, (tx) => tx.officeReplica());
  if (known !== null) return;
  await world.store.makeOfficeReplica(ward, uuidv7(world.clock, world.random) as ReplicaId, world.clock.now());
}

async function takeAll(
  world: OfficeWorld,
  tx: PostgresWriter,
  actor: OfficeActor,
  read: readonly ReadEntry[],
  options: OfficeOptions,
): Promise<readonly Outcome[]> {
  const replica = await tx.officeReplica();
  if (replica === null) throw new Error('the office has no replica');
  const batch = await WardBatch.open(tx, world, actor.ward);
  const items = await newItems(tx, world, actor, replica, read);
  const outcomes = await batch.judge(items.fresh, { forced: null, leftovers: true });
  const all = read.map((entry) => items.known.get(entry.id) ?? outcomes[items.fresh.findIndex((item) => item.id === entry.id)]);
  const whole = all.flatMap((outcome) => outcome ?? []);
  if (whole.some((outcome) => outcome.is !== 'applied')) throw new NotTaken(whole);
  if (items.fresh.length > 0) {
    await batch.commit(replica, replica.lastSeq + items.fresh.length);
    await options.also?.(tx.tx);
  }
  return whole;
}

/** A form sent twice is told what became of it the first time and takes no seq. */
async function newItems(
  tx: PostgresWriter,
  world: OfficeWorld,
  actor: OfficeActor,
  replica: ReplicaRecord,
  read: readonly ReadEntry[],
): Promise<{ readonly known: ReadonlyMap<string, Outcome>; readonly fresh: readonly Judgeable[] }> {
  const records = await tx.mutations(read.map((entry) => entry.id));
  const known = new Map(
    records.filter((record) => record.person === actor.person).map((record) => [record.id as string, record.outcome]),
  );
  const receivedAt = world.clock.now();
  const fresh = read
    .filter((entry) => !known.has(entry.id))
    .map((entry, at) => ({
      ...entry,
      replica: replica.replica,
      seq: replica.lastSeq + at + 1,
      person: actor.person,
      sent: null,
      receivedAt,
      stored: null,
    }));
  return { known, fresh };
}
