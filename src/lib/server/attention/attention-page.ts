import type { Actor } from '$lib/domain/people/roles.ts';
import type { Json } from '$lib/kernel/json.ts';
import type { AppContext } from '../app-context.ts';
import { type Names, namesIn } from '../assist/name-rows.ts';
import { inTransaction } from '../database/transaction.ts';
import type { AttentionPlace, Paged } from './attention-place.ts';
import { type OpenClash, readClashes } from './clash-rows.ts';
import { type OpenGap, readGaps } from './gap-rows.ts';
import {
  type QuarantinedLine,
  readQuarantine,
  readRevokedPiles,
  type RevokedPile,
} from './quarantine-rows.ts';
import { readRestoreNotices, type RestoreNotice } from './restore-notices.ts';

/** Everything that waits for a decision, as far as the actor sees it. */
export interface AttentionPage {
  readonly restores: readonly RestoreNotice[];
  readonly gaps: readonly OpenGap[];
  readonly clashes: Paged<OpenClash>;
  readonly piles: readonly RevokedPile[];
  readonly quarantine: Paged<QuarantinedLine>;
  readonly names: Names;
}

const FROM_THE_START: AttentionPlace = { clash: null, record: null };

export async function readAttention(
  context: Pick<AppContext, 'database'>,
  actor: Actor,
  place: AttentionPlace = FROM_THE_START,
): Promise<AttentionPage> {
  return inTransaction(
    context.database,
    { wards: [actor.ward], actor: actor.person },
    async (tx) => {
      const restores = await readRestoreNotices(tx, actor);
      const gaps = await readGaps(tx, actor);
      const clashes = await readClashes(tx, actor, place.clash);
      const piles = await readRevokedPiles(tx, actor);
      const quarantine = await readQuarantine(tx, actor, place.record);
      const mentioned = [...clashes.items, ...quarantine.items, ...piles, ...gaps] as unknown as Json;
      const names = await namesIn(tx, actor.ward, mentioned);
      return { restores, gaps, clashes, piles, quarantine, names };
    },
    { readOnly: true, snapshot: true },
  );
}
