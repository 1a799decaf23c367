# The parts of `make bench` that need a server: pull, push, today, memory. Sourced by run.sh.

tables() { pg_sql source "SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY oid"; }

# load_server DATABASE STORE: the store's rows in a new database.
load_server()
{
	pg_load "$1"
	"$COFFER" export --quiet --create "$2" "$(at "$1")"
	pg_sql "$1" 'VACUUM ANALYZE' >/dev/null
}

prepare_server()
{
	load_server source "$gateway"
	tables >"$work/tables"
}

# import_from DATABASE WORD...: into $work/imported.coffer, which is not there.
import_from()
{
	import_database=$1
	shift
	"$COFFER" import --quiet "$@" "$(at "$import_database")" "$work/imported.coffer"
}

# ---------------------------------------------------------------------------- pull

copy_away()
{
	while read -r table; do
		psql -X -q -d source -c "COPY (SELECT * FROM public.$table) TO STDOUT (FORMAT binary)" >/dev/null </dev/null
	done <"$work/tables"
}

# One in a hundred rows more, a day later than all others.
add_rows()
{
	pg_sql source "INSERT INTO \"LiteLLM_SpendLogs\" SELECT (jsonb_populate_record(l.s, jsonb_build_object(
		'request_id', 'new-$1-' || (l.s).request_id, 'startTime', l.last + random() * interval '1 day'))).*
		FROM (SELECT s, (SELECT max(\"startTime\") FROM \"LiteLLM_SpendLogs\") AS last
			FROM \"LiteLLM_SpendLogs\" AS s LIMIT $((rows / 100))) AS l"
}

pull_over_two()
{
	if ! "$COFFER" help import | grep -q -- --connections; then
		leave "import over two connections" "import has no --connections"
		return
	fi
	for round in $(seq "$ROUNDS"); do
		rm -f "$work/imported.coffer"
		timed import-2 import_from source --connections 2
	done
	rate pull-2 postgres away
	rate pull-2 coffer import-2
}

part_pull()
{
	for round in $(seq "$ROUNDS"); do
		timed away copy_away
		rm -f "$work/imported.coffer"
		timed import import_from source
	done
	rate pull postgres away
	rate pull coffer import
	figure size-older postgres - "$(server_size source)" MiB
	pull_over_two
	figure size-older coffer - "$(size_of "$work/imported.coffer")" MiB
	for round in $(seq "$ROUNDS"); do
		add_rows "$round"
		timed update "$COFFER" import --quiet --update "$(at source)" "$work/imported.coffer"
	done
	figure update coffer wall "$(median "$work/update.wall")" s
	figure update limit wall "$(median "$work/import.wall")" s
	rm -f "$work/imported.coffer"
}

# ---------------------------------------------------------------------------- push

# A script that makes in another database what `source` has, from binary COPY that lies ready.
prepare_copies()
{
	pg_dump -d source --section=pre-data --no-owner -f "$work/before.sql"
	pg_dump -d source --section=post-data --no-owner -f "$work/after.sql"
	{
		echo 'BEGIN;'
		grep -v '^\\\(un\)\?restrict' "$work/before.sql"
		while read -r table; do
			psql -X -q -d source -c "COPY public.$table TO STDOUT (FORMAT binary)" >"$work/$table.copy" </dev/null
			printf '%s\n' "\\copy public.$table FROM '$work/$table.copy' (FORMAT binary)"
		done <"$work/tables"
		grep -v '^\\\(un\)\?restrict' "$work/after.sql"
		echo 'COMMIT;'
	} >"$work/push.sql"
}

push_prepared() { psql -X -q -v ON_ERROR_STOP=1 -d target -f "$work/push.sql" >/dev/null; }
push_store() { "$COFFER" export --quiet --create "$work/pushed.coffer" "$(at target)"; }

part_push()
{
	"$COFFER" import --quiet --force "$(at source)" "$work/pushed.coffer"
	prepare_copies
	for round in $(seq "$ROUNDS"); do
		pg_load target
		timed push push_prepared
		pg_load target
		timed export push_store
	done
	rate push postgres push
	rate push coffer export
	pg_sql postgres 'DROP DATABASE target'
	rm -f "$work"/*.copy "$work/pushed.coffer"
}

# ---------------------------------------------------------------------------- today

# weigh_today ROW PERCENT COUNT: a server's size and the store's that is imported from there.
weigh_today()
{
	"$COFFER" generate --quiet --force "$work/today.coffer" --rows "$3" --era today --prompts "$2"
	load_server today "$work/today.coffer"
	rm -f "$work/today.coffer" "$work/imported.coffer"
	figure "$1" postgres - "$(server_size today)" MiB
	import_from today
	figure "$1" coffer - "$(size_of "$work/imported.coffer")" MiB
	rm -f "$work/imported.coffer"
	pg_sql postgres 'DROP DATABASE today'
}

part_today()
{
	logs_today=$((rows / 5))
	[ "$logs_today" -le 1000000 ] || logs_today=1000000
	logs_today=${TODAY_ROWS:-$logs_today}
	weigh_today size-today 0 "$logs_today"
	weigh_today size-prompts 5 "$((logs_today / 4))"
}

# ---------------------------------------------------------------------------- memory

# anonymous ROW: the largest anonymous memory of an import, looked at fifty times a second.
anonymous()
{
	rm -f "$work/imported.coffer"
	import_from memory &
	anonymous_pid=$!
	anonymous_most=0
	while kill -0 "$anonymous_pid" 2>/dev/null; do
		for child in $(cat "/proc/$anonymous_pid/task/$anonymous_pid/children" 2>/dev/null) "$anonymous_pid"; do
			anonymous_now=$(awk '/^RssAnon/ { print $2 }' "/proc/$child/status" 2>/dev/null || true)
			[ "${anonymous_now:-0}" -le "$anonymous_most" ] || anonymous_most=$anonymous_now
		done
		sleep 0.02
	done
	wait "$anonymous_pid"
	figure "$1" coffer - "$(awk -v k="$anonymous_most" 'BEGIN { printf "%.1f", k / 1024 }')" MiB
	rm -f "$work/imported.coffer"
}

part_memory()
{
	for rows in ${MEMORY_ROWS:-$rows $((rows * 5))}; do
		say "memory: $rows rows"
		"$COFFER" generate --quiet --force "$gateway" --rows "$rows" --seed 1
		load_server memory "$gateway"
		rm -f "$gateway"
		anonymous memory
	done
	# No text repeats.
	pg_sql memory 'ALTER TABLE "LiteLLM_SpendLogs" ALTER COLUMN end_user TYPE text USING
		rpad('"'user_' || md5(request_id) || '_account_' || md5(request_id || 'a') || '_session_' || md5(request_id || 's'), 160, 'x')"
	anonymous memory-users
	pg_sql postgres 'DROP DATABASE memory'
}
