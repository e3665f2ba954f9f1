import type { Courier } from './start-courier.ts';

/**
 * A courier whose code comes after the screens: it is asked for at once, and again at each wake and whenever the network
 * returns, until it is there. It looks for work by itself when it starts, so no wake is lost.
 */
export function lateCourier(
  bring: () => Promise<Courier>,
  page: Partial<Pick<Window, 'addEventListener'>>,
): Courier {
  let courier: Courier | null = null;
  let coming: Promise<void> | null = null;
  let stopped = false;
  const bringOnce = async (): Promise<void> => {
    courier = await bring().catch(() => null);
    coming = null;
    if (stopped) courier?.stop();
  };
  const ask = (): Promise<void> => {
    if (courier !== null || stopped) return Promise.resolve();
    coming ??= bringOnce();
    return coming;
  };
  page.addEventListener?.('online', () => void ask());
  void ask();
  return {
    wake: (why) => {
      if (courier === null) void ask();
      else courier.wake(why);
    },
    sendNow: async (person) => {
      await ask();
      return courier?.sendNow(person) ?? { is: 'stuck', problem: 'storage', retryAfterS: 0 };
    },
    stop: () => {
      stopped = true;
      courier?.stop();
    },
  };
}
