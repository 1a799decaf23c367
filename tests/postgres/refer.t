#!/bin/sh
# Rows of a store go into tables of a database that refer to each other, and that others refer to; and what
# stops an export in the middle.

. tests/postgres/lib.sh
. tests/postgres/tap.sh
. tests/postgres/target.sh
pg_start || pg_skip_all
TAP_FOLDER=$PG_FOLDER
own=$PG_FOLDER/own.coffer

# A store that knows of no foreign key: names say another order than the target's keys. Rows refer to later
# ones, in their own table (boss), in a circle of two (a, b) and of three (x, y, z), and to a partition's.
make "CREATE TABLE z_first (id integer PRIMARY KEY); INSERT INTO z_first VALUES (1);
	CREATE TABLE a_last (id integer PRIMARY KEY, z integer); INSERT INTO a_last VALUES (1, 1), (2, NULL);
	CREATE TABLE boss (id integer PRIMARY KEY, boss integer); INSERT INTO boss VALUES (1, 2), (2, 3), (3, 3);
	CREATE TABLE a (id integer PRIMARY KEY, b integer); CREATE TABLE b (id integer PRIMARY KEY, a integer, n integer);
	INSERT INTO a VALUES (1, 2), (2, 1); INSERT INTO b VALUES (1, 1, 1), (2, 2, 1);
	CREATE TABLE x (id integer PRIMARY KEY, y integer); CREATE TABLE y (id integer PRIMARY KEY, z integer, a integer);
	CREATE TABLE z (id integer PRIMARY KEY, x integer); INSERT INTO x VALUES (1, 1); INSERT INTO y VALUES (1, 1, 2); INSERT INTO z VALUES (1, 1);
	CREATE TABLE whole (id integer PRIMARY KEY, x integer); INSERT INTO whole VALUES (1, 1), (2, NULL)"
tables="CREATE TABLE z_first (id integer PRIMARY KEY); CREATE TABLE a_last (id integer PRIMARY KEY, z integer REFERENCES z_first);
	CREATE TABLE boss (id integer PRIMARY KEY, boss integer REFERENCES boss);
	CREATE TABLE a (id integer PRIMARY KEY, b integer); CREATE TABLE b (id integer PRIMARY KEY, a integer REFERENCES a, n integer);
	ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;
	CREATE TABLE x (id integer PRIMARY KEY, y integer); CREATE TABLE y (id integer PRIMARY KEY, z integer, a integer REFERENCES a);
	CREATE TABLE z (id integer PRIMARY KEY, x integer REFERENCES x); ALTER TABLE x ADD FOREIGN KEY (y) REFERENCES y;
	ALTER TABLE y ADD FOREIGN KEY (z) REFERENCES z;
	CREATE TABLE whole (id integer PRIMARY KEY, x integer) PARTITION BY LIST (id); CREATE TABLE part PARTITION OF whole DEFAULT;
	ALTER TABLE part ADD FOREIGN KEY (x) REFERENCES x"
deferred="$tables; ALTER TABLE boss ALTER CONSTRAINT boss_boss_fkey DEFERRABLE INITIALLY DEFERRED;
	ALTER TABLE a ALTER CONSTRAINT a_b_fkey DEFERRABLE; ALTER TABLE x ALTER CONSTRAINT x_y_fkey DEFERRABLE INITIALLY DEFERRED"
for kind in "checked at once|$tables" "that may wait|$deferred"; do
	for mode in --append --upsert --replace; do
		pg_load target
		pg_sql target "${kind#*|}"
		runs 0 "$mode: foreign keys ${kind%%|*}" "$COFFER" export $mode "$own" dbname=target
		whole "the target has the store's rows" "$own"
	done
	pg_sql target "UPDATE b SET n = 5; DELETE FROM a_last; UPDATE a SET b = 3 - b"
	runs 0 "an upsert of rows that refer otherwise" "$COFFER" export --upsert "$own" dbname=target
	counted "updates them" b 0 2 0
	whole "the target has the store's rows" "$own"
	runs 0 "a replacement of rows that refer to each other" "$COFFER" export --replace "$own" dbname=target
	whole "the target has the store's rows" "$own"
done

# What a row refers to is not there.
pg_load target
pg_sql target "$tables"
refused 8 "a row whose reference is not there" 'Key (z)=(1) is not present in table "z_first"' --append "$own" --table a_last
says "is said with its constraint" 'violates foreign key constraint "a_last_z_fkey"'
refused 8 "the same in an upsert" 'Key (z)=(1) is not present in table "z_first"' --upsert "$own" --table a_last
make "CREATE TABLE boss (id integer PRIMARY KEY, boss integer); INSERT INTO boss VALUES (1, 9)"
pg_sql target "CREATE TABLE boss (id integer PRIMARY KEY, boss integer REFERENCES boss DEFERRABLE INITIALLY DEFERRED)"
for mode in --append --upsert --replace; do
	refused 8 "$mode: a check at the end" 'Key (boss)=(9) is not present in table "boss"' $mode "$own"
