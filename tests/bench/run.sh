#!/bin/sh
# make bench: coffer beside SQLite, raw LMDB, Postgres and DuckDB on the same generated rows, in one run and one table.
#
#	ROWS="1000000"		spend logs; several numbers: one after the other, for growth
#	ROUNDS=3		how often each work is done by each
#	PARTS="..."		of $all_parts
#	MEMORY_ROWS="..."	the imports whose memory is watched (as many as ROWS, and five times as many)
#	TODAY_ROWS=...		today's spend logs (a fifth of ROWS, at most 1,000,000)
#	STRANGER_ROWS=...	of the store on which care is measured (2.5 times ROWS, at most 2,500,000)
#	DUCKDB=...		a folder that npm has put @duckdb/node-api into; else it is asked for it
#
# Only ratios inside one run mean something. Each contender has its turn in each round; figures are medians. Results go to
# $BUILD/bench: figures.tsv, every figure, and table.tsv; publish.sh makes README's table and the plot of them.
set -e
all_parts="pull push load read sql write trust today duckdb memory"
ROWS=${ROWS:-1000000}
ROUNDS=${ROUNDS:-3}
PARTS=${PARTS:-$all_parts}
export ROUNDS
PG_SETTINGS='fsync = on
synchronous_commit = on
full_page_writes = on
shared_buffers = 2GB
maintenance_work_mem = 512MB
work_mem = 64MB
max_wal_size = 8GB'
# shellcheck source=tests/postgres/lib.sh
. tests/postgres/lib.sh
# shellcheck source=tests/bench/lib.sh
. tests/bench/lib.sh
# shellcheck source=tests/bench/server.sh
. tests/bench/server.sh
# shellcheck source=tests/bench/files.sh
. tests/bench/files.sh

results=$BUILD/bench
figures=$results/figures.tsv
left=$results/left.tsv
mkdir -p "$results"
: >"$figures"
: >"$left"
work=$(mktemp -d "${TMPDIR:-/tmp}/coffer-bench.XXXXXX")
others=$work/others
chmod 755 "$work"
failed=0
cleanup()
{
	[ -z "$PG_PID" ] || pg_stop
	rm -rf "$work"
}

for part in $PARTS; do
	case " $all_parts " in
	*" $part "*) ;;
	*) say "no part $part: there are $all_parts" && exit 2 ;;
	esac
done
# wants PART...: does PARTS name one of them?
wants()
{
	for wanted in "$@"; do
		case " $PARTS " in
		*" $wanted "*) return 0 ;;
		esac
	done
	return 1
}
not_wanted=
for part in $all_parts; do
	wants "$part" || not_wanted="$not_wanted $part"
done
[ -z "$not_wanted" ] || leave "${not_wanted# }" "PARTS does not name it"

# run_part NAME: in a shell of its own, so that a failure ends no other part.
run_part()
{
	wants "$1" || return 0
	say "$rows rows: $1"
	set +e
	(
		set -e
		"part_$1"
	)
	part_code=$?
	set -e
	[ "$part_code" = 0 ] || {
		leave "$1 of $rows rows" "it FAILED"
		failed=1
	}
}

has_server=yes
pg_start || has_server=no
# Behind pg_start, which has traps of its own.
trap cleanup EXIT
[ "$has_server" = yes ] || leave "pull, push, today, memory" "no Postgres server is installed"
gateway=$work/gateway.coffer
logs=$work/logs.coffer
for rows in $ROWS; do
	rm -f "$work"/*.wall "$work"/*.cpu
	timed generate "$COFFER" generate --quiet --force "$gateway" --rows "$rows" --seed 1
	rate generate coffer generate
	if [ "$has_server" = yes ] && wants pull push read; then
		prepare_server
		run_part pull
		run_part push
	fi
	run_part read
	run_part sql
	run_part write
	[ "$has_server" = no ] || ! wants pull push read || pg_sql postgres 'DROP DATABASE source'
	rm -f "$gateway"
	if wants load duckdb; then
		"$COFFER" generate --quiet --force "$logs" --rows "$rows" --seed 1 --table spendlogs
		run_part load
		run_part duckdb
		rm -rf "$logs" "$work/folder"
	fi
	run_part trust
	[ "$has_server" = no ] || run_part today
done
rows=${ROWS%% *}
[ "$has_server" = no ] || run_part memory
awk -f tests/bench/table.awk tests/bench/rows "$figures" "$left" >"$results/table.tsv" || failed=1
column -t -s "$(printf '\t')" "$results/table.tsv"
exit "$failed"
