#!/bin/sh
# `make demo`: a generated gateway in a temporary folder, looked at and verified; where a Postgres
# server is installed, also taken into a throw-away server and back. COFFER names the command.
set -eu
cd "$(dirname "$0")/.."
COFFER=${COFFER:-$PWD/build/coffer}
PATH=$(dirname "$COFFER"):$PATH
rows=${DEMO_ROWS:-20000}
PG_SETTINGS=

# shellcheck source=tests/postgres/lib.sh
. tests/postgres/lib.sh
folder=$(mktemp -d "${TMPDIR:-/tmp}/coffer-demo.XXXXXX")
export XDG_STATE_HOME="$folder/state"

leave()
{
	pg_stop
	rm -rf "$folder"
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
trap 'exit 141' PIPE

title()
{
	printf '\n== %s\n\n' "$*"
}

# Show a command of the reader's own and run it.
run()
{
	printf '$ coffer'
	for word in "$@"; do
		case $word in
		*[!A-Za-z0-9_.,/:=@%-]*) printf " '%s'" "$word" ;;
		*) printf ' %s' "$word" ;;
		esac
	done
	printf '\n'
	(cd "$folder" && coffer "$@")
}

# The value of a text column in the first row of a table.
first()
{
	(cd "$folder" && coffer scan gateway.coffer "$1" --columns "$2" --limit 1) |
		sed 's/^{"'"$2"'": *"\(.*\)"}$/\1/'
}

digest()
{
	(cd "$folder" && coffer info --digest "$1") | grep -i digest | grep -o '[0-9a-f]\{64\}'
}

look_around()
{
	title "A gateway's books: $rows spend logs and the fifteen tables around them"
	run generate gateway.coffer --rows "$rows" --seed 1
	run info gateway.coffer
	title "The newest spend of one day, by the index on startTime"
	run scan gateway.coffer spendlogs --index startTime --from 2024-11-05 --to 2024-11-06 \
		--reverse --limit 3 --columns startTime,model,spend,total_tokens
	title "A key, what it refers to, and its newest spend (long lines are cut here)"
	run get gateway.coffer verificationtoken "$(first verificationtoken token)" \
		--related --reverse --limit 2 >"$folder/related"
	LC_ALL=C.UTF-8 sed '/^\$/!s/^\(.\{112\}\).*/\1 .../' "$folder/related"
	title "A question in SQL: what each model has cost"
	run sql gateway.coffer --mode table 'SELECT model, count(*) AS requests, sum(spend) AS spend
  FROM LiteLLM_SpendLogs GROUP BY model ORDER BY spend DESC LIMIT 5'
	title "Every checksum, record, index and constraint, read again"
	run verify gateway.coffer
}

round_trip()
{
	title "Into Postgres and back: a throw-away server on a private socket"
	pg_sql postgres 'CREATE DATABASE gateway'
	run export gateway.coffer "host=$PGHOST user=$PGUSER dbname=gateway" --create
	run import "host=$PGHOST user=$PGUSER dbname=gateway" back.coffer
	title "The same content, row by row"
	run info --digest gateway.coffer | grep -i -e '^\$' -e digest
	run info --digest back.coffer | grep -i -e '^\$' -e digest
	[ "$(digest gateway.coffer)" = "$(digest back.coffer)" ] || {
		echo "demo: the digests differ" >&2
		exit 1
	}
	printf '\nThe digests are equal: what went into Postgres came back.\n'
}

look_around
if pg_start; then
	trap leave EXIT
	round_trip
else
	printf '\nNo Postgres server is installed: the round trip is left out.\n'
fi
