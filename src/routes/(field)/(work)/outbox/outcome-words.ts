import type { Messages } from '$lib/messages/dictionary.ts';
import type { UnitWord } from '$lib/messages/locale.ts';
import type { OutboxLine } from '$lib/phone/view/outbox-view.ts';

/** Why the ward refused it; undefined where it did not. */
export function refusalWords(m: Messages, line: OutboxLine): string | undefined {
  return line.outcome?.is === 'refused' ? m.filingWords.refusals[line.outcome.code] : undefined;
}

/** What became of a save, in words; undefined where the chip says all. */
export function outcomeWords(m: Messages, unit: UnitWord, line: OutboxLine): string | undefined {
  const { outcome } = line;
  if (outcome === null) return undefined;
  switch (outcome.is) {
    case 'refused':
      return `${m.field.outbox.refused(unit)}. ${m.filingWords.refusals[outcome.code]}`;
    case 'held':
      return m.filingWords.heldBehind;
    case 'given_up':
      return m.filingWords.givenUp;
    case 'waiting':
    case 'unknown_kind':
      return m.filingWords.waitingFor;
    case 'applied':
      return outcome.clashes > 0 ? m.field.outbox.clash : undefined;
  }
}
