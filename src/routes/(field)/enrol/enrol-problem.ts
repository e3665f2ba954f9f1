import type { EnrolFault } from '$lib/phone/enrolment/enrolment.ts';
import type { ENROL_PROBLEMS } from '$lib/protocol/enrol.ts';

type Told = (typeof ENROL_PROBLEMS)[number] | 'offline';

/** Which words to show for a fault: what the server said, or that it was not reached. */
export function enrolProblemOf(fault: EnrolFault): Told {
  return fault.kind === 'refused' ? fault.problem : 'offline';
}
