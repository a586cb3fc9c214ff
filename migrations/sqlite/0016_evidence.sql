-- Evidence (佐证材料). A piece is what was sent, known by the SHA-256 of those bytes: the same bytes are stored once. Its
-- files lie in the data folder under names that are their own SHA-256. A photo keeps nothing of what it bore but its
-- pixels and, where the installation keeps it, the time it was taken.
create table evidence (
  id blob primary key,
  sha256 blob not null unique,
  kind text not null,
  media_type text not null,
  size integer not null,
  width integer,
  height integer,
  taken_at text,
  full_key text not null,
  full_size integer not null,
  thumb_key text,
  -- Children's pictures are never public and go into no document.
  children integer not null,
  -- What a picture looks like: 256 bits, and 64 coarser ones in four bands of 16 that find its like by index.
  looks blob,
  band_0 integer,
  band_1 integer,
  band_2 integer,
  band_3 integer,
  uploaded_by integer not null references account (id),
  uploaded_at text not null
) strict;
create index evidence_band_0 on evidence (band_0) where band_0 is not null;
create index evidence_band_1 on evidence (band_1) where band_1 is not null;
create index evidence_band_2 on evidence (band_2) where band_2 is not null;
create index evidence_band_3 on evidence (band_3) where band_3 is not null;

-- What a piece supports: one activity, campaign or indicator a row, and many rows a piece. `unit_id` is whose document
-- it is where an indicator alone does not say it. A link is taken back with a reason, never deleted.
create table evidence_link (
  id integer primary key,
  evidence_id blob not null references evidence (id),
  activity_id blob references activity (id),
  campaign_id integer references campaign (id),
  indicator_id integer references indicator (id),
  unit_id integer references unit (id),
  name text not null,
  linked_by integer not null references account (id),
  linked_at text not null,
  unlinked_by integer references account (id),
  unlinked_at text,
  reason text not null
) strict;
create index evidence_link_evidence on evidence_link (evidence_id);
create unique index evidence_link_activity on evidence_link (activity_id, evidence_id)
  where activity_id is not null and unlinked_at is null;
create unique index evidence_link_campaign on evidence_link (campaign_id, evidence_id)
  where campaign_id is not null and unlinked_at is null;
create unique index evidence_link_indicator on evidence_link (indicator_id, unit_id, evidence_id)
  where indicator_id is not null and unlinked_at is null;

-- Pictures that look alike, both ways round, found when the second one came.
create table evidence_alike (
  evidence_id blob not null references evidence (id),
  other_id blob not null references evidence (id),
  distance integer not null,
  primary key (evidence_id, other_id)
) strict, without rowid;

-- Files on their way in parts; what has arrived lies in the data folder until the file is whole.
create table evidence_upload (
  id integer primary key,
  account_id integer not null references account (id),
  activity_id blob not null references activity (id),
  sha256 blob not null,
  size integer not null,
  received integer not null,
  touched_at text not null,
  unique (account_id, activity_id, sha256)
) strict;
create index evidence_upload_touched on evidence_upload (touched_at);
