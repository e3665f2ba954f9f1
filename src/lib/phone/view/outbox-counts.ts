import type { AccountDb } from '../store/open-account-db.ts';

/** "Còn 3 lượt chưa gửi": saves without an outcome. */
export async function unsentCount(db: AccountDb): Promise<number> {
  return db.relaxed.outbox.where('phase').equals('unsent').count();
}

/** Saves that were refused, held or given up, and that nobody has answered. */
export async function needsYouCount(db: AccountDb): Promise<number> {
  return db.relaxed.outbox.where('phase').equals('needs_you').count();
}
