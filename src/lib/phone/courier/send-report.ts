import type { ContactProblem } from '../store/stored.ts';
import type { RunEnd, RunFault } from './courier-world.ts';

/** Why "Gửi ngay" did not get through, as a screen says it. */
export type SendProblem = ContactProblem | 'no_signal' | 'storage' | 'newer_app';

/** What came of "Gửi ngay" for one account. */
export type SendReport =
  | { readonly is: 'sent'; readonly count: number; readonly left: number }
  /** Nothing was waiting. */
  | { readonly is: 'nothing' }
  /** Another tab, or the worker, is sending. */
  | { readonly is: 'elsewhere' }
  | { readonly is: 'stuck'; readonly problem: SendProblem; readonly retryAfterS: number };

interface Sent {
  /** Saves without an outcome, before the round and after it. */
  readonly before: number;
  readonly after: number;
  readonly end: RunEnd;
  /** What the browser believes of the network. */
  readonly online: boolean;
}

function problemOf(why: RunFault, online: boolean): SendProblem {
  switch (why) {
    case 'no_answer':
      return online ? 'no_answer' : 'no_signal';
    case 'not_ours':
    case 'slow_down':
    case 'unknown_token':
    case 'upgrade':
    case 'unknown_key':
    case 'storage':
      return why;
    case 'timed_out':
    case 'too_large':
    case 'busy':
    case 'no_progress':
    case 'lease_lost':
      return 'no_answer';
  }
}

/** Says what became of the saves that waited: some that went count more than why the rest did not. */
export function sendReport({ before, after, end, online }: Sent): SendReport {
  const count = Math.max(0, before - after);
  if (count > 0) return { is: 'sent', count, left: after };
  if (after === 0) return { is: 'nothing' };
  switch (end.is) {
    case 'busy':
      return { is: 'elsewhere' };
    case 'done':
      return { is: 'stuck', problem: 'no_answer', retryAfterS: 0 };
    case 'stopped':
      return {
        is: 'stuck',
        problem: end.why === 'not_enrolled' ? 'unknown_token' : end.why,
        retryAfterS: 0,
      };
    case 'failed':
      return {
        is: 'stuck',
        problem: problemOf(end.why, online),
        retryAfterS: Math.ceil((end.afterMs ?? 0) / 1000),
      };
  }
}
