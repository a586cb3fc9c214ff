-- An import of the command line: its account only stands for the program.
alter table import add column by_program integer not null default 0;
