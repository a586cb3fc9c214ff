-- What an indicator counts may be narrowed to activities of a type, and to those in which people take part (1) or are
-- shown something (0).
alter table indicator add column type_id integer references activity_type (id);
alter table indicator add column interactive integer;

-- How a plan's indicators go on in the next plan, as a unit settled it for itself and below: the same one, another one,
-- none (dropped), or one that nothing went before (new). Settled again, the former rows end and stay.
create table indicator_mapping (
  id integer primary key,
  unit_id integer not null references unit (id),
  former_plan_id integer not null references plan (id),
  plan_id integer not null references plan (id),
  former_indicator_id integer references indicator (id),
  indicator_id integer references indicator (id),
  mapped_by integer not null references account (id),
  mapped_at text not null,
  ended_at text
) strict;
create index indicator_mapping_unit on indicator_mapping (unit_id) where ended_at is null;
