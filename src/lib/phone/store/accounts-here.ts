import type { PersonId } from '../../domain/record/ids.ts';
import { UUID_PATTERN } from '../../kernel/uuid.ts';
import { ACCOUNT_DB_PREFIX } from './open-account-db.ts';

/** As the schema says it. The PIN pad asks this, and would wait for all that reads schemas. */
function isPersonId(text: string): text is PersonId {
  return UUID_PATTERN.test(text);
}

/** The accounts that have a database here, whatever the device's list says. */
export async function accountsWithDb(idb: Pick<IDBFactory, 'databases'>): Promise<readonly PersonId[]> {
  const names = (await idb.databases()).map(({ name }) => name ?? '');
  return names.flatMap((name) => {
    const rest = name.startsWith(ACCOUNT_DB_PREFIX) ? name.slice(ACCOUNT_DB_PREFIX.length) : '';
    return isPersonId(rest) ? [rest] : [];
  });
}
