import { sha256, toBase64url, utf8 } from '../../src/lib/kernel/bytes.ts';
import type { Random } from '../../src/lib/kernel/random.ts';
import { makeKeyRing, serverKeys, type ServerKeys } from '../../src/lib/server/keys/server-keys.ts';
import { meetEpoch } from '../../src/lib/server/sync/epochs.ts';
import type { OfficeWorld } from '../../src/lib/server/sync/office-door.ts';
import { postgresStore } from '../../src/lib/server/sync/postgres-store.ts';
import type { TestDatabase } from './database.ts';
import { mutationMaker, type MutationMaker, seededRandom, steppingClock } from './sync-mutations.ts';
import { type PhoneIdentity, WirePhone } from './sync-phone.ts';

/** A server on real PostgreSQL, with wards and people put there behind its back. */
export interface SyncServer {
  readonly db: TestDatabase;
  readonly world: OfficeWorld;
  readonly clock: ReturnType<typeof steppingClock>;
  readonly random: Random;
  readonly make: MutationMaker;
  ward(id: string): Promise<void>;
  person(ward: string, given?: { role?: string; team?: string }): Promise<PhoneIdentity>;
  phone(identity: PhoneIdentity): Promise<WirePhone>;
  enrol(identity: PhoneIdentity): Promise<void>;
}

async function insertPhone(db: TestDatabase, identity: PhoneIdentity): Promise<void> {
  const { ward, replica, person, device, token } = identity;
  await db.superuser.pool`
    insert into replica (ward_id, replica_id, person_id, device_id, token_hash)
    values (${ward}, ${replica}, ${person}, ${device}, ${await sha256(utf8(token))})`;
}

export async function syncServer(db: TestDatabase, seed = 1, keys?: ServerKeys): Promise<SyncServer> {
  const clock = steppingClock();
  const random = seededRandom(seed);
  const make = mutationMaker(clock, random);
  const ring = keys ?? serverKeys(await makeKeyRing(random, clock.now()), random);
  const world = { store: postgresStore(db.web), keys: ring, clock, random };
  await meetEpoch(world);
  return {
    db,
    world,
    clock,
    random,
    make,
    ward: async (id) => {
      await db.superuser.pool`insert into ward (ward_id, name, word, province) values (${id}, 'Mẫu', 'phường', 'Tỉnh Mẫu')`;
      await db.superuser.pool`insert into ward_counter (ward_id) values (${id})`;
    },
    person: async (ward, given = {}) => {
      const identity: PhoneIdentity = {
        ward,
        person: make.id(),
        grant: make.id(),
        team: given.team ?? make.id(),
        replica: make.id(),
        device: make.id(),
        token: `${ward}.${toBase64url(random.bytes(32))}`,
      };
      await db.superuser.pool`
        insert into access_grant (ward_id, grant_id, person_id, role, teams, began_at)
        values (${ward}, ${identity.grant}, ${identity.person}, ${given.role ?? 'helper'}, ${[identity.team]}, now())`;
      await insertPhone(db, identity);
      return identity;
    },
    enrol: (identity) => insertPhone(db, identity),
    phone: async (identity) => {
      const phone = new WirePhone(world, identity, random);
      await phone.makeKey();
      return phone;
    },
  };
}
