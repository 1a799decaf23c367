#!/bin/sh
# Rows of a store go into tables that a database has: append, upsert, replace. Each time the target has what
# it should have, or what it had.

. tests/postgres/lib.sh
. tests/postgres/tap.sh
. tests/postgres/target.sh
pg_start || pg_skip_all
TAP_FOLDER=$PG_FOLDER
own=$PG_FOLDER/own.coffer
store=$PG_FOLDER/gateway.coffer

# ------------------------------------------------------------------ a gateway

"$COFFER" generate -q "$store" --rows 2000 || exit 1
pg_load target
"$COFFER" export -q --create "$store" dbname=target || exit 1
teams=$("$COFFER" scan "$store" teamtable --count)
logs=$("$COFFER" scan "$store" spendlogs --count)

runs 0 "an upsert of the same rows" "$COFFER" export --upsert "$store" dbname=target
counted "changes nothing" LiteLLM_SpendLogs 0 0 2,000
is "and writes no row" 0 "SELECT count(*) FROM \"LiteLLM_SpendLogs\" WHERE xmax <> 0
	OR xmin <> (SELECT xmin FROM \"LiteLLM_SpendLogs\" LIMIT 1)"
whole "the target has the store's rows" "$store"

pg_sql target 'DELETE FROM "LiteLLM_SpendLogs" WHERE ctid IN (SELECT ctid FROM "LiteLLM_SpendLogs" LIMIT 30);
	UPDATE "LiteLLM_SpendLogs" SET spend = spend + 1, metadata = $${"x": 1}$$ WHERE ctid IN
		(SELECT ctid FROM "LiteLLM_SpendLogs" LIMIT 20);
	UPDATE "LiteLLM_TeamTable" SET metadata = $${"a": 1.0}$$, models = NULL, admins = $$[2:3]={a,b}$$;
	UPDATE "LiteLLM_BudgetTable" SET max_budget = NULL'
runs 0 "an upsert of what is gone and changed" "$COFFER" export --upsert "$store" dbname=target
counted "counts the logs" LiteLLM_SpendLogs 30 20 1,950
counted "and the teams" LiteLLM_TeamTable 0 "$teams" 0
whole "the target has the store's rows again" "$store"
pg_sql target 'UPDATE "LiteLLM_TeamTable" SET spend = spend + 1'
runs 0 "as JSON" "$COFFER" export --json --upsert "$store" dbname=target
grep -q "{\"table\":\"LiteLLM_TeamTable\",\"inserted\":0,\"updated\":$teams,\"same\":0}" "$PG_FOLDER/out"
ok $? "the counts are there too"

pg_sql target 'INSERT INTO "LiteLLM_TeamTable" (team_id, members_with_roles, metadata, model_spend, model_max_budget, updated_at)
	VALUES ($$of the target$$, $${}$$, $${}$$, $${}$$, $${}$$, now())'
refused 8 "an append of rows that are there" 'violates unique constraint "LiteLLM_' --append "$store"
grep -q 'LiteLLM_[A-Za-z]*\[' "$PG_FOLDER/err" && grep -q 'already exists' "$PG_FOLDER/err"
ok $? "with the row and its key"
runs 0 "an upsert beside rows of the target's own" "$COFFER" export --upsert "$store" dbname=target
is "leaves them" 1 "SELECT count(*) FROM \"LiteLLM_TeamTable\" WHERE team_id = 'of the target'"
runs 0 "a replacement" "$COFFER" export --replace "$store" dbname=target
whole "takes them out" "$store"
pg_sql target 'TRUNCATE "LiteLLM_SpendLogs", "LiteLLM_OrganizationMembership"'
runs 0 "an append of tables that are empty" "$COFFER" export --append "$store" dbname=target \
	--table spendlogs --table organizationmembership
whole "fills them" "$store"
[ "$("$COFFER" scan "$store" spendlogs --count)" = "$logs" ]
ok $? "the store is as it was"

# A part.
since=$(pg_sql target 'SELECT percentile_disc(0.7) WITHIN GROUP (ORDER BY "startTime") FROM "LiteLLM_SpendLogs"')
young=$(pg_sql target "SELECT count(*) FROM \"LiteLLM_SpendLogs\" WHERE \"startTime\" >= '$since'")
pg_sql target 'UPDATE "LiteLLM_SpendLogs" SET spend = -1; UPDATE "LiteLLM_ErrorLogs" SET status_code = $$x$$'
runs 0 "an upsert of the newer logs" "$COFFER" export --upsert "$store" dbname=target --table spendlogs --since "$since"
is "changes no older ones" "$young" 'SELECT count(*) FROM "LiteLLM_SpendLogs" WHERE spend <> -1'
is "and no other table" t 'SELECT bool_and(status_code = $$x$$) FROM "LiteLLM_ErrorLogs"'
runs 0 "a replacement by the newer logs" "$COFFER" export --replace "$store" dbname=target --table spendlogs --since "$since"
is "leaves those alone" "$young" 'SELECT count(*) FROM "LiteLLM_SpendLogs"'
pg_load target
runs 0 "a part into an empty database" "$COFFER" export --create "$store" dbname=target --preset keys --exclude-table config
is "makes its tables" 10 "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
pg_load target
runs 0 "the newer logs into an empty database" "$COFFER" export --create "$store" dbname=target --preset logs --since "$since"
is "are what is there" "$young" 'SELECT count(*) FROM "LiteLLM_SpendLogs"'

# ------------------------------------------------------------------ other targets

# A newer gateway, partitioned: other keys, other times, columns in another order, and more of them.
pg_load target
"$COFFER" export -q --create "$store" dbname=target --table spendlogs || exit 1
pg_sql target 'CREATE TABLE n (session_id text, status text NOT NULL DEFAULT $$ok$$, "startTime" timestamptz NOT NULL,
		"endTime" timestamptz, "completionStartTime" timestamptz, request_id text NOT NULL,
		PRIMARY KEY (request_id, "startTime")) PARTITION BY RANGE ("startTime");
	ALTER TABLE n ADD call_type text, ADD api_key text, ADD spend double precision, ADD total_tokens bigint,
		ADD prompt_tokens integer, ADD completion_tokens integer, ADD model text, ADD model_id text, ADD model_group text,
		ADD api_base text, ADD "user" text, ADD metadata jsonb, ADD cache_hit text, ADD cache_key text,
		ADD request_tags jsonb, ADD team_id text, ADD end_user text, ADD requester_ip_address text;
	CREATE TABLE n_default PARTITION OF n DEFAULT; CREATE TABLE o AS SELECT * FROM "LiteLLM_SpendLogs";
	DROP TABLE "LiteLLM_SpendLogs"; ALTER TABLE n RENAME TO "LiteLLM_SpendLogs"'
