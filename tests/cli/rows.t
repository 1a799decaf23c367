#!/bin/sh
# get and scan on a generated gateway: names, keys, ranges, columns, output files.
# shellcheck source=tests/cli/tap.sh
. tests/cli/tap.sh
# shellcheck disable=SC2154 # $out is run's.
coffer generate -q g.coffer --rows 400 --seed 5

# The text value of a column in a line of ndjson.
value()
{
	sed 's/.*"'"$1"'":"\([^"]*\)".*/\1/'
}
run scan g.coffer LiteLLM_SpendLogs
all=$out
ok 'a scan has every row' [ "$(printf '%s\n' "$all" | wc -l)" = 400 ]
is 'a table in any case and without its prefix' 0 "$all" '' scan g.coffer sPENDLOGS
is 'a table that is not there' 9 '' "coffer: spendlgs: no such table, did you mean 'SpendLogs'?" \
	scan g.coffer spendlgs
is 'nor anything like it' 9 '' "coffer: accounts: no such table" \
	scan g.coffer accounts
printf 'model Foo {\n  id Int @id\n}\nmodel LiteLLM_Foo {\n  id Int @id\n}\n' >foo.prisma
coffer create -q foo.coffer --schema foo.prisma
is 'a short name of two tables' 2 '' "coffer: scan: table 'foo' may be Foo or LiteLLM_Foo
Try 'coffer help scan'." scan foo.coffer foo
is 'a full name goes before a short one' 0 '' '' scan foo.coffer Foo
is 'a limit' 0 "$(printf '%s\n' "$all" | head -n 7)" '' scan g.coffer spendlogs --limit 7
is 'a limit of none' 0 '' '' scan g.coffer spendlogs -n 0
is 'the other way' 0 "$(printf '%s\n' "$all" | tail -n 2 | tac)" '' scan g.coffer spendlogs -n 2 --reverse
is 'a count' 0 400 '' scan g.coffer spendlogs --count
is 'a count as JSON' 0 '{
	"schema": "coffer/count/1",
	"table": "LiteLLM_SpendLogs",
	"count": 400
}' '' scan g.coffer spendlogs --count --json
run scan g.coffer spendlogs -n 1 -c request_id,startTime
first=$out
request=$(printf '%s' "$first" | value request_id)
start=$(printf '%s' "$first" | value startTime)
is 'columns in the order asked for' 0 "{\"startTime\":\"$start\",\"request_id\":\"$request\"}" '' \
	scan g.coffer spendlogs -n 1 -c startTime --columns request_id
is 'rows as JSON' 0 '{
	"schema": "coffer/rows/1",
	"table": "LiteLLM_SpendLogs",
	"rows": [
		'"$first"'
	],
	"count": 1
}' '' scan g.coffer spendlogs -n 1 -c request_id,startTime --json
is 'no rows as JSON' 0 '{
	"schema": "coffer/rows/1",
	"table": "LiteLLM_SpendLogs",
	"rows": [],
	"count": 0
}' '' scan g.coffer spendlogs -n 0 --json
is 'a column that is not there' 9 '' \
	"coffer: LiteLLM_SpendLogs: no column 'modle', did you mean 'model'?" scan g.coffer spendlogs -c modle
is 'a range of an index by its columns' 0 "$first" '' \
	scan g.coffer spendlogs --index startTime --from "$start" -n 1 -c request_id,startTime
is 'the same by its name' 0 "$first" '' \
	scan g.coffer spendlogs --index LiteLLM_SpendLogs_startTime_idx --to 2200-01-01 -n 1 -c request_id,startTime
is 'an upper bound is not in it' 0 0 '' scan g.coffer spendlogs --index startTime --to "$start" --count
run scan g.coffer spendlogs --index startTime
ok 'an index has every row too' [ "$(printf '%s\n' "$out" | sort)" = "$(printf '%s\n' "$all" | sort)" ]
run scan g.coffer verificationtoken -n 1 -c token
key=$(printf '%s' "$out" | value token)
wanted=$(printf '%s\n' "$all" | grep -c "\"api_key\":\"$key\"")
is 'a key of an index' 0 "$wanted" '' scan g.coffer spendlogs --index api_key --key "$key" --count
is 'and a range behind it' 0 "$wanted" '' scan g.coffer spendlogs --index api_key --key "$key" \
	--from 2000-01-01 --count
is 'a key that nothing has' 0 0 '' scan g.coffer spendlogs --index api_key --key nobody --count
is 'an index that is not there' 9 '' \
	"coffer: LiteLLM_SpendLogs: no index 'spend' to scan" scan g.coffer spendlogs --index spend
is 'an index for single rows' 2 '' "coffer: scan: index 'LiteLLM_SpendLogs_pkey' finds single rows: use coffer get
Try 'coffer help scan'." scan g.coffer spendlogs --index LiteLLM_SpendLogs_pkey
is 'a range of texts' 2 '' "coffer: scan: column api_key of index LiteLLM_SpendLogs_api_key_rel takes --key, not a range: it is a text
Try 'coffer help scan'." scan g.coffer spendlogs --index api_key --from a
is 'a bound that is no time' 2 '' "coffer: scan: 'noon' does not fit LiteLLM_SpendLogs.startTime (timestamp(3) without time zone): it takes a time such as 2024-11-05T10:20:30, or an age such as 7d
Try 'coffer help scan'." scan g.coffer spendlogs --index startTime --from noon
every=$(coffer scan g.coffer spendlogs --count)
is 'an age as a bound' 0 "$every" '' scan g.coffer spendlogs --index startTime --from 5200w --to 1h --count
is 'an age as one that is negative' 0 0 '' scan g.coffer spendlogs --index startTime --from -24h --count
is 'a range without an index' 2 '' "coffer: scan: --key, --from and --to need --index
Try 'coffer help scan'." scan g.coffer spendlogs --from 2024-01-01

