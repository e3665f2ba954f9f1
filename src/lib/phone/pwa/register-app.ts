import { readInstallEvents } from './install-prompt.ts';
import { updates } from './updates.ts';

const CHECK_EVERY_MS = 3_600_000;

/** Registers the service worker and follows its updates. Does nothing where there is none (insecure address, old browser). */
export async function registerApp(dev: boolean): Promise<void> {
  readInstallEvents(window);
  if (!('serviceWorker' in navigator)) return;
  const { Workbox } = await import('workbox-window');
  const worker = new Workbox('/service-worker.js', {
    type: dev ? 'module' : 'classic',
    updateViaCache: 'none',
  });
  const hadController = navigator.serviceWorker.controller !== null;
  updates.follow({
    onWaiting: (run) => worker.addEventListener('waiting', run),
    onControlled: (run) => {
      // The very first worker takes an uncontrolled page: that is no update.
      let first = !hadController;
      navigator.serviceWorker.addEventListener('controllerchange', () => {
        if (!first) run();
        first = false;
      });
    },
    takeOver: () => worker.messageSkipWaiting(),
    check: () => worker.update(),
  });
  const check = (): void => void worker.update().catch(() => undefined);
  try {
    await worker.register({ immediate: true });
  } catch {
    return;
  }
  setInterval(check, CHECK_EVERY_MS);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') check();
  });
}