done

# ------------------------------------------------------------------ a table that stays

make "CREATE TABLE t (id integer PRIMARY KEY, u integer); CREATE TABLE u (id integer PRIMARY KEY); INSERT INTO u VALUES (1), (2); INSERT INTO t VALUES (1, 1)"
pg_sql target "CREATE TABLE u (id integer PRIMARY KEY); CREATE TABLE t (id integer PRIMARY KEY, u integer REFERENCES u);
	CREATE SCHEMA other; CREATE TABLE other.stays (id integer REFERENCES t ON DELETE CASCADE);
	CREATE TABLE child (extra text) INHERITS (u); INSERT INTO child VALUES (77, 'child');
	INSERT INTO u VALUES (1), (5); INSERT INTO t VALUES (1, 5), (3, NULL); INSERT INTO other.stays VALUES (3)"
refused 8 "a replacement of what a row refers to" "rows of other.stays, which stays, refer to it by stays_id_fkey" --replace "$own"
says "is said by table" "t: cannot be emptied"
is "and takes no row of the other table" 1 "SELECT count(*) FROM other.stays"
pg_sql target "UPDATE other.stays SET id = NULL"
runs 0 "of what a table without such rows refers to" "$COFFER" export --replace "$own" dbname=target
is "is done" "1|2|1|1" "SELECT (SELECT count(*) FROM t), (SELECT count(*) FROM ONLY u), (SELECT count(*) FROM child), (SELECT count(*) FROM other.stays)"
pg_sql target "DROP TABLE other.stays; INSERT INTO u VALUES (8)"
runs 0 "of what none refers to" "$COFFER" export --replace "$own" dbname=target
is "is done too, without what inherits" "1|2|1" "SELECT (SELECT count(*) FROM t), (SELECT count(*) FROM ONLY u), (SELECT count(*) FROM child)"

# ------------------------------------------------------------------ permissions

pg_sql target "CREATE ROLE guest LOGIN; GRANT SELECT ON u, t TO guest; REVOKE TEMPORARY ON DATABASE target FROM PUBLIC"
for mode in --append --upsert --replace; do
	keep
	runs 7 "$mode: no permission to write" "$COFFER" export $mode "$own" "dbname=target user=guest"
	warns "is said by name" "permission denied"
	kept "and nothing is written"
done
pg_sql target "GRANT INSERT ON u, t TO guest; DELETE FROM t; DELETE FROM ONLY u"
runs 0 "who may insert" "$COFFER" export --append "$own" "dbname=target user=guest"
is "appends" 3 "SELECT (SELECT count(*) FROM t) + (SELECT count(*) FROM ONLY u)"
pg_sql target "ALTER TABLE u ENABLE ROW LEVEL SECURITY; CREATE POLICY few ON u USING (id > 1); GRANT UPDATE ON u, t TO guest; GRANT TEMPORARY ON DATABASE target TO guest"
keep
runs 7 "rows that are hidden" "$COFFER" export --upsert "$own" "dbname=target user=guest"
warns "are said" "row-level security"
kept "and nothing is written"
runs 7 "no such schema" "$COFFER" export --append "$own" "dbname=target schema=absent"
says "is said by name" 'there is no schema "absent"'

# ------------------------------------------------------------------ an interrupt

make "CREATE TABLE t (id integer PRIMARY KEY, a text); INSERT INTO t SELECT n, 'new' FROM generate_series(1, 1000) AS n; CREATE TABLE z (id integer PRIMARY KEY)"
pg_sql target "CREATE TABLE t (id integer PRIMARY KEY, a text); INSERT INTO t SELECT n, 'old' FROM generate_series(1, 500) AS n; CREATE TABLE z (id integer PRIMARY KEY)"
for mode in --append --upsert --replace; do
	[ $mode = --append ] && pg_sql target "UPDATE t SET id = id + 5000"
	keep
	# Others hold what the export needs when its first table is done.
	psql -X -q -d target -c "BEGIN; LOCK TABLE z; SELECT pg_sleep(60)" >/dev/null 2>&1 &
	holder=$!
	sleep 0.5
	"$COFFER" export $mode "$own" dbname=target >/dev/null 2>"$PG_FOLDER/err" &
	process=$!
	tries=0
	while [ "$(pg_sql target "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'coffer' AND wait_event_type = 'Lock'")" != 1 ] &&
		[ $tries -lt 50 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	kill -INT "$process"
	wait "$process"
	status=$?
	[ $status -eq 130 ]
	ok $? "$mode: an interrupt while it waits for a lock"
	tries=0
	while [ "$(pg_sql target "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'coffer'")" != 0 ] &&
		[ $tries -lt 50 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	is "leaves no work at the server" 0 "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'coffer'"
	pg_sql target "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()" >/dev/null
	wait "$holder"
	kept "and everything is as it was"
done

finish
