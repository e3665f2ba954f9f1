import { forkReplica } from '../store/fork-replica.ts';
import { NO_CONTACT, readMeta, writeMeta } from '../store/meta.ts';
import type { AccountDb } from '../store/open-account-db.ts';
import type { AccountSetUp } from '../vault/account-shelf.ts';

/**
 * Makes the account's database ready, or gives the one that stands a new replica and token, in one transaction. Asked
 * twice with the same replica it changes nothing that has been saved since.
 */
export async function setUpAccount(db: AccountDb, wanted: AccountSetUp): Promise<void> {
  const tables = db.strict;
  await tables.transaction('rw', [tables.meta, tables.outbox, tables.keys], async () => {
    const { account, replica, deliveryToken, deliveryKey, epoch, envelopes } = wanted;
    const standing = await readMeta(tables, 'replica');
    if (standing?.id === replica) await writeMeta(tables, 'replica', { ...standing, token: deliveryToken });
    else await forkReplica(tables, replica, deliveryToken);
    await tables.meta.delete('revoked');
    await writeMeta(tables, 'account', account);
    await writeMeta(tables, 'deliveryKey', deliveryKey);
    await writeMeta(tables, 'contact', NO_CONTACT);
    if ((await readMeta(tables, 'epoch')) === undefined) {
      await writeMeta(tables, 'epoch', { id: epoch, left: [], receipt: null, changedAt: 0 });
    }
    await tables.keys.bulkPut([...envelopes]);
  });
}
