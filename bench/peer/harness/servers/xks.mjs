// Copied into the harness's servers/. The production server, handed the harness's requests.
import { join } from 'node:path';
import { env, start } from '../lib/serverkit.mjs';

const project = join(import.meta.dirname, '..', 'xks');
process.env.TSX_TSCONFIG_PATH = join(project, 'tsconfig.json');
const { register } = await import('../xks/node_modules/tsx/dist/esm/api/index.mjs');
register();
const { peerWard } = await import('../xks/bench/peer/peer-ward.ts');
start(await peerWard(env.dir));
