-- In which order a unit, and all below it, reads one kind of entry of the catalogue (measure, type, theme): the ids, the
-- first one first: 3,1,7. What is not named follows in its former order; an empty list is no order of its own.
create table unit_order (
  unit_id bigint not null references unit (id),
  kind text not null,
  ids text not null,
  primary key (unit_id, kind)
);
