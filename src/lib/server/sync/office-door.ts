import type { PersonId, ReplicaId, WardId } from '$lib/domain/record/ids.ts';
import type { Mutation, Outcome } from '$lib/domain/record/mutation.ts';
import type { PersonalValues } from '$lib/domain/people/personal-fields.ts';
import { sha256, utf8 } from '$lib/kernel/bytes.ts';
import { canonicalJson } from '$lib/kernel/json.ts';
import { uuidv7 } from '$lib/kernel/uuid.ts';
import type { Transaction } from '../database/pool.ts';
import { type Attempt, withoutBadData } from './bad-data.ts';
import { readPlain } from './incoming.ts';
import { type Judgeable, mutationOf } from './judgeable.ts';
import type { PostgresStore, PostgresWriter } from './postgres-store.ts';
import type { MutationRecord, ReplicaRecord } from './store.ts';
import { cleanFields } from './unseal.ts';
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

/** Row id → personal values declared in the mutation. */
export type OfficeValues = Readonly<Record<string, PersonalValues>>;

export interface OfficeItem {
  readonly person: PersonId;
  readonly mutation: Mutation;
  readonly personal: OfficeValues | null;
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
 * mutation id again has its first outcome and changes nothing. Several persons' at once are for seeds and imports.
 */
export async function applyOfficeMutations(
  world: OfficeWorld,
  ward: WardId,
  items: readonly OfficeItem[],
  options: OfficeOptions = {},
): Promise<readonly Outcome[]> {
  await ensureReplica(world, ward);
  const read = await Promise.all(items.map((item) => readItem(item)));
  try {
    return await withoutBadData((attempt) =>
      world.store.write(ward, (tx) => takeAll(world, tx, { ward, read, options, attempt })),
    );
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
  personal: OfficeValues | null = null,
  options: OfficeOptions = {},
): Promise<Outcome> {
  const [outcome] = await applyOfficeMutations(
    world,
    actor.ward,
    [{ person: actor.person, mutation, personal }],
    options,
  );
  return outcome ?? { is: 'refused', code: 'internal' };
}

type ReadItem = Pick<Judgeable, 'id' | 'hash' | 'person' | 'plain' | 'reading' | 'personal'>;

async function readItem({ person, mutation, personal }: OfficeItem): Promise<ReadItem> {
  const plain = JSON.stringify(mutation);
  const hash = await sha256(utf8(`${plain}\0${personal === null ? '' : canonicalJson(personal)}`));
  const reading = readPlain(plain, mutation.id);
  return {
    id: mutation.id,
    hash,
    person,
    plain,
    reading,
    personal: personal === null ? { is: 'none' } : opened(personal),
  };
}

function opened(personal: OfficeValues): ReadItem['personal'] {
  let masked = false;
  const values = new Map<string, PersonalValues>();
  for (const [row, fields] of Object.entries(personal)) {
    const clean = cleanFields(fields);
    masked ||= clean.masked;
    values.set(row, clean.fields);
  }
  return { is: 'open', values, masked };
}

/** The office's own replica of a ward, made when it is first needed. */
export async function ensureReplica(world: OfficeWorld, ward: WardId): Promise<void> {
  const known = await world.store.read(ward, (tx) => tx.officeReplica());
  if (known !== null) return;
  await world.store.makeOfficeReplica(
    ward,
    uuidv7(world.clock, world.random) as ReplicaId,
    world.clock.now(),
  );
}

interface Taking {
  readonly ward: WardId;
  readonly read: readonly ReadItem[];
  readonly options: OfficeOptions;
  readonly attempt: Attempt;
}

async function takeAll(
  world: OfficeWorld,
  tx: PostgresWriter,
  { ward, read, options, attempt }: Taking,
): Promise<readonly Outcome[]> {
  const expected = {
    persons: read.map((item) => item.person),
    ids: read.map((item) => item.id),
    mutations: read.flatMap((item) => mutationOf(item) ?? []),
  };
  const [replica, records, batch] = await Promise.all([
    tx.officeReplica(),
    tx.mutations(read.map((item) => item.id)),
    WardBatch.open(tx, world, ward, expected, attempt),
  ]);
  if (replica === null) throw new Error('the office has no replica');
  const { known, fresh } = newItems(world, replica, records, read);
  const judged = await batch.judge(fresh, { forced: null, leftovers: true });
  const byName = new Map(fresh.map((item, at) => [nameOf(item), judged[at]]));
  const outcomes = read.flatMap((item) => known.get(nameOf(item)) ?? byName.get(nameOf(item)) ?? []);
  if (outcomes.some((outcome) => outcome.is !== 'applied')) throw new NotTaken(outcomes);
  if (fresh.length > 0) {
    await batch.commit([{ replica: replica.replica, lastSeq: replica.lastSeq + fresh.length }]);
    await options.also?.(tx.tx);
  }
  return outcomes;
}

function nameOf(item: { readonly id: string; readonly person: string }): string {
  return `${item.id}|${item.person}`;
}

/** A form sent twice is told what became of it the first time and takes no seq. */
function newItems(
  world: OfficeWorld,
  replica: ReplicaRecord,
  records: readonly MutationRecord[],
  read: readonly ReadItem[],
): { readonly known: ReadonlyMap<string, Outcome>; readonly fresh: readonly Judgeable[] } {
  const known = new Map(records.map((record) => [nameOf(record), record.outcome]));
  const receivedAt = world.clock.now();
  const fresh = read
    .filter((item) => !known.has(nameOf(item)))
    .map((item, at) => ({
      ...item,
      replica: replica.replica,
      seq: replica.lastSeq + at + 1,
      sent: null,
      receivedAt,
      stored: null,
      late: false,
      door: 'office' as const,
    }));
  return { known, fresh };
}
