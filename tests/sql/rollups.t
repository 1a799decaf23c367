#!/bin/sh
# coffer_rollup: what a roll-up says is what the rows say, to the last bit, also after writes; what it cannot say is refused.
# shellcheck source=tests/cli/tap.sh
. tests/cli/tap.sh

# ask FILE QUERY: what it says, values between commas.
ask()
{
	coffer sql "$1" --mode csv --header off "$2" | tr -d '\r'
}

coffer generate -q g.coffer --rows 3000 --seed 5

# agree NAME FILE: each way round nothing is left.
agree()
{
	cat >rollup.sql <<'SQL'
CREATE TEMP TABLE kept AS
SELECT 'hour' AS what, substr(time, 1, 13) AS at, NULL AS text, sum(rows) AS rows, coffer_sum(exact) AS total
FROM coffer_rollup('LiteLLM_SpendLogs', 'hour', 'spend') GROUP BY 2
UNION ALL
SELECT 'model', date(time), value, sum(rows), coffer_sum(exact)
FROM coffer_rollup('LiteLLM_SpendLogs', 'hour_model', 'spend') GROUP BY 2, 3
UNION ALL
SELECT 'day model', date(time), value, rows, total FROM coffer_rollup('LiteLLM_SpendLogs', 'day_model', 'spend')
UNION ALL
SELECT 'group', substr(time, 1, 7), value, sum(rows), coffer_sum(exact)
FROM coffer_rollup('LiteLLM_SpendLogs', 'hour_model_group', 'spend') GROUP BY 2, 3
UNION ALL
SELECT 'team', date(time), value, rows, total FROM coffer_rollup('LiteLLM_SpendLogs', 'day_team_id', 'total_tokens')
UNION ALL
SELECT 'key', date(time), value, rows, total FROM coffer_rollup('LiteLLM_SpendLogs', 'day_api_key', 'spend')
UNION ALL
SELECT 'user', date(time), value, rows, total FROM coffer_rollup('LiteLLM_SpendLogs', 'day_user', 'prompt_tokens')
UNION ALL
SELECT 'all', NULL, NULL, sum(rows), sum(total) FROM coffer_rollup('LiteLLM_SpendLogs', 'hour', 'completion_tokens')
UNION ALL
SELECT 'tokens', date(time), value, sum(rows), coffer_sum(exact)
FROM coffer_rollup('LiteLLM_SpendLogs', 'hour_model', 'total_tokens') GROUP BY 2, 3;
CREATE TEMP TABLE added AS
SELECT 'hour' AS what, substr("startTime", 1, 13) AS at, NULL AS text, count(*) AS rows, coffer_sum(spend) AS total
FROM LiteLLM_SpendLogs GROUP BY 2
UNION ALL
SELECT 'model', date("startTime"), model, count(*), coffer_sum(spend) FROM LiteLLM_SpendLogs GROUP BY 2, 3
UNION ALL
SELECT 'day model', date("startTime"), model, count(*), coffer_sum(spend) FROM LiteLLM_SpendLogs GROUP BY 2, 3
UNION ALL
SELECT 'group', substr("startTime", 1, 7), model_group, count(*), coffer_sum(spend) FROM LiteLLM_SpendLogs GROUP BY 2, 3
UNION ALL
SELECT 'team', date("startTime"), team_id, count(*), sum(total_tokens) FROM LiteLLM_SpendLogs GROUP BY 2, 3
UNION ALL
SELECT 'key', date("startTime"), api_key, count(*), coffer_sum(spend) FROM LiteLLM_SpendLogs GROUP BY 2, 3
UNION ALL
SELECT 'user', date("startTime"), "user", count(*), sum(prompt_tokens) FROM LiteLLM_SpendLogs GROUP BY 2, 3
UNION ALL
SELECT 'all', NULL, NULL, count(*), sum(completion_tokens) FROM LiteLLM_SpendLogs
UNION ALL
SELECT 'tokens', date("startTime"), model, count(*), coffer_sum(total_tokens) FROM LiteLLM_SpendLogs GROUP BY 2, 3;
SELECT count(*) > 1000 AS many, (SELECT count(*) FROM added) - count(*) AS more,
	(SELECT count(*) FROM (SELECT * FROM kept EXCEPT SELECT * FROM added)) AS kept,
	(SELECT count(*) FROM (SELECT * FROM added EXCEPT SELECT * FROM kept)) AS added
FROM kept;
SQL
	coffer sql "$2" <rollup.sql >answer 2>&1
	ok "$1" [ "$(cat answer)" = '{"many":1,"more":0,"kept":0,"added":0}' ]
}

