-- Key dates (宣传节点). A row without unit is built in and holds for all; else it holds for the unit and all below it.
-- `rule` and `themes` (keys) are JSON.
create table key_date (
  id integer primary key,
  key text not null,
  unit_id integer references unit (id),
  layer text not null,
  name text not null,
  name_en text,
  rule text not null,
  themes text not null,
  lead text not null,
  basis text not null,
  unverified integer not null,
  since integer,
  retired_at text
) strict;
create unique index key_date_key on key_date (key, coalesce(unit_id, 0));

-- A notice that puts other days in the place of a rule's for one year, for the unit that entered it and all below.
create table key_date_override (
  id integer primary key,
  key_date_id integer not null references key_date (id),
  unit_id integer references unit (id),
  year integer not null,
  from_day text not null,
  to_day text not null,
  notice text not null,
  withdrawn_at text
) strict;
create unique index key_date_override_once on key_date_override (key_date_id, year, coalesce(unit_id, 0))
  where withdrawn_at is null;

-- A unit switches a key date from above off, for itself and all below, or on again.
create table key_date_switch (
  key_date_id integer not null references key_date (id),
  unit_id integer not null references unit (id),
  off integer not null,
  primary key (key_date_id, unit_id)
) strict;

-- Statutory holidays (rest), working days made up for them (work), and days that are neither after all (ordinary).
create table holiday (
  id integer primary key,
  day text not null,
  unit_id integer references unit (id),
  kind text not null,
  name text not null,
  name_en text
) strict;
create unique index holiday_once on holiday (day, coalesce(unit_id, 0));

-- Market days (赶场日): the days that end in these digits, 1,4,7; no digits means none.
create table market (
  unit_id integer primary key references unit (id),
  calendar text not null,
  digits text not null
) strict;

-- Days on which a unit and all below it cannot be visited: terms, exam weeks.
create table blackout (
  id integer primary key,
  unit_id integer not null references unit (id),
  from_day text not null,
  to_day text not null,
  reason text not null,
  withdrawn_at text
) strict;
create index blackout_unit on blackout (unit_id, from_day);
