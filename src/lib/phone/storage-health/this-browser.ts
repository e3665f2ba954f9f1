import { openDeviceStore } from '../vault/device-store.ts';
import { askToPersist, readStorageHealth, type StorageHealth } from './storage-health.ts';

/** Of this very browser: used, allowed, and whether it will keep it. */
export async function storageHealth(): Promise<StorageHealth> {
  const device = openDeviceStore();
  try {
    return await readStorageHealth(navigator.storage, device);
  } finally {
    device.close();
  }
}

/** Asks this browser to keep our data: inside the gesture of a save, once it has answered no again at the next one. */
export async function keepData(): Promise<StorageHealth['persist']> {
  const device = openDeviceStore();
  try {
    return await askToPersist(navigator.storage, device);
  } finally {
    device.close();
  }
}
