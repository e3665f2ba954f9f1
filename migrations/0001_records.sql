-- Rows, history, replicas. PostgreSQL 15 subset; the same file runs embedded and on a cluster.
-- Every table of a ward's data is keyed (ward_id, …) and guarded by row-level security: the application role is neither
-- owner nor superuser, and sees only the wards named by the transaction in app.wards.

do $$
begin
  if not exists (select from pg_roles where rolname = 'xks_app') then
    create role xks_app nologin nobypassrls;
  end if;
  execute format('grant xks_app to %I', current_user);
end
$$;

create function app_wards() returns text[] language sql stable parallel safe as $$
  select coalesce(string_to_array(nullif(current_setting('app.wards', true), ''), ','), '{}'::text[])
$$;

-- A tenant that never changes. What it is called, and when, is data on it.
create table ward (
  ward_id text primary key,
  name text not null,
  -- phường, xã, đặc khu
  word text not null,
  province text not null,
  unit_code text,
  settings jsonb not null default '{}',
  demo boolean not null default false,
  created_at timestamptz not null default now()
);

-- Locked first by every transaction that writes the ward's data; one version is taken for each row written.
create table ward_counter (
  ward_id text primary key references ward,
  version bigint not null default 0
);

-- The present epoch is the newest row. An epoch is a random id, never compared.
create table epoch (
  epoch_id text primary key,
  began_at timestamptz not null default clock_timestamp(),
  place bigint not null unique,
  why text not null
);

