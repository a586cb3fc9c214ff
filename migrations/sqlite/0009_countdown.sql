-- A campaign may stand for a key date of one year: then that key date is no draft any more.
alter table campaign add column key_date_id integer references key_date (id);
alter table campaign add column key_date_year integer;
create index campaign_key_date on campaign (key_date_id, key_date_year);

-- The drafts of campaigns that a unit does not want, or wants after all. Drafts nobody touched are stored nowhere.
create table draft_dismissal (
  key_date_id integer not null references key_date (id),
  year integer not null,
  unit_id integer not null references unit (id),
  dismissed integer not null,
  primary key (key_date_id, year, unit_id)
) strict;

-- The countdown of a campaign: what is to be done how many days before (negative) or after its day D, and by whom.
create table campaign_task (
  id integer primary key,
  campaign_id integer not null references campaign (id),
  offset_days integer not null,
  due_day text not null,
  what text not null,
  owner text not null,
  done_by text,
  done_at text,
  dropped_at text
) strict;
create index campaign_task_campaign on campaign_task (campaign_id, due_day);
create index campaign_task_due on campaign_task (due_day) where done_at is null and dropped_at is null;
