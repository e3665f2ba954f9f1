import { logAssist } from '$lib/phone/commands/log-assist.ts';
import type { OutboxEntry, OutboxPhase } from '$lib/phone/store/stored.ts';
import { testForm, type TestPhone } from './test-phone.ts';

/** A busy phone's outbox, by copying one save: of each phase as often as it is named, in this order of saving. */
export async function busyOutbox(
  phone: TestPhone,
  phases: readonly OutboxPhase[],
): Promise<readonly OutboxEntry[]> {
  const logged = await logAssist(phone, testForm({ personal: {} }));
  if (!logged.ok) throw new Error(JSON.stringify(logged.error));
  const [one] = await phone.db.strict.outbox.toArray();
  if (one === undefined) throw new Error('nothing was saved');
  const made = phases.map((phase, at): OutboxEntry => {
    const id = one.id.replace(/^.{8}/, String(10_000_000 + at)) as OutboxEntry['id'];
    const savedAt = one.savedAt + at;
    const outcome = phase === 'needs_you' ? ({ is: 'refused', code: 'malformed' } as const) : null;
    return { ...one, id, place: at + 1, seq: at + 1, savedAt, phase, outcome };
  });
  await phone.db.strict.outbox.clear();
  await phone.db.strict.outbox.bulkAdd(made);
  return made;
}

export const repeat = (phase: OutboxPhase, count: number): OutboxPhase[] =>
  Array<OutboxPhase>(count).fill(phase);
