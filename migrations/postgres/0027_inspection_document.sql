-- A document that shows one item of an inspection and belongs to no campaign: a plan, minutes, a summary.
alter table evidence_link add column inspection_item_id bigint references inspection_item (id);
create unique index evidence_link_inspection on evidence_link (inspection_item_id, evidence_id)
  where inspection_item_id is not null and unlinked_at is null;
