#!/bin/sh
# A database goes into a store and from there into an empty database: both are the same, row by row and
# definition by definition, and a store made of the second has the same content digest.

. tests/postgres/lib.sh
. tests/postgres/tap.sh
pg_start || pg_skip_all
TAP_FOLDER=$PG_FOLDER

# carry NAME DATABASE SCHEMA STATUS: STATUS is 0, or 3 where there is something that coffer does not carry.
carry()
{
	name=$1 from=$2 schema=$3
	store=$PG_FOLDER/$from.coffer
	pg_load target
	runs "$4" "$name: import" "$COFFER" import --force "dbname=$from schema='$schema'" "$store"
	runs 0 "$name: the store is whole" "$COFFER" verify "$store"
	runs 0 "$name: export" "$COFFER" export --create "$store" "dbname=target"
	pg_rows "$from" "$schema" >"$PG_FOLDER/rows.source"
	pg_rows target "$schema" >"$PG_FOLDER/rows.target"
	same "$name: every row of every table" "$PG_FOLDER/rows.source" "$PG_FOLDER/rows.target"
	if pg_can_dump; then
		pg_schema "$from" "$schema" >"$PG_FOLDER/schema.source"
		pg_schema target "$schema" >"$PG_FOLDER/schema.target"
		same "$name: every definition" "$PG_FOLDER/schema.source" "$PG_FOLDER/schema.target"
	else
		skip "$name: every definition" "$PG_NO_DUMP"
	fi
	sequences "$from" "$schema" >"$PG_FOLDER/sequences.source"
	sequences target "$schema" >"$PG_FOLDER/sequences.target"
	same "$name: every sequence" "$PG_FOLDER/sequences.source" "$PG_FOLDER/sequences.target"
	runs "$4" "$name: import of the target" "$COFFER" import --force "dbname=target schema='$schema'" \
		"$PG_FOLDER/again.coffer"
	"$COFFER" schema --json "$store" >"$PG_FOLDER/schema.source"
	"$COFFER" schema --json "$PG_FOLDER/again.coffer" >"$PG_FOLDER/schema.target"
	same "$name: the same schema" "$PG_FOLDER/schema.source" "$PG_FOLDER/schema.target"
	digest "$store" >"$PG_FOLDER/digest.source"
	digest "$PG_FOLDER/again.coffer" >"$PG_FOLDER/digest.target"
	[ -s "$PG_FOLDER/digest.source" ]
	ok $? "$name: there is a content digest"
	same "$name: the same content digest" "$PG_FOLDER/digest.source" "$PG_FOLDER/digest.target"
	rm -f "$PG_FOLDER/again.coffer"
}

# Where each sequence stands. last_value of pg_sequences is NULL until the first call.
sequences()
{
	pg_sql "$1" "SELECT sequencename, start_value, last_value FROM pg_sequences
		WHERE schemaname = '$2' ORDER BY sequencename COLLATE \"C\""
}

runs 0 "the built-in schema makes a store" "$COFFER" create "$PG_FOLDER/empty.coffer"
pg_load gateway
runs 0 "and the store a gateway" "$COFFER" export --create "$PG_FOLDER/empty.coffer" "dbname=gateway"
tables=$(pg_sql gateway "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
[ "$tables" = 16 ]
ok $? "of sixteen tables"
carry "an empty gateway" gateway public 0
runs 0 "rows at the edges of every type" psql -X -q -v ON_ERROR_STOP=1 -d gateway \
	-f tests/postgres/edge-values.sql
carry "a gateway" gateway public 0

for fixture in tests/postgres/fixture-*.sql; do
	fixture=${fixture##*/}
	schema=public
	case $fixture in
	fixture-left.sql) continue ;; # not all of it can be carried: see failures.t
	fixture-own.sql) schema="Böhm & Söhne" ;;
	esac
	name=${fixture#fixture-}
	name=${name%.sql}
	pg_load "$name" "$fixture"
	carry "$name" "$name" "$schema" 0
done

# The target's schema may have another name.
pg_load target
runs 0 "into a schema of another name" "$COFFER" export --create "$PG_FOLDER/gateway.coffer" \
	"dbname=target schema='Other Name'"
pg_rows gateway public >"$PG_FOLDER/rows.source"
pg_rows target "Other Name" >"$PG_FOLDER/rows.target"
same "every row" "$PG_FOLDER/rows.source" "$PG_FOLDER/rows.target"
runs 0 "and back" "$COFFER" import --force "dbname=target schema='Other Name'" "$PG_FOLDER/again.coffer"
[ "$(digest "$PG_FOLDER/again.coffer")" = "$(digest "$PG_FOLDER/gateway.coffer")" ]
ok $? "with the same content digest"

# What generate writes of today is what a server makes of it: jsonb's order, numbers and escapes.
runs 0 "a gateway of today is made up" "$COFFER" generate --quiet --rows 400 --era today --prompts 10 \
	"$PG_FOLDER/generated.coffer"
pg_load made
runs 0 "and put into a server" "$COFFER" export --create "$PG_FOLDER/generated.coffer" "dbname=made"
carry "a gateway of today" made public 0
[ "$(digest "$PG_FOLDER/made.coffer")" = "$(digest "$PG_FOLDER/generated.coffer")" ]
ok $? "the content digest of what was generated"

# NaNs of every sign and payload, in binary COPY: their text tells nothing.
pg_load nans
pg_sql nans "CREATE TABLE n (id integer PRIMARY KEY, single real, double double precision)"
{
	printf 'PGCOPY\n\377\r\n\000\000\000\000\000\000\000\000\000'
	printf '\000\003\000\000\000\004\000\000\000\001\000\000\000\004\377\300\000\001'
	printf '\000\000\000\010\377\370\000\000\000\000\000\007'
	printf '\000\003\000\000\000\004\000\000\000\002\000\000\000\004\177\200\000\001'
	printf '\000\000\000\010\177\360\000\000\000\000\000\001'
	printf '\377\377'
} >"$PG_FOLDER/nans"
psql -X -q -d nans -c "COPY n FROM STDIN (FORMAT binary)" <"$PG_FOLDER/nans"
carry "NaNs" nans public 0
psql -X -q -d target -c "COPY (SELECT * FROM n ORDER BY id) TO STDOUT (FORMAT binary)" \
	>"$PG_FOLDER/nans.target"
same "bit by bit" "$PG_FOLDER/nans" "$PG_FOLDER/nans.target"

# No operator of the database's own is used that would fit better than the server's.
pg_load hostile
pg_sql hostile "CREATE FUNCTION lie(oid, regclass) RETURNS boolean LANGUAGE sql AS 'SELECT 1 / 0 = 0';
	CREATE OPERATOR = (LEFTARG = oid, RIGHTARG = regclass, FUNCTION = lie); CREATE TABLE t (a integer)"
runs 3 "operators that lie" "$COFFER" import dbname=hostile "$PG_FOLDER/hostile.coffer"

# A server that speaks in the middle of a COPY is listened to at once, and unless it refused something the
# rows go on: here a check warns of every thousandth row.
pg_load loud
psql -X -q -d loud -c "SET client_min_messages = error" \
	-c "CREATE DOMAIN loud AS integer CHECK (VALUE <> 0 OR NOT pg_cancel_backend(2147483647))" \
	-c "CREATE TABLE talk (id integer PRIMARY KEY, n loud, pad text)" \
	-c "INSERT INTO talk SELECT n, n % 1000, repeat('x', 400) FROM generate_series(1, 20000) AS n"
carry "warnings in the middle" loud public 0

finish
