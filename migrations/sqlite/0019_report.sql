-- A report of a unit for a period, as a document. `snapshot` is all its figures as they were read at `snapshot_at`; its texts
-- name them by tokens. `version` is raised by every change. Nothing of it changes once it is signed.
create table report (
  id integer primary key,
  unit_id integer not null references unit (id),
  span text not null,
  from_day text not null,
  style text not null,
  title text not null,
  addressee text not null,
  state text not null,
  snapshot text not null,
  snapshot_at text not null,
  version integer not null,
  made_by integer not null references account (id),
  made_at text not null
) strict;
create index report_unit on report (unit_id, from_day);

-- The texts of a report; a section with nothing to say has no row.
create table report_section (
  report_id integer not null references report (id),
  section text not null,
  body text not null,
  primary key (report_id, section)
) strict, without rowid;

-- Through which states a report went, who took it there, and what was said: why it came back, who signed, whom it was sent to.
create table report_step (
  id integer primary key,
  report_id integer not null references report (id),
  state text not null,
  remark text not null,
  done_by integer not null references account (id),
  done_at text not null
) strict;
create index report_step_report on report_step (report_id, id);

-- Figures of other offices with their source, person and day; `number` is theirs within the report.
create table report_quote (
  report_id integer not null references report (id),
  number integer not null,
  name text not null,
  figure text not null,
  unit_word text not null,
  source text not null,
  person text not null,
  day text not null,
  added_by integer not null references account (id),
  withdrawn_at text,
  primary key (report_id, number)
) strict, without rowid;
