#!/bin/sh
# coffer report: what there is, what is printed byte by byte, ranges at their edges, what a store lacks, which way a question
# goes. That the numbers are right is tests/postgres/report.t's to show.
# shellcheck disable=SC2016 # SQL in quotes.

# shellcheck source=tests/cli/tap.sh
. tests/cli/tap.sh

log()
{
	printf '{"request_id": "%s", "call_type": "c", "startTime": "%s", "endTime": "%s", %s}\n' "$1" "$2" "$2" "$3"
}

# ------------------------------------------------------------------ what there is

like 'the list' 0 'key  *--key KEY*logs  *\[--order newest|oldest|*sessions *' '' report
like 'one of them' 0 'daily  *spend of each day*\[--to TIME\]' '' report daily
like 'as JSON' 0 '*"schema": "coffer/reports/1"*"name": "key-model"*"days": 28*{"name":"key","type":"text","required":true}*' '' \
	report --json
names=$(coffer report --json | sed -n 's/.*"name": "\(.*\)",/\1/p')
ok 'there are 34' [ "$(echo "$names" | wc -l)" = 34 ]
like 'no such report' 2 '' '*unknown report '\''dialy'\'', did you mean '\''daily'\''?*' report dialy a.coffer
like 'nothing near' 2 '' '*unknown report '\''gateway.coffer'\''; '\''coffer report'\'' lists them*' report gateway.coffer
coffer create -q named.coffer
is 'a store without a report' 2 '' "coffer: report: 'named.coffer' is a file: the name of a report comes in front of it; 'coffer report' lists them
Try 'coffer help report'." report named.coffer
like 'or in front of one' 2 '' '*is a file: the name of a report comes in front*' report named.coffer daily
rm named.coffer
like 'a parameter that it does not take' 2 '' '*daily takes no --session*' report daily a.coffer --session x
like 'one that it needs' 2 '' '*key needs --key*' report key a.coffer
like 'what is no time' 2 '' '*daily: --from: '\''noon'\'' is not a time*' report daily a.coffer --from noon
like 'an age is the time that it means' 0 "*startTime\" >= '2???-??-?? ??:??:??'*startTime\" < '2???-??-?? ??:??:??'*" '' \
	report daily --from 7d --to 1h --sql
for to in 2024-11-02 2024-11-01T23:59:59; do
	like "an end that is not behind its beginning: $to" 2 '' \
		"*daily: --from '2024-11-02 00:00:00' is not before --to '2024-11-0?*no row is of such a range*" \
		report daily --sql --from 2024-11-02 --to "$to"
done
like 'what is no number' 2 '' '*logs: --limit: '\''-1'\'' is not a whole number from 0*' report logs a.coffer --limit=-1
like 'what is no amount' 2 '' '*logs: --min-spend: '\''1e'\'' is not a decimal from 0, such as 0.25*' report logs a.coffer --min-spend 1e
like 'what is none for SQL' 2 '' '*'\''1e5000'\'' is not a decimal from 0*' report logs a.coffer --max-spend 1e5000
like 'what is no order' 2 '' '*keys: --order: '\''name'\'' is none of spend, newest*' report keys a.coffer --order name
like 'no name for a statement' 2 '' '*--sql needs the name of a report*' report --sql

# ------------------------------------------------------------------ byte by byte

coffer create -q a.coffer
{
	log r1 '2024-11-01T00:00:00' '"spend": 0.1, "total_tokens": 3, "model": "gpt|4o", "user": "", "team_id": "t1", "api_key": "k1"'
	log r2 '2024-11-01T23:59:59.999' '"spend": 0.2, "total_tokens": 4, "model": "", "user": null, "end_user": "e, \"1\""'
	log r3 '2024-11-02T00:00:00' '"spend": 1e-7, "total_tokens": 5, "model": "Ünïcode", "user": "u", "team_id": "", "api_key": "k1"'
	log r4 '2024-09-30T10:00:00' '"spend": 5, "total_tokens": 6, "model": "gpt|4o"'
} | coffer put -q a.coffer spendlogs
echo '{"token": "k1", "key_alias": "first", "key_name": "sk-...abcd"}' | coffer put -q a.coffer verificationtoken
said='daily: from 2024-10-04 00:00:00 to 2024-11-03 00:00:00, the end of the day of the newest row of LiteLLM_SpendLogs'
is 'a table' 0 ' day        | requests |               spend | prompt_tokens | completion_tokens | total_tokens
------------+----------+---------------------+---------------+-------------------+--------------
 2024-11-01 |        2 | 0.30000000000000004 |             0 |                 0 |            7
 2024-11-02 |        1 |               1e-07 |             0 |                 0 |            5' "$said" \
	report daily a.coffer --mode table
