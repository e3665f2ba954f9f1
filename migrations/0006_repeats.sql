-- Whether the first answer to an invitation gave old data keys: its repeat gives no more than that.
alter table invitation add column gave_keys boolean not null default true;
