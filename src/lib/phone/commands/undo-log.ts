import { err, type Result } from '../../kernel/result.ts';
import { recordOf } from '../view/records.ts';
import type { CommandFault, OpenPhone, Saved } from './open-phone.ts';
import { voidAssist } from './void-assist.ts';

const UNDO_MS = 10_000;
/** A tap in the last second may take a moment to get here. */
const GRACE_MS = 2000;

/**
 * Undoes a log within ten seconds. What was saved may be on its way already, so nothing is taken out of the outbox: the
 * assist is voided as entered by mistake, is no longer listed, and its history shows both.
 */
export async function undoLog(phone: OpenPhone, saved: Saved): Promise<Result<Saved, CommandFault>> {
  if (phone.clock.now() - saved.at > UNDO_MS + GRACE_MS) return err({ kind: 'too_late' });
  const [assist] = saved.rows;
  const shown = assist === undefined ? undefined : await recordOf(phone.db, 'assist', assist);
  if (shown === undefined) return err({ kind: 'gone' });
  return voidAssist(phone, shown, 'entered_by_mistake');
}
