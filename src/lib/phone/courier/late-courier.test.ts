import { describe, expect, it, vi } from 'vitest';
import type { PersonId } from '../../domain/record/ids.ts';
import { lateCourier } from './late-courier.ts';
import type { Courier } from './start-courier.ts';

const courier = (): Courier & { readonly woken: string[] } => {
  const woken: string[] = [];
  return {
    woken,
    wake: (why) => woken.push(why),
    sendNow: () => Promise.resolve({ is: 'nothing' }),
    stop: () => undefined,
  };
};

describe('I1 a courier whose code did not come is asked for again', () => {
  it('is brought once, and woken from then on', async () => {
    const here = courier();
    const bring = vi.fn(() => Promise.resolve(here));
    const late = lateCourier(bring, {});
    late.wake('saved');
    await vi.waitFor(() => expect(bring).toHaveBeenCalledTimes(1));
    await Promise.resolve();
    late.wake('unlocked');
    expect(here.woken).toEqual(['unlocked']);
    expect(bring).toHaveBeenCalledTimes(1);
  });

  it('comes at the next save, or when the network is back, after it could not be loaded', async () => {
    const here = courier();
    const heard: (() => void)[] = [];
    const page = { addEventListener: (_: string, run: () => void) => heard.push(run) };
    const bring = vi
      .fn<() => Promise<Courier>>()
      .mockRejectedValueOnce(new TypeError('offline'))
      .mockRejectedValueOnce(new TypeError('offline'))
      .mockResolvedValue(here);
    const late = lateCourier(bring, page as unknown as Window);
    await new Promise(setImmediate);
    late.wake('saved');
    await new Promise(setImmediate);
    heard[0]?.();
    await new Promise(setImmediate);
    late.wake('signed_in');
    expect(await late.sendNow('someone' as PersonId)).toEqual({ is: 'nothing' });
    expect(bring).toHaveBeenCalledTimes(3);
    expect(here.woken).toEqual(['signed_in']);
  });
});
