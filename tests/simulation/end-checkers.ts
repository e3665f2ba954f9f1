import { bucketsGranted } from '$lib/domain/record/belonging.ts';
import type { Change, Mutation, Outcome } from '$lib/domain/record/mutation.ts';
import { type ConfirmedRow, type Row, rowKey } from '$lib/domain/record/row.ts';
import { canonicalJson, type Json, sameJson } from '$lib/kernel/json.ts';
import type { OutboxEntry } from '$lib/phone/store/stored.ts';
import { presentGrant } from '$lib/server/sync/actors.ts';
import { mayStillArrive } from '$lib/server/sync/epochs.ts';
import { outboxList } from '$lib/phone/view/outbox-view.ts';
import { WARD } from '../support/sync-ward.ts';
import type { SeenBy } from './checkers.ts';
import { peek, type Peeked } from './peek.ts';
import type { SimPhone } from './sim-phone.ts';
import { fault, type Sim } from './sim-world.ts';
import { livePhones } from './take-step.ts';

const comparable = ({ kind, id, fields, stamps, sets, clashes, version }: ConfirmedRow): string =>
  canonicalJson({ kind, id, fields, stamps, sets, clashes, version } as unknown as Json);

/** I4, I7: heard out, a phone holds what its account may see, as the ward holds it. */
async function converged(sim: Sim, phone: SimPhone, now: Peeked): Promise<void> {
  const { world } = sim.server;
  const expected = await world.store.read(WARD, async (tx) => {
    const grant = presentGrant(await tx.grants(phone.person));
    const granted =
      grant === undefined
        ? []
        : bucketsGranted({ person: phone.person, role: grant.role, teams: grant.teams });
    const { version } = await tx.state();
    const entries = (
      await Promise.all(granted.map((bucket) => tx.bucketFrom(bucket, version, null, 100_000)))
    ).flat();
    const refs = new Map(
      entries.flatMap(({ kind, id }) =>
        kind === 'quarantined' ? [] : [[`${kind}/${id}`, { kind, id }] as const],
      ),
    );
    return new Map((await tx.rows([...refs.values()])).map((row) => [rowKey(row.kind, row.id), row]));
  });
  const here = new Map<string, ConfirmedRow>();
  for (const { key, confirmed } of now.rows) if (confirmed !== null) here.set(key, confirmed);
  for (const [key, row] of expected) {
    const own = here.get(key);
    if (own === undefined) fault(sim, 'I4', `${phone.name} lacks ${key}`);
    else if (comparable(own) !== comparable(row))
      fault(
        sim,
        'I4',
        `${phone.name} holds another ${key}: ${comparable(own)} instead of ${comparable(row)}`,
      );
  }
  for (const key of here.keys())
    if (!expected.has(key)) fault(sim, 'I7', `${phone.name} still holds ${key}, which is not its account's`);
}

/** I11: Chờ gửi lists each save once, in the one state it has. */
async function listedOnce(sim: Sim, phone: SimPhone, { entries }: Peeked): Promise<void> {
  const lines = await outboxList(phone.db);
  if (new Set(lines.map((line) => line.mutation)).size !== lines.length)
    fault(sim, 'I11', `${phone.name} shows a save twice`);
  const states = new Map(lines.map((line) => [line.mutation, line.state]));
  for (const { id, phase, outcome } of entries) {
    const state = states.get(id);
    if (phase !== 'arrived' && state === undefined)
      fault(sim, 'I11', `${phone.name}: ${phase} ${id} is not listed`);
    if (state === 'arrived' && outcome === null)
      fault(sim, 'I11', `${phone.name}: ${id} is listed as arrived without an outcome`);
  }
}

/** At the end, when the network has healed and everybody has synced. */
export async function checkEnd(sim: Sim, seenBy: SeenBy): Promise<void> {
  const { world } = sim.server;
  const ids = [...sim.saves.keys()];
  const records = await world.store.read(WARD, (tx) => tx.mutations(ids as never));
  const known = new Map<string, (typeof records)[number]>(records.map((record) => [record.id, record]));
  for (const record of sim.saves.values()) {
    const holders = [...record.holders].filter(
      (phone) => !phone.gone && seenBy.get(phone)?.pruned.has(record.id) !== true,
    );
    if (holders.length > 0 && !known.has(record.id))
      fault(sim, sim.restores > 0 ? 'I8' : 'I2', `the ward never got ${record.id} of ${record.savedOn}`);
  }
  for (const phone of livePhones(sim)) {
    const now = await peek(phone);
    for (const entry of now.entries) {
      const record = known.get(entry.id);
      if (entry.outcome === null) fault(sim, 'I6', `${phone.name}: ${entry.id} still waits`);
      else if (record !== undefined && entry.came === 'saved' && !sameOutcome(entry, record.outcome))
        fault(
          sim,
          'I2',
          `${phone.name} heard ${JSON.stringify(entry.outcome)} of ${entry.id}, the ward holds ${JSON.stringify(record.outcome)}`,
        );
      if (entry.outcome?.is === 'applied' && entry.replay === 1)
        fault(sim, 'I4', `${phone.name}: ${entry.id} is applied and still replayed`);
    }
    await converged(sim, phone, now);
    await listedOnce(sim, phone, now);
  }
  oldAppsDeliver(sim, known);
  badDataHarmsNobody(sim, known);
  await noSilentOverwrite(sim, known);
}

