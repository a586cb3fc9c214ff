-- An import of the command line: its account only stands for the program.
alter table import add column by_program boolean not null default false;
