-- A month or a year that an officer closed for a unit and all below it. It is opened again, never deleted.
create table closing (
  id integer primary key,
  unit_id integer not null references unit (id),
  from_day text not null,
  to_day text not null,
  closed_by integer not null references account (id),
  closed_at text not null,
  reopened_by integer references account (id),
  reopened_at text,
  reopen_reason text
) strict;
create unique index closing_once on closing (unit_id, from_day, to_day) where reopened_at is null;

-- Until a day, a unit and all below it may still enter what lies in part of a closed period; the entries are late.
create table closing_unlock (
  id integer primary key,
  closing_id integer not null references closing (id),
  unit_id integer not null references unit (id),
  from_day text not null,
  to_day text not null,
  until_day text not null,
  reason text not null,
  unlocked_by integer not null references account (id),
  unlocked_at text not null,
  ended_by integer references account (id),
  ended_at text
) strict;
create index closing_unlock_closing on closing_unlock (closing_id);

-- What officers said of an entry's version: accepted, or returned with preset reasons (keys with commas) and words.
create table activity_review (
  id integer primary key,
  activity_id blob not null references activity (id),
  version integer not null,
  verdict text not null,
  reasons text not null,
  remark text not null,
  reviewed_by integer not null references account (id),
  reviewed_at text not null
) strict;
create index activity_review_activity on activity_review (activity_id, id);

-- The same event logged by two units, made one entry. `kept_version` is the version that the merge made of the entry
-- that was kept, `kept_before` the entry before it, `evidence` the ids that were linked to it; for undoing.
create table activity_merge (
  id integer primary key,
  kept_id blob not null references activity (id),
  merged_id blob not null references activity (id),
  kept_version integer not null,
  kept_before text not null,
  merged_status text not null,
  evidence text not null,
  merged_by integer not null references account (id),
  merged_at text not null,
  undone_by integer references account (id),
  undone_at text
) strict;
create index activity_merge_kept on activity_merge (kept_id);
create unique index activity_merge_once on activity_merge (merged_id) where undone_at is null;

-- Two entries that look like doubles and are none: said once, not offered again. `first_id` is the lesser id.
create table double_dismissed (
  first_id blob not null references activity (id),
  second_id blob not null references activity (id),
  dismissed_by integer not null references account (id),
  dismissed_at text not null,
  primary key (first_id, second_id)
) strict, without rowid;

-- What waits for a look, and what went back to its author: few of many.
create index activity_waiting on activity (unit_id, day, id) where status = 'submitted';
create index activity_returned on activity (unit_id, day) where status = 'returned';