agree 'a generated store' g.coffer
cp g.coffer w.coffer
coffer scan g.coffer spendlogs --limit 60 | sed 's/"request_id":"/&again-/; s/"spend":[^,]*/"spend":0.1/' |
	coffer put -q w.coffer spendlogs
for id in $(coffer scan g.coffer spendlogs --limit 20 | sed 's/.*"request_id":"\([^"]*\)".*/\1/'); do
	coffer delete -q w.coffer spendlogs "$id"
done
agree 'rows came and went' w.coffer
coffer copy -q w.coffer c.coffer
agree 'a copy' c.coffer
coffer compact -q c.coffer
agree 'a compacted one' c.coffer

model=$(ask g.coffer 'SELECT model FROM LiteLLM_SpendLogs GROUP BY 1 ORDER BY count(*) DESC LIMIT 1')
ok 'one model is the same sought and filtered' [ "$(coffer sql g.coffer --param m="$model" \
	"SELECT count(*), coffer_sum(exact) FROM coffer_rollup('LiteLLM_SpendLogs', 'hour_model', 'spend') WHERE value = :m")" = \
	"$(coffer sql g.coffer --param m="$model" \
	"SELECT count(*), coffer_sum(exact) FROM coffer_rollup('LiteLLM_SpendLogs', 'hour_model', 'spend') WHERE value || '' = :m")" ]
# same NAME WHERE: sought and filtered. That no other groups are read is to be seen by the numbers that they get.
same()
{
	sought="SELECT time, value, rows, exact FROM coffer_rollup('LiteLLM_SpendLogs', 'hour_model', 'spend') WHERE"
	ok "$1" [ "$(coffer sql w.coffer "$sought $2")" = \
		"$(coffer sql w.coffer "$sought $(echo "$2" | sed 's/time/CAST(time AS TEXT)/g; s/value/CAST(value AS TEXT)/')")" ]
}
printf '{"request_id":"%s","call_type":"c","startTime":"%s","endTime":"2025-01-01T00:00:00","spend":1,"model":"%s"}\n' \
	o1 '0044-03-15 00:00:00 BC' m o2 12024-01-01T00:00:00 m o3 infinity m o4 -infinity n | coffer put -q w.coffer spendlogs
some=$(ask g.coffer \
	"SELECT date(max(time)) FROM coffer_rollup('LiteLLM_SpendLogs', 'hour', 'spend')")
same 'from a day on' "time >= '$some'"
same 'behind an hour' "time > '$some 02:00:00'"
same 'up to a day' "time < '$some'"
same 'up to an hour, with it' "time <= '$some 02:00:00'"
same 'a range' "time BETWEEN '$some 01:00:00' AND '$some 05:59:59'"
same 'a range of a model' "time >= '$some' AND time < '$some 23' AND value = '$model'"
same 'an empty one' "time > '$some 05' AND time < '$some 04'"
same 'bounds that are no times' "time > '$some 0' AND time < 'zebra'"
same 'none at all' "time > NULL"
same 'either of two' "time < '$some' OR value = '$model'"
same 'a number' "time > 2020"
same 'before our time' "time > '0040' AND time < '0050'"
ok 'only the groups of a range are read' [ "$(ask g.coffer "SELECT min(rowid), max(rowid) - count(*)
	FROM coffer_rollup('LiteLLM_SpendLogs', 'hour', 'spend') WHERE time >= '$some' AND time < '$some 12:00:00'")" = 1,0 ]