is 'get' 0 "$(printf '%s\n' "$all" | head -n 1)" '' get g.coffer spendlogs "$request"
is 'get columns' 0 "$first" '' get g.coffer spendlogs "$request" -c request_id,startTime
is 'get as JSON' 0 '{
	"schema": "coffer/row/1",
	"table": "LiteLLM_SpendLogs",
	"row": '"$first"'
}' '' get g.coffer spendlogs "$request" -c request_id,startTime --json
is 'a key that no row has' 9 '' 'coffer: g.coffer: LiteLLM_SpendLogs: no row has the key none' get g.coffer spendlogs none
is 'the same as JSON' 9 '' \
	'{"schema":"coffer/error/1","exit":9,"status":"not found","place":"g.coffer: LiteLLM_SpendLogs","message":"no row has the key none"}' \
	get g.coffer spendlogs none --json
is 'too many words for a key' 2 '' "coffer: get: the key of LiteLLM_SpendLogs has 1 column (request_id), 2 given
Try 'coffer help get'." get g.coffer spendlogs a b
run scan g.coffer teammembership -n 1 -c user_id,team_id
member=$out
is 'a key of two columns' 0 "$member" '' get g.coffer teammembership \
	"$(printf '%s' "$member" | value user_id)" "$(printf '%s' "$member" | value team_id)" -c user_id,team_id
is '--limit without --related' 2 '' "coffer: get: --limit and --reverse need --related
Try 'coffer help get'." get g.coffer spendlogs "$request" -n 1
team=$(printf '%s' "$member" | value team_id)
coffer get g.coffer teamtable "$team" --related -n 2 >related
coffer scan g.coffer spendlogs --index team_id --key "$team" >logs
ok 'a row and what stands around it' python3 -c '
import json, sys
found = json.load(open("related"))
logs = [json.loads(line) for line in open("logs")]
assert found["schema"] == "coffer/related/1" and found["table"] == "LiteLLM_TeamTable"
assert found["row"]["team_id"] == sys.argv[1]
to = {relation["table"]: relation for relation in found["refers_to"]}
organization = to["LiteLLM_OrganizationTable"]
assert organization["is_foreign_key"] and organization["columns"] == ["organization_id"]
assert organization["row"]["organization_id"] == found["row"]["organization_id"]
by = {relation["table"]: relation for relation in found["referred_by"]}
assert by["LiteLLM_SpendLogs"]["count"] == len(logs)
assert by["LiteLLM_SpendLogs"]["rows"] == logs[:2]
assert not by["LiteLLM_SpendLogs"]["is_foreign_key"]
' "$team"
coffer get g.coffer teamtable "$team" --related -n 2 --reverse >related
ok 'the newest of them' python3 -c '
import json
by = {relation["table"]: relation for relation in json.load(open("related"))["referred_by"]}
logs = [json.loads(line) for line in open("logs")]
assert by["LiteLLM_SpendLogs"]["rows"] == logs[:-3:-1]
'

is 'into a file' 0 '' '' scan g.coffer spendlogs -o rows.ndjson
ok 'which has it all' [ "$(cat rows.ndjson)" = "$all" ]
ok 'which nobody else reads' [ "$(stat -c %a rows.ndjson)" = 600 ]
is 'which is not replaced' 8 '' 'coffer: rows.ndjson: exists already; --force replaces it' \
	scan g.coffer spendlogs -o rows.ndjson
is 'but with --force' 0 '' '' scan g.coffer spendlogs -n 1 -o rows.ndjson --force
ok 'and then is' [ "$(cat rows.ndjson)" = "$(printf '%s\n' "$all" | head -n 1)" ]
mkfifo pipe
cat pipe >piped &
is 'a pipe is written to, not replaced' 0 '' '' scan g.coffer spendlogs -n 1 -c request_id,startTime -o pipe
wait $!
ok 'and has the row' [ "$(cat piped)" = "$first" ]
ok 'and stays a pipe' [ -p pipe ]
is 'so is a device, even with --force' 0 '' '' scan g.coffer spendlogs -o /dev/null --force
ok 'which stays one' [ -c /dev/null ]
is 'a dash is standard output' 0 "$first" '' scan g.coffer spendlogs -n 1 -c request_id,startTime -o -
is 'a folder that is not there' 1 '' 'coffer: none/rows: No such file or directory' \
	scan g.coffer spendlogs -o none/rows
is 'nor over what it reads' 1 '' 'coffer: g.coffer: the command reads it: it is not written over' \
	scan g.coffer spendlogs -f -o g.coffer
ok 'no temporary file is left' [ "$(echo *.ndjson*)" = rows.ndjson ]
# shellcheck disable=SC2016
ok 'a full disk' sh -c 'message=$("$1" scan g.coffer spendlogs 2>&1 >/dev/full)
	[ $? = 1 ] && [ "$message" = "coffer: standard output: No space left on device" ]' sh "$COFFER"

finish
