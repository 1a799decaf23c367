#!/bin/sh
# The same statements are done to a store and to a server: random ones over all tables of a gateway, and over tables with
# foreign keys of every action. Both give the same answers, refusals included, and hold the same in the end.
#
#	OPERATIONS=100000 SEED=7 sh tests/postgres/operations.t

. tests/postgres/lib.sh
. tests/postgres/tap.sh
pg_start || pg_skip_all
TAP_FOLDER=$PG_FOLDER
operations=${OPERATIONS:-10000}
seed=${SEED:-1}

# operate NAME DATABASE COUNT: the store of that name is as the database.
operate()
{
	store=$PG_FOLDER/$2.coffer
	runs 0 "$1: statements for both" "$BUILD/tests/postgres/print_operations" "$store" "$seed" "$3" \
		"$PG_FOLDER/$2.sql" "$PG_FOLDER/$2.coffer.answers"
	psql -X -q -d "$2" -f "$PG_FOLDER/$2.sql" >"$PG_FOLDER/answers" 2>"$PG_FOLDER/err"
	# From 18 on RESTRICT has a state of its own.
	sed -e 's/^22... /22 /' -e 's/^23001 /23503 /' "$PG_FOLDER/answers" >"$PG_FOLDER/$2.answers"
	for state in 00000 22 23502 23503 23505; do
		grep -q "^$state " "$PG_FOLDER/$2.answers"
		ok $? "$1: there are answers of $state"
	done
	same "$1: every answer" "$PG_FOLDER/$2.answers" "$PG_FOLDER/$2.coffer.answers"
	runs 0 "$1: the store is whole" "$COFFER" verify "$store"
	runs 0 "$1: import of the server" "$COFFER" import --force "dbname=$2" "$PG_FOLDER/again.coffer"
	[ -n "$(digest "$store")" ] && [ "$(digest "$store")" = "$(digest "$PG_FOLDER/again.coffer")" ]
	ok $? "$1: the same content"
	[ "$(digest "$store")" = "$(digest "$PG_FOLDER/again.coffer")" ] ||
		"$COFFER" diff "$store" "$PG_FOLDER/again.coffer" | note
}

runs 0 "a gateway" "$COFFER" generate "$PG_FOLDER/gateway.coffer" --rows 300 --seed "$seed"
pg_load gateway
runs 0 "at a server too" "$COFFER" export --create "$PG_FOLDER/gateway.coffer" "dbname=gateway"
operate gateway gateway "$operations"

pg_load actions
runs 0 "tables with every action" psql -X -q -v ON_ERROR_STOP=1 -d actions -f tests/postgres/actions.sql
runs 0 "in a store too" "$COFFER" import dbname=actions "$PG_FOLDER/actions.coffer"
operate actions actions $((operations / 2))

finish
