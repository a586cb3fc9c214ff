-- The whole house at version 0.1. One table per noun of the domain, in the singular.
-- The twin in migrations/postgres has the same tables and columns in PostgreSQL's own types; a test compares them.

-- The organisation tree. `path` is the chain of ids from the root, "/1/5/17/": a unit and all below it is one range.
create table unit (
  id integer primary key,
  code text not null unique,
  parent_id integer references unit (id),
  path text not null unique,
  kind text not null,
  name text not null,
  short_name text not null,
  households integer,
  population integer,
  active_from text,
  active_to text,
  merged_into_id integer references unit (id)
) strict;
create index unit_parent on unit (parent_id);

-- What happened to a unit and when: renamed, closed, merged, reopened.
create table unit_change (
  id integer primary key,
  unit_id integer not null references unit (id),
  day text not null,
  what text not null,
  detail text not null
) strict;
create index unit_change_unit on unit_change (unit_id, day);

-- A class of a school, named by entry year and number (2019级1班), so that a promotion counts nobody twice.
create table class (
  id integer primary key,
  unit_id integer not null references unit (id),
  name text not null,
  pupils integer not null,
  active_from text,
  active_to text,
  unique (unit_id, name)
) strict;

-- People and what they may do.
create table account (
  id integer primary key,
  name text not null unique,
  display_name text not null,
  password_hash text,
  locale text,
  created_at text not null,
  closed_at text
) strict;

create table account_role (
  account_id integer not null references account (id),
  role text not null,
  unit_id integer not null references unit (id),
  primary key (account_id, role, unit_id)
) strict;
create index account_role_unit on account_role (unit_id);

-- Secrets are kept as SHA-256 only: whoever reads the database cannot log in with it.
create table session (
  id integer primary key,
  hash blob not null unique,
  account_id integer not null references account (id),
  agent text not null,
  long integer not null,
  created_at text not null,
  seen_at text not null,
  expires_at text not null
) strict;
create index session_account on session (account_id);

create table login_link (
  id integer primary key,
  hash blob not null unique,
  account_id integer not null references account (id),
  created_by integer not null references account (id),
  created_at text not null,
  expires_at text not null,
  used_at text
) strict;

create table token (
  id integer primary key,
  hash blob not null unique,
  account_id integer not null references account (id),
  label text not null,
  created_at text not null,
  used_at text,
  revoked_at text
) strict;
create index token_account on token (account_id);

-- Who did what; each row's hash covers the former row's, so that a removed or altered row shows.
create table audit (
  id integer primary key,
  at text not null,
  account_id integer,
  account_name text not null,
  unit_id integer,
  action text not null,
  subject text not null,
  detail text not null,
  hash blob not null
) strict;
create index audit_unit on audit (unit_id, id);
create index audit_subject on audit (subject);

-- The catalogue. A row without unit is built in and holds for all; else it holds for the unit and all below it.
create table measure (
  id integer primary key,
  key text not null,
  unit_id integer references unit (id),
  name text not null,
  name_en text,
  unit_word text not null,
  unit_word_en text,
  counting_rule text not null,
  rule_version integer not null,
  interactive integer not null,
  is_stock integer not null,
  wording text not null,
  position integer not null,
  retired_at text
) strict;
create unique index measure_key on measure (key, coalesce(unit_id, 0));

create table measure_rule (
  measure_id integer not null references measure (id),
  version integer not null,
  counting_rule text not null,
  valid_from text not null,
  primary key (measure_id, version)
) strict;

-- How a unit words a measure's figure for itself and below, where it differs from the measure's own wording.
create table unit_wording (
  unit_id integer not null references unit (id),
  measure_id integer not null references measure (id),
  wording text not null,
  primary key (unit_id, measure_id)
) strict;

create table activity_type (
  id integer primary key,
  key text not null,
  unit_id integer references unit (id),
  name text not null,
  name_en text,
  evidence text not null,
  position integer not null,
  retired_at text
) strict;
create unique index activity_type_key on activity_type (key, coalesce(unit_id, 0));

