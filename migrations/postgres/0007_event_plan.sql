-- Where an event is held, whether it is a draft (草稿: seen by who plans until it is released), and the series that it
-- belongs to. `rule` is JSON: how the days of the series were found.
create table event_series (
  id uuid primary key,
  campaign_id bigint not null references campaign (id),
  rule jsonb not null,
  created_by bigint not null references account (id),
  created_at timestamptz not null
);
alter table event add column place text not null default '';
alter table event add column draft boolean not null default false;
alter table event add column series_id uuid references event_series (id);
create index event_series_days on event (series_id, day) where series_id is not null;
create index event_day on event (day);
