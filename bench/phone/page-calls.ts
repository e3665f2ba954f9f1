import { BenchPhone } from './bench-phone.ts';
import { DexieFloor, RawFloor } from './floor-stores.ts';
import { noteOf } from './note-text.ts';

const phone = new BenchPhone();
const raw = new RawFloor();
const dexie = new DexieFloor();

/** Waits until a live list has shown an id, which it may have done already. */
class Sighting {
  readonly #waiting = new Map<string, () => void>();
  #last: ReadonlySet<string> = new Set();

  readonly hear = (ids: readonly string[]): void => {
    this.#last = new Set(ids);
    const mark = document.getElementById('list');
    if (mark !== null) mark.textContent = `${ids.length} ${ids[0] ?? ''}`;
    for (const id of ids) {
      this.#waiting.get(id)?.();
      this.#waiting.delete(id);
    }
  };

  of(id: string): Promise<void> {
    if (this.#last.has(id)) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('the live list never showed it')), 20_000);
      this.#waiting.set(id, () => {
        clearTimeout(late);
        resolve();
      });
    });
  }
}

interface Timed {
  /** Until the save was durable, and until the live list showed it. */
  readonly saved: number;
  readonly seen: number;
}

async function timeSave(sighting: Sighting, save: () => Promise<string>): Promise<Timed> {
  const started = performance.now();
  const id = await save();
  const saved = performance.now() - started;
  await sighting.of(id);
  return { saved, seen: performance.now() - started };
}

/** A bare record as large as what the product keeps of a save: row and outbox entry together. */
function itemOf(at: number): { id: string; at: number; plain: string; note: string } {
  return {
    id: crypto.randomUUID(),
    at: Date.now() * 1000 + (at % 1000),
    plain: 'x'.repeat(900),
    note: noteOf(at),
  };
}

/** Ours, raw strict and Dexie turn about, each with its list live. */
async function saves(count: number, from: number): Promise<Record<'ours' | 'raw' | 'dexie', Timed[]>> {
  await raw.open();
  await dexie.open();
  const ours = new Sighting();
  const bare = new Sighting();
  const stop = phone.watch(50, ours.hear);
  const stopBare = dexie.watch(50, bare.hear);
  const nobody = { of: () => Promise.resolve() } as unknown as Sighting;
  const times: Record<'ours' | 'raw' | 'dexie', Timed[]> = { ours: [], raw: [], dexie: [] };
  const WARM = 10;
  for (let at = 0; at < count + WARM; at++) {
    const item = itemOf(at);
    const one = {
      ours: await timeSave(ours, () => phone.save(from + at)),
      raw: await timeSave(nobody, () => raw.put(itemOf(at)).then(() => '')),
      dexie: await timeSave(bare, () => dexie.put(item).then(() => item.id)),
    };
    if (at < WARM) continue;
    for (const name of ['ours', 'raw', 'dexie'] as const) times[name].push(one[name]);
  }
  stop();
  stopBare();
  raw.close();
  return times;
}

/** Sealing alone: what of a save is cryptography. */
async function seals(count: number): Promise<number[]> {
  const times: number[] = [];
  for (let at = 0; at < count; at++) {
    const started = performance.now();
    await phone.phone.sealer.seal({ note: noteOf(at) }, new Uint8Array(32));
    times.push(performance.now() - started);
  }
  return times;
}

async function fill(count: number, from: number): Promise<{ plainBytes: number; sealedBytes: number }> {
  for (let at = 0; at < count; at++) await phone.save(from + at, phone.hastyPhone);
  const waiting = await phone.waiting();
  const bytes = (text: string): number => new TextEncoder().encode(text).length;
  return {
    plainBytes: waiting.reduce((sum, { plain }) => sum + bytes(plain), 0),
    sealedBytes: waiting.reduce((sum, { sealed }) => sum + (sealed?.length ?? 0), 0),
  };
}

async function send(): Promise<number> {
  const started = performance.now();
  await phone.deliver();
  const ms = performance.now() - started;
  const left = await phone.unsent();
  if (left > 0) throw new Error(`${left} were not sent`);
  return ms;
}

/** The floor sends the same bytes: laid into its store beforehand, read, and posted at once. */
async function fillFloor(): Promise<number> {
  await dexie.open();
  const waiting = await phone.waiting();
  await dexie.putAll(waiting.map((entry, at) => ({ ...entry, id: crypto.randomUUID(), at })));
  return waiting.length;
}

async function packed(text: string): Promise<RequestInit> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return { body: await new Response(stream).blob(), headers: { 'content-encoding': 'gzip' } };
}

async function sendFloor(gzip: boolean): Promise<number> {
  const started = performance.now();
  const text = JSON.stringify({ records: await dexie.all() });
  const init = gzip ? await packed(text) : { body: text };
  const response = await fetch('/bench/floor/push', { method: 'POST', ...init });
  const { ok } = (await response.json()) as { ok: number };
  if (ok !== (await dexie.count())) throw new Error('the floor fell short');
  return performance.now() - started;
}

/** Everything down to an empty phone; the list is watched as a screen would. */
async function pull(): Promise<{ ms: number; firstListMs: number; count: number }> {
  let firstListMs = 0;
  const started = performance.now();
  const stop = phone.watch(50, (ids) => {
    if (ids.length >= 50 && firstListMs === 0) firstListMs = performance.now() - started;
  });
  await phone.deliver();
  const ms = performance.now() - started;
  stop();
  return { ms, firstListMs: firstListMs === 0 ? ms : firstListMs, count: await phone.count() };
}

const floorCursor = { at: 0 };

async function pullFloor(): Promise<{ ms: number; count: number }> {
  await dexie.open();
  const started = performance.now();
  const response = await fetch(`/bench/floor/pull?since=${floorCursor.at}`);
  const { cursor, records } = (await response.json()) as {
    cursor: number;
    records: { id: string; at: number }[];
  };
  await dexie.putAll(records);
  floorCursor.at = cursor;
  return { ms: performance.now() - started, count: await dexie.count() };
}

async function lists(times: number): Promise<{ ours: number[]; dexie: number[] }> {
  const found: { ours: number[]; dexie: number[] } = { ours: [], dexie: [] };
  for (let at = 0; at < times; at++) {
    let started = performance.now();
    await phone.listIds(50);
    found.ours.push(performance.now() - started);
    started = performance.now();
    await dexie.newest(50);
    found.dexie.push(performance.now() - started);
  }
  return found;
}

/** A phone opened again: the store and its first list, after the vault is open. */
async function reopen(): Promise<{ ours: number; dexie: number }> {
  await phone.unlock();
  const fresh = new DexieFloor();
  let started = performance.now();
  await fresh.open();
  await fresh.newest(50);
  const bare = performance.now() - started;
  started = performance.now();
  const { openAccountDb } = await import('../../src/lib/phone/store/open-account-db.ts');
  const { recordsPage } = await import('../../src/lib/phone/view/records.ts');
  const db = await openAccountDb(phone.phone.db.person);
  await recordsPage(db, {}, null, 50);
  return { ours: performance.now() - started, dexie: bare };
}

export const calls = {
  enrol: (code: string) => phone.enrol(code),
  unlock: () => phone.unlock(),
  count: () => phone.count(),
  saves,
  seals,
  fill,
  send,
  fillFloor,
  sendFloor,
  pull,
  pullFloor,
  lists,
  reopen,
};

export type PageCalls = typeof calls;

declare global {
  interface Window {
    bench: PageCalls;
  }
}

window.bench = calls;
