-- Another value after every change of the catalogue, whoever makes it: what a server keeps of the catalogue in memory
-- is known by it, and is never older than the database.
create table catalogue_mark (
  id integer primary key check (id = 1),
  mark blob not null
) strict;
insert into catalogue_mark values (1, randomblob(16));

create trigger measure_insert after insert on measure begin
  update catalogue_mark set mark = randomblob(16);
end;
create trigger measure_update after update on measure begin
  update catalogue_mark set mark = randomblob(16);
end;
create trigger measure_delete after delete on measure begin
  update catalogue_mark set mark = randomblob(16);
end;

create trigger activity_type_insert after insert on activity_type begin
  update catalogue_mark set mark = randomblob(16);
end;
create trigger activity_type_update after update on activity_type begin
  update catalogue_mark set mark = randomblob(16);
end;
create trigger activity_type_delete after delete on activity_type begin
  update catalogue_mark set mark = randomblob(16);
end;

create trigger activity_type_measure_insert after insert on activity_type_measure begin
  update catalogue_mark set mark = randomblob(16);
end;
create trigger activity_type_measure_update after update on activity_type_measure begin
  update catalogue_mark set mark = randomblob(16);
end;
create trigger activity_type_measure_delete after delete on activity_type_measure begin
  update catalogue_mark set mark = randomblob(16);
end;

create trigger theme_insert after insert on theme begin
  update catalogue_mark set mark = randomblob(16);
end;
create trigger theme_update after update on theme begin
  update catalogue_mark set mark = randomblob(16);
end;
create trigger theme_delete after delete on theme begin
  update catalogue_mark set mark = randomblob(16);
end;

create trigger unit_order_insert after insert on unit_order begin
  update catalogue_mark set mark = randomblob(16);
end;
create trigger unit_order_update after update on unit_order begin
  update catalogue_mark set mark = randomblob(16);
end;
create trigger unit_order_delete after delete on unit_order begin
  update catalogue_mark set mark = randomblob(16);
end;
