import { lockName } from '$lib/phone/courier/lease.ts';
import { closeAccountDb } from '$lib/phone/store/open-account-db.ts';
import { openUnder, settleStorage, SimProcess } from './process.ts';
import { type Calls, syncBeside } from './run-courier.ts';
import { save } from './save-step.ts';
import type { SimPhone } from './sim-phone.ts';
import type { Sim } from './sim-world.ts';
import type { Step } from './step.ts';

/**
 * A second page of the same account: its courier runs while the first page saves. Either may die in it; the other goes
 * on. Answers wait for the save, so that a history means the same however long the server takes.
 */
export async function saveWhileSyncing(sim: Sim, phone: SimPhone, step: Step, calls: Calls): Promise<void> {
  const process = new SimProcess();
  const tab = { process, db: await openUnder(process, phone.person, phone.browser.idb) };
  const pageDies = step.pick % 4 === 0;
  const saving = save(
    sim,
    phone,
    { ...step, do: step.pick % 3 === 0 ? 'log' : 'edit', kill: pageDies ? step.kill % 14 : 0 },
    { alone: false },
  );
  await Promise.all([
    saving,
    syncBeside(sim, phone, tab, { ...calls, kill: pageDies ? 0 : step.kill, answersAfter: saving }),
  ]);
  if (process.dead) {
    await settleStorage();
    phone.browser.locks.held.delete(lockName(phone.person));
  }
  process.kill();
  closeAccountDb(tab.db);
}
