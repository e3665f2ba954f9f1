import { openClashes } from '$lib/domain/record/row.ts';
import type { ShownRow, VisibleState } from '$lib/phone/view/shown-row.ts';
import type { RecordState } from '$lib/ui/record-state.ts';

const CHIPS: Readonly<Record<VisibleState, RecordState>> = {
  on_phone: 'saved',
  sending: 'sending',
  arrived: 'delivered',
  needs_you: 'attention',
};

/** Which of the four chips stands for a state of the outbox. */
export function recordStateOf(state: VisibleState): RecordState {
  return CHIPS[state];
}

/** The same of a record: one that has arrived and waits for somebody to choose between two values needs that somebody. */
export function chipOf({ state, row }: Pick<ShownRow, 'state' | 'row'>): RecordState {
  return state === 'arrived' && openClashes(row).length > 0 ? 'attention' : CHIPS[state];
}
