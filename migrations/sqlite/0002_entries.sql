-- Who entered a survey or a milestone and when, as stocks have it; and what was entered by mistake is withdrawn, not
-- deleted. Rows from before have no name.
alter table survey add column entered_by integer references account (id);
alter table survey add column entered_at text;
alter table survey add column withdrawn_at text;
alter table milestone add column entered_by integer references account (id);
alter table milestone add column entered_at text;
alter table milestone add column withdrawn_at text;
