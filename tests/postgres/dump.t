#!/bin/sh
# A database through its server and through its dump, in each form that pg_dump has: the same schema to the letter,
# the same rows, the same warnings.

. tests/postgres/lib.sh
. tests/postgres/tap.sh
pg_start || pg_skip_all
pg_need_dump
TAP_FOLDER=$PG_FOLDER

# What was said but for the summary and its size.
warnings()
{
	grep '^coffer: warning' "$TAP_FOLDER/err" >"$1"
}

# The whole model of a store but where its rows' texts are held, which a sample of the rows decides.
model()
{
	"$COFFER" schema --json "$1" | sed 's/"is_interned":true,//; s/,"position":[0-9]*//'
}

# by_server NAME DATABASE SCHEMA STATUS: what each dump is held against.
by_server()
{
	runs "$4" "$1: by its server" "$COFFER" import --force --schema "$3" "dbname=$2" "$PG_FOLDER/server.coffer"
	warnings "$PG_FOLDER/warnings.server"
	model "$PG_FOLDER/server.coffer" >"$PG_FOLDER/model.server"
	digest "$PG_FOLDER/server.coffer" >"$PG_FOLDER/digest.server"
	[ -s "$PG_FOLDER/digest.server" ]
	ok $? "$1: there is a content digest"
}

# by_dump NAME SOURCE SCHEMA STATUS: against what by_server took.
by_dump()
{
	runs "$4" "$1" "$COFFER" import --force --schema "$3" "$2" "$PG_FOLDER/dump.coffer"
	warnings "$PG_FOLDER/warnings.dump"
	same "$1: the same warnings" "$PG_FOLDER/warnings.server" "$PG_FOLDER/warnings.dump"
	runs 0 "$1: the same schema" "$COFFER" schema "$PG_FOLDER/server.coffer" --diff "$PG_FOLDER/dump.coffer"
	model "$PG_FOLDER/dump.coffer" >"$PG_FOLDER/model.dump"
	same "$1: to the letter" "$PG_FOLDER/model.server" "$PG_FOLDER/model.dump"
	digest "$PG_FOLDER/dump.coffer" >"$PG_FOLDER/digest.dump"
	same "$1: the same content digest" "$PG_FOLDER/digest.server" "$PG_FOLDER/digest.dump"
	runs 0 "$1: whole" "$COFFER" verify "$PG_FOLDER/dump.coffer"
}

# every_form NAME DATABASE SCHEMA STATUS [FORM...]: the four forms and more of them.
every_form()
{
	name=$1 from=$2 schema=$3 status=$4
	shift 4
	by_server "$name" "$from" "$schema" "$status"
	for form in -Fp --inserts --column-inserts -Fc "$@"; do
		# shellcheck disable=SC2086 # Options, one word each.
		pg_dump $form "$from" >"$PG_FOLDER/dump"
		by_dump "$name, pg_dump $form" "$PG_FOLDER/dump" "$schema" "$status"
	done
}

"$COFFER" generate -q --rows 3000 "$PG_FOLDER/generated.coffer"
pg_load generated
"$COFFER" export -q --create "$PG_FOLDER/generated.coffer" "dbname=generated"
every_form "a gateway of 2024" generated public 0
"$COFFER" create -q "$PG_FOLDER/empty.coffer"
pg_load edge
"$COFFER" export -q --create "$PG_FOLDER/empty.coffer" "dbname=edge"
psql -X -q -v ON_ERROR_STOP=1 -d edge -f tests/postgres/edge-values.sql >/dev/null
every_form "values at the edges" edge public 0
pg_load today fixture-today.sql
every_form "a gateway of today" today public 0 '--rows-per-insert=3' '--clean --if-exists'
pg_load partitioned fixture-partitioned.sql
every_form "a partitioned one" partitioned public 0 '--rows-per-insert=7 --no-owner' '--clean --create' \
	'--quote-all-identifiers' '--load-via-partition-root' '--disable-triggers --verbose' 2>/dev/null
pg_load left fixture-left.sql 2>/dev/null
every_form "what is not carried" left public 3
pg_load order fixture-order.sql
every_form "things that need each other" order public 0

# A dump has the time zone of who made it.
pg_load zoned
pg_sql zoned "CREATE TABLE part (at timestamptz DEFAULT '2024-01-01 12:00+00', n int) PARTITION BY RANGE (at, n);
	ALTER TABLE part ADD CHECK (at <> '2024-02-29 23:59:59.5+00');
	CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM ('2024-01-01 00:00+00', 1) TO ('2024-02-01 00:00+00', MAXVALUE);
	CREATE TABLE part_2 PARTITION OF part FOR VALUES FROM ('2024-02-01 00:00+00', MAXVALUE) TO (MAXVALUE, MAXVALUE);
	CREATE INDEX ON part (n) WHERE at >= '1969-07-20 20:17:40+00';
	CREATE VIEW late AS SELECT n FROM part WHERE at > '2024-06-01 00:00+00'::timestamptz(3);
	INSERT INTO part VALUES (DEFAULT, 1), ('2024-07-01 00:00+00', 2), ('infinity', 3)"
export PGTZ=Asia/Kathmandu
every_form "another time zone" zoned public 0
unset PGTZ

