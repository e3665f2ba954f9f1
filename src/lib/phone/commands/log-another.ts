import type { AssistValues } from '../../domain/assist/assist.ts';
import type { FilingForm, LogForm } from '../../domain/assist/log-form.ts';
import type { FilingValues } from '../../domain/filing/filing.ts';
import { dayOf } from '../../kernel/calendar/day.ts';
import { err, type Result } from '../../kernel/result.ts';
import { assistWithFilings } from '../view/records.ts';
import { logAssist } from './log-assist.ts';
import type { CommandFault, OpenPhone, Saved } from './open-phone.ts';

/**
 * "Thêm một lượt giống vậy": the next in the queue with the same wish, now. What belongs to one resident alone (names,
 * notes, code, consent, satisfaction) is not taken over; a filing without its own code waits for it.
 */
export async function logAnother(phone: OpenPhone, assist: string): Promise<Result<Saved, CommandFault>> {
  const like = await assistWithFilings(phone.db, assist);
  if (like === undefined) return err({ kind: 'gone' });
  const now = phone.clock.now();
  const values = like.assist.row.fields as unknown as AssistValues;
  const filings = like.filings.map(({ row }): FilingForm => {
    const { procedure, estimate, packVersion, submittedDay } = row.fields as unknown as FilingValues;
    const today = dayOf(now);
    return {
      procedure,
      code: '',
      submittedDay: today,
      officialDay: null,
      estimate: submittedDay === today ? estimate : null,
      packVersion,
      status: 'submitted',
      source: 'helper_saw',
      note: '',
    };
  });
  const { team, performedBy, channel, subject, outcome, accountStep, reason, typedBy, neighbourhood } =
    values;
  const form: LogForm = {
    team,
    performedBy,
    channel,
    subject,
    outcome: outcome === 'submitted' ? 'submitted_no_code' : outcome,
    accountStep,
    reason,
    typedBy,
    neighbourhood,
    occurredAt: now,
    minutes: null,
    satisfaction: null,
    personal: {},
    filings,
    consent: null,
  };
  return logAssist(phone, form);
}
