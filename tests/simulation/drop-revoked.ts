import { WARD } from '../support/sync-ward.ts';
import type { SimPhone } from './sim-phone.ts';
import { fault, type Sim } from './sim-world.ts';

/** As the app does when told `revoked`: keys and database go. What the ward has not taken by then is lost. */
export async function dropRevoked(sim: Sim, phone: SimPhone): Promise<void> {
  const entries = await phone.db.relaxed.outbox.toArray();
  const lacking = await notOnServer(
    sim,
    entries.map((entry) => entry.id),
  );
  for (const id of lacking) fault(sim, 'I1', `${phone.name} dropped ${id} before the ward had it`);
  phone.gone = true;
}

async function notOnServer(sim: Sim, ids: readonly string[]): Promise<string[]> {
  const known = await sim.server.world.store.read(WARD, (tx) => tx.mutations(ids as never));
  const names = new Set<string>(known.map((record) => record.id));
  return ids.filter((id) => !names.has(id));
}
