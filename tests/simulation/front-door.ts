import { PROTOCOL_HEADER, SYNC_CONTENT_TYPE } from '$lib/protocol/version.ts';
import { SYNC_PATH } from '$lib/phone/courier/exchange.ts';
import { serveSync } from '$lib/server/sync/sync-endpoint.ts';
import { WARD } from '../support/sync-ward.ts';
import { ServerDied } from './server-process.ts';
import { type Sim, startServer } from './sim-world.ts';

export interface Knock {
  readonly token: string;
  readonly protocol: number;
  readonly body: string;
  /** Whose session comes along. */
  readonly session: string | null;
  /** Of the data key that its device has vouched for. */
  readonly keyMark: string | null;
}

/** One request at the ward's door. */
export async function knock(sim: Sim, { token, protocol, body, session, keyMark }: Knock): Promise<Response> {
  const request = new Request(`http://phuong.mau${SYNC_PATH}`, {
    method: 'POST',
    headers: {
      'content-type': SYNC_CONTENT_TYPE,
      [PROTOCOL_HEADER]: String(protocol),
      authorization: `Bearer ${token}`,
    },
    body,
  });
  const who = session === null ? null : { ward: WARD, person: session as never, keyMark };
  const { world } = sim;
  return outlived(sim, () =>
    serveSync(
      () => Promise.resolve(world),
      request,
      () => Promise.resolve(who),
    ),
  );
}

/** What the server does; when it dies over it nobody hears anything, and another one begins. */
export async function outlived<T>(sim: Sim, work: () => Promise<T>): Promise<T> {
  const { process } = sim;
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ServerDied)) throw error;
    sim.trace.push('    the server died');
    if (sim.process === process) {
      await sim.defect?.died?.(sim);
      await startServer(sim);
    }
    throw new TypeError('network', { cause: error });
  }
}
