#!/bin/sh
# What only newer servers have is carried, or said not to be, and what is carried goes back.

. tests/postgres/lib.sh
. tests/postgres/tap.sh
pg_start || pg_skip_all
TAP_FOLDER=$PG_FOLDER
store=$PG_FOLDER/newer.coffer

# says_that TEXT...: the last import warned of each.
says_that()
{
	for text in "$@"; do
		grep -qF "$text" "$PG_FOLDER/err"
		ok $? "it is said: $text"
	done
	if [ "$(grep -c '^coffer: warning' "$PG_FOLDER/err")" -eq $# ]; then
		ok 0 "and nothing else"
	else
		ok 1 "and nothing else"
		note "$PG_FOLDER/err"
	fi
}

# back NAME STATUS: from the store into an empty database, and the same content again.
back()
{
	pg_load target
	runs 0 "$1: export" "$COFFER" export --create "$store" dbname=target
	runs "$2" "$1: import again" "$COFFER" import --force dbname=target "$PG_FOLDER/again.coffer"
	digest "$store" >"$PG_FOLDER/digest.source"
	digest "$PG_FOLDER/again.coffer" >"$PG_FOLDER/digest.target"
	same "$1: the same content" "$PG_FOLDER/digest.source" "$PG_FOLDER/digest.target"
	"$COFFER" schema --json "$store" >"$PG_FOLDER/schema.source"
	"$COFFER" schema --json "$PG_FOLDER/again.coffer" >"$PG_FOLDER/schema.target"
	same "$1: the same schema" "$PG_FOLDER/schema.source" "$PG_FOLDER/schema.target"
}

if [ "$PG_MAJOR" -ge 14 ]; then
	pg_load packed
	pg_sql packed "CREATE TABLE t (id integer PRIMARY KEY, a text COMPRESSION pglz, r int4multirange);
		INSERT INTO t VALUES (1, repeat('x', 9000), '{[1,3),[5,9)}')"
	runs 3 "14: a column's compression" "$COFFER" import --force dbname=packed "$store"
	says_that "settings of column t.a are not carried"
	back "14" 0
else
	skip "14: a column's compression" "a server of $PG_MAJOR"
fi

if [ "$PG_MAJOR" -ge 15 ]; then
	pg_load nulls
	pg_sql nulls "CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer UNIQUE NULLS NOT DISTINCT, FOREIGN KEY (a) REFERENCES t ON DELETE SET NULL (a));
		CREATE VIEW v WITH (security_invoker = true) AS SELECT id FROM t; INSERT INTO t VALUES (1, NULL, NULL), (2, 1, 5)"
	runs 0 "15: NULLs that are one, columns of an action" "$COFFER" import --force dbname=nulls "$store"
	back "15" 0
else
	skip "15: NULLs that are one" "a server of $PG_MAJOR"
fi

if [ "$PG_MAJOR" -ge 17 ]; then
	pg_load parts
	pg_sql parts "CREATE TABLE t (id integer GENERATED ALWAYS AS IDENTITY, a integer, EXCLUDE USING btree (a WITH =)) PARTITION BY RANGE (a);
		CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10); INSERT INTO t (a) VALUES (1), (2)"
	runs 0 "17: identity and exclusion of a partitioned table" "$COFFER" import --force dbname=parts "$store"
	back "17" 0
else
	skip "17: identity of a partitioned table" "a server of $PG_MAJOR"
fi

if [ "$PG_MAJOR" -ge 18 ]; then
	pg_load today
	pg_sql today "CREATE TABLE u (id integer PRIMARY KEY, n integer CONSTRAINT must NOT NULL);
		CREATE TABLE t (id integer PRIMARY KEY, u integer REFERENCES u NOT ENFORCED, twice integer GENERATED ALWAYS AS (id * 2) VIRTUAL,
			late integer, c integer CHECK (c > 0) NOT ENFORCED, uid uuid DEFAULT uuidv7());
		INSERT INTO u VALUES (1, 1); INSERT INTO t (id, u, c) VALUES (1, 7, -1), (2, 1, 1);
		ALTER TABLE t ADD CONSTRAINT late_there NOT NULL late NOT VALID"
	runs 3 "18: what is not enforced, not valid, not stored" "$COFFER" import --force dbname=today "$store"
	says_that 'column "t"."twice" is generated when it is read' 'NOT NULL of column t.late is not valid'
	runs 0 "the store is whole" "$COFFER" verify "$store"
	back "18" 0
	pg_load periods
	pg_sql periods "CREATE TABLE u (id int4range, at daterange, PRIMARY KEY (id, at WITHOUT OVERLAPS));
		CREATE TABLE t (id int4range, at daterange, FOREIGN KEY (id, PERIOD at) REFERENCES u (id, PERIOD at))"
	runs 3 "18: periods" "$COFFER" import --force dbname=periods "$store"
	says_that 'foreign key "t_id_at_fkey" of "t" is not carried: it compares periods'
	back "18: periods" 0
else
	skip "18: what is not enforced" "a server of $PG_MAJOR"
fi

finish
