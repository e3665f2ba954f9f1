-- The data key that the device vouched for when it signed for this session: rows come down under no other.
alter table session add column key_mark text;