# Values of generated columns stand in no dump: those of a server are the difference.
pg_load own fixture-own.sql
own='Böhm & Söhne'
pg_dump own >"$PG_FOLDER/dump"
runs 3 "generated columns" "$COFFER" import --schema "$own" "$PG_FOLDER/dump" "$PG_FOLDER/generates.coffer"
"$COFFER" import -q --schema "$own" dbname=own "$PG_FOLDER/own.coffer"
runs 0 "are in the schema" "$COFFER" schema "$PG_FOLDER/own.coffer" --diff "$PG_FOLDER/generates.coffer"
runs 6 "and without values" "$COFFER" diff "$PG_FOLDER/own.coffer" "$PG_FOLDER/generates.coffer"
runs 0 "a store against a dump of its schema and others" "$COFFER" diff "$PG_FOLDER/generates.coffer" "$PG_FOLDER/dump"
pg_load target
runs 0 "until a server makes them" "$COFFER" export --create "$PG_FOLDER/generates.coffer" "dbname=target"
pg_rows own "$own" >"$PG_FOLDER/rows.source"
pg_rows target "$own" >"$PG_FOLDER/rows.target"
same "all of them" "$PG_FOLDER/rows.source" "$PG_FOLDER/rows.target"
pg_sql own "ALTER TABLE \"$own\".extremes DROP COLUMN twice; ALTER TABLE \"$own\".numbered DROP COLUMN e"
every_form "a database of its own" own "$own" 0

# Rows alone: the built-in schema has the tables.
pg_dump --data-only generated >"$PG_FOLDER/dump"
runs 0 "rows alone" "$COFFER" import --force "$PG_FOLDER/dump" "$PG_FOLDER/dump.coffer"
runs 0 "are those of the gateway" "$COFFER" diff "$PG_FOLDER/generated.coffer" "$PG_FOLDER/dump.coffer"
pg_dump --data-only --inserts -t '"LiteLLM_TeamTable"' generated >"$PG_FOLDER/dump"
runs 0 "of one table" "$COFFER" import --force "$PG_FOLDER/dump" "$PG_FOLDER/dump.coffer"
[ "$("$COFFER" scan "$PG_FOLDER/dump.coffer" teamtable)" = "$("$COFFER" scan "$PG_FOLDER/generated.coffer" teamtable)" ]
ok $? "all of its rows"
pg_dump --data-only today >"$PG_FOLDER/dump"
runs 1 "of tables that it does not have" "$COFFER" import --force "$PG_FOLDER/dump" "$PG_FOLDER/dump.coffer"
says "are refused by name" "LiteLLM_AccessGroupTable" "built-in schema does not have"

# Definitions alone, the other archives, a stream, a part.
pg_dump --schema-only today >"$PG_FOLDER/dump"
by_server "definitions" today public 0
runs 0 "alone" "$COFFER" import --force "$PG_FOLDER/dump" "$PG_FOLDER/dump.coffer"
runs 0 "are the same" "$COFFER" schema "$PG_FOLDER/server.coffer" --diff "$PG_FOLDER/dump.coffer"
pg_dump -Ft today >"$PG_FOLDER/dump"
by_dump "a tar archive" "$PG_FOLDER/dump" public 0
pg_dump -Fd -f "$PG_FOLDER/folder" today
by_dump "a folder" "$PG_FOLDER/folder" public 0
mkfifo "$PG_FOLDER/pipe"
pg_dump today >"$PG_FOLDER/pipe" &
by_dump "a pipe" "$PG_FOLDER/pipe" public 0
runs 0 "a stream of an archive" sh -c "pg_dump -Fc today | '$COFFER' import --force - '$PG_FOLDER/dump.coffer'"
digest "$PG_FOLDER/dump.coffer" >"$PG_FOLDER/digest.dump"
same "the same content digest" "$PG_FOLDER/digest.server" "$PG_FOLDER/digest.dump"
pg_dump today >"$PG_FOLDER/dump"
runs 3 "a part of a dump" "$COFFER" import --force --table teamtable "$PG_FOLDER/dump" "$PG_FOLDER/dump.coffer"
runs 3 "a part of a server" "$COFFER" import --force --table teamtable dbname=today "$PG_FOLDER/server.coffer"
runs 0 "are one" "$COFFER" diff "$PG_FOLDER/server.coffer" "$PG_FOLDER/dump.coffer"
runs 0 "a store against a dump" "$COFFER" diff --table teamtable "$PG_FOLDER/server.coffer" "$PG_FOLDER/dump"

# What is not a whole dump.
pg_dumpall >"$PG_FOLDER/dump"
runs 1 "several databases" "$COFFER" import --force "$PG_FOLDER/dump" "$PG_FOLDER/dump.coffer"
says "are refused" "another database begins here"
pg_dump --encoding=LATIN1 left >"$PG_FOLDER/dump"
runs 1 "another encoding" "$COFFER" import --force "$PG_FOLDER/dump" "$PG_FOLDER/dump.coffer"
says "is refused" "LATIN1, UTF8 is expected"
pg_dump -Fc today | head -c 60000 >"$PG_FOLDER/dump"
runs 1 "a cut archive" "$COFFER" import --force "$PG_FOLDER/dump" "$PG_FOLDER/dump.coffer"
says "is pg_restore's to refuse" "pg_restore failed: pg_restore: error:"

finish
