import * as z from 'zod/mini';
import { UUID_PATTERN } from '../../kernel/uuid.ts';

/** Ids are UUIDv7 made where the thing is made; branded so that one cannot stand for another. */
const uuid = z.string().check(z.regex(UUID_PATTERN));

export const wardIdSchema = z
  .string()
  .check(z.regex(/^[a-z0-9][a-z0-9-]{1,39}$/))
  .brand<'WardId'>();
export const personIdSchema = uuid.brand<'PersonId'>();
export const teamIdSchema = uuid.brand<'TeamId'>();
export const grantIdSchema = uuid.brand<'GrantId'>();
export const rowIdSchema = uuid.brand<'RowId'>();
export const mutationIdSchema = uuid.brand<'MutationId'>();
export const replicaIdSchema = uuid.brand<'ReplicaId'>();
export const deviceIdSchema = uuid.brand<'DeviceId'>();

/** A tenant. It never changes; administrative units are dated names on it. */
export type WardId = z.infer<typeof wardIdSchema>;
/** A person is also the account: one database on a phone for each. */
export type PersonId = z.infer<typeof personIdSchema>;
export type TeamId = z.infer<typeof teamIdSchema>;
/** One role of one person in one ward over one stretch of time. */
export type GrantId = z.infer<typeof grantIdSchema>;
export type RowId = z.infer<typeof rowIdSchema>;
export type MutationId = z.infer<typeof mutationIdSchema>;
/** One phone database: born with it, never with the device, the account or the session. */
export type ReplicaId = z.infer<typeof replicaIdSchema>;
export type DeviceId = z.infer<typeof deviceIdSchema>;
