#!/bin/sh
# A store goes out as SQL, psql loads it into an empty database, and what comes back, by the server and from the file
# itself, is the store again.

. tests/postgres/lib.sh
. tests/postgres/tap.sh
pg_start || pg_skip_all
TAP_FOLDER=$PG_FOLDER

# carry NAME DATABASE SCHEMA
carry()
{
	name=$1 from=$2 schema=$3
	store=$PG_FOLDER/$from.coffer sql=$PG_FOLDER/$from.sql
	"$COFFER" import -q --schema "$schema" "dbname=$from" "$store"
	runs 0 "$name: export" "$COFFER" export "$store" "$sql"
	[ "$(stat -c %a "$sql")" = 600 ]
	ok $? "$name: for its owner alone"
	pg_load target
	runs 0 "$name: psql loads it" psql -X -q -v ON_ERROR_STOP=1 -d target -f "$sql"
	[ ! -s "$PG_FOLDER/err" ]
	ok $? "$name: without a word"
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
	runs 0 "$name: by the server" "$COFFER" diff -q "$store" "dbname=target schema='$schema'"
}

# back NAME DATABASE SCHEMA: and from the file.
back()
{
	carry "$@"
	runs 0 "$name: from the file" "$COFFER" import -q --schema "$schema" "$sql" "$PG_FOLDER/file.coffer"
	runs 0 "$name: every definition of it" "$COFFER" schema "$store" --diff "$PG_FOLDER/file.coffer"
	[ "$(digest "$store")" = "$(digest "$PG_FOLDER/file.coffer")" ]
	ok $? "$name: the same content digest"
	rm -f "$PG_FOLDER/file.coffer"
}

"$COFFER" generate -q --rows 3000 "$PG_FOLDER/made.coffer"
pg_load generated
"$COFFER" export -q --create "$PG_FOLDER/made.coffer" dbname=generated
back "a gateway of 2024" generated public
"$COFFER" create -q "$PG_FOLDER/empty.coffer"
pg_load edge
"$COFFER" export -q --create "$PG_FOLDER/empty.coffer" dbname=edge
psql -X -q -v ON_ERROR_STOP=1 -d edge -f tests/postgres/edge-values.sql >/dev/null
back "values at the edges" edge public
pg_load today fixture-today.sql
back "a gateway of today" today public
pg_load partitioned fixture-partitioned.sql
back "a partitioned one" partitioned public
pg_load order fixture-order.sql
back "things that need each other" order public
pg_load own fixture-own.sql
carry "a database of its own" own 'Böhm & Söhne'

# A stream, a part, and what is in the way.
pg_load target
runs 0 "a stream" sh -c "'$COFFER' export -q '$PG_FOLDER/today.coffer' - | psql -X -q -v ON_ERROR_STOP=1 -d target"
runs 0 "is the same" "$COFFER" diff -q "$PG_FOLDER/today.coffer" dbname=target
runs 8 "twice into one database is psql's to refuse, into one file coffer's" \
	"$COFFER" export "$PG_FOLDER/today.coffer" "$PG_FOLDER/today.sql"
psql -X -q -v ON_ERROR_STOP=1 -d target -f "$PG_FOLDER/today.sql" >/dev/null 2>&1
[ $? -eq 3 ]
ok $? "psql refuses"
runs 0 "and nothing of it is there twice" "$COFFER" diff -q "$PG_FOLDER/today.coffer" dbname=target
pg_load target
runs 0 "a part" "$COFFER" export --force --table modeltable "$PG_FOLDER/generated.coffer" "$PG_FOLDER/part.sql"
runs 0 "is loaded as one" psql -X -q -v ON_ERROR_STOP=1 -d target -f "$PG_FOLDER/part.sql"
[ "$(pg_sql target "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")" = 1 ]
ok $? "one table"

finish
