-- What a campaign hands out and what it costs. An item is a measure, or text with a unit word. Handed out is not stored:
-- it follows from the ledger. Money is in fen. A row is closed, never deleted.
create table material (
  id integer primary key,
  campaign_id integer not null references campaign (id),
  measure_id integer references measure (id),
  name text not null,
  unit_word text not null,
  planned integer not null,
  prepared integer not null,
  budget_fen integer not null,
  spent_fen integer not null,
  closed_at text,
  created_at text not null
) strict;
create index material_campaign on material (campaign_id);
create unique index material_once on material (campaign_id, measure_id) where measure_id is not null and closed_at is null;

-- What a village fetched (领用). A wrong row is withdrawn, never deleted.
create table material_fetch (
  id integer primary key,
  material_id integer not null references material (id),
  unit_id integer not null references unit (id),
  day text not null,
  quantity integer not null,
  fetched_by text not null,
  withdrawn_at text,
  created_by integer not null references account (id),
  created_at text not null
) strict;
create index material_fetch_material on material_fetch (material_id, unit_id);
