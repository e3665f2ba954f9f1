import { ensureBuilt } from '../../scripts/prepare.mjs';
import { DEMO_TEMPLATE, startWardServer } from './ward-server.ts';

/** Playwright's global set-up: the build that npm start would serve, and a seeded ward for the others to be copies of. */
export default async function setup(): Promise<() => Promise<void>> {
  ensureBuilt();
  const ward = await startWardServer({ fresh: true });
  await ward.stop();
  process.env[DEMO_TEMPLATE] = ward.dataDir;
  return () => ward.remove();
}
