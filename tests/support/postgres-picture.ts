import { ROW_KINDS } from '../../src/lib/domain/record/row.ts';
import type { Json } from '../../src/lib/kernel/json.ts';
import type { TestDatabase } from './open-test-database.ts';
import type { WardPicture } from './ward-picture.ts';

const at = (column: string): string => `(extract(epoch from ${column}) * 1000)::bigint`;

const ROWS = ROW_KINDS.map(
  (kind) => `
  select '${kind}/' || id, body - 'derived' || jsonb_build_object(
    'kind', '${kind}', 'id', id, 'sealed', sealed, 'version', version, 'epoch', epoch)
  from ${kind} where ward_id = $1`,
).join(' union all ');

/** Past the store's own reads, in the names of its port. */
const TABLES: Readonly<Record<string, string>> = {
  mark: `select version::text, to_jsonb(mark) from commit_mark where ward_id = $1`,
  row: ROWS,
  bucket: `
    select bucket || '|' || kind || '/' || row_id, jsonb_build_object(
      'bucket', bucket, 'kind', kind, 'id', row_id, 'version', version, 'gone', gone, 'rank', rank)
    from row_bucket where ward_id = $1`,
  mutation: `
    select replica_id || '|' || seq, jsonb_build_object(
      'replica', replica_id, 'seq', seq, 'id', mutation_id, 'person', person_id, 'kind', kind, 'plain', plain,
      'hash', hash, 'outcome', outcome, 'commit', commit_version, 'mends', mends, 'mendedBy', mended_by,
      'resettledVersion', resettled_version)
    from mutation where ward_id = $1`,
  alias: `
    select replica_id || '|' || seq, jsonb_build_object(
      'replica', replica_id, 'seq', seq, 'id', mutation_id, 'person', person_id, 'hash', hash, 'outcome', outcome,
      'commit', commit_version)
    from mutation_alias where ward_id = $1`,
  touched: `select mutation_id || ' ' || kind || '/' || row_id, 'true'::jsonb from mutation_row where ward_id = $1`,
  quarantine: `
    select mutation_id || '|' || hash || '|' || person_id, jsonb_build_object(
      'id', mutation_id, 'hash', hash, 'replica', replica_id, 'seq', seq, 'person', person_id,
      'plain', case when plain_escaped then plain::jsonb else to_jsonb(plain) end, 'sealed', sealed,
      'asSent', sealed_as_sent, 'keyId', key_id, 'resident', resident, 'outcome', why, 'creates', creates,
      'version', version, 'receivedAt', ${at('received_at')}, 'settled', settled_how)
    from quarantine where ward_id = $1`,
  'resident key': `select resident, to_jsonb(wrapped) from resident_key where ward_id = $1`,
  replica: `
    select replica_id::text, jsonb_build_object(
      'replica', replica_id, 'person', person_id, 'device', device_id, 'tokenHash', token_hash,
      'previousTokenHash', previous_token_hash, 'lastSeq', last_seq, 'revoked', revoked_at is not null,
      'lastSeenAt', ${at('last_seen_at')}, 'said', jsonb_build_object('unsent', unsent, 'skewMs', skew_ms, 'app', app_version),
      'gapSeq', gap_seq)
    from replica where ward_id = $1`,
  grant: `
    select person_id || ' ' || grant_id, jsonb_build_object(
      'grant', grant_id, 'role', role, 'teams', teams, 'mustPass', must_pass, 'ended', ended_how)
    from access_grant where ward_id = $1`,
  'data key': `
    select person_id || '|' || key_id, jsonb_build_object(
      'key', key_id, 'to', delivery_key_id, 'box', box, 'person', person_id, 'device', device_id)
    from data_key where ward_id = $1`,
  epoch: `select epoch_id, jsonb_build_object('id', epoch_id, 'place', place, 'beganAt', ${at('began_at')}) from epoch`,
  'signing key': `select key_id, 'true'::jsonb from signing_key`,
};

const WARD = `
  select 'ward' as name, jsonb_build_object('version', version, 'office', (
    select replica_id from replica r where r.ward_id = c.ward_id and r.kind = 'office')) as value
  from ward_counter c where ward_id = $1`;

const ALL = [
  WARD,
  ...Object.entries(TABLES).map(
    ([what, select]) =>
      `select '${what} ' || key, value from (${select}) as ${what.replace(' ', '_')}_all (key, value)`,
  ),
].join(' union all ');

/** The picture of a ward that lies in PostgreSQL. */
export async function postgresPicture(db: TestDatabase, ward: string): Promise<WardPicture> {
  const lines = await db.superuser.pool.unsafe<{ name: string; value: Json }[]>(ALL, [ward]);
  return new Map(lines.map(({ name, value }) => [name, value]));
}
