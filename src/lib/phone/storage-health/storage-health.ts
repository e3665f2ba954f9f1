import type { DeviceFacts, DeviceStore } from '../vault/device-store.ts';

/** What the browser says about keeping our data. Figures are its own estimate: shown, never trusted for a decision. */
export interface StorageHealth {
  /** `granted`: it will not be thrown away by itself. `unknown`: this browser does not say. */
  readonly persist: 'granted' | 'refused' | 'not_asked' | 'unknown';
  readonly usedBytes: number | null;
  readonly quotaBytes: number | null;
  /** So little that this must be a private window, or a full phone: what is saved here may be gone tomorrow. */
  readonly tiny: boolean;
}

export type StoragePort = Partial<Pick<StorageManager, 'persist' | 'persisted' | 'estimate'>>;

/** Below this no ward's month fits; private windows of cheap phones get less. */
const TINY_QUOTA_BYTES = 150 * 1024 * 1024;

/** What holds now; a yes that the browser took back is a no. */
function persistNow(
  persisted: boolean | undefined,
  answer: DeviceFacts['persist'] | null,
): StorageHealth['persist'] {
  if (persisted === undefined) return 'unknown';
  if (persisted) return 'granted';
  return answer === 'granted' ? 'refused' : (answer ?? 'not_asked');
}

export async function readStorageHealth(storage: StoragePort, device: DeviceStore): Promise<StorageHealth> {
  const [persisted, answer, estimate] = await Promise.all([
    storage.persisted?.().catch(() => false),
    device.fact('persist'),
    storage.estimate?.().catch(() => undefined),
  ]);
  const quotaBytes = estimate?.quota ?? null;
  return {
    persist: persistNow(persisted, answer),
    usedBytes: estimate?.usage ?? null,
    quotaBytes,
    tiny: quotaBytes !== null && quotaBytes < TINY_QUOTA_BYTES && persisted !== true,
  };
}

/**
 * Asks the browser to keep our data; call it inside the gesture of the first save (some browsers ask the person). Asked
 * again only while the answer is not yes: browsers that decide by use may say yes later.
 */
export async function askToPersist(
  storage: StoragePort,
  device: DeviceStore,
): Promise<StorageHealth['persist']> {
  if (!storage.persist) {
    await device.putFact('persist', 'unknown');
    return 'unknown';
  }
  const answer = (await storage.persist().catch(() => false)) ? 'granted' : 'refused';
  await device.putFact('persist', answer);
  return answer;
}
