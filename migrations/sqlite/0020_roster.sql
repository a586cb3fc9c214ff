-- Rosters (名册) and registers (登记册): law-literate villagers, vice principals for law, legal advisers, venues, model households
-- and villages; each one row that is in force from a day to a day. Whoever ended stays, so that what was true on a past day
-- stays true; a name is taken out by erasing it, and the row still counts. A row entered by mistake is withdrawn.
create table roster_entry (
  id integer primary key,
  kind text not null,
  unit_id integer not null references unit (id),
  name text not null,
  -- A villager's walk of life, a venue's form, a model village's level.
  category text not null,
  -- Who sends: a police station, a firm.
  body text not null,
  certificate text not null,
  certificate_to text,
  from_day text not null,
  -- The last day of a term, a contract, a title.
  to_day text,
  -- The first day on which it is no longer so.
  left_day text,
  -- A venue whose contents are renewed every quarter.
  renews integer not null,
  entered_by integer not null references account (id),
  entered_at text not null,
  withdrawn_at text,
  erased_at text
) strict;
create index roster_entry_unit on roster_entry (unit_id, kind, from_day);
create index roster_entry_person on roster_entry (kind, name) where name <> '';

-- What happened with an entry on a day: a training with its hours, a renewal, a re-examination.
create table roster_mark (
  id integer primary key,
  entry_id integer not null references roster_entry (id),
  day text not null,
  hours integer,
  note text not null,
  entered_by integer not null references account (id),
  entered_at text not null,
  withdrawn_at text
) strict;
create index roster_mark_entry on roster_mark (entry_id, day);

-- A letter of appointment is a document like others.
alter table evidence_link add column roster_entry_id integer references roster_entry (id);
create unique index evidence_link_roster on evidence_link (roster_entry_id, evidence_id)
  where roster_entry_id is not null and unlinked_at is null;