is 'csv' 0 "$(printf '%s\r\n' 'day,requests,spend,prompt_tokens,completion_tokens,total_tokens' \
	'2024-11-01,2,0.30000000000000004,0,0,7' '2024-11-02,1,1e-07,0,0,5')" "$said" report daily a.coffer --mode csv
is 'json, without a word' 0 '[
{"day":"2024-11-01","requests":2,"spend":0.30000000000000004,"prompt_tokens":0,"completion_tokens":0,"total_tokens":7},
{"day":"2024-11-02","requests":1,"spend":1e-07,"prompt_tokens":0,"completion_tokens":0,"total_tokens":5}
]' '' \
	report daily a.coffer --json
is 'ndjson where it is no terminal' 0 '{"model":null,"requests":1,"spend":0.2,"prompt_tokens":0,"completion_tokens":0,"total_tokens":4}
{"model":"gpt|4o","requests":1,"spend":0.1,"prompt_tokens":0,"completion_tokens":0,"total_tokens":3}
{"model":"Ünïcode","requests":1,"spend":1e-07,"prompt_tokens":0,"completion_tokens":0,"total_tokens":5}' \
	"top-models${said#daily}" report top-models a.coffer
is 'a table with NULL, a bar and letters' 0 ' model   | requests | spend | prompt_tokens | completion_tokens | total_tokens
---------+----------+-------+---------------+-------------------+--------------
 NULL    |        1 |   0.2 |             0 |                 0 |            4
 gpt|4o  |        1 |   0.1 |             0 |                 0 |            3
 Ünïcode |        1 | 1e-07 |             0 |                 0 |            5' '' report -q top-models a.coffer --mode table
is 'csv with what stands for NULL' 0 "$(printf '%s\r\n' 'model,requests,spend,prompt_tokens,completion_tokens,total_tokens' \
	'-,1,0.2,0,0,4' 'gpt|4o,1,0.1,0,0,3' 'Ünïcode,1,1e-07,0,0,5')" '' report -q top-models a.coffer --mode csv --null -
is 'json of the models' 0 '[
{"model":null,"requests":1,"spend":0.2,"prompt_tokens":0,"completion_tokens":0,"total_tokens":4}
]' '' \
	report top-models a.coffer --json -n 1
is 'a key and its name' 0 '{"api_key":"","key_alias":null,"key_name":null,"requests":1,"spend":0.2,"prompt_tokens":0,"completion_tokens":0,"total_tokens":4}
{"api_key":"k1","key_alias":"first","key_name":"sk-...abcd","requests":2,"spend":0.10000010000000001,"prompt_tokens":0,"completion_tokens":0,"total_tokens":8}' \
	'' report -q top-keys a.coffer
ok 'into a file' coffer report -q daily a.coffer --mode csv -o daily.csv
ok 'which has it' [ "$(wc -l <daily.csv)" = 3 ]
like 'not twice' 8 '' '*exists*' report -q daily a.coffer -o daily.csv

# ------------------------------------------------------------------ pages, counts, ranges

is 'how many there are' 0 '{"rows":3}' 'logs: from 2024-10-04 00:00:00 to 2024-11-03 00:00:00, the end of the day of the newest row of LiteLLM_SpendLogs' \
	report logs a.coffer --count
like 'a page says of how many' 0 '{"request_id":"r2",*' '*
logs: rows 2 to 2 of 3' report logs a.coffer --limit 1 --offset 1
like 'behind the last' 0 '' '*logs: none of 3 rows' report logs a.coffer --offset 7
like 'none' 0 '' '*logs: no rows' report logs a.coffer --key nobody
is 'an amount with an exponent' 0 '{"rows":0}' '' report logs a.coffer --min-spend 1.5e+9 --from 2000-01-01 --count -q
is 'of either sign' 0 '{"rows":3}' '' report logs a.coffer --min-spend 1E-3 --from 2000-01-01 --count -q
coffer copy -q a.coffer old.coffer
echo '{"request_id": "old", "call_type": "", "api_key": "k", "spend": 1, "startTime": "2020-01-01T10:00:00", "endTime": "2020-01-01T10:00:00"}' |
	coffer put -q old.coffer spendlogs
