import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TAKE_OVER_MS, makeUpdates, type UpdateSource } from './updates.ts';

function world() {
  const calls: string[] = [];
  const nothing = (): void => undefined;
  const runs = { waiting: nothing, controlled: nothing };
  const source: UpdateSource = {
    onWaiting: (run) => void (runs.waiting = run),
    onControlled: (run) => void (runs.controlled = run),
    takeOver: () => void calls.push('take over'),
    check: () => Promise.resolve(void calls.push('check')),
  };
  const updates = makeUpdates(() => void calls.push('reload'));
  updates.follow(source);
  return { updates, runs, calls };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('E1 an update is offered, never forced', () => {
  it('waits for the person, then takes over and reloads, in this order', async () => {
    const { updates, runs, calls } = world();
    runs.waiting();
    expect(updates.get()).toEqual({ is: 'offered' });
    expect(calls).toEqual([]);
    await updates.take();
    expect(calls).toEqual(['take over']);
    runs.controlled();
    expect(calls).toEqual(['take over', 'reload']);
  });

  it('takes nothing while a draft says no, and offers on', async () => {
    const { updates, runs, calls } = world();
    const release = updates.beforeTake(() => Promise.resolve(false));
    runs.waiting();
    await updates.take();
    expect(calls).toEqual([]);
    expect(updates.get()).toEqual({ is: 'offered' });
    release();
    await updates.take();
    expect(calls).toEqual(['take over']);
  });

  it('a tab that another tab’s update overtook is not reloaded by itself', () => {
    const { updates, runs, calls } = world();
    runs.controlled();
    expect(updates.get()).toEqual({ is: 'old_tab' });
    expect(calls).toEqual([]);
  });

  it('a take-over that the browser gave up is brought about by loading anew, once', async () => {
    const { updates, runs, calls } = world();
    runs.waiting();
    await updates.take();
    vi.advanceTimersByTime(TAKE_OVER_MS - 1);
    expect(calls).toEqual(['take over']);
    vi.advanceTimersByTime(1);
    expect(calls).toEqual(['take over', 'reload']);
  });

  it('is not loaded anew a second time by the waiting for a take-over that came', async () => {
    const { updates, runs, calls } = world();
    runs.waiting();
    await updates.take();
    runs.controlled();
    vi.advanceTimersByTime(2 * TAKE_OVER_MS);
    expect(calls).toEqual(['take over', 'reload']);
  });

  it('takes nothing that was not offered', async () => {
    const { updates, calls } = world();
    await updates.take();
    expect(calls).toEqual([]);
  });
});
