import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Database, Transaction } from '../database/pool.ts';
import { inTransaction } from '../database/transaction.ts';

const instant = z.iso.datetime();

/**
 * What must not come back with an older backup: who was shut out, and whose personal values were erased. Ids and times
 * only. It lies beside the backups, and is written anew whenever it changes.
 */
const registerSchema = z.strictObject({
  format: z.literal(1),
  grants: z.array(
    z.strictObject({
      ward: z.string(),
      grant: z.uuid(),
      endedAt: instant,
      how: z.enum(['transfer', 'revocation']),
    }),
  ),
  devices: z.array(
    z.strictObject({ ward: z.string(), person: z.uuid(), device: z.uuid(), revokedAt: instant }),
  ),
  replicas: z.array(z.strictObject({ ward: z.string(), replica: z.uuid(), revokedAt: instant })),
  residents: z.array(z.strictObject({ ward: z.string(), resident: z.string(), erasedAt: instant })),
});

export type RevocationRegister = z.infer<typeof registerSchema>;

/** Where the register lies: beside the data, and a copy beside the backups. */
export function registerPath(directory: string): string {
  return join(directory, 'register.json');
}

export const EMPTY_REGISTER: RevocationRegister = {
  format: 1,
  grants: [],
  devices: [],
  replicas: [],
  residents: [],
};

const iso = (date: Date): string => date.toISOString();

/**
 * The register as the tables tell it, for the wards of the transaction. A grant that gave way to another of the same
 * person shut nobody out: ended again where the other was forgotten, it would.
 */
export async function readRegister(tx: Transaction): Promise<RevocationRegister> {
  const grants = await tx<{ ward: string; grant: string; at: Date; how: 'transfer' | 'revocation' }[]>`
    select ward_id as ward, grant_id as grant, ended_at as at, ended_how as how from access_grant g
    where ended_at is not null and (ended_how = 'revocation' or not exists (
      select from access_grant n where n.ward_id = g.ward_id and n.person_id = g.person_id and n.ended_at is null))
    order by 1, 2`;
  const devices = await tx<{ ward: string; person: string; device: string; at: Date }[]>`
    select ward_id as ward, person_id as person, device_id as device, revoked_at as at from device
    where revoked_at is not null order by 1, 2, 3`;
  const replicas = await tx<{ ward: string; replica: string; at: Date }[]>`
    select ward_id as ward, replica_id as replica, revoked_at as at from replica where revoked_at is not null order by 1, 2`;
  const residents = await tx<{ ward: string; resident: string; at: Date }[]>`
    select ward_id as ward, resident, erased_at as at from resident_key where erased_at is not null order by 1, 2`;
  return {
    format: 1,
    grants: grants.map(({ ward, grant, at, how }) => ({ ward, grant, endedAt: iso(at), how })),
    devices: devices.map(({ ward, person, device, at }) => ({ ward, person, device, revokedAt: iso(at) })),
    replicas: replicas.map(({ ward, replica, at }) => ({ ward, replica, revokedAt: iso(at) })),
    residents: residents.map(({ ward, resident, at }) => ({ ward, resident, erasedAt: iso(at) })),
  };
}

function union<T extends Record<string, string>>(entries: readonly T[], key: (entry: T) => string): T[] {
  return [...new Map(entries.map((entry) => [key(entry), entry])).values()];
}

/** Nothing that was ever revoked or erased is taken back by merging. */
export function mergeRegisters(registers: readonly RevocationRegister[]): RevocationRegister {
  return {
    format: 1,
    grants: union(
      registers.flatMap((one) => one.grants),
      (entry) => `${entry.ward}/${entry.grant}`,
    ),
    devices: union(
      registers.flatMap((one) => one.devices),
      (entry) => `${entry.ward}/${entry.person}/${entry.device}`,
    ),
    replicas: union(
      registers.flatMap((one) => one.replicas),
      (entry) => `${entry.ward}/${entry.replica}`,
    ),
    residents: union(
      registers.flatMap((one) => one.residents),
      (entry) => `${entry.ward}/${entry.resident}`,
    ),
  };
}

/**
 * Shuts out and erases again, in tables that may know nothing of it; what they do know stays as it is. A device that was
 * enrolled anew after its revocation is not shut out for it.
 */
export async function applyRegister(tx: Transaction, register: RevocationRegister): Promise<void> {
  await tx`
    update access_grant g set ended_at = r."endedAt", ended_how = r.how
    from jsonb_to_recordset(${tx.json(register.grants)}) as r (ward text, "grant" uuid, "endedAt" timestamptz, how text)
    where g.ward_id = r.ward and g.grant_id = r."grant" and g.ended_at is null`;
  await tx`
    update device d set revoked_at = r."revokedAt"
    from jsonb_to_recordset(${tx.json(register.devices)}) as r (ward text, person uuid, device uuid, "revokedAt" timestamptz)
    where d.ward_id = r.ward and d.person_id = r.person and d.device_id = r.device and d.revoked_at is null
      and d.enrolled_at < r."revokedAt"`;
  await tx`
    update invitation i set nonce_hash = null
    from jsonb_to_recordset(${tx.json(register.devices)}) as r (ward text, person uuid, device uuid, "revokedAt" timestamptz)
    where i.ward_id = r.ward and i.person_id = r.person and i.device_id = r.device and i.redeemed_at < r."revokedAt"`;
  await tx`
    update replica p set revoked_at = r."revokedAt"
    from jsonb_to_recordset(${tx.json(register.replicas)}) as r (ward text, replica uuid, "revokedAt" timestamptz)
    where p.ward_id = r.ward and p.replica_id = r.replica and p.revoked_at is null
      and not exists (select from device d where d.ward_id = p.ward_id and d.person_id = p.person_id
        and d.device_id = p.device_id and d.enrolled_at >= r."revokedAt")`;
  await tx`
    insert into resident_key (ward_id, resident, wrapped, erased_at)
    select r.ward, r.resident, null, r."erasedAt"
    from jsonb_to_recordset(${tx.json(register.residents)}) as r (ward text, resident text, "erasedAt" timestamptz)
    join ward w on w.ward_id = r.ward
    on conflict (ward_id, resident) do update set wrapped = null, erased_at = coalesce(resident_key.erased_at, excluded.erased_at)`;
}

/** An unreadable register is a fault, not an empty one: going on would let people back in. */
export function loadRegister(path: string): RevocationRegister {
  if (!existsSync(path)) return EMPTY_REGISTER;
  return registerSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** Does the register of this path again; without one, nothing. Before anybody is answered, and when a restore is proven. */
export async function replayRegister(database: Database, path: string): Promise<void> {
  const register = loadRegister(path);
  const { grants, devices, replicas, residents } = register;
  const wards = new Set([...grants, ...devices, ...replicas, ...residents].map(({ ward }) => ward));
  if (wards.size === 0) return;
  await inTransaction(database, { wards: [...wards] }, (tx) => applyRegister(tx, register));
}

/** Whole or not at all; kept only when it says something new. */
export function saveRegister(path: string, register: RevocationRegister): void {
  const text = JSON.stringify(register);
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  writeFileSync(`${path}.new`, text, { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
}
