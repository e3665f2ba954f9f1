import { judgeDossierCode } from '../filing/dossier-code.ts';
import type { Flag, Mutation } from './mutation.ts';
import type { Row } from './row.ts';

const DAY_MS = 86_400_000;
/** A phone's clock may run a little ahead without meaning anything. */
const AHEAD_MS = 3_600_000;
/** Visits are entered up to 30 days back; older ones are kept and flagged. */
const BACK_MS = 30 * DAY_MS;

/** Oddities of a row after a change: shown to people, never a reason to refuse. */
export function flagsOf(before: Row | undefined, after: Row, mutation: Mutation): readonly Flag[] {
  const flags: Flag[] = [];
  if (before?.fields['voided'] && mutation.kind !== 'assist.void') flags.push('changed_after_void');
  if (after.kind === 'assist') {
    const occurredAt = after.fields['occurredAt'];
    if (typeof occurredAt === 'number' && occurredAt > mutation.at + AHEAD_MS)
      flags.push('occurred_in_future');
    if (typeof occurredAt === 'number' && occurredAt < mutation.at - BACK_MS) flags.push('occurred_long_ago');
  }
  if (after.kind === 'filing') {
    const code = after.fields['code'];
    if (typeof code !== 'string') flags.push('missing_code');
    else flags.push(...codeFlags(code));
  }
  return flags;
}

function codeFlags(code: string): readonly Flag[] {
  const judged = judgeDossierCode(code).kind;
  if (judged === 'plausible') return [];
  return [judged === 'payment_number' ? 'payment_number' : 'implausible_code'];
}
