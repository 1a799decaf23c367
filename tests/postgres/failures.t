#!/bin/sh
# What goes wrong between a server and a store: each time one line with the place, the exit status of its
# kind, the old file or none, and a target as it was.

. tests/postgres/lib.sh
. tests/postgres/tap.sh
pg_start || pg_skip_all
TAP_FOLDER=$PG_FOLDER
folder=$PG_FOLDER/stores
mkdir "$folder"

# A gateway of two tables, the second of 200 MB: what a test that stops in the middle needs.
pg_load src
pg_sql src "CREATE TABLE a_small (id integer PRIMARY KEY, name text, price numeric);
	INSERT INTO a_small SELECT n, 'row ' || n, n / 4.0 FROM generate_series(1, 10) AS n;
	CREATE TABLE big (id integer PRIMARY KEY, body text);
	INSERT INTO big SELECT n, repeat('0123456789 ' || n, 800000) FROM generate_series(1, 20) AS n;
	CREATE ROLE locked LOGIN PASSWORD 'the right one';
	CREATE ROLE guest LOGIN; GRANT SELECT ON a_small TO guest"

# ------------------------------------------------------------------ import

runs 7 "no server" "$COFFER" import "host=$PG_FOLDER/nowhere dbname=src" "$folder/new"
says "is said in one line" nowhere
runs 7 "no such database" "$COFFER" import "dbname=absent" "$folder/new"
says "is said by name" '"absent"'
runs 7 "a wrong password" "$COFFER" import "dbname=src user=locked password='the wrong one'" "$folder/new"
says "is said with the role" locked
! grep -q 'the wrong one' "$PG_FOLDER/err"
ok $? "and without the password"
runs 7 "no permission for a table" "$COFFER" import "dbname=src user=guest" "$folder/new"
says "is said by its name" "permission denied for table big"
runs 7 "no such schema" "$COFFER" import "dbname=src schema=absent" "$folder/new"
says "is said by name" '"absent"'
gone "none of these left a file" "$folder" ""

# The server asks for the right to read a partitioned table, not its partitions.
pg_load parted
pg_sql parted "CREATE TABLE root (a integer) PARTITION BY LIST (a);
	CREATE TABLE leaf PARTITION OF root FOR VALUES IN (1); INSERT INTO root VALUES (1); GRANT SELECT ON root TO guest"
runs 0 "a partitioned table by who may read its root" "$COFFER" import "dbname=parted user=guest" "$PG_FOLDER/parted"

# The table is dropped in a transaction that commits while the import waits for it.
pg_load brief
pg_sql brief "CREATE TABLE kept (id integer); CREATE TABLE dropped (id integer)"
pg_sql brief "BEGIN; DROP TABLE dropped; SELECT pg_sleep(2); COMMIT" >/dev/null &
dropper=$!
sleep 0.5
runs 7 "a table that is dropped meanwhile" "$COFFER" import dbname=brief "$folder/new"
says "is said by name" dropped
wait "$dropper"
gone "and left no file" "$folder" ""