create table activity_type_measure (
  type_id integer not null references activity_type (id),
  measure_id integer not null references measure (id),
  position integer not null,
  primary key (type_id, measure_id)
) strict;

create table theme (
  id integer primary key,
  key text not null,
  unit_id integer references unit (id),
  name text not null,
  name_en text,
  position integer not null,
  retired_at text
) strict;
create unique index theme_key on theme (key, coalesce(unit_id, 0));

-- Goals.
create table plan (
  id integer primary key,
  key text not null,
  unit_id integer references unit (id),
  name text not null,
  name_en text,
  from_day text not null,
  to_day text not null
) strict;
create unique index plan_key on plan (key, coalesce(unit_id, 0));

create table indicator (
  id integer primary key,
  key text not null,
  unit_id integer references unit (id),
  name text not null,
  name_en text,
  kind text not null,
  measure_id integer references measure (id),
  also_measure_id integer references measure (id),
  theme_id integer references theme (id),
  unit_kind text,
  each text not null,
  at_least integer,
  numerator_id integer references measure (id),
  denominator_id integer references measure (id),
  position integer not null,
  retired_at text
) strict;
create unique index indicator_key on indicator (key, coalesce(unit_id, 0));

create table target (
  id integer primary key,
  plan_id integer not null references plan (id),
  indicator_id integer not null references indicator (id),
  unit_id integer not null references unit (id),
  year integer,
  value real not null,
  basis text not null
) strict;
create unique index target_once on target (plan_id, indicator_id, unit_id, coalesce(year, 0));

create table stock (
  unit_id integer not null references unit (id),
  measure_id integer not null references measure (id),
  as_of text not null,
  value integer not null,
  entered_by integer not null references account (id),
  entered_at text not null,
  primary key (unit_id, measure_id, as_of)
) strict;

create table survey (
  unit_id integer not null references unit (id),
  indicator_id integer not null references indicator (id),
  day text not null,
  sample integer not null,
  value real not null,
  primary key (unit_id, indicator_id, day)
) strict;

create table milestone (
  unit_id integer not null references unit (id),
  indicator_id integer not null references indicator (id),
  day text not null,
  primary key (unit_id, indicator_id, day)
) strict;

-- Planning.
create table campaign (
  id integer primary key,
  key text not null unique,
  unit_id integer not null references unit (id),
  title text not null,
  from_day text not null,
  to_day text not null,
  lead text not null,
  note text not null,
  cancelled_at text,
  created_by integer not null references account (id),
  created_at text not null
) strict;
create index campaign_unit_day on campaign (unit_id, from_day);

create table campaign_theme (
  campaign_id integer not null references campaign (id),
  theme_id integer not null references theme (id),
  position integer not null,
  primary key (campaign_id, theme_id)
) strict;

-- The units a campaign goes to; a town stands for all below it.
create table campaign_unit (
  campaign_id integer not null references campaign (id),
  unit_id integer not null references unit (id),
  position integer not null,
  primary key (campaign_id, unit_id)
) strict;
create index campaign_unit_unit on campaign_unit (unit_id);

create table campaign_quantity (
  campaign_id integer not null references campaign (id),
  measure_id integer not null references measure (id),
  value integer not null,
  position integer not null,
  primary key (campaign_id, measure_id)
) strict;

-- A planned session. `done` is an activity that points here, `missed` a day gone by without one: neither is stored.
create table event (
  id blob primary key,
  campaign_id integer not null references campaign (id),
  unit_id integer not null references unit (id),
  type_id integer references activity_type (id),
  day text not null,
  starts_at text not null,
  ends_at text not null,
  lead text not null,
  sequence integer not null,
  cancelled_at text,
  created_by integer not null references account (id),
  created_at text not null
) strict;
create index event_unit on event (unit_id, day);
create index event_campaign on event (campaign_id, day);

