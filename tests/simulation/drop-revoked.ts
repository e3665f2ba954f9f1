import { WARD } from '../support/sync-ward.ts';
import type { SimPhone } from './sim-phone.ts';
import { fault, type Sim } from './sim-world.ts';

/**
 * As the app does when told `revoked`: keys and database go. What was saved here and the ward has not taken by then is lost.
 * A ward put back between its answer and the phone's hearing of it had it when it said so: as if the phone had dropped it a
 * moment before the restore.
 * What was pulled here from the quarantine is not this phone's to send: where a restore forgot it, the phone it was saved on
 * brings it again, and another's copy only as a witness (third ring of sync.md).
 */
export async function dropRevoked(sim: Sim, phone: SimPhone): Promise<void> {
  const entries = await phone.db.relaxed.outbox.toArray();
  const lacking = await notOnServer(
    sim,
    entries.filter((entry) => entry.came === 'saved').map((entry) => entry.id),
  );
  const putBack = sim.restores > phone.answeredAfter;
  for (const id of putBack ? [] : lacking)
    fault(sim, 'I1', `${phone.name} dropped ${id} before the ward had it`);
  phone.gone = true;
}

async function notOnServer(sim: Sim, ids: readonly string[]): Promise<string[]> {
  const known = await sim.server.world.store.read(WARD, (tx) => tx.mutations(ids as never));
  const names = new Set<string>(known.map((record) => record.id));
  return ids.filter((id) => !names.has(id));
}
