/**
 * Space held back for the moment the disk is full: a browser at its limit cannot even delete, so the reserve lies outside
 * the database and is dropped before a save is tried again.
 */
export interface Reserve {
  /** Lays the reserve down if it is not there. Never throws: a phone without it works all the same. */
  lay(): Promise<void>;
  /** Gives the space back. True when there was something to give. */
  drop(): Promise<boolean>;
}

/** For tests, and browsers without a private file system. */
export const NO_RESERVE: Reserve = { lay: () => Promise.resolve(), drop: () => Promise.resolve(false) };

const FILE = 'reserve.bin';
const RESERVE_BYTES = 4 * 1024 * 1024;

/** A file in the origin's private file system. */
export function fileReserve(
  storage: Pick<StorageManager, 'getDirectory'>,
  bytes: number = RESERVE_BYTES,
): Reserve {
  return {
    lay: async () => {
      try {
        const root = await storage.getDirectory();
        const handle = await root.getFileHandle(FILE, { create: true });
        if ((await handle.getFile()).size >= bytes) return;
        const writable = await handle.createWritable();
        await writable.write(new Uint8Array(bytes));
        await writable.close();
      } catch {
        // No room or no such file system: saves simply have no second try.
      }
    },
    drop: async () => {
      try {
        const root = await storage.getDirectory();
        await root.removeEntry(FILE);
        return true;
      } catch {
        return false;
      }
    },
  };
}

/** The browser's own reserve; a browser without a private file system has none. */
export function openReserve(): Reserve {
  const storage = (globalThis as { navigator?: { storage?: Partial<StorageManager> } }).navigator?.storage;
  const getDirectory = storage?.getDirectory?.bind(storage);
  return getDirectory === undefined ? NO_RESERVE : fileReserve({ getDirectory });
}
