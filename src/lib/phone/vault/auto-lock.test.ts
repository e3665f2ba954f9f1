import { describe, expect, it } from 'vitest';
import { AUTO_LOCK, startAutoLock } from './auto-lock.ts';

function world() {
  /** What the phone's clock says, as an offset of the time that passes for timers. */
  let now = 1_000_000;
  let offset = 0;
  let timers: { at: number; run: () => void }[] = [];
  let locks = 0;
  const lock = startAutoLock({
    now: () => now + offset,
    after: (ms, run) => {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    lock: () => {
      locks += 1;
    },
  });
  /** Time goes on and timers run, as on a page in front. */
  const pass = (ms: number) => {
    const end = now + ms;
    for (;;) {
      const next = timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      timers = timers.filter((timer) => timer !== next);
      now = Math.max(now, next.at);
      next.run();
    }
    now = end;
  };
  return {
    lock,
    pass,
    jump: (ms: number) => (offset += ms),
    locks: () => locks,
    timers: () => timers.length,
  };
}

describe('A2 auto-lock', () => {
  it('knows the times that sync.md gives', () => {
    expect(AUTO_LOCK).toEqual({ idleMs: 5 * 60_000, visitMs: 45 * 60_000 });
  });

  it('locks five minutes after the last touch, once', () => {
    const it = world();
    it.pass(AUTO_LOCK.idleMs - 6000);
    it.lock.active();
    it.pass(AUTO_LOCK.idleMs - 6000);
    expect(it.locks()).toBe(0);
    it.pass(12_000);
    expect(it.locks()).toBe(1);
    expect(it.timers()).toBe(0);
    it.pass(AUTO_LOCK.idleMs * 3);
    expect(it.locks()).toBe(1);
  });

  it('stays open 45 minutes while a visit is open, and five again after it', () => {
    const it = world();
    it.lock.visitOpen(true);
    it.pass(44 * 60_000);
    expect(it.locks()).toBe(0);
    it.lock.visitOpen(false);
    it.pass(6 * 60_000);
    expect(it.locks()).toBe(1);
  });

  it('a visit left open does not hold it open for ever', () => {
    const it = world();
    it.lock.visitOpen(true);
    it.pass(46 * 60_000);
    expect(it.locks()).toBe(1);
  });

  it('a page frozen in a pocket is locked by the first touch, not opened by it', () => {
    const it = world();
    it.jump(AUTO_LOCK.idleMs + 1);
    it.lock.active();
    expect(it.locks()).toBe(1);
  });

  it('a clock set back does not keep the vault open for years', () => {
    const it = world();
    it.jump(-10 * 365 * 86_400_000);
    it.pass(AUTO_LOCK.idleMs + 12_000);
    expect(it.locks()).toBe(1);
  });
});
