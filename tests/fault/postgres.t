#!/bin/sh
# The n-th allocation or call into the file fails during an import and an export: test_fault.c with a server.
. tests/postgres/lib.sh
pg_start || pg_skip_all
pg_load source
pg_load target
pg_sql source 'CREATE TABLE t (id serial PRIMARY KEY, name text NOT NULL, at timestamp(3), tags text[], doc jsonb);
	INSERT INTO t (name, at, tags, doc) SELECT '"'n' || i, 'epoch', '{a,NULL}', '{}'"' FROM generate_series(1, 3) AS i'
COFFER_TEST_SERVER="host=$PGHOST user=$PGUSER dbname=source"
COFFER_TEST_TARGET="postgresql://$PGUSER@/target?host=$PGHOST"
export COFFER_TEST_SERVER COFFER_TEST_TARGET
"${BUILD:-build}/tests/fault/test_fault" postgres
