import type { VisibleState } from '$lib/phone/view/shown-row.ts';
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
