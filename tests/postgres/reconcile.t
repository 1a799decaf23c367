#!/bin/sh
# A store is held against the server that it came from: equal, one thing changed at a time by SQL, and a million rows without a
# memory that grows with them.
# shellcheck disable=SC2034 # PG_SETTINGS is lib.sh's.
. tests/postgres/lib.sh
. tests/postgres/tap.sh
pg_start || pg_skip_all
TAP_FOLDER=$PG_FOLDER
store=$PG_FOLDER/gateway.coffer
server="dbname=gateway"

# tells NAME PATTERN...: the last command's result has a line like each.
tells()
{
	name=$1
	shift
	bad=0
	for pattern in "$@"; do
		grep -q -e "$pattern" "$TAP_FOLDER/out" || bad=1
	done
	ok "$bad" "$name"
	[ "$bad" -eq 0 ] || note "$TAP_FOLDER/out"
}

# restore: the server has again what the store has.
restore()
{
	pg_load gateway
	"$COFFER" export --quiet --create "$store" "$server"
}

"$COFFER" generate -q "$store" --rows 2000 --seed 3
restore
runs 0 "a store equals what it was exported to" "$COFFER" reconcile "$store" "$server"
tells "and says so" '^equal: 16 tables, [0-9,]* rows$' '^  spend: sum [0-9.]* on both sides$' \
	'^  startTime: 20.* to 20.* on both sides$'
runs 0 "an import" "$COFFER" import "$server" "$PG_FOLDER/imported.coffer"
runs 0 "equals where it came from" "$COFFER" reconcile "$PG_FOLDER/imported.coffer" "$server"
runs 0 "and a diff of store and server agrees" "$COFFER" diff "$PG_FOLDER/imported.coffer" "$server"
tells "in the schema too" '^equal: 16 tables'
mkdir "$PG_FOLDER/temporary"
runs 0 "from either side" env TMPDIR="$PG_FOLDER/temporary" "$COFFER" diff "$server" "$PG_FOLDER/imported.coffer"
gone "which leaves no store behind" "$PG_FOLDER/temporary"

request=$(pg_sql gateway 'SELECT request_id FROM "LiteLLM_SpendLogs" ORDER BY "startTime" LIMIT 1 OFFSET 1234')
pg_sql gateway "UPDATE \"LiteLLM_SpendLogs\" SET spend = spend + 1000 WHERE request_id = '$request'"
runs 6 "a changed value" "$COFFER" reconcile "$store" "$server"
tells "is named by its key and column" "^  \\[request_id=\"$request\"\\]\\.spend: .* here, 100.* there\$" \
	'^different: 1 of 16 tables; rows: 1 changed, 0 only here, 0 only there$' \
	'^LiteLLM_SpendLogs *2,000 *2,000 *1,999 *1 *0 *0$' '^  spend: sum .* here, .* there$'
runs 6 "also as a line for a script" "$COFFER" reconcile "$store" "$server" --ndjson
tells "with the whole value" "^{\"table\":\"LiteLLM_SpendLogs\",\"change\":\"changed\",\"key\":{\"request_id\":\"$request\"},\"columns\":{\"spend\":{\"here\":"
[ "$(wc -l <"$TAP_FOLDER/out")" -eq 1 ]
ok $? "and nothing else"
runs 0 "other tables are equal" "$COFFER" reconcile "$store" "$server" --exclude-table spendlogs

restore
pg_sql gateway "DELETE FROM \"LiteLLM_SpendLogs\" WHERE request_id = '$request'"
runs 6 "a row that is gone" "$COFFER" reconcile "$store" "$server" --table spendlogs
tells "is named" "^  \\[request_id=\"$request\"\\]: only here\$" '^LiteLLM_SpendLogs *2,000 *1,999 *1,999 *0 *1 *0$'
pg_sql gateway 'INSERT INTO "LiteLLM_Config" VALUES ($$new one$$, $${"a": 1}$$)'
runs 6 "a row that is new" "$COFFER" reconcile "$store" "$server" --table config
tells "is named too" '^  \[param_name="new one"\]: only there$'
pg_sql gateway 'ALTER TABLE "LiteLLM_Config" ADD COLUMN extra integer DEFAULT 1'
runs 6 "a column more" "$COFFER" reconcile "$store" "$server" --table config
tells "is told and the others compared" '^  \.extra: no column here, integer there$' \
	'^  \[param_name="new one"\]: only there$'

