-- What a phone says of itself at its last contact; shown to those who look after devices.
alter table replica
  -- Saves it still holds.
  add column unsent integer,
  -- The first seq that came beyond one that is missing, and when: a leader may close what can never be filled.
  add column gap_seq bigint,
  add column gap_at timestamptz;
create index replica_with_gap on replica (ward_id) where gap_seq is not null;

-- An administrator has taken note of a restore (a new epoch). Until then it stands under what needs attention.
create table epoch_seen (
  ward_id text not null references ward,
  epoch_id text not null,
  seen_by uuid not null,
  seen_at timestamptz not null,
  primary key (ward_id, epoch_id)
);
alter table epoch_seen enable row level security;
alter table epoch_seen force row level security;
create policy own_wards on epoch_seen to xks_app using (ward_id = any (app_wards())) with check (ward_id = any (app_wards()));
grant select, insert on epoch_seen to xks_app;

-- When a demo ward was laid down whole: one that was cut short is finished at the next start. Wards of before count as whole.
alter table ward add column laid_at timestamptz default now();
alter table ward alter column laid_at drop default;

-- Ids of all wards, for jobs that go through them one by one; nothing else about them.
create function ward_ids() returns setof text
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select w.ward_id from public.ward w order by w.ward_id
$$;
revoke all on function ward_ids() from public;
grant execute on function ward_ids() to xks_app;
