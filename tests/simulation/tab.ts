import type { AccountDb } from '$lib/phone/store/open-account-db.ts';
import type { SimProcess } from './process.ts';

/** One open page, or the worker: a process and its own connections to the account's database. */
export interface Tab {
  readonly process: SimProcess;
  readonly db: AccountDb;
}
