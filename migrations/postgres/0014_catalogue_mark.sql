-- Another value after every change of the catalogue, whoever makes it: what a server keeps of the catalogue in memory
-- is known by it, and is never older than the database.
create table catalogue_mark (
  id bigint primary key check (id = 1),
  mark uuid not null
);
insert into catalogue_mark values (1, gen_random_uuid());

create function mark_catalogue() returns trigger language plpgsql as $$
begin
  update catalogue_mark set mark = gen_random_uuid();
  return null;
end $$;

create trigger mark_measure after insert or update or delete on measure for each row execute function mark_catalogue();
create trigger mark_activity_type after insert or update or delete on activity_type for each row execute function mark_catalogue();
create trigger mark_activity_type_measure after insert or update or delete on activity_type_measure for each row execute function mark_catalogue();
create trigger mark_theme after insert or update or delete on theme for each row execute function mark_catalogue();
create trigger mark_unit_order after insert or update or delete on unit_order for each row execute function mark_catalogue();
