-- Countdowns as templates. A row without unit is built in; one without key date is for any campaign. A unit's row holds for it
-- and all below. `day_d` is a month and day, 12-04, or empty; `steps` is JSON.
create table countdown_template (
  id integer primary key,
  unit_id integer references unit (id),
  key_date_id integer references key_date (id),
  day_d text not null,
  steps text not null,
  withdrawn_at text
) strict;
create unique index countdown_template_once on countdown_template (coalesce(unit_id, 0), coalesce(key_date_id, 0))
  where withdrawn_at is null;

-- Feeds tell a calendar by it that a task was moved, done or dropped.
alter table campaign_task add column sequence integer not null default 0;