is 'a request is found whenever it was' 0 '{"rows":1}' '' report logs old.coffer --request old --count
is 'unless a range is given' 0 '{"rows":0}' '' report logs old.coffer --request old --from 2024-01-01 --count
is 'one that is not there' 9 '' 'coffer: a.coffer: log: nothing has --request none' report log a.coffer --request none
is 'nor such a key' 9 '' 'coffer: a.coffer: key: nothing has --key none' report key a.coffer --key none
is 'as JSON' 9 '[]' '{"schema":"coffer/error/1","exit":9,"status":"not found","place":"a.coffer","message":"log: nothing has --request none"}' \
	report log a.coffer --request none --json
like 'its statement is there' 0 "*request_id = 'none'*" '' report log a.coffer --request none --sql
is 'and its count' 0 '{"rows":0}' '' report log a.coffer --request none --count
is 'a range that is given is not told' 0 '{"rows":4}' '' report logs a.coffer --from 2024-01-01 --to 2030-01-01 --count
ids()
{
	coffer report -q "$@" --mode csv --header off | cut -d, -f1 | tr -d '\r' | tr '\n' ' '
}
ok 'from it on, before it' [ "$(ids logs a.coffer --from 2024-11-01 --to 2024-11-02)" = 'r2 r1 ' ]
ok 'to the microsecond' [ "$(ids logs a.coffer --from 2024-11-01T00:00:00.000001 --to 2024-11-01T23:59:59.999001)" = 'r2 ' ]
ok 'with a zone' [ "$(ids logs a.coffer --from 2024-11-02T01:00:00+01:00 --to 2024-11-02T01:00:00Z)" = 'r3 ' ]
ok 'an end alone: as many days before it' [ "$(ids logs a.coffer --to 2024-10-30 --order oldest)" = 'r4 ' ]
is 'a beginning alone, behind the newest' 0 '' \
	"logs: --from '2024-11-03 00:00:00' is not before 2024-11-03 00:00:00, the end of the day of the newest row of LiteLLM_SpendLogs
logs: no rows" report logs a.coffer --from 2024-11-03
ok 'a beginning alone: up to the newest' [ "$(ids logs a.coffer --from 2024-09-30 --order oldest)" = 'r4 r1 r2 r3 ' ]
ok 'logs of a key: all of them' [ "$(ids key-logs a.coffer --key k1)" = 'r3 r1 ' ]
ok 'an empty text is one' [ "$(ids logs a.coffer --user '')" = 'r1 ' ]
ok 'the end user with quotes' [ "$(ids end-user-logs a.coffer --end-user 'e, "1"')" = 'r2 ' ]
ok "what looks like SQL is a text" [ "$(ids logs a.coffer --user "' OR 1 --" --count)" = '0 ' ]
is 'retention' 0 '{"day":"2024-09-30","requests":1,"spend":5,"total_tokens":6}' '' report retention a.coffer --before 2024-11-01
ok 'retention, row by row' [ "$(ids retention-logs a.coffer --before 2024-11-01T00:00:00.001)" = 'r4 r1 ' ]
log r5 infinity '"spend": 1, "model": "m"' | coffer put -q a.coffer spendlogs
ok 'a time without end does not move the range' [ "$(ids logs a.coffer --order oldest)" = 'r1 r2 r3 ' ]

# ------------------------------------------------------------------ statements

coffer report daily-users --sql >statement
ok 'a statement with the names of what only a store can tell' grep -q '>= :from' statement
ok 'is answered with them' [ "$(coffer sql a.coffer --param 'from=2024-11-02 00:00:00' --param 'to=2024-11-03 00:00:00' \
	"$(cat statement)")" = "$(coffer report -q daily-users a.coffer --from 2024-11-02)" ]
ok 'what is run is what is printed' sh -c '
	for name in logs top-keys daily-teams tags users budgets-due; do
		[ "$("$1" report -q $name a.coffer)" = "$("$1" report -q $name --sql a.coffer | "$1" sql a.coffer)" ] || exit 1
	done' sh "$COFFER"
ok 'every report has a statement' sh -c '
	for name in $2; do "$1" report $name --sql | grep -q "^SELECT" || { echo $name; exit 1; }; done' sh "$COFFER" "$names"

# ------------------------------------------------------------------ which way

cat >needs <<-'END'
	key --key k
	log --request r
	session --session s
	retention --before 2024-01-01
	retention-logs --before 2024-01-01
	key-logs --key k
	user-logs --user u
	team-logs --team t
	end-user-logs --end-user e
	key-model --key k --model m
END
coffer generate -q --rows 20000 b.coffer
way()
{
	coffer sql b.coffer "EXPLAIN QUERY PLAN $(coffer report -q --sql "$@" b.coffer)" --mode csv --header off | tr -d '\r'
}
# goes NAME PATTERN WORDS...: the plan's first step over the logs, and no step over every row of them.
goes()
{
	name=$1 pattern=$2
	shift 2
	way "$@" >plan
	# shellcheck disable=SC2254
	case $(cat plan) in
	*'SCAN s '*'every row'*) result "$name" no; told "$(cat plan)" ;;
	$pattern) result "$name" yes ;;
	*) result "$name" no; told "$(cat plan)" ;;
	esac
}
# Of days that are not whole roll-ups know nothing.
ragged='2024-11-30 00:30:00'
newest='by LiteLLM_SpendLogs_*, in the order asked for, backwards'
goes 'a key by its hash, and what is around it by their keys' '*k *token = ? by the unique key*SCAN t *by the unique key*SCAN m *by the unique key*SCAN b *by the unique key*' \
	key --key k
