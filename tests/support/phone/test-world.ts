import { gzipSync } from 'node:zlib';
import type { CourierEvent, CourierWorld, LockPort } from '$lib/phone/courier/courier-world.ts';
import type { PlainWard } from './plain-ward.ts';
import type { TestPhone } from './test-phone.ts';

/** Locks of one browser: one holder a name. */
export function testLocks(): LockPort & { readonly held: Set<string> } {
  const held = new Set<string>();
  return {
    held,
    run: async (name, how, work) => {
      if (how === 'if_free' && held.has(name)) return { held: false };
      held.add(name);
      try {
        return { held: true, value: await work() };
      } finally {
        held.delete(name);
      }
    },
  };
}

export interface TestWorld extends CourierWorld {
  readonly events: CourierEvent[];
  /** Null: locked. */
  key: string | null;
}

/** A courier's world around one phone and one ward; timers only end when they are called off. */
export function testWorld(
  phone: TestPhone,
  ward: Pick<PlainWard, 'fetch'>,
  changes: Partial<CourierWorld> = {},
): TestWorld {
  const events: CourierEvent[] = [];
  const world: TestWorld = {
    events,
    key: 'key-1',
    fetch: ward.fetch,
    clock: phone.clock,
    random: phone.random,
    timer: {
      wait: (_ms, signal) =>
        new Promise((resolve) => {
          if (signal?.aborted) resolve();
          signal?.addEventListener('abort', () => resolve(), { once: true });
        }),
    },
    lock: testLocks(),
    gzip: (bytes) => Promise.resolve(new Uint8Array(gzipSync(bytes))),
    pullKey: () => world.key,
    tell: (event) => events.push(event),
    app: 'test',
    ...changes,
  };
  return world;
}

/** A ward's answer that hangs: it is `asked` at once, and the answer it then gave comes only after `arrive()`. */
export function gatedFetch(ward: Pick<PlainWard, 'fetch'>): {
  readonly fetch: PlainWard['fetch'];
  readonly asked: Promise<void>;
  arrive(): void;
} {
  let isAsked = (): void => undefined;
  let mayArrive = (): void => undefined;
  const asked = new Promise<void>((resolve) => (isAsked = resolve));
  const gate = new Promise<void>((resolve) => (mayArrive = resolve));
  return {
    asked,
    arrive: () => mayArrive(),
    fetch: async (url, init) => {
      const answer = await ward.fetch(url, init);
      isAsked();
      await gate;
      return answer;
    },
  };
}
