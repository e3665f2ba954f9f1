import * as z from 'zod/mini';
import { personIdSchema } from '../domain/record/ids.ts';

/** `POST /api/invitations`: a team lead's phone asks for somebody's code. Session needed. */
export const invitationRequestSchema = z.strictObject({ person: personIdSchema });

/** Shown once: as QR `<origin>/enrol#<code>`, and to be typed. */
export const invitationAnswerSchema = z.strictObject({ code: z.string(), expiresAt: z.int() });
export type InvitationAnswer = z.infer<typeof invitationAnswerSchema>;

/** Why there is none: 401, 403, 404. */
export const INVITATION_PROBLEMS = ['not_signed_in', 'not_allowed', 'unknown_person'] as const;
export const invitationProblemSchema = z.strictObject({ problem: z.enum(INVITATION_PROBLEMS) });