runs 3 "logs into a partitioned table of more columns" "$COFFER" export --upsert "$store" dbname=target --table spendlogs
warns "whose times are others" 'LiteLLM_SpendLogs.startTime is timestamp(3) without time zone here and timestamp with time zone in the target'
counted "are all new" LiteLLM_SpendLogs 2,000 0 0
is "and there" 2000 'SELECT count(*) FROM "LiteLLM_SpendLogs" AS n JOIN o USING (request_id, api_key, spend)
	WHERE n.metadata IS NOT DISTINCT FROM o.metadata AND n."startTime" = o."startTime" AT TIME ZONE $$UTC$$ AND n.status = $$ok$$'
pg_sql target 'UPDATE "LiteLLM_SpendLogs" SET spend = 0, session_id = $$kept$$ WHERE request_id <= (SELECT max(request_id) FROM o)'
runs 3 "again" "$COFFER" export --upsert "$store" dbname=target --table spendlogs
is "columns of the target's own are kept" t 'SELECT bool_and(session_id = $$kept$$) FROM "LiteLLM_SpendLogs"'
runs 3 "and appended twice" "$COFFER" export --replace "$store" dbname=target --table spendlogs
is "they are there once" 2000 'SELECT count(*) FROM "LiteLLM_SpendLogs"'

# The other way: a request that a partitioned gateway has twice.
make "CREATE TABLE t (id text, at timestamp, n integer, PRIMARY KEY (id, at)); INSERT INTO t VALUES ('a', '2024-01-01', 1), ('a', '2024-01-02', 2)"
pg_sql target "CREATE TABLE t (id text PRIMARY KEY, at timestamp, n integer)"
refused 8 "two rows of one key" "two rows of the store have this key of the target" --upsert "$own"
says "by table and key" "t[a]"
refused 8 "appended" "already exists" --append "$own"

