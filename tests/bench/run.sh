#!/bin/sh
# make bench: coffer beside the server, raw LMDB and SQLite, on the same rows, in one run.
#
#	ROWS=1000000 ROUNDS=3 MEMORY=yes sh tests/bench/run.sh
#
# Only ratios inside one run mean something: these are medians of ROUNDS, asked in turn. MEMORY=no leaves out the
# imports of five times as many rows and of a million different end users. STRANGER_ROWS (2500000) are those of the store
# on which care is measured.
set -e
ROWS=${ROWS:-1000000}
ROUNDS=${ROUNDS:-3}
MEMORY=${MEMORY:-yes}
STRANGER_ROWS=${STRANGER_ROWS:-2500000}
PG_SETTINGS='fsync = on
synchronous_commit = on
full_page_writes = on
shared_buffers = 2GB
maintenance_work_mem = 512MB
work_mem = 64MB
max_wal_size = 8GB'
. tests/postgres/lib.sh

work=$(mktemp -d "${TMPDIR:-/tmp}/coffer-bench.XXXXXX")
chmod 755 "$work"
cleanup() { pg_stop; rm -rf "$work"; }

now() { date +%s.%N; }
# median FILE: of one figure a line.
median() { sort -g "$1" | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }
# timed NAME COMMAND...: its seconds, added to a file. What others left to write is written before.
timed()
{
	timed_name=$1
	shift
	[ -z "$PG_PID" ] || pg_sql postgres CHECKPOINT
	sync
	timed_start=$(now)
	"$@"
	timed_end=$(now)
	awk -v a="$timed_start" -v b="$timed_end" 'BEGIN { print b - a }' >>"$work/$timed_name"
}
# report TITLE BASE OTHER: rates of both and the ratio of OTHER to BASE.
report()
{
	awk -v title="$1" -v rows="$ROWS" -v base="$(median "$work/$2")" -v other="$(median "$work/$3")" 'BEGIN {
		printf "%-38s %-12s %12.0f rows/s %6.2f s\n", title, "server alone", rows / base, base
		printf "%-38s %-12s %12.0f rows/s %6.2f s  ratio %.2f\n", title, "coffer", rows / other, other, base / other
	}'
}
# anonymous ROWS-IN-WORDS: the largest anonymous memory of an import, looked at fifty times a second.
anonymous()
{
	rm -f "$work/imported.coffer"
	"$COFFER" import --quiet "host=$PGHOST port=$PGPORT user=$PGUSER dbname=source" "$work/imported.coffer" &
	anonymous_pid=$!
	anonymous_most=0
	while kill -0 "$anonymous_pid" 2>/dev/null; do
		anonymous_now=$(awk '/^RssAnon/ { print $2 }' "/proc/$anonymous_pid/status" 2>/dev/null || true)
		[ "${anonymous_now:-0}" -le "$anonymous_most" ] || anonymous_most=$anonymous_now
		sleep 0.02
	done
	wait "$anonymous_pid"
	echo "memory: import of $1: $((anonymous_most / 1024)) MiB anonymous"
}
tables() { pg_sql source "SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY oid"; }
copy_away()
{
	for table in $(cat "$work/tables"); do
		psql -X -q -d source -c "COPY (SELECT * FROM public.$table) TO STDOUT (FORMAT binary)" >/dev/null
	done
}
prepare_copies()
{
	pg_dump -d source --section=pre-data --no-owner -f "$work/before.sql"
	pg_dump -d source --section=post-data --no-owner -f "$work/after.sql"
	{
		echo 'BEGIN;'
		grep -v '^\\\(un\)\?restrict' "$work/before.sql"
		for table in $(cat "$work/tables"); do
			psql -X -q -d source -c "COPY public.$table TO STDOUT (FORMAT binary)" >"$work/$table.copy"
			printf '%s\n' "\\copy public.$table FROM '$work/$table.copy' (FORMAT binary)"
		done
		grep -v '^\\\(un\)\?restrict' "$work/after.sql"
		echo 'COMMIT;'
	} >"$work/push.sql"
}
push_prepared() { psql -X -q -v ON_ERROR_STOP=1 -d target -f "$work/push.sql" >/dev/null; }
coffer_import() { "$COFFER" import --quiet "host=$PGHOST port=$PGPORT user=$PGUSER dbname=$1" "$work/imported.coffer"; }
coffer_export() { "$COFFER" export --quiet --create "$work/gateway.coffer" "host=$PGHOST port=$PGPORT user=$PGUSER dbname=target"; }

