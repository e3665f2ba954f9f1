import type { DeviceId, PersonId, WardId } from '$lib/domain/record/ids.ts';
import { cleanText } from '$lib/kernel/text/clean-text.ts';
import type { EnrolRequest } from '$lib/protocol/enrol.ts';
import type { Transaction } from '../database/pool.ts';
import { deviceDoorKey, openDoor } from './door-rows.ts';

/** A device of one account, as the door sees it. */
export interface DeviceAtDoor {
  readonly publicKey: string;
  readonly revoked: boolean;
}

/** What the phone calls itself, fit to be stored and shown. */
function labelOf({ deviceLabel }: EnrolRequest): string {
  const cleaned = cleanText(deviceLabel, { most: 80, lines: 'one' });
  return cleaned.ok ? cleaned.value : '';
}

/** Enrols a device for an account, again or for the first time. Returns whether it had been revoked; null: not possible. */
export async function enrolDevice(
  tx: Transaction,
  given: {
    readonly ward: WardId;
    readonly person: PersonId;
    readonly request: EnrolRequest;
    readonly now: Date;
  },
): Promise<boolean | null> {
  const { ward, person, request, now } = given;
  if (!(await openDoor(tx, 'device', deviceDoorKey(request.device, person), { ward, target: person })))
    return null;
  const standing = await readDevice(tx, ward, person, request.device);
  await tx`
    insert into device (ward_id, person_id, device_id, public_key, label, enrolled_at, last_seen_at)
    values (${ward}, ${person}, ${request.device}, ${request.devicePublicKey}, ${labelOf(request)}, ${now}, ${now})
    on conflict (ward_id, person_id, device_id) do update set
      public_key = excluded.public_key, label = excluded.label, enrolled_at = excluded.enrolled_at,
      last_seen_at = excluded.last_seen_at, revoked_at = null, revoked_by = null`;
  return standing?.revoked ?? false;
}

export async function readDevice(
  tx: Transaction,
  ward: WardId,
  person: PersonId,
  device: DeviceId,
): Promise<DeviceAtDoor | null> {
  const [row] = await tx<{ public_key: string; revoked_at: Date | null }[]>`
    select public_key, revoked_at from device
    where ward_id = ${ward} and person_id = ${person} and device_id = ${device}`;
  return row === undefined ? null : { publicKey: row.public_key, revoked: row.revoked_at !== null };
}

export async function noteDeviceSeen(
  tx: Transaction,
  ward: WardId,
  person: PersonId,
  device: DeviceId,
  now: Date,
): Promise<void> {
  await tx`
    update device set last_seen_at = ${now}
    where ward_id = ${ward} and person_id = ${person} and device_id = ${device}`;
}
