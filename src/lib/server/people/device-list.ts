import type { Actor, Role } from '$lib/domain/people/roles.ts';
import type { PersonId, TeamId } from '$lib/domain/record/ids.ts';
import type { Instant } from '$lib/kernel/clock.ts';
import type { AppContext } from '../app-context.ts';
import { type DeviceInList, listPeople } from './people-lists.ts';

/** What a list of devices is looked through for. */
export const DEVICE_LOOKS = ['all', 'unsent', 'silent', 'clock', 'stopped'] as const;
export type DeviceLook = (typeof DEVICE_LOOKS)[number];

/** A phone in use that has not been heard of for so long is worth a call. */
export const SILENT_MS = 7 * 86_400_000;

export interface DeviceFilter {
  readonly team: string | null;
  readonly look: DeviceLook;
  /** Longest silence first. */
  readonly sort: 'newest' | 'oldest';
}

/** One device of the ward with the person who enrolled it. */
export interface WardDevice extends DeviceInList {
  readonly person: PersonId;
  readonly name: string;
  readonly role: Role;
  readonly teams: readonly TeamId[];
}

/** What an address asks for; anything unknown in it asks for nothing. */
export function readDeviceFilter(params: URLSearchParams): DeviceFilter {
  const look = DEVICE_LOOKS.find((one) => one === params.get('look'));
  return {
    team: params.get('team') || null,
    look: look ?? 'all',
    sort: params.get('sort') === 'oldest' ? 'oldest' : 'newest',
  };
}

/** Every device whose person's devices this actor may see. */
export async function listDevices(
  context: Pick<AppContext, 'database'>,
  actor: Actor,
): Promise<readonly WardDevice[]> {
  const people = await listPeople(context, actor);
  return people.flatMap(({ person, name, role, teams, devices }) =>
    (devices ?? []).map((device) => ({ ...device, person, name, role, teams })),
  );
}

const lastHeard = ({ lastSeenAt, enrolledAt }: WardDevice): Instant => (lastSeenAt ?? enrolledAt).getTime();

const LOOKS: Readonly<Record<DeviceLook, (device: WardDevice, now: Instant) => boolean>> = {
  all: () => true,
  unsent: ({ unsent }) => (unsent ?? 0) > 0,
  silent: (device, now) => device.state === 'active' && now - lastHeard(device) >= SILENT_MS,
  clock: ({ skewMs }) => skewMs !== null,
  stopped: ({ state }) => state !== 'active',
};

/** How many there are of each sort: what the ward would be called about. */
export function countDevices(
  devices: readonly WardDevice[],
  now: Instant,
): Readonly<Record<DeviceLook, number>> {
  const count = (look: DeviceLook): number => devices.filter((device) => LOOKS[look](device, now)).length;
  return {
    all: count('all'),
    unsent: count('unsent'),
    silent: count('silent'),
    clock: count('clock'),
    stopped: count('stopped'),
  };
}

export function chooseDevices(
  devices: readonly WardDevice[],
  { team, look, sort }: DeviceFilter,
  now: Instant,
): readonly WardDevice[] {
  const wanted = devices.filter(
    (device) => LOOKS[look](device, now) && (team === null || device.teams.some((own) => own === team)),
  );
  const turn = sort === 'oldest' ? 1 : -1;
  return wanted.sort((a, b) => turn * (lastHeard(a) - lastHeard(b)));
}