type Known = ReadonlyMap<string, { readonly outcome: Outcome }>;

/** I9: what the oldest release says comes to what it came to then. */
function oldAppsDeliver(sim: Sim, known: Known): void {
  for (const { envelope, expected } of sim.oldApp.saves) {
    const is = known.get(envelope.id)?.outcome.is ?? 'unknown';
    if (is !== expected)
      fault(sim, 'I9', `${envelope.id}, told as the oldest release did, is ${is} instead of ${expected}`);
  }
}

/** I6: what the database cannot write is kept aside, alone. */
function badDataHarmsNobody(sim: Sim, known: Known): void {
  for (const [id, { outcome }] of known) {
    const aside = outcome.is === 'refused' && outcome.code === 'internal';
    if (aside && !sim.poisoned.has(id)) fault(sim, 'I6', `${id} is refused for the data of another`);
    if (sim.poisoned.has(id) && outcome.is === 'applied')
      fault(sim, 'I6', `${id} cannot be written and is said to be applied`);
  }
}

function sameOutcome(entry: OutboxEntry, outcome: { readonly is: string }): boolean {
  if (entry.outcome?.is === outcome.is) return true;
  // A provisional one that was mended or discarded ends at the ward; here it has been answered.
  return entry.answeredBy !== null;
}

const setsOf = (mutation: Mutation, key: string): Change[] =>
  mutation.changes.filter((change) => rowKey(change.row, change.id) === key);

/** I5: every value that was taken stands, lies in a clash, or was seen by whoever replaced it; no clash with what was seen, unless the ward had waited its 30 days for what says so. */
async function noSilentOverwrite(
  sim: Sim,
  known: ReadonlyMap<string, { readonly outcome: { readonly is: string } }>,
): Promise<void> {
  const rows = await sim.server.rows(WARD);
  const { store, clock } = sim.server.world;
  const waits = mayStillArrive(await store.epochs(), clock);
  const arrived = new Map(sim.log.map(({ id }, at) => [id, at]));
  const wasUnknown = (id: string, judged: string): boolean =>
    !waits && (arrived.get(id) ?? Infinity) > (arrived.get(judged) ?? Infinity);
  for (const row of rows) {
    const key = rowKey(row.kind, row.id);
    const setters = [...sim.saves.values()].filter(({ mutation }) => setsOf(mutation, key).length > 0);
    for (const field of Object.keys(row.fields)) {
      const bySetter = new Map(
        setters.flatMap(({ id, mutation }) => {
          const value = setsOf(mutation, key).find((change) => change.set?.[field] !== undefined)?.set?.[
            field
          ];
          return value === undefined ? [] : [[id, value] as const];
        }),
      );
      checkField(sim, row, field, { bySetter, known, name: key, wasUnknown });
    }
  }
}

interface FieldLook {
  readonly bySetter: ReadonlyMap<string, { readonly value: Json; readonly on: string | null }>;
  readonly known: ReadonlyMap<string, { readonly outcome: { readonly is: string } }>;
  readonly name: string;
  /** The first came only after the ward had judged the second, whose wait for it was over. */
  readonly wasUnknown: (id: string, judged: string) => boolean;
}

function checkField(sim: Sim, row: Row, field: string, look: FieldLook): void {
  const { bySetter, known, name, wasUnknown } = look;
  const reached = new Set<string>();
  const follow = (from: string | null | undefined): void => {
    for (let id = from ?? null; id !== null && !reached.has(id); id = bySetter.get(id)?.on ?? null)
      reached.add(id);
  };
  const clashes = row.clashes.filter((clash) => clash.field === field);
  follow(row.stamps[field]);
  const values: Json[] = [row.fields[field] ?? null, ...clashes.map((clash) => clash.value)];
  for (const clash of clashes) {
    follow(clash.late);
    follow(clash.against);
    follow(clash.settled?.lost?.stamp);
  }
  const isTwin = (value: Json): boolean =>
    values.some((one) => sameJson(one, value)) ||
    [...reached].some((other) => sameJson(bySetter.get(other)?.value ?? null, value));
  const applied = [...bySetter].filter(([id]) => known.get(id)?.outcome.is === 'applied');
  // An equal value takes the stamp of the one that stood: what that one's author had seen was seen.
  for (let grown = -1; grown !== reached.size;) {
    grown = reached.size;
    for (const [id, { value }] of applied) if (isTwin(value)) follow(id);
  }
  for (const [id, { value }] of applied) {
    if (!reached.has(id)) fault(sim, 'I5', `${name}.${field}: ${JSON.stringify(value)} of ${id} is nowhere`);
  }
  for (const clash of clashes) {
    const seen: string[] = [];
    for (
      let id: string | null = clash.late;
      id !== null && !seen.includes(id);
      id = bySetter.get(id)?.on ?? null
    )
      seen.push(id);
    const between = seen.slice(1, Math.max(1, seen.indexOf(clash.against)));
    const couldKnow = between.every((id) => !wasUnknown(id, clash.late));
    if (clash.against !== clash.late && seen.includes(clash.against) && clash.settled === null && couldKnow)
      fault(
        sim,
        'I5',
        `${name}.${field}: ${clash.late} clashes with ${clash.against}, which its author had seen`,
      );
  }
}