-- One table a noun, one shape for all: body = {fields, stamps, sets, clashes, derived}; what queries need is generated.
create table assist (
  ward_id text not null references ward,
  id uuid not null,
  version bigint not null,
  epoch text not null,
  body jsonb not null,
  -- Mutation id → personal values, encrypted under the resident record's key.
  sealed jsonb not null default '{}',
  team text generated always as (body #>> '{fields,team}') stored,
  entered_by text generated always as (body #>> '{fields,enteredBy}') stored,
  resident text generated always as (body #>> '{fields,resident}') stored,
  day text generated always as (body #>> '{derived,day}') stored,
  subject text generated always as (body #>> '{fields,subject}') stored,
  channel text generated always as (body #>> '{fields,channel}') stored,
  outcome text generated always as (body #>> '{fields,outcome}') stored,
  neighbourhood text generated always as (body #>> '{fields,neighbourhood}') stored,
  voided text generated always as (body #>> '{fields,voided}') stored,
  open_clashes integer generated always as (coalesce((body #>> '{derived,openClashes}')::integer, 0)) stored,
  received_at timestamptz not null default now(),
  primary key (ward_id, id)
);
create index assist_by_day on assist (ward_id, day desc, id desc);
create index assist_clashing on assist (ward_id, id) where open_clashes > 0;

create table filing (
  ward_id text not null references ward,
  id uuid not null,
  version bigint not null,
  epoch text not null,
  body jsonb not null,
  sealed jsonb not null default '{}',
  assist text generated always as (body #>> '{fields,assist}') stored,
  resident text generated always as (body #>> '{fields,resident}') stored,
  procedure text generated always as (body #>> '{fields,procedure}') stored,
  code text generated always as (body #>> '{fields,code}') stored,
  submitted_day text generated always as (body #>> '{fields,submittedDay}') stored,
  official_day text generated always as (body #>> '{fields,officialDay}') stored,
  estimate_latest text generated always as (body #>> '{fields,estimate,latest}') stored,
  followed_by text generated always as (body #>> '{fields,followedBy}') stored,
  status text generated always as (body #>> '{derived,status}') stored,
  status_day text generated always as (body #>> '{derived,statusDay}') stored,
  team text generated always as (body #>> '{derived,team}') stored,
  voided boolean generated always as ((body #>> '{fields,voided}')::boolean) stored,
  open_clashes integer generated always as (coalesce((body #>> '{derived,openClashes}')::integer, 0)) stored,
  received_at timestamptz not null default now(),
  primary key (ward_id, id)
);
create index filing_by_assist on filing (ward_id, assist);
create index filing_by_day on filing (ward_id, submitted_day desc, id desc);
create index filing_by_code on filing (ward_id, code) where code is not null;
create index filing_clashing on filing (ward_id, id) where open_clashes > 0;

create table consent (
  ward_id text not null references ward,
  id uuid not null,
  version bigint not null,
  epoch text not null,
  body jsonb not null,
  sealed jsonb not null default '{}',
  assist text generated always as (body #>> '{fields,assist}') stored,
  resident text generated always as (body #>> '{fields,resident}') stored,
  open_clashes integer generated always as (coalesce((body #>> '{derived,openClashes}')::integer, 0)) stored,
  received_at timestamptz not null default now(),
  primary key (ward_id, id)
);

create table person (
  ward_id text not null references ward,
  id uuid not null,
  version bigint not null,
  epoch text not null,
  body jsonb not null,
  sealed jsonb not null default '{}',
  name text generated always as (body #>> '{fields,name}') stored,
  role text generated always as (body #>> '{fields,role}') stored,
  active boolean generated always as ((body #>> '{fields,active}')::boolean) stored,
  open_clashes integer generated always as (coalesce((body #>> '{derived,openClashes}')::integer, 0)) stored,
  received_at timestamptz not null default now(),
  primary key (ward_id, id)
);

create table team (
  ward_id text not null references ward,
  id uuid not null,
  version bigint not null,
  epoch text not null,
  body jsonb not null,
  sealed jsonb not null default '{}',
  name text generated always as (body #>> '{fields,name}') stored,
  active boolean generated always as ((body #>> '{fields,active}')::boolean) stored,
  open_clashes integer generated always as (coalesce((body #>> '{derived,openClashes}')::integer, 0)) stored,
  received_at timestamptz not null default now(),
  primary key (ward_id, id)
);

create table neighbourhood (
  ward_id text not null references ward,
  id uuid not null,
  version bigint not null,
  epoch text not null,
  body jsonb not null,
  sealed jsonb not null default '{}',
  name text generated always as (body #>> '{fields,name}') stored,
  active boolean generated always as ((body #>> '{fields,active}')::boolean) stored,
  open_clashes integer generated always as (coalesce((body #>> '{derived,openClashes}')::integer, 0)) stored,
  received_at timestamptz not null default now(),
  primary key (ward_id, id)
);

-- Which rows lie in which bucket, with the version at which they were last written there. A row that left is `gone`.
create table row_bucket (
  ward_id text not null references ward,
  bucket text not null,
  kind text not null,
  row_id uuid not null,
  version bigint not null,
  gone boolean not null default false,
  primary key (ward_id, bucket, kind, row_id)
);
create index row_bucket_by_version on row_bucket (ward_id, bucket, version);

-- A phone database known to the server. Its delivery token lies here hashed; only revocation turns it.
create table replica (
  ward_id text not null references ward,
  replica_id uuid not null,
  person_id uuid not null,
  device_id uuid,
  token_hash text not null,
  -- The token before this one is honoured until the new one has been used.
  previous_token_hash text,
  last_seq bigint not null default 0,
  revoked_at timestamptz,
  last_seen_at timestamptz,
  skew_ms bigint,
  app_version text,
  created_at timestamptz not null default now(),
  primary key (ward_id, replica_id)
);
create index replica_by_token on replica (token_hash);
create index replica_by_previous_token on replica (previous_token_hash) where previous_token_hash is not null;

-- History: every mutation that was settled, by (replica, seq), with the plain part and the hash of the bytes as sent.
-- The sealed part is kept only as encrypted under its resident record's key (rows, quarantine).
create table mutation (
  ward_id text not null references ward,
  replica_id uuid not null,
  seq bigint not null,
  mutation_id uuid not null,
  person_id uuid not null,
  kind text not null,
  plain jsonb not null,
  hash text not null,
  outcome jsonb not null,
  -- First version of the commit that judged it.
  commit_version bigint not null,
  epoch text not null,
  received_at timestamptz not null default now(),
  primary key (ward_id, replica_id, seq)
);
create unique index mutation_by_id on mutation (ward_id, mutation_id, person_id);
create index mutation_provisional on mutation (ward_id, person_id)
  where outcome ->> 'is' in ('refused', 'held', 'waiting', 'unknown_kind', 'given_up');

-- Rows that a mutation touched: a row's history is read through it.
create table mutation_row (
  ward_id text not null references ward,
  kind text not null,
  row_id uuid not null,
  mutation_id uuid not null,
  version bigint not null,
  primary key (ward_id, kind, row_id, mutation_id)
);

-- What the server would not, or not yet, take: one copy a (mutation id, hash). It outlives the phone.
create table quarantine (
  ward_id text not null references ward,
  mutation_id uuid not null,
  hash text not null,
  replica_id uuid not null,
  seq bigint not null,
  person_id uuid not null,
  -- The envelope's plain text as sent.
  plain text not null,
  -- Personal values encrypted under the resident record's key; or as sent, when the server cannot open them.
  sealed text,
  sealed_as_sent boolean not null default false,
  key_id text,
  resident text,
  why jsonb not null,
  settled_at timestamptz,
  settled_how jsonb,
  received_at timestamptz not null default now(),
  primary key (ward_id, mutation_id, hash)
);
create index quarantine_open on quarantine (ward_id, received_at) where settled_at is null;

-- A key per resident record, wrapped by the server's master key. Destroying it forgets the person; counts stay.
create table resident_key (
  ward_id text not null references ward,
  resident text not null,
  wrapped text,
  erased_at timestamptz,
  primary key (ward_id, resident)
);

-- Phones' data keys, sealed to one of the server's delivery keys.
create table data_key (
  ward_id text not null references ward,
  person_id uuid not null,
  key_id text not null,
  device_id uuid,
  delivery_key_id text not null,
  box text not null,
  seen_at timestamptz not null default now(),
  primary key (ward_id, person_id, key_id)
);

do $$
declare
  name text;
begin
  foreach name in array array['ward', 'ward_counter', 'assist', 'filing', 'consent', 'person', 'team', 'neighbourhood',
    'row_bucket', 'replica', 'mutation', 'mutation_row', 'quarantine', 'resident_key', 'data_key']
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
grant select, insert on epoch to xks_app;
