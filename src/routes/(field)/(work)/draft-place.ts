/** The unfinished quick log: there is one at a time. */
export const QUICK_DRAFT = 'quick';

const EDIT = 'edit/';

/** The unfinished correction of one record. */
export function editDraft(record: string): string {
  return `${EDIT}${record}`;
}

/** Where an unfinished form goes on. */
export function draftPath(id: string): string {
  return id.startsWith(EDIT) ? `/records/${id.slice(EDIT.length)}/edit` : '/assist/quick';
}
