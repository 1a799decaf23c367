#!/bin/sh
# Each report, and each view, gives what a query written by hand for Postgres gives on the same rows.

. tests/postgres/lib.sh
. tests/postgres/tap.sh
pg_start || pg_skip_all

"$COFFER" generate -q --rows 6000 "$PG_FOLDER/made.coffer"
pg_load made
"$COFFER" export -q --create "$PG_FOLDER/made.coffer" dbname=made
pg_load today fixture-today.sql
psql -X -q -v ON_ERROR_STOP=1 -d today -f "$PG_TESTS/reports/edges.sql"
"$COFFER" import -q dbname=today "$PG_FOLDER/today.coffer"
pg_load partitioned fixture-partitioned.sql
"$COFFER" import -q dbname=partitioned "$PG_FOLDER/partitioned.coffer"
# A gateway, whose newest logs are of today.
"$COFFER" generate -q --rows 4000 --seed 2 "$PG_FOLDER/old.coffer"
pg_load recent
"$COFFER" export -q --create "$PG_FOLDER/old.coffer" dbname=recent
pg_sql recent 'UPDATE "LiteLLM_SpendLogs" SET "startTime" = "startTime" + (SELECT now()::date - max("startTime")::date
	FROM "LiteLLM_SpendLogs") * interval $$1 day$$;
	UPDATE "LiteLLM_SpendLogs" SET end_user = "user" WHERE total_tokens % 7 = 0;
	UPDATE "LiteLLM_SpendLogs" SET request_tags = $${"a": "b"}$$ WHERE total_tokens % 11 = 0;
	UPDATE "LiteLLM_SpendLogs" SET request_tags = $$["x", 5, ["y"]]$$ WHERE total_tokens % 13 = 0'
"$COFFER" import -q dbname=recent "$PG_FOLDER/recent.coffer"
python3 "$PG_TESTS/report.py" "$COFFER" "$PG_FOLDER"
