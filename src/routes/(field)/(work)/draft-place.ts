/** The unfinished quick log: there is one at a time. */
export const QUICK_DRAFT = 'quick';

const EDIT = 'edit/';
const MEND = 'mend/';

/** The unfinished correction of one record. */
export function editDraft(record: string): string {
  return `${EDIT}${record}`;
}

/** The unfinished mend of a refused save of a record: another form than its edit, and another draft. */
export function mendDraft(record: string, refused: string): string {
  return `${MEND}${record}/${refused}`;
}

/** Where an unfinished form goes on. */
export function draftPath(id: string): string {
  if (id.startsWith(EDIT)) return `/records/${id.slice(EDIT.length)}/edit`;
  if (!id.startsWith(MEND)) return '/assist/quick';
  const [record = '', refused = ''] = id.slice(MEND.length).split('/');
  return `/records/${record}/edit?mend=${refused}`;
}
