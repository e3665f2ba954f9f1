-- The sync server's own tables, beside those of 0001.

alter table replica add column kind text not null default 'phone' check (kind in ('phone', 'office'));
-- The office writes through a replica of its own, one a ward.
create unique index replica_of_office on replica (ward_id) where kind = 'office';

-- A random mark for each commit. A receipt names the newest: a mark that the tables do not hold proves a restore.
create table commit_mark (
  ward_id text not null references ward,
  version bigint not null,
  mark text not null,
  at timestamptz not null,
  primary key (ward_id, version)
);

-- Signing keys that this database has met. A start with another one takes a new epoch.
create table signing_key (
  key_id text primary key,
  met_at timestamptz not null
);

-- A seq under which a mutation came again that was known already (a fork, a copied phone). Its outcome is the original's,
-- but for other bytes under a known id: those have an outcome of their own.
create table mutation_alias (
  ward_id text not null references ward,
  replica_id uuid not null,
  seq bigint not null,
  mutation_id uuid not null,
  person_id uuid not null,
  hash text not null,
  outcome jsonb,
  commit_version bigint not null,
  received_at timestamptz not null,
  primary key (ward_id, replica_id, seq)
);

alter table mutation
  -- The refused mutation it mends or discards.
  add column mends uuid,
  -- For a refused one: the applied mutation that mended it.
  add column mended_by uuid,
  -- Set when a provisional outcome became final: the version of that commit.
  add column resettled_version bigint;
create index mutation_resettled on mutation (ward_id, person_id, resettled_version) where resettled_version is not null;
create index mutation_unjudged on mutation (ward_id, (outcome ->> 'is')) where outcome ->> 'is' in ('waiting', 'unknown_kind');
create index mutation_behind on mutation (ward_id, (coalesce(outcome ->> 'behind', outcome ->> 'for')))
  where outcome ->> 'is' in ('held', 'waiting');

-- History's personal values, under the resident record's key.
alter table mutation_row add column sealed text;

alter table row_bucket
  -- Order of the first pull: open ones (0) before the rest (1).
  add column rank smallint not null default 1;
create index row_bucket_backfill on row_bucket (ward_id, bucket, rank, row_id desc, kind) where not gone;

alter table quarantine
  add column version bigint not null default 0,
  -- `kind/id` of the rows it would have created: what names them is held behind it.
  add column creates text[] not null default '{}',
  -- True: `plain` is a JSON string of the text, because it holds what PostgreSQL cannot (NUL, lone surrogates).
  add column plain_escaped boolean not null default false,
  drop constraint quarantine_pkey,
  -- Whoever sends somebody else's bytes does not take the author's place.
  add primary key (ward_id, mutation_id, hash, person_id);
create index quarantine_creates on quarantine using gin (creates) where settled_at is null;

do $$
declare
  name text;
begin
  foreach name in array array['commit_mark', 'mutation_alias']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy own_wards on %I to xks_app using (ward_id = any (app_wards())) with check (ward_id = any (app_wards()))',
      name);
    execute format('grant select, insert, update, delete on %I to xks_app', name);
  end loop;
end
$$;
grant select, insert on signing_key to xks_app;
