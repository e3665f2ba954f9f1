import type { Instant } from '../../kernel/clock.ts';
import { readMeta, writeMeta } from '../store/meta.ts';
import type { AccountDb } from '../store/open-account-db.ts';

/** Server time at which the ward was found restored; null where it never was, or where the person has put the news away. */
export async function restoreNews(db: AccountDb): Promise<Instant | null> {
  const changedAt = (await readMeta(db.relaxed, 'epoch'))?.changedAt ?? 0;
  const told = (await readMeta(db.relaxed, 'restoreTold'))?.at ?? 0;
  return changedAt === told ? null : changedAt;
}

/** The person has read it: said once, and again only after the next restore. */
export async function putRestoreNewsAway(db: AccountDb, at: Instant): Promise<void> {
  await writeMeta(db.relaxed, 'restoreTold', { at });
}
