import type { Instant } from '../../kernel/clock.ts';
import type { RoundAnswer } from '../../protocol/round.ts';
import type { AccountTables } from '../store/account-tables.ts';
import { writeMeta } from '../store/meta.ts';
import type { ContactProblem } from '../store/stored.ts';
import type { BegunRound } from './begin-round.ts';

const PROBLEMS: Readonly<Record<NonNullable<RoundAnswer['problem']>, ContactProblem | null>> = {
  gap: 'gap',
  forked: null,
  slow_down: 'slow_down',
  unknown_token: 'unknown_token',
  revoked: 'revoked',
  upgrade: 'upgrade',
  unknown_key: 'unknown_key',
};

/** The server has answered: when, what it said of the whole, how far its clock is from ours, its present key. */
export async function noteContact(
  tables: AccountTables,
  answer: RoundAnswer,
  begun: BegunRound,
  now: Instant,
): Promise<void> {
  const noSession = begun.request.down !== null && !answer.signedIn ? 'no_session' : null;
  await Promise.all([
    writeMeta(tables, 'contact', {
      failures: 0,
      lastSuccessAt: now,
      skewMs: answer.serverTime - now,
      problem: answer.problem === null ? noSession : PROBLEMS[answer.problem],
      retryAfterS: answer.retryAfter ?? 0,
    }),
    writeMeta(tables, 'deliveryKey', answer.deliveryKey),
  ]);
}
