#!/bin/sh
# The gateway's views say of groups what their own texts say of rows. Of what a sum lacks the rows are asked, also where it came
# after the view was made.
# shellcheck source=tests/cli/tap.sh
. tests/cli/tap.sh

views='Last30dKeysBySpend Last30dModelsBySpend MonthlyGlobalSpend MonthlyGlobalSpendPerKey'

coffer create -q g.coffer
# put TABLE FILE
put()
{
	coffer put -q g.coffer "$1" <"$2.ndjson"
}

# both NAME: each view, read from groups and from rows, is not empty and the same.
both()
{
	for view in $views; do
		columns=$(coffer sql g.coffer --mode csv "SELECT * FROM $view LIMIT 1" | head -1 | tr -d '\r')
		sed '/:groups/d; s/ *--?.*//' "$TOP/src/sql/views/$view.sql" >rows.sql
		coffer sql g.coffer --mode csv "SELECT $columns FROM $view ORDER BY $columns" >groups
		coffer sql g.coffer --mode csv "SELECT $columns FROM ($(cat rows.sql)) ORDER BY $columns" >rows
		ok "$1: $view" sh -c '! grep -q coffer_rollup rows.sql && [ $(wc -l <groups) -gt 1 ] && cmp groups rows'
	done
}

# Logs of the last days, the last one of them today; some are older than the views look.
coffer generate -q old.coffer --rows 3000 --seed 9
cat >near.sql <<'END'
SELECT request_id, call_type, api_key, spend, total_tokens, prompt_tokens, completion_tokens,
	strftime('%Y-%m-%dT%H:%M:%f', "startTime", days || ' days') AS "startTime", '2025-01-01T00:00:00' AS "endTime",
	model, "user", team_id, end_user
FROM LiteLLM_SpendLogs, (SELECT CAST(julianday('now', 'start of day') - julianday(date(max("startTime"))) AS INTEGER) AS days
	FROM LiteLLM_SpendLogs WHERE "startTime" < '9999') WHERE "startTime" BETWEEN '2000' AND '3000';
END
coffer sql old.coffer --mode ndjson <near.sql >near.ndjson
ok 'there are some' [ "$(wc -l <near.ndjson)" -gt 2000 ]
ok 'they are put' put spendlogs near
for view in $views; do
	ok "groups answer $view" sh -c "'$COFFER' sql g.coffer '.schema $view' | grep -q \"coffer_rollup('LiteLLM_SpendLogs', '[a-z_]*', 'spend', 'main')\""
	ok "groups are sought for $view" sh -c "'$COFFER' sql g.coffer '.plan SELECT * FROM $view' | grep -q 'SCAN g: groups in a range of times'"
done
both 'logs of some days'

# Times at the edges of the first day and of all; keys, models and users that are none, and that have a name.
first=$(coffer sql g.coffer --mode csv --header off "SELECT date('now', '-30 days')" | tr -d '\r')
before=$(coffer sql g.coffer --mode csv --header off "SELECT date('now', '-31 days')" | tr -d '\r')
while IFS='|' read -r id time spend key model; do
	printf '{"request_id":"%s","call_type":"c","startTime":"%s","endTime":"2025-01-01T00:00:00","spend":%s,"api_key":%s,"model":%s}\n' \
		"$id" "$time" "$spend" "$key" "$model"
done >edges.ndjson <<END
e1|$first 00:00:00|0.1|"k"|"m"
e2|$before 23:59:59.999999|0.2|"k"|"m"
e3|$first 23:59:59.999999|0.3|""|""
e4|$first 12:00:00 BC|0.4|"k"|"m"
e5|1$first 12:00:00|0.5|"k"|"m"
e6|infinity|0.6|"it's"|"it's"
e7|-infinity|0.7|"k"|"m"
e8|9999-12-31 23:59:59.999999|0.8|""|"m"
e9|0001-01-01 00:00:00|0.9|"k"|"m"
END
ok 'edges are put' put spendlogs edges
echo '{"token":"k","key_alias":"alias","key_name":"name"}' >key.ndjson
ok 'a key is put' put verificationtoken key
both 'edges'

# One schema of several: each view asks its own store.
coffer create -q empty.coffer
is 'and not the first that has such a table' 0 '{"n":0}' '' sql g.coffer --attach e=empty.coffer \
	'SELECT count(*) AS n FROM e.MonthlyGlobalSpend'
is 'nor the last' 0 '{"n":0}' '' sql empty.coffer --attach e=g.coffer 'SELECT count(*) AS n FROM main.MonthlyGlobalSpend'

# A value that a sum lacks.
printf '{"request_id":"u1","call_type":"c","startTime":"%s","endTime":"2025-01-01T00:00:00","spend":1e-200}\n' \
	"$before 10:00:00" >unfit.ndjson
ok 'one of before is put' put spendlogs unfit
both 'a sum lacks a value of before'
ok 'whose rows are not asked' [ "$(coffer sql g.coffer --mode csv --header off "SELECT count(*) FROM
	coffer_rollup('LiteLLM_SpendLogs', 'hour', 'spend') WHERE unfit AND time >= date('now', '-30 days')" | tr -d '\r')" = 0 ]
printf '{"request_id":"u2","call_type":"c","startTime":"%s","endTime":"2025-01-01T00:00:00","spend":1e300,"api_key":"k"}\n' \
	"$first 10:00:00" >unfit.ndjson
ok 'another is put' put spendlogs unfit
both 'a sum lacks a value'

finish
