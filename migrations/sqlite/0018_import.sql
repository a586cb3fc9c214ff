-- Old ledgers that were uploaded: what was sent lies here between preview and storing, and is emptied then. An import's id
-- is the batch of its entries; undone, they are withdrawn, and it stays.
create table import (
  id blob primary key,
  account_id integer not null references account (id),
  unit_id integer not null references unit (id),
  name text not null,
  size integer not null,
  content blob,
  choices text not null,
  state text not null,
  accepted integer not null,
  refused integer not null,
  already integer not null,
  entries integer not null,
  created_at text not null,
  stored_at text,
  undone_at text,
  undone_by integer references account (id)
) strict;
create index import_unit on import (unit_id, created_at);
create index import_account on import (account_id, created_at);

-- What the columns of a ledger mean, as somebody settled it: kept for the unit's next file with the same heads.
create table import_mapping (
  unit_id integer not null references unit (id),
  signature text not null,
  columns text not null,
  changed_by integer not null references account (id),
  changed_at text not null,
  primary key (unit_id, signature)
) strict, without rowid;

create index activity_batch on activity (batch_id, day, id) where batch_id is not null;
