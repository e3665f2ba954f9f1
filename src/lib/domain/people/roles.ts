import * as z from 'zod/mini';
import type { GrantId, PersonId, ReplicaId, TeamId, WardId } from '../record/ids.ts';

/** Who somebody is in a ward. The desk is a channel, not a role. */
export const ROLES = [
  'helper',
  'team_lead',
  'clerk',
  'ward_leader',
  'mobilisation_officer',
  'observer',
  'administrator',
] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

/** Roles that sign in with a password (and later TOTP) in the office; the others enrol a device by QR. */
export const OFFICE_ROLES: readonly Role[] = [
  'clerk',
  'ward_leader',
  'mobilisation_officer',
  'observer',
  'administrator',
];

/** Roles that log assists: they work in the field screens. */
export const FIELD_ROLES: readonly Role[] = ['helper', 'team_lead', 'clerk'];

/** Somebody acting under one grant. */
export interface Actor {
  readonly person: PersonId;
  readonly role: Role;
  readonly ward: WardId;
  readonly teams: readonly TeamId[];
  readonly grant: GrantId;
  /** The phone database that speaks, or the office's own replica. */
  readonly replica: ReplicaId;
  /** T9: has passed the must-pass module (safety, personal data). */
  readonly mustPass: boolean;
}
