-- What is true of the whole installation. `demo`: the data are the demo's and invented; every page says so.
create table setting (
  key text primary key,
  value text not null
) strict, without rowid;

-- What an officer's day begins with: entries whose questions wait for an answer, and those that came in late. Both are few.
create index activity_question_open on activity_question (activity_id) where answer = '';
create index activity_late on activity (day) where late;
