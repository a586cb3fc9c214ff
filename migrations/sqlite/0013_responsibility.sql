-- The responsibility list (谁执法谁普法): who publicises what, to whom, until when. A row is closed, never deleted.
create table responsibility (
  id integer primary key,
  unit_id integer not null references unit (id),
  year integer not null,
  content text not null,
  lead text not null,
  audience text not null,
  medium text not null,
  standard text not null,
  deadline text not null,
  closed_at text,
  created_at text not null
) strict;
create index responsibility_unit on responsibility (unit_id, year);

-- The campaigns by which a row is done.
create table responsibility_campaign (
  responsibility_id integer not null references responsibility (id),
  campaign_id integer not null references campaign (id),
  primary key (responsibility_id, campaign_id)
) strict;
