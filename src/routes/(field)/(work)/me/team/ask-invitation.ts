import { err, ok, type Result } from '$lib/kernel/result.ts';
import {
  type InvitationAnswer,
  invitationAnswerSchema,
  type INVITATION_PROBLEMS,
  invitationProblemSchema,
} from '$lib/protocol/invitation.ts';

export type InviteProblem = (typeof INVITATION_PROBLEMS)[number] | 'offline';

/** Asks the server for somebody's code. Never throws. */
export async function askInvitation(
  ask: typeof fetch,
  person: string,
): Promise<Result<InvitationAnswer, InviteProblem>> {
  try {
    const response = await ask('/api/invitations', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ person }),
      redirect: 'error',
    });
    const body: unknown = await response.json();
    const made = invitationAnswerSchema.safeParse(body);
    if (response.ok && made.success) return ok(made.data);
    const refused = invitationProblemSchema.safeParse(body);
    return err(refused.success ? refused.data.problem : 'offline');
  } catch {
    return err('offline');
  }
}