# stop_in_copy PROCESS EVENT: stop it at a moment when the server is in a COPY and waits for it.
stop_in_copy()
{
	tries=0
	while [ "$tries" -lt 300 ]; do
		kill -STOP "$1" 2>/dev/null || return 1
		sleep 0.1
		waiting=$(pg_sql postgres "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'coffer'
			AND query LIKE 'COPY %big%' AND state = 'active' AND wait_event = '$2'")
		[ "$waiting" = 1 ] && return 0
		kill -CONT "$1"
		sleep 0.01
		tries=$((tries + 1))
	done
	return 1
}

# begin COMMAND...: start it and stop it in the middle of the big table.
begin()
{
	event=$1
	shift
	"$@" >"$PG_FOLDER/out" 2>"$PG_FOLDER/err" &
	process=$!
	stop_in_copy "$process" "$event"
	ok $? "stopped in the middle"
}

# ends STATUS NAME: let it go on and take its exit status.
ends()
{
	kill -CONT "$process"
	wait "$process"
	status=$?
	[ "$status" -eq "$1" ]
	ok $? "$2"
	[ "$status" -eq "$1" ] || { echo "# exit status $status"; note "$PG_FOLDER/err"; }
}

crash()
{
	pg_as_user "$PG_BIN/pg_ctl" -s -m immediate -D "$PG_FOLDER/data" stop >/dev/null 2>&1
}

restart()
{
	pg_as_user "$PG_BIN/pg_ctl" -s -w -t 60 -D "$PG_FOLDER/data" -l "$PG_FOLDER/log" start \
		>/dev/null 2>&1 </dev/null
	PG_PID=$(head -n 1 "$PG_FOLDER/data/postmaster.pid")
}

runs 0 "an older store" "$COFFER" import dbname=brief "$folder/old"
cp "$folder/old" "$PG_FOLDER/old"

begin ClientWrite "$COFFER" import --force dbname=src "$folder/old"
kill -INT "$process"
ends 130 "an interrupt in the middle of an import"
same "leaves the old file" "$PG_FOLDER/old" "$folder/old"
gone "and nothing beside it" "$folder" old
sleep 0.5
left=$(pg_sql postgres "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'coffer'")
[ "$left" = 0 ]
ok $? "and no work at the server"

begin ClientWrite "$COFFER" import --force dbname=src "$folder/old"
crash
ends 7 "a server that dies in the middle of an import"
says "is said in one line, with the table" "big: "
same "leaves the old file" "$PG_FOLDER/old" "$folder/old"
gone "and nothing beside it" "$folder" old
restart

# Several connections, of which one is stopped in the big table; another one waits for it.
cp "$folder/old" "$PG_FOLDER/old"
begin ClientWrite "$COFFER" import --force --connections 3 dbname=src "$folder/old"
kill -INT "$process"
ends 130 "an interrupt in the middle of an import over three connections"
same "leaves the old file" "$PG_FOLDER/old" "$folder/old"
sleep 0.5
left=$(pg_sql postgres "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'coffer'")
[ "$left" = 0 ]
ok $? "and no work at the server"
begin ClientWrite "$COFFER" import --force --connections 3 dbname=src "$folder/old"
crash
ends 7 "a server that dies in the middle of it"
says "is said in one line, with the table" "big: "
same "leaves the old file" "$PG_FOLDER/old" "$folder/old"
gone "and nothing beside it" "$folder" old
restart

# ------------------------------------------------------------------ several connections

runs 0 "three connections" "$COFFER" import --connections 3 dbname=src "$PG_FOLDER/three"
runs 0 "and one" "$COFFER" import dbname=src "$PG_FOLDER/one"
[ "$(digest "$PG_FOLDER/three")" = "$(digest "$PG_FOLDER/one")" ]
ok $? "give the same content"
pg_sql src "ALTER ROLE guest CONNECTION LIMIT 2; GRANT SELECT ON big TO guest"
runs 0 "fewer than were asked for" "$COFFER" import --force --connections 3 "dbname=src user=guest" "$PG_FOLDER/three"
grep -q '2 of 3 connections: .*too many connections' "$PG_FOLDER/err"
ok $? "is a note with the server's words"
runs 8 "a failure behind it" "$COFFER" import --connections 3 "dbname=src user=guest" "$PG_FOLDER/three"
grep -q '^coffer: .*exists already' "$PG_FOLDER/err"
ok $? "is said in its own words"
pg_sql src "REVOKE SELECT ON big FROM guest; ALTER ROLE guest CONNECTION LIMIT -1"
for number in 0 17 x; do
	runs 2 "$number connections" "$COFFER" import --connections "$number" dbname=src "$folder/new"
done
runs 2 "connections to a file" "$COFFER" import --connections 2 "$PG_FOLDER/one" "$folder/new"
grep -q 'a SOURCE that is a server' "$PG_FOLDER/err"
ok $? "is said"

# ------------------------------------------------------------------ export

runs 0 "a store to export" "$COFFER" import dbname=src "$folder/src"

# nothing NAME DATABASE: the target has no table of the store's.
nothing()
{
	found=$(pg_sql "$2" "SELECT count(*) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
		WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'")
	[ "$found" = 0 ]
	ok $? "$1"
}

runs 7 "no server to export to" "$COFFER" export --create "$folder/src" "host=$PG_FOLDER/nowhere"
says "is said in one line" nowhere
pg_load target
pg_sql target "CREATE SCHEMA closed; REVOKE CREATE ON SCHEMA public FROM PUBLIC"
runs 7 "a schema where nothing may be made" "$COFFER" export --create "$folder/src" "dbname=target user=guest"
says "is said by name" public
runs 7 "a schema that may not be made" "$COFFER" export --create "$folder/src" \
	"dbname=target user=guest schema=absent"
says "is said with the database" target
nothing "nothing is left" target

for conflict in "CREATE TABLE big (x integer)" "CREATE VIEW a_small AS SELECT 1 AS x" \
	"CREATE TABLE t (x integer); CREATE INDEX big_pkey ON t (x)" \
	"CREATE TYPE big AS ENUM ('x')"; do
	pg_load target
	pg_sql target "$conflict; CREATE TABLE other AS SELECT 1 AS x"
	pg_objects target >"$PG_FOLDER/before"
	pg_rows target public >>"$PG_FOLDER/before"
	runs 8 "a target with: $conflict" "$COFFER" export --create "$folder/src" dbname=target
	says "is said in one line" exists
	pg_objects target >"$PG_FOLDER/after"
	pg_rows target public >>"$PG_FOLDER/after"
	same "nothing changed" "$PG_FOLDER/before" "$PG_FOLDER/after"
done

pg_load target
begin ClientRead "$COFFER" export --create "$folder/src" dbname=target
kill -INT "$process"
ends 130 "an interrupt in the middle of an export"
nothing "leaves nothing" target

begin ClientRead "$COFFER" export --create "$folder/src" dbname=target
crash
ends 7 "a server that dies in the middle of an export"
says "is said in one line, with the table" "big: "
restart
nothing "leaves nothing" target

# A database whose encoding lacks a character refuses the value, in binary and in text COPY.
pg_sql postgres "CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
pg_load refused
pg_sql refused "CREATE TABLE plain (id text, part integer, note text, PRIMARY KEY (id, part));
	INSERT INTO plain SELECT 'k' || n, n * 2, CASE n WHEN 70 THEN 'costs 5 €' ELSE 'ok' END
		FROM generate_series(1, 100) AS n"
runs 0 "a store with a character of its own" "$COFFER" import dbname=refused "$folder/refused"
runs 7 "a value that the target refuses" "$COFFER" export --create "$folder/refused" dbname=latin
says "is said with table, key and column" "plain[k70,140].note" LATIN1
nothing "nothing is left" latin
pg_sql refused "ALTER TABLE plain ADD price numeric DEFAULT 1.5"
runs 0 "the same with a carried type" "$COFFER" import --force dbname=refused "$folder/refused"
runs 7 "refused in text COPY" "$COFFER" export --create "$folder/refused" dbname=latin
says "is said with table and key" "plain[k70,140]" LATIN1
nothing "nothing is left" latin

# A materialized view with rows from a time when the one that it reads had some.
pg_load stale
pg_sql stale "CREATE TABLE t (a integer); CREATE MATERIALIZED VIEW low AS SELECT a FROM t;
	CREATE VIEW between AS SELECT a FROM low; CREATE MATERIALIZED VIEW high AS SELECT a FROM between"
pg_sql stale "REFRESH MATERIALIZED VIEW low WITH NO DATA"
runs 3 "a materialized view over one without rows" "$COFFER" import dbname=stale "$folder/stale"
grep -q 'rows of materialized view "high"' "$PG_FOLDER/err"
ok $? "is said by name"
pg_load target
runs 0 "and made without rows" "$COFFER" export --create "$folder/stale" dbname=target

# Words about the schema public that the target has already.
pg_sql stale "COMMENT ON SCHEMA public IS 'of the source'; DROP MATERIALIZED VIEW low CASCADE"
runs 0 "a schema with a comment" "$COFFER" import --force dbname=stale "$folder/stale"
pg_load target
pg_sql target "COMMENT ON SCHEMA public IS 'of the target'"
runs 3 "into one with another" "$COFFER" export --create "$folder/stale" dbname=target
[ "$(pg_sql target "SELECT obj_description('public'::regnamespace)")" = "of the target" ]
ok $? "is left as it is"

# Names of the server's own hide those of a schema: a statement that means one would touch the other.
for own in "CREATE TABLE public.pg_stats (a integer); COMMENT ON TABLE public.pg_stats IS 'mine'" \
	"CREATE TYPE public.path AS ENUM ('p'); COMMENT ON TYPE public.path IS 'mine'"; do
	pg_load hidden
	pg_sql hidden "$own"
	runs 0 "a store of: $own" "$COFFER" import --force dbname=hidden "$folder/hidden"
	pg_load target
	runs 8 "is refused" "$COFFER" export --create "$folder/hidden" dbname=target
	says "by name" "the server has one of this name"
	[ "$(pg_sql target "SELECT count(*) FROM pg_description WHERE description = 'mine'")" = 0 ]
	ok $? "and the server's own is as it was"
done

# The indexes' settings that only ALTER INDEX knows.
pg_load tuned
pg_sql tuned "CREATE TABLE t (a text); CREATE INDEX i ON t ((a || 'x')); ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 9"
runs 3 "statistics of an index" "$COFFER" import dbname=tuned "$folder/tuned"
grep -q 'settings of column i.expr' "$PG_FOLDER/err"
ok $? "are listed"

# What coffer does not carry is listed at import; an export that needs it fails whole.
pg_load left fixture-left.sql 2>/dev/null
runs 3 "a database with more than coffer carries" "$COFFER" import dbname=left "$folder/left"
grep -q 'trigger on_change' "$PG_FOLDER/err"
ok $? "each thing is listed"
pg_load target
runs 7 "an export that needs another schema's type" "$COFFER" export --create "$folder/left" dbname=target
says "is said by name" apart
nothing "nothing is left" target

finish
