import { fail } from '@sveltejs/kit';
import type { SettleError } from '$lib/server/attention/settle.ts';

/** Why a decision was not taken, in the page's words. */
export function refused(error: SettleError) {
  const problem =
    error.kind === 'refused' ? (error.code === 'not_yours' ? 'not_yours' : 'refused') : error.kind;
  return fail(problem === 'not_yours' ? 403 : 400, { problem });
}
