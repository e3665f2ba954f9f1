import { StoreDataFault, type SyncStore } from '$lib/server/sync/store.ts';
import type { Row } from '$lib/domain/record/row.ts';
import type { Envelope } from '$lib/protocol/envelope.ts';
import type { SimPhone } from './sim-phone.ts';
import type { Defect, Sim } from './sim-world.ts';

const oldFormatRefused: Defect = {
  name: 'the oldest format is no longer read',
  focus: { oldSave: 4, oldSync: 3 },
  oldRequest: (body) => {
    const { up } = body as { readonly up: readonly Envelope[] };
    return { ...body, up: up.map((one) => ({ ...one, plain: one.plain.replace('"v":1,', '"v":0,') })) };
  },
};

/** What the tables held before the last commit. */
const before = new WeakMap<Sim, () => Promise<void>>();

const answeredBeforeCommit: Defect = {
  name: 'answered before the commit is kept',
  focus: { restore: 0 },
  store: (store, sim) =>
    new Proxy(store, {
      get: (target, key) => {
        if (key !== 'write') return bound(target, key);
        const write: SyncStore['write'] = async (ward, work) => {
          before.set(sim, await sim.server.backup());
          return target.write(ward, work);
        };
        return write;
      },
    }),
  died: async (sim) => {
    await before.get(sim)?.();
    before.delete(sim);
  },
};

const spoiledBatch: Defect = {
  name: 'bad data spoils what comes with it',
  focus: { log: 2 },
  store: (store, sim) =>
    new Proxy(store, {
      get: (target, key) => {
        if (key !== 'write') return bound(target, key);
        // Whoever has brought something bad is never believed again.
        const write: SyncStore['write'] = (ward, work) =>
          target.write(ward, (tx) =>
            work({
              ...tx,
              commit: async (changes) => {
                const bad = [...sim.poisoned].map((id) => sim.saves.get(id)?.mutation.author as string);
                const fresh = changes.mutations.filter(({ outcome }) => outcome.is === 'applied');
                if (fresh.some(({ person }) => bad.includes(person)))
                  throw new StoreDataFault(new Error('planted'));
                await tx.commit(changes);
              },
            }),
          );
        return write;
      },
    }),
};

function bound(target: SyncStore, key: string | symbol): unknown {
  const value = (target as unknown as Record<PropertyKey, unknown>)[key];
  return typeof value === 'function' ? (value.bind(target) as unknown) : value;
}

const withdrawnKept: Defect = {
  name: 'a bucket that was withdrawn stays on the phone',
  focus: { transfer: 6 },
  answer: (answer) => (answer.down === null ? answer : { ...answer, down: { ...answer.down, dropped: [] } }),
};

const foreignToken: Defect = {
  name: 'what waits goes under the token of whoever is in front',
  token: (own, session, sim) => {
    if (session === sim.tokens.get(own)) return own;
    const inFront = [...sim.tokens].find(([, person]) => person === session);
    return inFront?.[0] ?? own;
  },
};

/** What a phone sent in its last request. */
const sent = new WeakMap<SimPhone, readonly Envelope[]>();

const inventedOutcome: Defect = {
  name: 'an outcome is invented for what never arrived',
  request: (body, phone) => {
    sent.set(phone, body.up);
    return { ...body, up: body.up.slice(0, -1) };
  },
  answer: (answer, _body, phone) => {
    if (answer.problem !== null) return answer;
    const known = new Set(answer.settled.map(({ id }) => id));
    const invented = (sent.get(phone) ?? [])
      .filter(({ id }) => !known.has(id))
      .map(({ seq, id }) => ({
        seq,
        id,
        outcome: { is: 'applied' as const, flags: [], clashes: 0 },
        commit: 1,
      }));
    return { ...answer, settled: [...answer.settled, ...invented] };
  },
};

/** How records looked while something on them waited. */
const waiting = new WeakMap<SimPhone, Map<string, Row>>();

const staysWaiting: Defect = {
  name: 'a record still waits although its save has arrived',
  request: async (body, phone) => {
    const seen = waiting.get(phone) ?? new Map<string, Row>();
    waiting.set(phone, seen);
    for (const { key, replayed } of await phone.db.relaxed.rows.toArray())
      if (replayed !== null) seen.set(key, replayed);
    return body;
  },
  afterSync: async (phone) => {
    const seen = waiting.get(phone) ?? new Map<string, Row>();
    await phone.db.relaxed.rows
      .filter(({ key, replayed }) => replayed === null && seen.has(key))
      .modify((row, at) => {
        at.value = { ...row, replayed: seen.get(row.key) ?? null };
      });
  },
};

/** Mistakes beyond the sixteen: for each fault that the world has learned since, and each promise that no other was pinned to. */
export const MORE_DEFECTS: readonly Defect[] = [
  oldFormatRefused,
  answeredBeforeCommit,
  spoiledBatch,
  withdrawnKept,
  foreignToken,
  inventedOutcome,
  staysWaiting,
];
