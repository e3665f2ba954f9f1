/** First parts of the addresses that work with no network: `src/routes/(field)`. All others belong to the server. */
const FIELD_PARTS = [
  '',
  'enrol',
  'unlock',
  'today',
  'assist',
  'records',
  'outbox',
  'procedures',
  'tasks',
  'learn',
  'me',
  'help',
] as const;

/** Is this the address of a field screen, which the shell answers? */
export function isFieldPath(path: string): boolean {
  const first = path.split('/')[1] ?? '';
  return FIELD_PARTS.some((part) => part === first);
}
