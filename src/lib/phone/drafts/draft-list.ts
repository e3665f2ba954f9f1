import type { Instant } from '../../kernel/clock.ts';
import type { AccountDb } from '../store/open-account-db.ts';

/** A form being filled in; sealed, so that nothing of it can be read while the app is locked. */
export interface DraftLine {
  readonly id: string;
  readonly at: Instant;
}

/** What is unfinished, newest first. */
export async function draftList(db: AccountDb): Promise<readonly DraftLine[]> {
  const drafts = await db.relaxed.drafts.toArray();
  return drafts.map(({ id, savedAt }) => ({ id, at: savedAt })).sort((a, b) => b.at - a.at);
}