# Keys.
make "CREATE TABLE t (id integer PRIMARY KEY, u text, v integer); INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 2)"
pg_sql target "CREATE TABLE t (id integer, u text, v integer)"
refused 7 "a table without a key" "no key that tells its rows apart" --upsert "$own"
runs 0 "is appended to" "$COFFER" export --append "$own" dbname=target
pg_sql target "DROP TABLE t; CREATE TABLE t (id integer PRIMARY KEY DEFERRABLE, u text NOT NULL UNIQUE, v integer UNIQUE); INSERT INTO t VALUES (9, 'a', 3)"
runs 0 "a unique column is a key where the primary key waits" "$COFFER" export --upsert "$own" dbname=target
counted "and tells" t 1 1 0
pg_sql target "DROP TABLE t; CREATE TABLE t (id integer PRIMARY KEY, u text, v integer UNIQUE); INSERT INTO t VALUES (9, 'z', 2)"
refused 8 "another unique column in the way" 'unique constraint "t_v_key" (Key (v)=(2) already exists.)' --upsert "$own"
pg_sql target "DROP TABLE t; CREATE TABLE t (u text PRIMARY KEY, other integer UNIQUE NOT NULL DEFAULT 1, id integer, v integer)"
pg_sql target "ALTER TABLE t DROP CONSTRAINT t_pkey"
refused 7 "a key that the store lacks" "the store lacks it" --upsert "$own"

# Columns.
make "CREATE TABLE t (id integer PRIMARY KEY, a text, b text); INSERT INTO t VALUES (1, 'x', NULL), (2, NULL, NULL), (3, 'y', 'here')"
pg_sql target "CREATE TABLE t (id integer PRIMARY KEY, a text)"
for mode in --append --upsert --replace; do
	refused 7 "$mode: a value for a column that is not there" "t[3].b: the target has no such column" $mode "$own"
done
make "CREATE TABLE t (id integer PRIMARY KEY, a text, b text); INSERT INTO t VALUES (1, 'x', NULL)"
pg_sql target "CREATE TABLE t (c text, d text DEFAULT 'd' NOT NULL, a text, id integer PRIMARY KEY, g integer GENERATED ALWAYS AS (id + 1) STORED,
	i integer GENERATED ALWAYS AS IDENTITY)"
for mode in --append --upsert --replace; do
	runs 0 "$mode: a column that is not there and NULL" "$COFFER" export $mode "$own" dbname=target
	is "goes with those that are" "|d|x|1|2" "SELECT c, d, a, id, g FROM t"
	[ $mode = --append ] && pg_sql target "DELETE FROM t"
done
pg_sql target "ALTER TABLE t ADD e text; UPDATE t SET e = ''; ALTER TABLE t ALTER e SET NOT NULL"
for mode in --append --upsert --replace; do
	refused 7 "$mode: a column that needs a value" "t.e: a column of the target that takes neither NULL nor a default" $mode "$own"
done
make "CREATE TABLE t (id integer PRIMARY KEY, a text); CREATE TABLE absent (id integer PRIMARY KEY)"
pg_sql target "CREATE TABLE t (id integer PRIMARY KEY, a text); CREATE VIEW absent AS SELECT 1 AS id"
refused 7 "a table that is not there" 'absent: schema "public" of the target has no such table' --append "$own"
runs 0 "is left out" "$COFFER" export --append "$own" dbname=target --exclude-table absent

# Values.
make "CREATE TABLE t (id text PRIMARY KEY, a text); INSERT INTO t VALUES ('k1', 'fit'), ('k2', 'too long')"
for type in "varchar(3)|t[k2].a: value too long" "text CHECK (a < 'n')|t[k2]: new row for relation" "integer|t[k1].a: invalid input syntax" \
	"text NOT NULL CHECK (length(a) < 4)|t[k2]: new row"; do
	pg_sql target "DROP TABLE IF EXISTS t; CREATE TABLE t (id text PRIMARY KEY, a ${type%%|*}); INSERT INTO t VALUES ('k0', '1')"
	for mode in --append --upsert --replace; do
		keep
		runs 7 "$mode: a value that ${type%%|*} does not take" "$COFFER" export $mode "$own" dbname=target
		warns "is said by table, key and column" "${type#*|}"
		kept "and nothing is written"
	done
done
make "CREATE TABLE t (id text PRIMARY KEY, a text, b text); INSERT INTO t VALUES ('k1', 'x', 'y'), ('k2', NULL, 'z')"
pg_sql target "CREATE TABLE t (id text PRIMARY KEY, b text, a text NOT NULL)"
for mode in --append --upsert --replace; do
	refused 7 "$mode: a NULL where there may be none" "t[k2].a: null value in column" $mode "$own"
