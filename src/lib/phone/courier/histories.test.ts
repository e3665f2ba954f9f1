import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlainWard } from '../../../../tests/support/phone/plain-ward.ts';
import { testForm, testPhone, type TestPhone } from '../../../../tests/support/phone/test-phone.ts';
import { testWorld, type TestWorld } from '../../../../tests/support/phone/test-world.ts';
import type { MutationId } from '../../domain/record/ids.ts';
import type { Mutation } from '../../domain/record/mutation.ts';
import { canonicalJson, type Json } from '../../kernel/json.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import { editAssist } from '../commands/edit-records.ts';
import { logAssist } from '../commands/log-assist.ts';
import { discardRefused, mendRefused } from '../commands/mend-refused.ts';
import { voidAssist } from '../commands/void-assist.ts';
import { viewFaults } from '../view/rebuild.ts';
import { outboxList } from '../view/outbox-view.ts';
import { recordsPage } from '../view/records.ts';
import type { ShownRow } from '../view/shown-row.ts';
import { deliver } from './deliver.ts';

const STEPS = [
  'log',
  'edit',
  'void',
  'locked',
  'open',
  'lost',
  'colleague',
  'refuse',
  'mend',
  'discard',
  'restore',
] as const;
type Step = { readonly do: (typeof STEPS)[number]; readonly pick: number };
const step: fc.Arbitrary<Step> = fc.record({ do: fc.constantFrom(...STEPS), pick: fc.nat(50) });

interface Scene {
  readonly phone: TestPhone;
  readonly ward: PlainWard;
  readonly world: TestWorld;
  refuseNext: boolean;
  lose: boolean;
  restore: (() => void) | null;
}

async function scene(): Promise<Scene> {
  const phone = await testPhone();
  const ward = PlainWard.knowing(phone);
  const here: Scene = {
    phone,
    ward,
    world: testWorld(phone, ward),
    refuseNext: false,
    lose: false,
    restore: null,
  };
  ward.refuse = (mutation: Mutation) => {
    if (!here.refuseNext) return null;
    here.refuseNext = false;
    ward.refusedPlain.set(mutation.id, mutation);
    return { is: 'refused', code: 'not_yours' };
  };
  const world = testWorld(phone, {
    fetch: async (url, init) => {
      const answer = await ward.fetch(url, init);
      if (here.lose) throw new TypeError('network');
      return answer;
    },
  });
  return Object.assign(here, { world });
}

const records = async (here: Scene): Promise<readonly ShownRow[]> =>
  (await recordsPage(here.phone.db, { voided: true }, null, 100)).records;

async function take(here: Scene, step: Step): Promise<void> {
  const { ward, world } = here;
  const { do: what } = step;
  await change(here, step);
  if (what === 'refuse') here.refuseNext = true;
  if (what === 'restore') {
    here.restore?.();
    here.restore = here.restore === null ? ward.backup() : null;
  }
  world.key = what === 'locked' ? null : 'key-1';
  here.lose = what === 'lost';
  if (what === 'locked' || what === 'open' || what === 'lost') await deliver({ db: here.phone.db, world });
  here.lose = false;
}

/** What people do. */
async function change(here: Scene, { do: what, pick }: Step): Promise<void> {
  const { phone } = here;
  const all = await records(here);
  const one = all[pick % Math.max(1, all.length)];
  const refused = (await outboxList(phone.db)).filter((line) => line.state === 'needs_you');
  const wrong = refused[pick % Math.max(1, refused.length)];
  if (what === 'log') await logAssist(phone, testForm({ minutes: pick }));
  if (one) await touch(here, one, { do: what, pick });
  if (what === 'mend' && wrong) await mendRefused(phone, wrong.mutation, {});
  if (what === 'discard' && wrong) await discardRefused(phone, wrong.mutation);
}

async function touch(here: Scene, one: ShownRow, { do: what, pick }: Step): Promise<void> {
  if (what === 'edit') {
    await editAssist(here.phone, one, { set: { minutes: pick }, personal: { note: `Ghi ${pick}.` } });
  }
  if (what === 'void') await voidAssist(here.phone, one, 'other');
  if (what === 'colleague') colleague(here, one, pick);
}

/** Somebody else changes a field of a row that the ward has. */
function colleague({ ward, phone }: Scene, shown: ShownRow, pick: number): void {
  const row = ward.rows.get(shown.key);
  if (row === undefined) return;
  const stamp = uuidv7(phone.clock, phone.random) as MutationId;
  ward.put({
    ...row,
    fields: { ...row.fields, minutes: 100 + pick },
    stamps: { ...row.stamps, minutes: stamp },
  });
}

describe('I4 I5 I11 any history of saves, rounds, refusals and restores', () => {
  it(
    'the kept view is always confirmed rows with the outbox on top; heard out, phone and ward agree',
    { timeout: 120_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 16 }), async (steps) => {
          const here = await scene();
          for (const one of steps) {
            await take(here, one);
            expect(await viewFaults(here.phone.db.relaxed), one.do).toEqual([]);
          }
          here.refuseNext = false;
          here.world.key = 'key-1';
          for (let round = 0; round < 3; round++) await deliver({ db: here.phone.db, world: here.world });
          expect(await viewFaults(here.phone.db.relaxed)).toEqual([]);
          const lines = await outboxList(here.phone.db);
          expect(lines.filter((line) => line.state === 'on_phone' || line.state === 'sending')).toEqual([]);
          const open = new Set(
            lines.filter((line) => line.state === 'needs_you').flatMap((line) => line.rows),
          );
          for (const record of await records(here)) {
            if (open.has(record.key)) continue;
            const {
              version: _version,
              epoch: _epoch,
              sealed: _sealed,
              ...theirs
            } = here.ward.rows.get(record.key)!;
            const { sealed: _own, ...ours } = record.row as typeof record.row & {
              version?: number;
              epoch?: string;
            };
            delete ours.version;
            delete ours.epoch;
            expect(canonicalJson(ours as unknown as Json)).toBe(canonicalJson(theirs as unknown as Json));
          }
        }),
        { numRuns: 15 },
      );
    },
  );
});
