-- What a round looks up must not cost more as a ward's history grows.

-- Rows that a mutation touched, asked for by every answer that brings one's own rows. There was only the row's own key:
-- each of five hundred look-ups went through the whole of the ward's history, until the statement's time ran out.
create index mutation_row_by_mutation on mutation_row (ward_id, mutation_id);

-- Where a row lies is asked for every row written. Buckets by name have indexes of their own.
alter table row_bucket drop constraint row_bucket_pkey;
alter table row_bucket add primary key (ward_id, row_id, kind, bucket);
