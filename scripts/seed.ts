import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { demoDataSchema } from '../src/lib/server/demo/demo-data.ts';
import { type DemoSubjects, seedDemoWard } from '../src/lib/server/demo/seed-demo.ts';
import { syncContext } from '../src/lib/server/sync/sync-context.ts';
import { loadProcedures } from './content-packs.ts';
import { openContext } from './open-context.ts';
import { steps } from './operator-messages.mjs';
import { root } from './prepare.mjs';
import type { WardState } from './ward-state.ts';

/** The subjects that the demo's people help with: the ward's quick buttons first. */
function demoSubjects(): DemoSubjects {
  const { body } = loadProcedures(join(root, 'src/content/procedures'));
  const entries = [...(body?.entries ?? [])].sort((a, b) => (a.quick ?? 99) - (b.quick ?? 99));
  const idsOf = (kind: string) => entries.filter((entry) => entry.kind === kind).map(({ id }) => id);
  return { procedures: idsOf('procedure'), accounts: idsOf('account') };
}

/** Makes the demo wards once, through the application's own door; what an earlier start began and did not end is finished. */
export async function ensureDemo(state: Pick<WardState, 'empty' | 'unfinished'>): Promise<void> {
  if (!state.empty && !state.unfinished) return;
  console.log(steps.seeding);
  const data = demoDataSchema.parse(parse(readFileSync(join(root, 'src/content/demo/wards.yaml'), 'utf8')));
  const context = await openContext();
  const office = await syncContext(context);
  await seedDemoWard({ ...context, office }, data, demoSubjects(), () => undefined);
}
