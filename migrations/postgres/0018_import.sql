-- Old ledgers that were uploaded: what was sent lies here between preview and storing, and is emptied then. An import's id
-- is the batch of its entries; undone, they are withdrawn, and it stays.
create table import (
  id uuid primary key,
  account_id bigint not null references account (id),
  unit_id bigint not null references unit (id),
  name text not null,
  size bigint not null,
  content bytea,
  choices jsonb not null,
  state text not null,
  accepted bigint not null,
  refused bigint not null,
  already bigint not null,
  entries bigint not null,
  created_at timestamptz not null,
  stored_at timestamptz,
  undone_at timestamptz,
  undone_by bigint references account (id)
);
create index import_unit on import (unit_id, created_at);
create index import_account on import (account_id, created_at);

-- What the columns of a ledger mean, as somebody settled it: kept for the unit's next file with the same heads.
create table import_mapping (
  unit_id bigint not null references unit (id),
  signature text not null,
  columns jsonb not null,
  changed_by bigint not null references account (id),
  changed_at timestamptz not null,
  primary key (unit_id, signature)
);

create index activity_batch on activity (batch_id, day, id) where batch_id is not null;
