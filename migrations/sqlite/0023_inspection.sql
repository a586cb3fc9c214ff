-- Inspections (迎检): what a unit is asked to show, item by item, by scoring rules that somebody above made (考核细则). An
-- item is taken out, never deleted.
create table inspection (
  id integer primary key,
  unit_id integer not null references unit (id),
  title text not null,
  from_day text not null,
  to_day text not null,
  created_by integer not null references account (id),
  created_at text not null,
  closed_at text
) strict;
create index inspection_unit on inspection (unit_id);

create table inspection_item (
  id integer primary key,
  inspection_id integer not null references inspection (id),
  position integer not null,
  -- As the rules number it: 1.2, 三（一）.
  number text not null,
  name text not null,
  -- The kinds of material that are asked for, by key, with a space between them.
  materials text not null,
  -- Hundredths of a point: the full ones, and what the unit says of itself with its reason. Both may be left open.
  points integer,
  own_points integer,
  reason text not null,
  removed_at text
) strict;
create index inspection_item_inspection on inspection_item (inspection_id, position);

-- What shows an item: a campaign, a theme, a type, a measure, an indicator, a roster, by key.
create table inspection_proof (
  item_id integer not null references inspection_item (id),
  what text not null,
  key text not null,
  primary key (item_id, what, key)
) strict, without rowid;
