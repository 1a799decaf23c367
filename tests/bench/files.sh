# The parts of `make bench` that compare files: read, sql, write, load, duckdb, trust. Sourced by run.sh.

duckdb_release=1.5.6-r.1

part_read()
{
	fresh
	measuring "$BUILD/tests/bench/bench_read" "$gateway" "$others"
	fresh
	[ "$has_server" = no ] || measuring "$BUILD/tests/bench/bench_pg" "$(at source)"
}

part_sql()
{
	fresh
	measuring "$BUILD/tests/bench/bench_sql" "$gateway" "$others"
	# The whole table's question has a row of its own, which coffer's roll-up, DuckDB and the server have part in.
	awk -F '\t' -v OFS='\t' -v rows="$rows" '$1 == "sql-spend" && $2 == "sqlite" { $1 = "spend"; print rows, $0 }' \
		"$work/printed" >>"$figures"
	measuring "$BUILD/tests/bench/bench_spend" "$gateway"
	fresh
}

part_write()
{
	fresh
	measuring "$BUILD/tests/bench/bench_write" "$gateway" "$others"
	fresh
}

part_load()
{
	fresh
	"$COFFER" export --quiet "$logs" "$work/logs.sql"
	measuring "$BUILD/tests/bench/bench_load" "$logs" "$others"
	fresh
	for round in $(seq "$ROUNDS"); do
		rm -f "$work/loaded.coffer"
		timed load "$COFFER" import --quiet "$work/logs.sql" "$work/loaded.coffer"
	done
	rate load coffer load
	figure size-load coffer - "$(size_of "$work/loaded.coffer")" MiB
	rm -f "$work/logs.sql" "$work/loaded.coffer"
}

# find_duckdb: $DUCKDB, or npm's package in the build folder; otherwise $why says why not.
find_duckdb()
{
	why=
	[ -z "${DUCKDB:-}" ] || return 0
	DUCKDB=$BUILD/bench/duckdb
	[ ! -d "$DUCKDB/node_modules/@duckdb/node-api" ] || return 0
	if ! command -v npm >/dev/null || ! command -v node >/dev/null; then
		why="npm is not installed"
		return 1
	fi
	mkdir -p "$DUCKDB"
	timeout --kill-after=5 "${NPM_SECONDS:-120}" npm install --silent --no-update-notifier --fetch-retries=0 --no-audit \
		--no-fund --no-save --ignore-scripts --prefix "$DUCKDB" --cache "$DUCKDB/npm" "@duckdb/node-api@$duckdb_release" \
		>/dev/null 2>&1 </dev/null && rm -rf "$DUCKDB/npm" && return 0
	rm -rf "$DUCKDB"
	why="npm does not bring @duckdb/node-api"
	return 1
}

part_duckdb()
{
	if ! find_duckdb; then
		leave DuckDB "$why"
		return 0
	fi
	fresh
	"$COFFER" export --quiet --format csv "$logs" "$work/folder"
	measuring node tests/bench/duckdb.mjs "$DUCKDB" "$work/folder/LiteLLM_SpendLogs.csv" "$others/logs.duckdb"
	rm -rf "$work/folder"
	fresh
}

part_trust()
{
	fresh
	strangers=$((rows * 5 / 2))
	[ "$strangers" -le 2500000 ] || strangers=2500000
	"$COFFER" generate --quiet --force "$work/stranger.coffer" --rows "${STRANGER_ROWS:-$strangers}" --table spendlogs
	measuring "$BUILD/tests/bench/bench_trust" "$work/stranger.coffer" "$others"
	rm -f "$work/stranger.coffer"
	fresh
}
