-- Where an event is held, whether it is a draft (草稿: seen by who plans until it is released), and the series that it
-- belongs to. `rule` is JSON: how the days of the series were found.
create table event_series (
  id blob primary key,
  campaign_id integer not null references campaign (id),
  rule text not null,
  created_by integer not null references account (id),
  created_at text not null
) strict;
alter table event add column place text not null default '';
alter table event add column draft integer not null default 0;
alter table event add column series_id blob references event_series (id);
create index event_series_days on event (series_id, day) where series_id is not null;
create index event_day on event (day);
