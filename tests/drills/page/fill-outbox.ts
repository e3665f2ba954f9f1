import { logAssist } from '$lib/phone/commands/log-assist.ts';
import type { OpenPhone } from '$lib/phone/commands/open-phone.ts';
import { quickForm } from '$lib/phone/commands/quick-form.ts';
import { readMeta } from '$lib/phone/store/meta.ts';
import { accountsWithDb } from '$lib/phone/store/accounts-here.ts';
import { closeAccountDb, openAccountDb } from '$lib/phone/store/open-account-db.ts';

/** So many quick logs of whoever is enrolled in this browser, by the production command, beside the app's own page. */
async function fillOutbox(count: number): Promise<void> {
  const [person] = await accountsWithDb(indexedDB);
  if (person === undefined) throw new Error('nobody is enrolled here');
  const db = await openAccountDb(person);
  const account = await readMeta(db.strict, 'account');
  if (account === undefined) throw new Error('no account');
  const nothingSealed = () => Promise.reject(new Error('a quick log seals nothing'));
  const phone: OpenPhone = {
    db,
    sealer: { seal: nothingSealed, open: nothingSealed },
    clock: { now: () => Date.now() },
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    saved: () => undefined,
  };
  const quick = { subject: 'vneid', outcome: 'guided_only', typedBy: 'resident', channel: 'door' } as const;
  for (let at = 0; at < count; at++) {
    const form = quickForm(account, quick, phone.clock.now());
    const saved = form && (await logAssist(phone, form));
    if (saved?.ok !== true) throw new Error(`not saved: ${JSON.stringify(saved)}`);
  }
  closeAccountDb(db);
}

declare global {
  var fillOutbox: (count: number) => Promise<void>;
}
globalThis.fillOutbox = fillOutbox;
