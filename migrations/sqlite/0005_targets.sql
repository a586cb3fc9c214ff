-- A target that is no longer asked for stays: it is ended, not deleted. Of those that hold, there is one for a plan,
-- an indicator, a unit and a year.
alter table target add column ended_at text;
drop index target_once;
create unique index target_once on target (plan_id, indicator_id, unit_id, coalesce(year, 0)) where ended_at is null;