goes 'a page by its times' "*startTime >= ? AND startTime < ? $newest*" logs
goes 'a page, the oldest first' '*startTime >= ? AND startTime < ? by *, in the order asked for"' logs --order oldest
for filter in api_key:key user:user team_id:team end_user:end-user; do
	column=${filter%:*} option=${filter#*:}
	goes "a page of one $option" "*$column = ? AND startTime >= ? AND startTime < ? $newest*" logs "--$option" x
	goes "all logs of one $option" "*$column = ? $newest*" "$option-logs" "--$option" x
	goes "days of one $option" "*$column = ? AND startTime >= ? AND startTime < ? by *" daily --to "$ragged" "--$option" x
done
goes 'one log' '*request_id = ? by the unique key*' log --request r
goes 'retention' '*startTime < ? by LiteLLM_SpendLogs_startTime_idx*' retention --before 2024-10-01T00:00:01
goes 'retention of whole hours' '*groups in a range of times*' retention --before 2024-10-01
goes 'retention, the oldest first' '*startTime < ? by LiteLLM_SpendLogs_startTime_idx, in the order asked for*' \
	retention-logs --before 2024-10-01
for name in daily daily-keys daily-users daily-model-groups daily-teams daily-tags top-keys top-models tags; do
	goes "$name" '*startTime >= ? AND startTime < ? by LiteLLM_SpendLogs_startTime_idx*' $name --to "$ragged"
done
for name in daily daily-keys daily-model-groups daily-teams top-keys top-models top-model-groups; do
	way $name >plan
	ok "$name of whole days goes by groups" sh -c 'grep -q "groups in a range of times" plan && ! grep -q startTime plan'
done
goes 'a key and a model' '*api_key = ? AND startTime >= ? AND startTime < ? by *' key-model --key k --model m
way logs >plan
ok 'a page is not sorted' sh -c '! grep -q "TEMP B-TREE" plan'

# ------------------------------------------------------------------ what a store lacks

is 'a column that a report needs' 1 '' 'coffer: a.coffer: session needs LiteLLM_SpendLogs.session_id, which this store does not have' \
	report session a.coffer --session s
is 'one that a parameter needs' 1 '' 'coffer: a.coffer: logs needs LiteLLM_SpendLogs.status, which this store does not have' \
	report logs a.coffer --status failure
is 'one that an order needs' 1 '' 'coffer: a.coffer: users needs LiteLLM_UserTable.created_at, which this store does not have' \
	report users a.coffer --order newest
cat >logs.prisma <<-'END'
	model LiteLLM_SpendLogs {
	  request_id String @id
	  api_key String
	  spend Float
	  startTime DateTime /// @coffer.time
	  prompt_tokens Int
	  completion_tokens Int
	  total_tokens Int
	  user String?
	  session_id String?
	}
END
coffer create -q logs.coffer --schema logs.prisma
is 'a table that a report needs' 1 '' 'coffer: logs.coffer: keys needs LiteLLM_VerificationToken, which this store does not have' \
	report keys logs.coffer
for time in 12024-01-01 '2024-11-05 BC'; do
	is "a time whose text does not sort: $time" 2 '' "coffer: report: logs: --from: '$time' is not of the years 1 to 9999
Try 'coffer help report'." report logs a.coffer --from "$time"
done
like 'a part that is not a page is told as one, too' 0 '{*' "*
top-models: rows 1 to 1 of *" report top-models a.coffer -n 1
coffer generate -q tagged.coffer --rows 200 --seed 3
like 'and where there is no limit but the one given' 0 '{*' "*
daily-tags: rows 1 to 2 of *" report daily-tags tagged.coffer -n 2
coffer create -q bare.coffer --schema - <<-'END'
	model Other {
	  id Int @id
	}
END
is 'no log that could tell a time' 1 '' 'coffer: bare.coffer: budgets-due needs --at: this store has no LiteLLM_SpendLogs that says what time it is' \
	report budgets-due bare.coffer
is 'no log at all' 0 '' 'daily: no row of LiteLLM_SpendLogs has a time
daily: no rows' report daily logs.coffer
like 'no time for what is due' 1 '' '*needs*' report budgets-due logs.coffer
echo '{"request_id": "r", "api_key": "k", "spend": 1, "startTime": "2025-01-01T10:00:00", "prompt_tokens": 1, "completion_tokens": 2,
	"total_tokens": 3, "session_id": "s"}' | tr -d '\n' | coffer put -q logs.coffer spendlogs
