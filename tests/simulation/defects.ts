import type { MutationId, PersonId } from '$lib/domain/record/ids.ts';
import type { Mutation } from '$lib/domain/record/mutation.ts';
import { rowKey } from '$lib/domain/record/row.ts';
import type { RoundRequest } from '$lib/protocol/round.ts';
import { readMeta, writeMeta } from '$lib/phone/store/meta.ts';
import { readCursor, signCursor } from '$lib/server/sync/signed-token.ts';
import type { SyncStore, WardChanges, WardReader, WardWriter } from '$lib/server/sync/store.ts';
import { WARD } from '../support/sync-ward.ts';
import { MemoryStore } from './memory-store.ts';
import type { SimPhone } from './sim-phone.ts';
import type { Defect, Sim } from './sim-world.ts';

type Part = Partial<WardReader> & { readonly commit?: WardWriter['commit'] };

/** A store whose readers, and the readers of its writers, differ in a part. */
export function altered(
  store: SyncStore,
  part: (tx: WardReader | WardWriter, writing: boolean) => Part,
): SyncStore {
  return new Proxy(store, {
    get: (target, key) => {
      if (key === 'read') {
        const read: SyncStore['read'] = (ward, work) =>
          target.read(ward, (tx) => work({ ...tx, ...part(tx, false) }));
        return read;
      }
      if (key === 'write') {
        const write: SyncStore['write'] = (ward, work) =>
          target.write(ward, (tx) => work({ ...tx, ...part(tx, true) }));
        return write;
      }
      const value = (target as unknown as Record<PropertyKey, unknown>)[key];
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

function rewritten(body: RoundRequest, alter: (mutation: Mutation) => Mutation): RoundRequest {
  const up = body.up.map((envelope) =>
    envelope.plain === '' || envelope.sealed !== null
      ? envelope
      : { ...envelope, plain: JSON.stringify(alter(JSON.parse(envelope.plain) as Mutation)) },
  );
  return { ...body, up };
}

/** The stamps a mutation stands on, replaced one by one. */
function restamped(
  mutation: Mutation,
  on: (row: string, field: string, before: string) => string | null,
): Mutation {
  const changes = mutation.changes.map((change) => {
    if (change.set === undefined || change.create === true) return change;
    const key = rowKey(change.row, change.id);
    const set = Object.fromEntries(
      Object.entries(change.set).map(([field, given]) => [
        field,
        { ...given, on: given.on === null ? null : (on(key, field, given.on) as MutationId | null) },
      ]),
    );
    return { ...change, set };
  });
  return { ...mutation, changes };
}

let firstSeq = 1;
const noDedupe: Defect = {
  name: 'no dedupe',
  request: (body) => {
    firstSeq = body.up[0]?.seq ?? Infinity;
    return body;
  },
  // What was brought before is not recognised, neither by its seq nor by its id, and the tables have no unique keys.
  store: (store, sim) => {
    if (sim.server.world.store instanceof MemoryStore) sim.server.world.store.unguarded = true;
    return altered(store, (tx, writing) => {
      if (!writing) return {};
      const strange = async (ids: readonly MutationId[]) =>
        (await tx.mutations(ids)).map((record) => ({ ...record, person: NOBODY }));
      const behind: WardReader['replica'] = async (id) => {
        const replica = await tx.replica(id);
        return replica === null ? null : { ...replica, lastSeq: Math.min(replica.lastSeq, firstSeq - 1) };
      };
      return { replica: behind, settled: () => Promise.resolve([]), mutations: strange };
    });
  },
};
const NOBODY = '00000000-0000-0000-0000-000000000000' as PersonId;

const refusedOnce = new WeakMap<Sim, Set<string>>();
const bareDuplicate: Defect = {
  name: 'bare "duplicate" after a refusal',
  answer: (answer, _body, _phone, sim) => {
    const seen = refusedOnce.get(sim) ?? new Set<string>();
    refusedOnce.set(sim, seen);
    const settled = answer.settled.map((one) =>
      one.outcome.is === 'refused' && seen.has(one.id)
        ? { ...one, outcome: { is: 'applied' as const, flags: [], clashes: 0 } }
        : one,
    );
    for (const one of answer.settled) if (one.outcome.is === 'refused') seen.add(one.id);
    return { ...answer, settled };
  },
};

const seqRestarts: Defect = {
  name: 'seq restarts after eviction',
  focus: { empty: 3, log: 2, copy: 0, edit: 0.5 },
  emptied: (before) => before,
  // Nor does anybody notice: what the ward has under those seqs is passed over.
  answer: async (answer, body, phone) => {
    if (!phone.name.endsWith('*')) return answer;
    const replica = await readMeta(phone.db.relaxed, 'replica');
    const own = (replica?.nextSeq ?? 1) - 1;
    if (body.replica !== replica?.id) return answer;
    const here = new Set<string>(await phone.db.relaxed.outbox.toCollection().primaryKeys());
    const settled = answer.settled.filter((one) => here.has(one.id));
    return { ...answer, problem: null, settled, lastSeq: Math.min(answer.lastSeq, own) };
  },
};

const queueStops: Defect = {
  name: 'queue stops at a refusal',
  request: async (body, phone) => {
    const wrong = await phone.db.relaxed.outbox.where('phase').equals('needs_you').count();
    return wrong > 0 ? { ...body, up: [] } : body;
  },
};

const lateAccepted: Defect = {
  name: 'late answer accepted',
  focus: { edit: 2, sync: 1.5 },
  beforeLate: async (phone, body, answer) => {
    const tables = phone.db.relaxed;
    const holder = phone.holders.get(body);
    await tables.transaction('rw', [tables.meta, tables.buckets, tables.rows], async () => {
      const lease = await readMeta(tables, 'lease');
      if (lease !== undefined && holder !== undefined) await writeMeta(tables, 'lease', { ...lease, holder });
      const epoch = await readMeta(tables, 'epoch');
      if (epoch !== undefined) await writeMeta(tables, 'epoch', { ...epoch, left: [] });
      for (const row of [...answer.own, ...(answer.down?.buckets ?? []).flatMap((bucket) => bucket.rows)]) {
        const key = `${row.kind}/${row.id}`;
        const standing = await tables.rows.get(key);
        if ((standing?.confirmed?.version ?? 0) > row.version)
          await tables.rows.update(key, { confirmed: null });
      }
      const cursors = body.down?.cursors ?? {};
      await tables.buckets.toCollection().modify((bucket, at) => {
        const asked = cursors[bucket.bucket];
        if (asked === undefined) delete (at as { value?: unknown }).value;
        else at.value = { ...bucket, cursor: asked };
      });
    });
  },
};

const versionBeforeLock: Defect = {
  name: 'version before lock',
  store: (store) => {
    // Every third commit can be seen only after the next one: its versions had been given out before its turn came.
    let unseen: { from: number; to: number } | null = null;
    let count = 0;
    const hidden = (version: number): boolean =>
      unseen !== null && version >= unseen.from && version <= unseen.to;
    return altered(store, (tx, writing) => {
      if (writing) {
        const commit = async (changes: WardChanges): Promise<void> => {
          const { version } = await tx.state();
          await (tx as WardWriter).commit(changes);
          count += 1;
          unseen = count % 3 === 0 ? { from: version + 1, to: changes.version - 1 } : null;
        };
        return { commit };
      }
      return {
        bucketChanges: async (...given) =>
          (await tx.bucketChanges(...given)).filter((entry) => !hidden(entry.version)),
        bucketFrom: async (...given) =>
          (await tx.bucketFrom(...given)).filter((entry) => !hidden(entry.version)),
      };
    });
  },
};

const oneVersion: Defect = {
  name: 'one version for many rows with a page cut',
  store: (store) =>
    altered(store, (tx, writing) => {
      if (!writing) return {};
      const commit = (changes: WardChanges): Promise<void> => {
        const { version } = changes;
        const rows = changes.rows.map((row) => ({ ...row, version }));
        const buckets = changes.buckets.map((entry) => ({ ...entry, version }));
        return (tx as WardWriter).commit({ ...changes, rows, buckets });
      };
      return { commit };
    }),
};

const kept = new WeakMap<SimPhone, Record<string, string>>();
const cursorKept: Defect = {
  name: 'cursor kept across an epoch',
  focus: { backup: 2, restore: 5 },
  request: async (body, phone, sim) => {
    if (body.down === null) return body;
    const [present] = await sim.server.world.store.epochs();
    const { keys } = sim.server.world;
    const before = kept.get(phone) ?? {};
    const cursors: Record<string, string> = {};
    for (const [bucket, token] of Object.entries({ ...before, ...body.down.cursors })) {
      const cursor = readCursor(keys, token);
      if (cursor === null || cursor.epoch === present?.id || present === undefined) cursors[bucket] = token;
      else {
        const state = await sim.server.world.store.read(WARD, (tx) => tx.state());
        cursors[bucket] = signCursor(keys, {
          ...cursor,
          epoch: present.id,
          version: state.version,
          mark: state.mark,
        });
      }
    }
    return { ...body, down: { ...body.down, cursors } };
  },
  answer: (answer, _body, phone) => {
    const pages = (answer.down?.buckets ?? []).map(({ bucket, cursor }) => [bucket, cursor] as const);
    kept.set(phone, { ...kept.get(phone), ...Object.fromEntries(pages) });
    return answer;
  },
};

/** Texts of which the ward was told another version: it stays with that one. */
const retold = new WeakMap<Sim, Map<string, string>>();

const stampsIgnored: Defect = {
  name: 'stamps ignored after a restore',
  request: async (body, _phone, sim) => {
    const texts = retold.get(sim) ?? new Map<string, string>();
    retold.set(sim, texts);
    if (sim.restores > 0) {
      const rows = new Map((await sim.server.rows(WARD)).map((row) => [rowKey(row.kind, row.id), row]));
      const ids = body.up.map((envelope) => envelope.id);
      const heard = await sim.server.world.store.read(WARD, (tx) => tx.mutations(ids));
      const known = new Set(heard.map((record) => record.id));
      const standing = rewritten(body, (mutation) =>
        // What comes with it is still to be applied: the stamp to stand on then is the one it names.
        restamped(mutation, (key, field, on) =>
          ids.includes(on as MutationId) ? on : (rows.get(key)?.stamps[field] ?? on),
        ),
      );
      for (const { id, plain } of standing.up) if (!known.has(id) && !texts.has(id)) texts.set(id, plain);
    }
    return { ...body, up: body.up.map((one) => ({ ...one, plain: texts.get(one.id) ?? one.plain })) };
  },
};

const ackWithoutRow: Defect = {
  name: 'ack without its row',
  answer: (answer) =>
    answer.settled.length === 0 ? answer : { ...answer, own: [], ownTo: answer.lastSeq, down: null },
};

const noBackfill: Defect = {
  name: 'scope entered without backfill',
  focus: { transfer: 3 },
  request: async (body, phone, sim) => {
    if (body.down === null) return body;
    const [present] = await sim.server.world.store.epochs();
    const state = await sim.server.world.store.read(WARD, (tx) => tx.state());
    const { cursors } = body.down;
    const own = [
      `person:${phone.person}`,
      ...(phone.account.role === 'team_lead' ? phone.account.teams.map(({ id }) => `team:${id}`) : []),
    ];
    const entered = own.filter((bucket) => cursors[bucket] === undefined && state.version > 0);
    const fresh = entered.map((bucket) => {
      const base = {
        is: 'cursor' as const,
        epoch: present?.id ?? '',
        ward: WARD,
        person: phone.person,
        bucket,
      };
      return [
        bucket,
        signCursor(sim.server.world.keys, { ...base, at: state.version, ...state, first: null }),
      ] as const;
    });
    return { ...body, down: { ...body.down, cursors: { ...cursors, ...Object.fromEntries(fresh) } } };
  },
};

const ownEditClash: Defect = {
  name: 'own queued edit reported as a clash',
  request: (body, _phone, sim) =>
    rewritten(body, (mutation) =>
      restamped(mutation, (key, field, on) => {
        const before = sim.saves.get(on)?.mutation;
        if (before?.author !== mutation.author) return on;
        const change = before.changes.find((one) => rowKey(one.row, one.id) === key && one.create !== true);
        return change?.set?.[field]?.on ?? on;
      }),
    ),
};

const keyDropped: Defect = { name: 'key dropped before drain', focus: { revoke: 12 }, dropsAtOnce: true };

const prunedByLocalClock: Defect = {
  name: 'retained mutations pruned by the local clock',
  focus: { clock: 6 },
  afterSync: async (phone) => {
    const old = phone.clock.now() - 30 * 86_400_000;
    const due = await phone.db.relaxed.outbox
      .filter((entry) => entry.replay === 0 && entry.ackedAt > 0 && entry.ackedAt < old)
      .primaryKeys();
    await phone.db.relaxed.outbox.bulkDelete(due);
  },
};

const refusedLeaves: Defect = {
  name: 'refused record leaves the view',
  afterSync: async (phone) => {
    await phone.db.relaxed.outbox.where('phase').equals('needs_you').modify({ replay: 0 });
  },
};

const unsignedClaim: Defect = {
  name: 'epoch taken on an unsigned claim',
  focus: { forge: 6, restore: 0 },
  world: (world) => ({ ...world, keys: { ...world.keys, verify: () => true } }),
};

/** The sixteen mistakes of the sync design; each is to be seen by some checker. */
export const DEFECTS: readonly Defect[] = [
  noDedupe,
  bareDuplicate,
  seqRestarts,
  queueStops,
  lateAccepted,
  versionBeforeLock,
  oneVersion,
  cursorKept,
  stampsIgnored,
  ackWithoutRow,
  noBackfill,
  ownEditClash,
  keyDropped,
  prunedByLocalClock,
  refusedLeaves,
  unsignedClaim,
];
