import type { Actor } from '$lib/domain/people/roles.ts';
import type { Json } from '$lib/kernel/json.ts';
import type { AppContext } from '../app-context.ts';
import { type Names, namesIn } from '../assist/name-rows.ts';
import { inTransaction } from '../database/transaction.ts';
import { type OpenClash, readClashes } from './clash-rows.ts';
import { type QuarantinedLine, readQuarantine } from './quarantine-rows.ts';

/** Everything that waits for a decision, as far as the actor sees it. */
export interface AttentionPage {
  readonly clashes: readonly OpenClash[];
  readonly quarantine: readonly QuarantinedLine[];
  readonly names: Names;
}

export async function readAttention(
  context: Pick<AppContext, 'database'>,
  actor: Actor,
): Promise<AttentionPage> {
  return inTransaction(
    context.database,
    { wards: [actor.ward], actor: actor.person },
    async (tx) => {
      const clashes = await readClashes(tx, actor);
      const quarantine = await readQuarantine(tx, actor);
      const mentioned = [...clashes, ...quarantine] as unknown as Json;
      return { clashes, quarantine, names: await namesIn(tx, actor.ward, mentioned) };
    },
    { readOnly: true, snapshot: true },
  );
}
