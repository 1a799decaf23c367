#!/bin/sh
# A server that says what a real one would not: messages cut, of wrong lengths, in the wrong place; see fake.py.

. tests/postgres/lib.sh
. tests/postgres/tap.sh
pg_start || pg_skip_all
scratch=$PG_FOLDER/fake
mkdir "$scratch"

pg_load source
pg_sql source "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN few AS text CHECK (length(VALUE) < 9); CREATE SEQUENCE free;
	CREATE TABLE a (id serial PRIMARY KEY, m mood, d few, n numeric, j jsonb, l text[], t timestamptz);
	CREATE TABLE b (id integer PRIMARY KEY, a integer REFERENCES a, boss integer REFERENCES b, UNIQUE (a, id));
	CREATE TABLE p (id integer, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at); CREATE TABLE p1 PARTITION OF p DEFAULT;
	CREATE VIEW v AS SELECT id FROM a; CREATE MATERIALIZED VIEW w AS SELECT id FROM v; CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
	INSERT INTO a (m, d, n, j, l, t) SELECT 'ok', 'd', n, '{\"a\": 1}', '{a,NULL}', 'epoch' FROM generate_series(1, 30) AS n;
	INSERT INTO b SELECT n, n, 31 - n FROM generate_series(1, 30) AS n; INSERT INTO p VALUES (1, '2024-01-01')"
"$COFFER" import -q dbname=source "$scratch/whole.coffer" 2>/dev/null
for database in empty filled; do
	pg_load "$database"
done
"$COFFER" export -q --create "$scratch/whole.coffer" dbname=filled || exit 1

# Another share under the sanitizers. FAKE_SHARE=1 is all of them, which takes minutes.
seed=1
[ -z "$SANITIZE" ] || seed=2
python3 tests/postgres/fake.py "$COFFER" "$PG_FOLDER" "$scratch" "${FAKE_SEED:-$seed}" "${FAKE_SHARE:-4}" \
	import create upsert replace
