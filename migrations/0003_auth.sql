-- Who may come in: grants, devices, invitations, sessions, passwords, limits, and what happened at the door.
-- Secrets lie here only as SHA-256 (random ones) or Argon2id (passwords). Bearer secrets begin with the ward's id, so
-- that the transaction's scope is known before anything is looked up; see ward_door for what a person types.

-- One role of one person over one stretch of time. Authority is read here, never from what a phone says.
create table access_grant (
  ward_id text not null references ward,
  grant_id uuid not null,
  person_id uuid not null,
  role text not null,
  teams text[] not null default '{}',
  -- T9: passed the must-pass module. Until the module comes everybody counts as having passed.
  must_pass boolean not null default true,
  began_at timestamptz not null,
  ended_at timestamptz,
  -- transfer: what was made under it is honoured. revocation: it goes to quarantine.
  ended_how text check (ended_how in ('transfer', 'revocation')),
  primary key (ward_id, grant_id),
  check ((ended_at is null) = (ended_how is null))
);
create unique index access_grant_present on access_grant (ward_id, person_id) where ended_at is null;

-- A browser or phone enrolled for one account; two people on one phone are two rows. The key signs session challenges.
create table device (
  ward_id text not null references ward,
  person_id uuid not null,
  device_id uuid not null,
  public_key text not null,
  label text not null,
  enrolled_at timestamptz not null,
  last_seen_at timestamptz,
  revoked_at timestamptz,
  revoked_by uuid,
  primary key (ward_id, person_id, device_id)
);

-- An invitation redeems once, within ten minutes and five tries; its answer can be had again with the same nonce.
create table invitation (
  ward_id text not null references ward,
  invitation_id uuid not null,
  person_id uuid not null,
  code_hash text not null,
  made_by uuid not null,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  tries integer not null default 0,
  -- Our half of the delivery token: SHA-256(salt, code, nonce, replica). The token itself lies nowhere.
  salt text not null,
  redeemed_at timestamptz,
  nonce_hash text,
  replica_id uuid,
  device_id uuid,
  primary key (ward_id, invitation_id)
);

-- Sessions of office browsers and of unlocked phones. Absolute lifetime; looked up on every request.
create table session (
  ward_id text not null references ward,
  token_hash text not null,
  session_id uuid not null,
  person_id uuid not null,
  grant_id uuid not null,
  -- The enrolled device, or the browser's mark: a session works nowhere else.
  device_id uuid,
  mark_hash text,
  -- A new epoch (restore) ends all sessions.
  epoch text,
  began_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  primary key (ward_id, token_hash),
  check ((device_id is null) <> (mark_hash is null))
);
create index session_by_person on session (ward_id, person_id) where ended_at is null;

create table credential (
  ward_id text not null references ward,
  person_id uuid not null,
  -- As typed in, for the administrator's list; ward_door finds it.
  login text not null,
  password_hash text not null,
  -- The first password, or one set by an administrator, is changed before anything else is done.
  must_change boolean not null,
  changed_at timestamptz not null,
  primary key (ward_id, person_id)
);

-- A browser that this account has signed in from before: strangers' wrong tries do not lock it out.
create table known_browser (
  ward_id text not null references ward,
  person_id uuid not null,
  mark_hash text not null,
  seen_at timestamptz not null,
  primary key (ward_id, person_id, mark_hash)
);

-- One use, 60 seconds, bound to account and device.
create table challenge (
  ward_id text not null references ward,
  challenge_hash text not null,
  person_id uuid not null,
  device_id uuid not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (ward_id, challenge_hash)
);

-- What happened at the door. Ids only; added, never changed.
create table auth_event (
  ward_id text not null references ward,
  event_id uuid not null,
  at timestamptz not null,
  what text not null,
  -- Whom it concerns, and who did it.
  person_id uuid,
  actor_id uuid,
  device_id uuid,
  detail jsonb not null default '{}',
  primary key (ward_id, event_id)
);
create index auth_event_by_time on auth_event (ward_id, at desc);

do $$
declare
  name text;
begin
  foreach name in array array['access_grant', 'device', 'invitation', 'session', 'credential', 'known_browser', 'challenge', 'auth_event']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy own_wards on %I to xks_app using (ward_id = any (app_wards())) with check (ward_id = any (app_wards()))',
      name);
  end loop;
end
$$;
grant select, insert, update, delete on access_grant, device, invitation, session, credential, known_browser, challenge to xks_app;
grant select, insert on auth_event to xks_app;

-- Which ward a typed code, a login name or a device belongs to, before any ward is known. Holds hashes and ward ids,
-- nothing personal. The application sees and writes the rows of its own wards like anywhere else; across wards looks only
-- the function below, which runs as the owner of the tables and answers one exact hash.
create table ward_door (
  kind text not null check (kind in ('code', 'login', 'device')),
  hash text not null,
  ward_id text not null references ward,
  -- The row it opens: invitation, or person.
  target uuid not null,
  expires_at timestamptz,
  primary key (kind, hash)
);
create index ward_door_by_target on ward_door (ward_id, target);
alter table ward_door enable row level security;
alter table ward_door force row level security;
create policy own_wards on ward_door to xks_app using (ward_id = any (app_wards())) with check (ward_id = any (app_wards()));
create policy look_up on ward_door for select to current_user using (true);
grant select, insert, update, delete on ward_door to xks_app;

create function ward_behind(door_kind text, door_hash text) returns table (ward_id text, target uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select d.ward_id, d.target from public.ward_door d where d.kind = door_kind and d.hash = door_hash
$$;
revoke all on function ward_behind(text, text) from public;
grant execute on function ward_behind(text, text) to xks_app;

-- What the first page may say to anybody: the units' names. Not their settings.
create policy look_up on ward for select to current_user using (true);
create function wards_in_front() returns table (ward_id text, name text, word text, demo boolean)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select w.ward_id, w.name, w.word, w.demo from public.ward w order by w.created_at, w.ward_id limit 20
$$;
revoke all on function wards_in_front() from public;
grant execute on function wards_in_front() to xks_app;

-- Token buckets, shared by all nodes. Keys are hashes of account, address, browser; no ward is known yet.
create table rate_limit (
  key text primary key,
  tokens double precision not null,
  at timestamptz not null
);
create index rate_limit_by_age on rate_limit (at);
grant select, insert, update, delete on rate_limit to xks_app;
