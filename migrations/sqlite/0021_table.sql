-- Statistical tables: forms whose columns are formulas, where a unit's months end, what was sent as it was sent, and the files
-- that a county wants filled.
create table table_form (
  id integer primary key,
  unit_id integer not null references unit (id),
  name text not null,
  columns text not null,
  changed_by integer not null references account (id),
  changed_at text not null,
  retired_at text
) strict;
create index table_form_unit on table_form (unit_id);

-- The last day of a month's figures, for a unit and all below it; without a day: the calendar's month.
create table month_end (
  unit_id integer primary key references unit (id),
  day integer,
  changed_by integer not null references account (id),
  changed_at text not null
) strict;

create table table_sent (
  id blob primary key,
  unit_id integer not null references unit (id),
  title text not null,
  question text not null,
  content text not null,
  note text not null,
  sent_by integer not null references account (id),
  sent_at text not null
) strict;
create index table_sent_unit on table_sent (unit_id, sent_at);

create table table_template (
  id blob primary key,
  unit_id integer not null references unit (id),
  name text not null,
  content blob not null,
  mapping text not null,
  changed_by integer not null references account (id),
  changed_at text not null,
  retired_at text
) strict;
create index table_template_unit on table_template (unit_id);
