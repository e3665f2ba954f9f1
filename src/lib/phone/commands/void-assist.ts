import type { VOID_REASONS } from '../../domain/assist/assist-choices.ts';
import { checkPersonal } from '../../domain/assist/check-log.ts';
import { tidyPersonal } from '../../domain/assist/log-form.ts';
import { err, type Result } from '../../kernel/result.ts';
import { assistWithFilings } from '../view/records.ts';
import type { ShownRow } from '../view/shown-row.ts';
import type { CommandFault, OpenPhone, Saved } from './open-phone.ts';
import { saveMutation } from './save-mutation.ts';
import { editChange } from './shown-change.ts';

export type VoidReason = (typeof VOID_REASONS)[number];

/** Huỷ lượt ghi: the assist and its filings are marked void with a reason. Nothing is erased. */
export async function voidAssist(
  phone: OpenPhone,
  shown: ShownRow,
  reason: VoidReason,
  note = '',
): Promise<Result<Saved, CommandFault>> {
  const standing = await assistWithFilings(phone.db, shown.id);
  if (standing === undefined) return err({ kind: 'gone' });
  const personal = tidyPersonal({ voidReason: note });
  const faults = checkPersonal(personal, phone.clock.now());
  if (faults.length > 0) return err({ kind: 'invalid', faults });
  const filings = standing.filings.filter(({ row }) => row.fields['voided'] !== true);
  return saveMutation(phone, {
    kind: 'assist.void',
    changes: [
      editChange(shown, { set: { voided: reason }, personal }),
      ...filings.map((filing) => editChange(filing, { set: { voided: true } })),
    ],
    personal: { [shown.id]: personal },
  });
}