ok 'another collation finds as much' [ "$(coffer sql g.coffer --param m="$model" \
	"SELECT count(*) FROM coffer_rollup('LiteLLM_SpendLogs', 'hour_model', 'spend') WHERE value = upper(:m) COLLATE NOCASE")" = \
	"$(coffer sql g.coffer --param m="$model" \
	"SELECT count(*) FROM coffer_rollup('LiteLLM_SpendLogs', 'hour_model', 'spend') WHERE upper(value) = upper(:m)")" ]
# In one scan several sums are what each is alone, in the order in which they were asked for.
many="coffer_rollup('LiteLLM_SpendLogs', 'day_model', ' TOTAL_tokens,spend , prompt_tokens')"
cat >one.sql <<'END'
CREATE TEMP TABLE one AS SELECT t.time, t.value, t.rows, t.total AS a, t.exact AS b, t."values" AS c, t.unfit AS d,
	s.total AS e, s.exact AS f, s."values" AS g, s.unfit AS h, p.total AS i, p.exact AS j
FROM coffer_rollup('LiteLLM_SpendLogs', 'day_model', 'total_tokens') AS t
JOIN coffer_rollup('LiteLLM_SpendLogs', 'day_model', 'spend') AS s ON s.rowid = t.rowid
JOIN coffer_rollup('LiteLLM_SpendLogs', 'day_model', 'prompt_tokens') AS p ON p.rowid = t.rowid;
END
cat >many.sql <<END
CREATE TEMP TABLE many AS SELECT time, value, rows, total AS a, exact AS b, "values" AS c, unfit AS d,
	total2 AS e, exact2 AS f, values2 AS g, unfit2 AS h, total3 AS i, exact3 AS j FROM $many;
SELECT (SELECT count(*) FROM one) > 100 AS "any", (SELECT count(*) FROM one) - (SELECT count(*) FROM many) AS more,
	(SELECT count(*) FROM (SELECT * FROM one EXCEPT SELECT * FROM many)) AS one,
	(SELECT count(*) FROM (SELECT * FROM many EXCEPT SELECT * FROM one)) AS many;
END
ok 'several sums in one scan' [ "$(cat one.sql many.sql | coffer sql g.coffer 2>&1)" = '{"any":1,"more":0,"one":0,"many":0}' ]
ok 'of more than were asked for there is nothing' [ "$(ask g.coffer \
	"SELECT count(values4), count(total4), count(exact4), count(unfit8) FROM $many")" = 0,0,0,0 ]
ok 'all of one sum has seven columns' [ "$(coffer sql g.coffer --mode csv \
	"SELECT * FROM coffer_rollup('LiteLLM_SpendLogs', 'hour', 'spend') LIMIT 1" | head -1 | tr -d '\r')" = \
	time,value,rows,values,total,exact,unfit ]
nine=spend,spend,spend,spend,spend,spend,spend,spend
ok 'eight are taken' [ "$(ask g.coffer "SELECT count(*) FROM (SELECT * FROM
	coffer_rollup('LiteLLM_SpendLogs', 'hour', '$nine') WHERE total8 IS total AND exact7 IS exact LIMIT 5)")" = 5 ]
is 'nine are not' 1 '' "coffer: query:1: coffer_rollup: no sum of a column '$nine,spend'" sql g.coffer \
	"SELECT * FROM coffer_rollup('LiteLLM_SpendLogs', 'hour', '$nine,spend')"
is 'one of several is none' 1 '' "coffer: query:1: coffer_rollup: no sum of a column 'spend, model'" sql g.coffer \
	"SELECT * FROM coffer_rollup('LiteLLM_SpendLogs', 'hour', 'spend, model')"
is 'an empty one' 1 '' "coffer: query:1: coffer_rollup: no sum of a column 'spend,, total_tokens'" sql g.coffer \
	"SELECT * FROM coffer_rollup('LiteLLM_SpendLogs', 'hour', 'spend,, total_tokens')"
like 'a column by itself is no argument' 1 '' '*four arguments at most*' sql g.coffer \
	"SELECT * FROM coffer_rollup('LiteLLM_SpendLogs', 'hour', 'spend', NULL, 'total_tokens')"
