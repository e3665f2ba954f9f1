import { belongingOf, parentIdOf } from '$lib/domain/record/belonging.ts';
import { can, relationOf } from '$lib/domain/people/permissions.ts';
import { isPersonalField, type PersonalField, READ_PERSONAL } from '$lib/domain/people/personal-fields.ts';
import type { Actor } from '$lib/domain/people/roles.ts';
import { openClashes } from '$lib/domain/record/row.ts';
import type { AppContext } from '../app-context.ts';
import { keysOf } from '../assist/record-page.ts';
import { recordAuthEvent } from '../auth/auth-events.ts';
import { inTransaction } from '../database/transaction.ts';
import { openRowPart, openRowValues } from '../records/row-values.ts';
import type { AttentionPlace } from './attention-place.ts';
import { clashingRows } from './clash-rows.ts';

/** `row/field/late` → both values of a personal field. */
export type OpenedClashes = Readonly<Record<string, { readonly standing: string; readonly late: string }>>;

/** Opens the personal values that clash, for somebody who may read them. Each record opened is written down. */
export async function openClashValues(
  context: Pick<AppContext, 'database' | 'clock' | 'random' | 'keys'>,
  actor: Actor,
  after: AttentionPlace['clash'] = null,
): Promise<OpenedClashes> {
  const { ward, person } = actor;
  return inTransaction(context.database, { wards: [ward], actor: person }, async (tx) => {
    const { rows, parents } = await clashingRows(tx, actor, after);
    const readable = rows.filter((row) =>
      can(
        actor,
        READ_PERSONAL,
        relationOf(actor, belongingOf(ward, row, parents.get(parentIdOf(row) ?? ''))),
      ),
    );
    const keys = await keysOf(tx, context, ward, readable);
    const opened: Record<string, { standing: string; late: string }> = {};
    for (const row of readable) {
      const clashes = openClashes(row).filter(({ field }) => isPersonalField(field));
      if (clashes.length === 0) continue;
      const standing = openRowValues(keys, row);
      for (const { field, late } of clashes) {
        const blob = row.sealed[late];
        const part = blob === undefined ? null : openRowPart(keys, row, late, blob);
        const name = field as PersonalField;
        opened[`${row.id}/${field}/${late}`] = { standing: standing[name] ?? '', late: part?.[name] ?? '' };
      }
      const detail = { kind: row.kind, row: row.id };
      await recordAuthEvent(tx, context, { ward, what: 'personal_opened', actor: person, detail });
    }
    return opened;
  });
}