# What no constraint of the store's own keeps apart: tables without a key, and keys twice.
pg_load gateway
pg_sql gateway 'CREATE TABLE plain (a integer, b text); INSERT INTO plain SELECT i % 10, $$x$$ FROM generate_series(1, 100) AS i;
	CREATE TABLE twice (id integer, b text, PRIMARY KEY (id, b)); INSERT INTO twice VALUES (1, $$a$$), (2, $$b$$)'
runs 0 "tables without a key" "$COFFER" import --force "$server" "$PG_FOLDER/imported.coffer"
runs 0 "are equal as a whole" "$COFFER" reconcile "$PG_FOLDER/imported.coffer" "$server"
pg_sql gateway 'WITH gone AS (DELETE FROM plain WHERE a = 3 RETURNING *) INSERT INTO plain SELECT * FROM gone'
runs 0 "whatever the order of their rows" "$COFFER" reconcile "$PG_FOLDER/imported.coffer" "$server"
pg_sql gateway 'DELETE FROM plain WHERE ctid IN (SELECT ctid FROM plain WHERE a = 3 LIMIT 4);
	INSERT INTO twice VALUES (1, $$b$$); ALTER TABLE twice DROP CONSTRAINT twice_pkey'
runs 6 "but not with another number of them" "$COFFER" reconcile "$PG_FOLDER/imported.coffer" "$server"
tells "of which each is named" '^plain *100 *96 *96 *0 *4 *0$' '^  \[a=3, b="x"\]: only here$'
tells "nor with another key" '^twice *2 *3 *2 *0 *0 *1$' '^  \[id=1, b="b"\]: only there$'
pg_sql gateway 'INSERT INTO plain SELECT 3, $$x$$ FROM generate_series(1, 9)'
runs 0 "unless the store is to be a part of what is there" "$COFFER" reconcile "$PG_FOLDER/imported.coffer" "$server" --subset
tells "whose rows are counted" '^plain *100 *105 *100 *0 *0 *5$' '^equal: .* 6 more only there$'

runs 7 "a server that is not there" "$COFFER" reconcile "$store" "host=$PG_FOLDER/none"
runs 9 "a table that is not there" "$COFFER" reconcile "$store" "$server" --table nothing

# A part is compared with the same part.
restore
runs 0 "an import of a part" "$COFFER" import "$server" "$PG_FOLDER/part.coffer" --table teamtable --table config
runs 0 "equals that part" "$COFFER" reconcile "$PG_FOLDER/part.coffer" "$server"
tells "which is said" '^not compared: 14 tables only there$' '^equal: 2 tables, '
runs 0 "an import from a time on" "$COFFER" import "$server" "$PG_FOLDER/late.coffer" --since 2024-11-01
runs 0 "equals what is from then on" "$COFFER" reconcile "$PG_FOLDER/late.coffer" "$server"
tells "which is said too" '^logs: only rows from 2024-11-01 00:00:00+00 on$'

# What is anonymous does not grow with the rows: a bit for each, and buffers.
rows=${RECONCILE_ROWS:-300000}
"$COFFER" generate -q --force "$store" --rows "$rows" --seed 4
restore
pg_sql gateway "CREATE TABLE keyless AS SELECT request_id, spend, \"user\" FROM \"LiteLLM_SpendLogs\""
runs 0 "many rows" "$COFFER" import --force "$server" "$store"
pg_sql gateway 'DELETE FROM keyless WHERE ctid = (SELECT min(ctid) FROM keyless);
	UPDATE "LiteLLM_SpendLogs" SET model = model WHERE spend > 0.01'
"$COFFER" reconcile --quiet "$store" "$server" >"$TAP_FOLDER/out" 2>"$TAP_FOLDER/err" &
pid=$!
most=0
while kill -0 "$pid" 2>/dev/null; do
	now=$(awk '/^RssAnon/ { print $2 }' "/proc/$pid/status" 2>/dev/null)
	[ "${now:-0}" -le "$most" ] || most=$now
	sleep 0.02
done
wait "$pid"
[ $? -eq 6 ]
ok $? "many rows in another order"
tells "of which one is gone" "^keyless .* 1  *0\$" '^different: 1 of 17 tables; rows: 0 changed, 1 only here, 0 only there$'
# The sanitizers' own memory is not the command's.
[ -n "$SANITIZE" ] || [ "$most" -lt 98304 ]
ok $? "in less than 96 MiB ($((most / 1024)) MiB)"

finish
