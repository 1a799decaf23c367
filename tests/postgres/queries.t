#!/bin/sh
# Answers are right: what SQL says of a store is what Postgres says of the same rows, asked in its own words. The gateway goes
# there by export; the nasty values by psql, from the dump that the store was imported from.
# shellcheck source=tests/postgres/lib.sh
. tests/postgres/lib.sh
PYTHON=/usr/bin/python3
COFFER=${COFFER:-$PWD/build/coffer}
BUILD=${BUILD:-$PWD/build}
here=$PWD

# step COMMAND...: what cannot be done ends the test.
step()
{
	"$@" >"$PG_FOLDER/out" 2>"$PG_FOLDER/err" && return
	echo "Bail out! $*"
	sed 's/^/# /' "$PG_FOLDER/err"
	exit 1
}

pg_start || pg_skip_all
cd "$PG_FOLDER" || exit 1
psql -X -q -d postgres -c 'CREATE DATABASE twin' || exit 1
step "$COFFER" generate -q gateway.coffer --rows 3000 --seed 5
step "$COFFER" export -q --create gateway.coffer 'postgresql:///twin'
$PYTHON "$here/tests/sql/nasty.py" >nasty.sql || exit 1
step "$COFFER" import -q nasty.sql nasty.coffer
# NULLS NOT DISTINCT is of 15, and no index of the server has a text of a megabyte.
{
	echo 'CREATE SCHEMA n;'
	sed -e '/^COPY/,/^\\\.$/!{s/public\./n./g; s/ NULLS NOT DISTINCT//; /large_s_key/d;}' -e 's/^COPY public\./COPY n./' nasty.sql
} >server.sql
step psql -X -q -v ON_ERROR_STOP=1 -d twin -f server.sql

$PYTHON "$here/tests/postgres/twin.py" pick "$here/tests/sql/queries.sql" "$here/tests/postgres/queries_pg.sql" >picked.sql || exit 1
$PYTHON "$here/tests/postgres/twin.py" script "$here/tests/postgres/queries_pg.sql" >script.sql || exit 1
: >none
"$BUILD/tests/sql/print_answers" --show picked.sql main=gateway.coffer=none n=nasty.coffer=none >coffer.out || exit 1
PGTZ=UTC psql -X -q -v ON_ERROR_STOP=1 -d twin -f script.sql >postgres.out || exit 1
$PYTHON "$here/tests/postgres/twin.py" compare coffer.out postgres.out
