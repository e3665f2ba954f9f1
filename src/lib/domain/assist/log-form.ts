import type { Instant } from '../../kernel/clock.ts';
import { cleanText } from '../../kernel/text/clean-text.ts';
import { judgeDossierCode } from '../filing/dossier-code.ts';
import type { FilingStatus, FilingValues, SightingSource } from '../filing/filing.ts';
import { PERSONAL_FIELDS, type PersonalField, type PersonalValues } from '../people/personal-fields.ts';
import type { PersonId, RowId, TeamId } from '../record/ids.ts';
import type { AssistValues, Outcome } from './assist.ts';

/** What a screen gathers of one filing brought by an assist. */
export interface FilingForm {
  readonly procedure: string;
  /** As typed; '' without one. */
  readonly code: string;
  readonly submittedDay: string;
  readonly officialDay: string | null;
  readonly estimate: FilingValues['estimate'];
  readonly packVersion: string | null;
  readonly status: FilingStatus;
  readonly source: SightingSource;
  readonly note: string;
}

/** What a resident agreed to, as the screen read it out. */
export interface ConsentForm {
  readonly wording: string;
  readonly purposes: readonly ('keep_name' | 'keep_phone' | 'follow_up')[];
  readonly how: 'spoken' | 'read_aloud' | 'written' | 'tapped';
}

/** What Ghi nhanh and the full form gather: one sitting with one resident or group. */
export interface LogForm {
  readonly team: TeamId;
  readonly performedBy: readonly PersonId[];
  readonly occurredAt: Instant;
  readonly channel: AssistValues['channel'];
  /** A procedure's id, or `other`. */
  readonly subject: string;
  readonly outcome: Outcome;
  readonly accountStep: AssistValues['accountStep'];
  readonly reason: AssistValues['reason'];
  readonly typedBy: AssistValues['typedBy'];
  readonly minutes: number | null;
  readonly satisfaction: AssistValues['satisfaction'];
  readonly neighbourhood: RowId | null;
  readonly personal: PersonalValues;
  readonly filings: readonly FilingForm[];
  readonly consent: ConsentForm | null;
}

/** "Đã nộp" with what was typed as its code: only a plausible code makes it `submitted`. */
export function submittedOutcome(code: string): Extract<Outcome, 'submitted' | 'submitted_no_code'> {
  return judgeDossierCode(code).kind === 'plausible' ? 'submitted' : 'submitted_no_code';
}

/** Texts as they are kept: composed, tidy, empty ones left out. What is too long stays whole for the check to say so. */
export function tidyPersonal(values: PersonalValues): PersonalValues {
  const tidy: Partial<Record<PersonalField, string>> = {};
  for (const field of Object.keys(values) as PersonalField[]) {
    const lines = field === 'note' || field === 'lateReason' || field === 'voidReason' ? 'many' : 'one';
    const cleaned = cleanText(values[field] ?? '', { most: PERSONAL_FIELDS[field].maxLength, lines });
    const text = cleaned.ok ? cleaned.value : (values[field] ?? '');
    if (text !== '') tidy[field] = text;
  }
  return tidy;
}
