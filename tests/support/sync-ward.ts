import type { Role } from '../../src/lib/domain/people/roles.ts';
import type { WardId } from '../../src/lib/domain/record/ids.ts';
import type { ConfirmedRow } from '../../src/lib/domain/record/row.ts';
import { sha256, toBase64url, utf8 } from '../../src/lib/kernel/bytes.ts';
import type { Random } from '../../src/lib/kernel/random.ts';
import { makeKeyRing, type KeyRing, serverKeys } from '../../src/lib/server/keys/server-keys.ts';
import { meetEpoch } from '../../src/lib/server/sync/epochs.ts';
import type { RoundWorld } from '../../src/lib/server/sync/round-call.ts';
import type { QuarantineEntry } from '../../src/lib/server/sync/store.ts';
import { mutationMaker, type MutationMaker, seededRandom, steppingClock } from './sync-mutations.ts';
import { type PhoneIdentity, WirePhone } from './sync-phone.ts';
import type { WardPicture } from './ward-picture.ts';

/** What a test does to a server behind its back: the door's tables, backups, a look at what is really stored. */
export interface SyncBackstage {
  readonly world: RoundWorld;
  foundWard(ward: string): Promise<void>;
  /** A grant that runs; one that ran before ends in the way given. */
  grant(identity: PhoneIdentity, role: Role, endsEarlier?: 'transfer' | 'revocation'): Promise<void>;
  endGrant(identity: PhoneIdentity, how: 'transfer' | 'revocation'): Promise<void>;
  addReplica(identity: PhoneIdentity, tokenHash: string): Promise<void>;
  revoke(identity: PhoneIdentity): Promise<void>;
  backup(): Promise<() => Promise<void>>;
  rows(ward: string): Promise<readonly ConfirmedRow[]>;
  quarantine(ward: string): Promise<readonly QuarantineEntry[]>;
  picture(ward: string): Promise<WardPicture>;
}

export interface SyncMeans {
  readonly clock: ReturnType<typeof steppingClock>;
  readonly random: Random;
  readonly ring: KeyRing;
}

/** A server with people and phones, on whichever store. */
export interface SyncServer extends SyncBackstage {
  readonly clock: SyncMeans['clock'];
  readonly random: Random;
  readonly make: MutationMaker;
  person(ward: string, given?: { role?: Role; team?: string }): Promise<PhoneIdentity>;
  phone(identity: PhoneIdentity): Promise<WirePhone>;
  /** The secrets as a server that has just started holds them: nothing opened yet. */
  freshKeys(): RoundWorld['keys'];
  /** Another phone database of the same account and device. */
  enrolAgain(identity: PhoneIdentity): Promise<PhoneIdentity>;
}

export async function syncMeans(seed: number): Promise<SyncMeans> {
  const clock = steppingClock();
  const random = seededRandom(seed);
  return { clock, random, ring: await makeKeyRing(random, clock.now()) };
}

export async function syncServer(means: SyncMeans, backstage: SyncBackstage): Promise<SyncServer> {
  const { clock, random } = means;
  const make = mutationMaker(clock, random);
  await meetEpoch(backstage.world);
  const token = (ward: string): string => `${ward}.${toBase64url(random.bytes(32))}`;
  const add = async (identity: PhoneIdentity): Promise<PhoneIdentity> => {
    await backstage.addReplica(identity, await sha256(utf8(identity.token)));
    return identity;
  };
  return {
    ...backstage,
    clock,
    random,
    make,
    freshKeys: () => worldKeys(means),
    person: async (ward, given = {}) => {
      const identity = {
        ward,
        person: make.id(),
        grant: make.id(),
        team: given.team ?? make.id(),
        replica: make.id(),
        device: make.id(),
        token: token(ward),
      };
      await backstage.grant(identity, given.role ?? 'helper');
      return add(identity);
    },
    enrolAgain: (identity) => add({ ...identity, replica: make.id(), token: token(identity.ward) }),
    phone: async (identity) => {
      const phone = new WirePhone(backstage.world, identity, random);
      await phone.makeKey();
      return phone;
    },
  };
}

export function worldKeys(means: SyncMeans): RoundWorld['keys'] {
  return serverKeys(means.ring, means.random);
}

export const WARD = 'phuong-mau' as WardId;