pg_start || { echo "bench: no Postgres server is installed"; exit 1; }
trap cleanup EXIT

echo "bench: $ROWS spend logs, medians of $ROUNDS"
timed generate "$COFFER" generate --quiet "$work/gateway.coffer" --rows "$ROWS" --seed 1
awk -v s="$(median "$work/generate")" -v rows="$ROWS" 'BEGIN { printf "%-38s %-12s %12.0f rows/s %6.2f s\n", "generate, six indexes, synced", "coffer", rows / s, s }'
pg_load source
"$COFFER" export --quiet --create "$work/gateway.coffer" "host=$PGHOST port=$PGPORT user=$PGUSER dbname=source"
pg_sql source 'VACUUM ANALYZE' >/dev/null
tables >"$work/tables"
prepare_copies
round=0
while [ "$round" -lt "$ROUNDS" ]; do
	timed away copy_away
	rm -f "$work/imported.coffer"
	timed import coffer_import source
	pg_load target
	timed push push_prepared
	pg_load target
	timed export coffer_export
	round=$((round + 1))
done
report "import, all indexes, synced" away import
report "export, indexes and keys" push export
timed verify "$COFFER" verify --quiet "$work/imported.coffer"
awk -v s="$(median "$work/verify")" -v rows="$ROWS" 'BEGIN { printf "%-38s %-12s %12.0f rows/s %6.2f s\n", "verify, everything both ways", "coffer", rows / s, s }'
echo "size: store $(($(stat -c %s "$work/imported.coffer") >> 20)) MiB, Postgres tables and indexes $(pg_sql source "SELECT sum(pg_total_relation_size(oid)) / 1048576 FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace" | cut -d. -f1) MiB"
# One in a hundred rows more each time, a day later than all others.
round=0
while [ "$round" -lt "$ROUNDS" ]; do
	pg_sql source "INSERT INTO \"LiteLLM_SpendLogs\" SELECT (jsonb_populate_record(l.s, jsonb_build_object(
		'request_id', 'new-$round-' || (l.s).request_id, 'startTime', l.last + random() * interval '1 day'))).*
		FROM (SELECT s, (SELECT max(\"startTime\") FROM \"LiteLLM_SpendLogs\") AS last
			FROM \"LiteLLM_SpendLogs\" AS s LIMIT $((ROWS / 100))) AS l"
	timed update "$COFFER" import --quiet --update "host=$PGHOST port=$PGPORT user=$PGUSER dbname=source" "$work/imported.coffer"
	round=$((round + 1))
done
awk -v s="$(median "$work/update")" -v all="$(median "$work/import")" 'BEGIN { printf "%-38s %-12s %26.2f s  %.1f times as fast as an import\n", "import --update, 1 % new rows", "coffer", s, all / s }'
pg_sql postgres 'DROP DATABASE target'
rm -f "$work"/*.copy
mkdir "$work/others"
"$BUILD/tests/bench/bench_read" "$work/gateway.coffer" "$work/others"
rm -rf "$work/others"
mkdir "$work/others"
"$BUILD/tests/bench/bench_sql" "$work/gateway.coffer" "$work/others"
rm -rf "$work/others"
mkdir "$work/others"
"$BUILD/tests/bench/bench_write" "$work/gateway.coffer" "$work/others"
rm -rf "$work/others"
# A store of two gigabytes, from a stranger.
mkdir "$work/others"
"$COFFER" generate --quiet "$work/stranger.coffer" --rows "$STRANGER_ROWS" --table spendlogs
"$BUILD/tests/bench/bench_trust" "$work/stranger.coffer" "$work/others"
rm -rf "$work/others" "$work/stranger.coffer"
[ "$MEMORY" = yes ] || exit 0

anonymous "$ROWS rows"
pg_sql source 'ALTER TABLE "LiteLLM_SpendLogs" ALTER COLUMN end_user TYPE text USING
	rpad('"'user_' || md5(request_id) || '_account_' || md5(request_id || 'a') || '_session_' || md5(request_id || 's'), 160, 'x')"
anonymous "$ROWS different end users of 160 bytes"
pg_sql postgres 'DROP DATABASE source'
"$COFFER" generate --quiet --force "$work/gateway.coffer" --rows $((ROWS * 5)) --seed 1
pg_load source
"$COFFER" export --quiet --create "$work/gateway.coffer" "host=$PGHOST port=$PGPORT user=$PGUSER dbname=source"
rm "$work/gateway.coffer"
anonymous "$((ROWS * 5)) rows"
