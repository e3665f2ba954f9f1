import type { Page } from '@playwright/test';

/** What lies in the outboxes of this browser, read past the app: the page may be locked. */
export interface OutboxState {
  readonly phases: readonly string[];
  /** A delivery is under way at this moment. */
  readonly sending: boolean;
}

export function outboxState(page: Page): Promise<OutboxState> {
  return page.evaluate(async () => {
    const asked = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error(request.error?.message));
      });
    const phases: string[] = [];
    let sending = false;
    for (const { name } of await indexedDB.databases()) {
      if (name?.startsWith('xks-') !== true) continue;
      const db = await asked(indexedDB.open(name));
      const tables = db.transaction(['outbox', 'meta']);
      const entries = (await asked(tables.objectStore('outbox').getAll())) as { phase: string }[];
      phases.push(...entries.map(({ phase }) => phase));
      const lease = (await asked(tables.objectStore('meta').get('lease'))) as
        { value?: { sending: unknown } } | undefined;
      sending ||= (lease?.value?.sending ?? null) !== null;
      db.close();
    }
    return { phases, sending };
  });
}