done
make "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN few AS text CHECK (length(VALUE) < 9);
	CREATE TABLE t (id uuid PRIMARY KEY, j json, b jsonb, n numeric, m mood, d few, s smallint, r real, y bytea, l text[], i inet, c char(4), x timestamptz);
	INSERT INTO t SELECT md5(n::text)::uuid, '{\"a\":1,  \"a\":2}', '{\"a\": 1.50}', 1.50, 'ok', 'd', 3, 0.1, '\\x00ff', '{a,NULL}', '10.0.0.1/8', 'c', '2024-11-05 10:20:30.123456+01' FROM generate_series(1, 5) AS n"
pg_sql target "CREATE TYPE mood AS ENUM ('new', 'ok', 'sad'); CREATE DOMAIN few AS text;
	CREATE TABLE t (id uuid PRIMARY KEY, j json, b jsonb, n numeric, m mood, d few, s bigint, r real, y bytea, l text[], i inet, c char(4), x timestamptz)"
runs 0 "values of every type" "$COFFER" export --upsert "$own" dbname=target
counted "are new" t 5 0 0
runs 0 "and then" "$COFFER" export --upsert "$own" dbname=target
counted "the same" t 0 0 5
pg_sql target "UPDATE t SET n = 1.5; UPDATE t SET j = '{\"a\":1,\"a\":2}' WHERE id = md5('1')::uuid"
runs 0 "what is equal and not the same" "$COFFER" export --upsert "$own" dbname=target
counted "is written" t 0 5 0
is "to the digit" 1.50 "SELECT DISTINCT n FROM t"
pg_sql target "ALTER TABLE t ALTER j TYPE jsonb USING j::jsonb, ALTER b TYPE text, ALTER n TYPE double precision, ALTER r TYPE numeric, ALTER m TYPE text"
runs 3 "into other types" "$COFFER" export --upsert "$own" dbname=target
is "as they are printed" '{"a": 2}|{"a": 1.50}|1.5|0.1|ok' "SELECT DISTINCT j, b, n, r, m FROM t"

# Identity, sequences.
make "CREATE TABLE t (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text, k integer GENERATED ALWAYS AS (1) STORED);
	CREATE TABLE s (id serial PRIMARY KEY, down integer); CREATE SEQUENCE free; CREATE SEQUENCE down INCREMENT -5 MAXVALUE 100 OWNED BY s.down; CREATE SEQUENCE gone;
	INSERT INTO t (a) SELECT 'x' FROM generate_series(1, 5); INSERT INTO s (down) VALUES (nextval('down')); SELECT setval('free', 50); SELECT setval('down', 60); SELECT setval('gone', 3)" >/dev/null
pg_sql target "CREATE TABLE t (a text, id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME other) PRIMARY KEY, k integer);
	CREATE TABLE s (id serial PRIMARY KEY, down integer); CREATE SEQUENCE free; CREATE SEQUENCE down INCREMENT -1 MAXVALUE 100 OWNED BY s.down;
	SELECT setval('free', 70), setval('down', 80); INSERT INTO s DEFAULT VALUES; DELETE FROM s"
for mode in --append --upsert; do
	runs 3 "$mode: columns that number rows" "$COFFER" export $mode "$own" dbname=target
	warns "a sequence that is not there is said" "sequence gone: the target has none"
	is "numbers are the store's" 15 "SELECT sum(id) FROM t"
	is "sequences go forward" "5|70|60|1" "SELECT (SELECT last_value FROM other), (SELECT last_value FROM free), (SELECT last_value FROM down), (SELECT last_value FROM s_id_seq)"
	[ $mode = --append ] && pg_sql target "DELETE FROM t; DELETE FROM s; SELECT setval('other', 2), setval('down', 70)" >/dev/null
done
pg_sql target "SELECT setval('other', 40)" >/dev/null
runs 3 "--replace" "$COFFER" export --replace "$own" dbname=target
is "puts them where the store's stand" "5|50|60" "SELECT (SELECT last_value FROM other), (SELECT last_value FROM free), (SELECT last_value FROM down)"
pg_sql target "SELECT setval('other', 40), setval('down', 33); ALTER SEQUENCE free MAXVALUE 49 RESTART" >/dev/null
keep
runs 7 "a replacement that fails at a sequence" "$COFFER" export --replace "$own" dbname=target
warns "says which" "free: setval: value 50 is out of bounds"
is "leaves the others" "40|33" "SELECT (SELECT last_value FROM other), (SELECT last_value FROM down)"
kept "and the rows"

finish
