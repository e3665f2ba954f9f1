import type { ConnectTarget } from '../../src/lib/server/database/pool.ts';
import { routeServer } from './route-server.ts';

/** One server process: the application behind its front, until its parent says stop or is gone. */
const { target, dataDir } = JSON.parse(process.argv[2] ?? '{}') as { target: ConnectTarget; dataDir: string };
const server = await routeServer({ targets: { web: target } }, { dataDir });
const stop = async (): Promise<void> => {
  await server.close();
  process.exit(0);
};
process.on('message', () => void stop());
process.on('disconnect', () => void stop());
process.send?.({ origin: server.origin });