ok 'arguments are columns too' [ "$(ask g.coffer "SELECT DISTINCT table_name, rollup_name, summed, only_store IS NULL
	FROM coffer_rollup('LiteLLM_SpendLogs', 'hour', 'spend') WHERE summed = 'spend'")" = LiteLLM_SpendLogs,hour,spend,1 ]
like 'too few' 1 '' '*wants a table, one of its roll-ups*' sql g.coffer "SELECT * FROM coffer_rollup('LiteLLM_SpendLogs', 'hour')"
cat >comma.prisma <<'END'
model Log {
  id String @id
  time DateTime /// @coffer.time
  odd Int @map("a, b")
  a Int
  /// @coffer.rollup hour -> odd, a
}
END
coffer create -q comma.coffer --schema comma.prisma
echo '{"id":"x","time":"2024-05-01T10:20:30","a, b":7,"a":5}' | coffer put -q comma.coffer Log
ok 'a name with a comma alone' [ "$(ask comma.coffer "SELECT total FROM coffer_rollup('Log', 'hour', 'a, b')")" = 7 ]
ok 'a list of them' [ "$(ask g.coffer "SELECT group_concat(name || ' ' || unit || ' ' || coalesce(column_name, '-'), '; ')
	FROM coffer_rollups WHERE table_name = 'LiteLLM_SpendLogs' AND time_column = 'startTime'
	AND sums = '[\"spend\",\"total_tokens\",\"prompt_tokens\",\"completion_tokens\"]'")" = \
	"hour hour -; hour_model hour model; hour_model_group hour model_group; day_model day model; day_model_group day model_group; \
day_team_id day team_id; day_api_key day api_key; day_user day user" ]
ok 'each of which can be asked' [ "$(ask g.coffer "SELECT count(DISTINCT r.name) FROM coffer_rollups AS r
	JOIN coffer_rollup(r.table_name, r.name, r.sums ->> 0) AS g")" = 8 ]
is 'no such table' 1 '' "coffer: query:1: coffer_rollup: no table 'x'" sql g.coffer "SELECT * FROM coffer_rollup('x', 'hour', 'spend')"
is 'no such roll-up' 1 '' "coffer: query:1: coffer_rollup: no roll-up 'x'" sql g.coffer \
	"SELECT * FROM coffer_rollup('LiteLLM_SpendLogs', 'x', 'spend')"
is 'no such sum' 1 '' "coffer: query:1: coffer_rollup: no sum of a column 'model'" sql g.coffer \
	"SELECT * FROM coffer_rollup('LiteLLM_SpendLogs', 'hour', 'model')"
coffer scan g.coffer spendlogs --limit 1 | sed 's/"request_id":"/&tiny-/; s/"spend":[^,]*/"spend":1e-200/' |
	coffer put -q w.coffer spendlogs
like 'a sum that lacks a value is not told' 1 '' '*do not fit: ask the rows*' sql w.coffer \
	"SELECT sum(total) FROM coffer_rollup('LiteLLM_SpendLogs', 'hour', 'spend')"
like 'nor is one beside others' 1 '' '*do not fit: ask the rows*' sql w.coffer \
	"SELECT sum(total2) FROM coffer_rollup('LiteLLM_SpendLogs', 'hour', 'total_tokens, spend')"
ok 'the others are' coffer sql w.coffer "SELECT sum(total) FROM coffer_rollup('LiteLLM_SpendLogs', 'hour', 'total_tokens, spend')"
ok 'its rows are' coffer sql w.coffer "SELECT sum(rows) FROM coffer_rollup('LiteLLM_SpendLogs', 'hour', 'spend')"
ok 'and it is told how many there are' [ "$(ask w.coffer \
	"SELECT sum(unfit) FROM coffer_rollup('LiteLLM_SpendLogs', 'hour', 'spend')")" = 1 ]
like 'and the store is whole' 0 'w.coffer: whole: *index entries, [1-9]* groups of roll-ups' '' verify -q w.coffer
like 'as JSON' 0 '*"rollup_groups": [1-9]*' '' verify -q --json w.coffer
coffer create -q none.coffer
like 'nothing of none' 0 '*index entries' '' verify -q none.coffer

finish
