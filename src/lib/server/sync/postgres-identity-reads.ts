import type { PersonId, ReplicaId, WardId } from '$lib/domain/record/ids.ts';
import type { Transaction } from '../database/pool.ts';
import type { EpochRecord, GrantRecord, ReplicaRecord, WardReader } from './store.ts';

interface ReplicaSql {
  replica_id: string;
  person_id: string;
  device_id: string | null;
  token_hash: string;
  previous_token_hash: string | null;
  last_seq: number;
  revoked: boolean;
  last_seen_at: Date | null;
  unsent: number | null;
  skew_ms: number | null;
  app_version: string | null;
  gap_seq: number | null;
}

function toReplica(row: ReplicaSql | undefined): ReplicaRecord | null {
  if (row === undefined) return null;
  return {
    replica: row.replica_id as ReplicaId,
    person: row.person_id as PersonId,
    device: row.device_id as ReplicaRecord['device'],
    tokenHash: row.token_hash,
    previousTokenHash: row.previous_token_hash,
    lastSeq: row.last_seq,
    revoked: row.revoked,
    lastSeenAt: row.last_seen_at?.getTime() ?? null,
    said: { unsent: row.unsent, skewMs: row.skew_ms, app: row.app_version },
    gapSeq: row.gap_seq,
  };
}

function replicaReads(
  tx: Transaction,
  ward: WardId,
): Pick<WardReader, 'replicaByToken' | 'replica' | 'officeReplica'> {
  const columns = tx`replica_id, person_id, device_id, token_hash, previous_token_hash, last_seq, revoked_at is not null as revoked, last_seen_at,
    unsent, skew_ms, app_version, gap_seq`;
  return {
    async replicaByToken(hash) {
      const [row] = await tx<ReplicaSql[]>`
        select ${columns} from replica
        where ward_id = ${ward} and kind = 'phone' and (token_hash = ${hash} or previous_token_hash = ${hash})`;
      return toReplica(row);
    },
    async replica(id) {
      const [row] = await tx<
        ReplicaSql[]
      >`select ${columns} from replica where ward_id = ${ward} and replica_id = ${id}`;
      return toReplica(row);
    },
    async officeReplica() {
      const [row] = await tx<
        ReplicaSql[]
      >`select ${columns} from replica where ward_id = ${ward} and kind = 'office'`;
      return toReplica(row);
    },
  };
}

export async function readEpochs(tx: Transaction): Promise<readonly EpochRecord[]> {
  const rows = await tx<{ epoch_id: string; place: number; began_at: Date }[]>`
    select epoch_id, place, began_at from epoch order by place desc limit 17`;
  return rows.map((row) => ({ id: row.epoch_id, place: row.place, beganAt: row.began_at.getTime() }));
}

/** Who speaks, under what, and where the ward and its epoch stand. */
export function identityReads(
  tx: Transaction,
  ward: WardId,
): Pick<
  WardReader,
  'state' | 'epochs' | 'markOf' | 'replicaByToken' | 'replica' | 'officeReplica' | 'grants' | 'dataKeys'
> {
  return {
    ...replicaReads(tx, ward),
    async state() {
      const [row] = await tx<{ version: number; mark: string | null }[]>`
        select c.version, m.mark from ward_counter c
        left join commit_mark m on m.ward_id = c.ward_id and m.version = c.version where c.ward_id = ${ward}`;
      return { version: row?.version ?? 0, mark: row?.mark ?? '' };
    },
    epochs: () => readEpochs(tx),
    async markOf(version) {
      const [row] = await tx<{ mark: string }[]>`
        select mark from commit_mark where ward_id = ${ward} and version = ${version}`;
      return row?.mark ?? null;
    },
    async grants(person) {
      const rows = await tx<
        {
          grant_id: string;
          role: string;
          teams: string[];
          must_pass: boolean;
          ended_how: GrantRecord['ended'];
        }[]
      >`
        select grant_id, role, teams, must_pass, ended_how from access_grant
        where ward_id = ${ward} and person_id = ${person} order by began_at, grant_id`;
      return rows.map((row) => ({
        grant: row.grant_id as GrantRecord['grant'],
        role: row.role as GrantRecord['role'],
        teams: row.teams as unknown as GrantRecord['teams'],
        mustPass: row.must_pass,
        ended: row.ended_how,
      }));
    },
    async dataKeys(person) {
      const rows = await tx<
        { key_id: string; device_id: string | null; delivery_key_id: string; box: string }[]
      >`
        select key_id, device_id, delivery_key_id, box from data_key where ward_id = ${ward} and person_id = ${person}`;
      return rows.map((row) => ({
        key: row.key_id,
        device: row.device_id as ReplicaRecord['device'],
        to: row.delivery_key_id,
        box: row.box,
      }));
    },
  };
}
