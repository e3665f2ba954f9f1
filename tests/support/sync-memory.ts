import type { GrantRecord } from '../../src/lib/server/sync/store.ts';
import { MemoryStore } from '../simulation/memory-store.ts';
import type { PhoneIdentity } from './sync-phone.ts';
import { syncMeans, syncServer, type SyncServer, worldKeys } from './sync-ward.ts';

function ended(list: readonly GrantRecord[], how: 'transfer' | 'revocation'): GrantRecord[] {
  return list.map((grant) => (grant.ended === null ? { ...grant, ended: how } : grant));
}

/** A server on the simulator's store. */
export async function memoryServer(seed = 1): Promise<SyncServer & { readonly store: MemoryStore }> {
  const means = await syncMeans(seed);
  const store = new MemoryStore();
  const world = { store, keys: worldKeys(means), clock: means.clock, random: means.random };
  /** From what the tables hold now: a restore puts grants back too. */
  const changeGrants = async (
    { ward, person }: PhoneIdentity,
    change: (standing: readonly GrantRecord[]) => readonly GrantRecord[],
  ): Promise<void> => {
    const standing = await store.read(ward as never, (tx) => tx.grants(person as never));
    await store.setGrants(ward as never, person as never, change(standing));
  };
  const replicaOf = ({ replica, person, device }: PhoneIdentity, tokenHash: string, revoked: boolean) => ({
    replica: replica as never,
    person: person as never,
    device: device as never,
    tokenHash,
    previousTokenHash: null,
    lastSeq: 0,
    revoked,
    lastSeenAt: null,
    said: { unsent: null, skewMs: null, app: null },
    gapSeq: null,
  });
  const server = await syncServer(means, {
    world,
    foundWard: (ward) => {
      store.foundWard(ward as never);
      return Promise.resolve();
    },
    grant: (identity, role, endsEarlier = 'transfer') => {
      const fresh: GrantRecord = {
        grant: identity.grant as never,
        role,
        teams: [identity.team as never],
        mustPass: true,
        ended: null,
      };
      return changeGrants(identity, (standing) => [...ended(standing, endsEarlier), fresh]);
    },
    endGrant: (identity, how) => changeGrants(identity, (standing) => ended(standing, how)),
    addReplica: (identity, tokenHash) =>
      store.setReplica(identity.ward as never, replicaOf(identity, tokenHash, false)),
    revoke: async (identity) => {
      const ward = identity.ward as never;
      const standing = await store.read(ward, (tx) => tx.replica(identity.replica as never));
      if (standing) await store.setReplica(ward, { ...standing, revoked: true });
    },
    backup: () => {
      const kept = store.backup();
      return Promise.resolve(() => {
        store.restore(kept);
        return Promise.resolve();
      });
    },
    rows: (ward) => Promise.resolve(store.rowsOf(ward as never)),
    quarantine: (ward) => Promise.resolve(store.quarantineOf(ward as never)),
    picture: (ward) => Promise.resolve(store.pictureOf(ward as never)),
  });
  return { ...server, store };
}