-- The ledger. `posted` is the body as first sent, to tell a replay from another entry under the same id.
create table activity (
  id blob primary key,
  unit_id integer not null references unit (id),
  day text not null,
  day_to text,
  type_id integer not null references activity_type (id),
  event_id blob references event (id),
  status text not null,
  version integer not null,
  place text not null,
  organiser text not null,
  handler text not null,
  note text not null,
  batch_id blob,
  posted text not null,
  entered_by integer not null references account (id),
  entered_at text not null,
  late integer not null
) strict;
create index activity_unit on activity (unit_id, day, id);
create index activity_unit_lasting on activity (unit_id, day_to) where day_to is not null;
create index activity_day on activity (day, id);
create index activity_event on activity (event_id) where event_id is not null;
create index activity_entered on activity (entered_by, entered_at);

create table quantity (
  activity_id blob not null references activity (id),
  measure_id integer not null references measure (id),
  precision text not null,
  value integer not null,
  primary key (activity_id, measure_id, precision)
) strict, without rowid;

create table activity_theme (
  activity_id blob not null references activity (id),
  theme_id integer not null references theme (id),
  primary key (activity_id, theme_id)
) strict, without rowid;
create index activity_theme_theme on activity_theme (theme_id, activity_id);

create table activity_campaign (
  activity_id blob not null references activity (id),
  campaign_id integer not null references campaign (id),
  primary key (activity_id, campaign_id)
) strict, without rowid;
create index activity_campaign_campaign on activity_campaign (campaign_id, activity_id);

create table activity_class (
  activity_id blob not null references activity (id),
  class_id integer not null references class (id),
  primary key (activity_id, class_id)
) strict, without rowid;
create index activity_class_class on activity_class (class_id);

-- Villages an entry of their parent was for together (合计): it adds to no village's count.
create table activity_cover (
  activity_id blob not null references activity (id),
  unit_id integer not null references unit (id),
  primary key (activity_id, unit_id)
) strict, without rowid;

-- Who else held it: a unit of the tree, which then may read the entry, or an office named in words.
create table activity_co_organiser (
  activity_id blob not null references activity (id),
  position integer not null,
  unit_id integer references unit (id),
  name text not null,
  primary key (activity_id, position)
) strict, without rowid;
create index activity_co_organiser_unit on activity_co_organiser (unit_id) where unit_id is not null;

-- Former versions: the entry as it was before somebody corrected or withdrew it, and why.
create table activity_version (
  activity_id blob not null references activity (id),
  version integer not null,
  body text not null,
  status text not null,
  reason text not null,
  replaced_by integer not null references account (id),
  replaced_at text not null,
  primary key (activity_id, version)
) strict, without rowid;

-- A plausibility question that the author was asked and may have answered.
create table activity_question (
  activity_id blob not null references activity (id),
  question text not null,
  detail text not null,
  answer text not null,
  primary key (activity_id, question)
) strict, without rowid;

-- Totals, kept in the transaction that changes the ledger. A row counts the unit and all below it; the own_ columns
-- what stands at the unit itself.
--   slice 0: every activity once (slice_id 0) · 1: by theme · 2: by campaign (slice_id 0: with none)
--   period: yyyymm, and for slice 0 also yyyy00 for the whole year
--   measure_id 0: activities without regard to measure, counted only
create table rollup (
  unit_id integer not null,
  slice integer not null,
  period integer not null,
  slice_id integer not null,
  measure_id integer not null,
  exact integer not null,
  at_least integer not null,
  estimate integer not null,
  activities integer not null,
  own_exact integer not null,
  own_at_least integer not null,
  own_estimate integer not null,
  own_activities integer not null,
  primary key (unit_id, slice, period, slice_id, measure_id)
) strict, without rowid;

-- What people tell the makers of the program (意见建议).
create table feedback (
  id integer primary key,
  account_id integer not null references account (id),
  text text not null,
  page text not null,
  created_at text not null
) strict;