is 'a table that is lacking leaves its columns out' 0 '{"api_key":"k","requests":1,"spend":1,"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}' '' \
	report -q top-keys logs.coffer
is 'a column of newer gateways that is there' 0 '{"session_id":"s","requests":1,"spend":1,"total_tokens":3,"first":"2025-01-01 10:00:00","last":"2025-01-01 10:00:00"}' '' \
	report -q sessions logs.coffer
is 'a filter for what is lacking' 1 '' 'coffer: logs.coffer: daily needs LiteLLM_SpendLogs.team_id, which this store does not have' \
	report daily logs.coffer --team t
coffer create -q empty.coffer
is 'what is due in an empty store' 1 '' 'coffer: empty.coffer: budgets-due needs --at: no row of LiteLLM_SpendLogs says what time it is' \
	report budgets-due empty.coffer
ok 'every report of an empty gateway says nothing, or what it lacks' sh -c '
	for name in $2; do
		words=$(sed -n "s/^$name //p" needs)
		case $name in budgets-due) words="--at 2024-01-01" ;; esac
		"$1" report -q $name empty.coffer $words >out 2>err
		case $?:$name:$(cat err) in
		0:key-model:) ;;
		9:key:*nothing\ has* | 9:log:*nothing\ has*) ;;
		0:*:) [ ! -s out ] || { echo $name; exit 1; } ;;
		1:*session*needs*session_id* | 1:failures:*needs*status*) ;;
		*) echo $name; cat err; exit 1 ;;
		esac
	done' sh "$COFFER" "$names"
cp a.coffer stranger.coffer
is 'a stranger'\''s store, unverified' 3 '{"rows":3}' '' report -q daily stranger.coffer --count --from 2020-01-01 --to 'infinity' --unverified
python3 - <<'END'
data = bytearray(open("b.coffer", "rb").read())
at = data.find(b"chatcmpl-")
while at >= 0:
    data[at] ^= 1
    at = data.find(b"chatcmpl-", at)
open("bad.coffer", "wb").write(data)
END
like 'a damaged store is refused' 4 '' '*bad.coffer: damaged: *' report daily bad.coffer
like 'and says where it breaks off' 4 '*' 'coffer: *LiteLLM_SpendLogs*' report --unverified -q logs bad.coffer --order oldest
like 'no store' 1 '' '*nowhere.coffer*' report daily nowhere.coffer

finish
