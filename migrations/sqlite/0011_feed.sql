-- Calendar feeds: who holds the secret address (only its SHA-256 is kept) reads what the feed's owner may read, of one
-- unit and below, or without a unit the owner's own sessions.
create table feed (
  id integer primary key,
  hash blob not null unique,
  account_id integer not null references account (id),
  unit_id integer references unit (id),
  created_at text not null,
  revoked_at text
) strict;
create index feed_account on feed (account_id);
create index feed_unit on feed (unit_id) where unit_id is not null;
