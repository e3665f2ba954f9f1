import type { Messages } from '$lib/messages/dictionary.ts';
import type { UnitWord } from '$lib/messages/locale.ts';
import type { SendProblem, SendReport } from '$lib/phone/courier/send-report.ts';

/** Why deliveries stand still, and what to do; null where the phone sees to it by itself and nothing stands still. */
export function problemWords(
  m: Messages,
  unit: UnitWord,
  problem: SendProblem,
  retryAfterS: number,
): string | null {
  const text = m.field.outbox;
  switch (problem) {
    case 'no_signal':
      return m.field.today.noNetwork;
    case 'no_answer':
      return text.noServer;
    case 'not_ours':
      return text.portal;
    case 'slow_down':
      return text.slowDown(unit, Math.max(1, Math.ceil(retryAfterS / 60)));
    case 'unknown_token':
      return text.mustEnrol;
    case 'revoked':
      return text.revoked(unit);
    case 'upgrade':
      return text.mustUpdate;
    case 'storage':
      return text.storageTrouble;
    case 'newer_app':
      return text.olderTab;
    case 'gap':
    case 'unknown_key':
    case 'no_session':
      return null;
  }
}

/** What came of "Gửi ngay"; `returned`: so many of what went now wait for the person. */
export function reportWords(
  m: Messages,
  unit: UnitWord,
  report: SendReport,
  returned = 0,
): { readonly tone: 'done' | 'attention' | 'offline'; readonly text: string } {
  const text = m.field.outbox;
  switch (report.is) {
    case 'sent': {
      const sent = report.left === 0 ? text.sent(report.count) : text.sentSome(report.count, report.left);
      if (returned === 0) return { tone: 'done', text: sent };
      return { tone: 'attention', text: `${sent} ${m.field.today.needsYou(returned)}.` };
    }
    case 'nothing':
      return { tone: 'done', text: text.nothing };
    case 'elsewhere':
      return { tone: 'attention', text: text.sentElsewhere };
    case 'stuck':
      return {
        tone: report.problem === 'no_signal' ? 'offline' : 'attention',
        text: problemWords(m, unit, report.problem, report.retryAfterS) ?? text.noServer,
      };
  }
}
