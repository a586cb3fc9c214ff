-- The hash of the audit's last row, in the only row of this table: rows cut off the end would be missed by nobody else.
-- Whoever writes an audit row holds this one until the transaction ends.
create table audit_head (
  id integer primary key check (id = 1),
  hash blob
) strict;
insert into audit_head (id, hash) values (1, (select hash from audit order by id desc limit 1));
