#!/bin/sh
# Reports that a roll-up answers say byte for byte what they say of the rows, and the rows are asked where it cannot.
# shellcheck source=tests/cli/tap.sh
. tests/cli/tap.sh

# source STORE REPORT ...: what the statement that is run reads.
source_of()
{
	store=$1 report=$2
	shift 2
	coffer report "$report" "$store" --sql "$@" >statement || return 1
	if grep -q coffer_rollup statement; then echo groups; else echo rows; fi
}

# same SOURCE STORE REPORT ...: read so, the answer is that of the statement that is shown without a store, which asks the rows.
same()
{
	from=$1 store=$2 report=$3
	shift 3
	name="$store: $report $*: $from"
	if [ "$(source_of "$store" "$report" "$@")" != "$from" ]; then
		result "$name" no "not read so"
		return
	fi
	coffer report "$report" --sql "$@" >rows.sql
	coffer report "$report" "$store" -q --mode csv "$@" >said
	coffer sql "$store" --mode csv <rows.sql >rows
	ok "$name" sh -c '! grep -q coffer_rollup rows.sql && [ -s rows ] && cmp said rows'
}

# all STORE: each report by whole days, and with the one column that its roll-up is by.
all()
{
	for report in daily daily-keys daily-teams daily-model-groups top-keys top-models top-model-groups; do
		same groups "$1" $report --from "$first" --to "$last"
		same groups "$1" $report --from 1999-12-31 --to 2000-01-01
		same rows "$1" $report --from "$first" --to "$last 12:30:00"
	done
	for report in daily daily-keys top-keys; do
		same groups "$1" $report --key "$key" --from "$first" --to "$last"
		same groups "$1" $report --key '' --from "$first" --to "$last"
	done
	same groups "$1" daily --user "$user" --from "$first" --to "$last"
	same groups "$1" daily --team "$team" --from "$first" --to "$last"
	same groups "$1" daily-teams --team "$team" --from "$first" --to "$last"
	same groups "$1" daily --model "$model" --from "$first" --to "$last"
	same groups "$1" daily --model-group "it's none" --from "$first" --to "$last"
	same groups "$1" top-models --model "$model" --from "$first 05:00:00" --to "$last 01:00:00"
	same groups "$1" daily --from "$first 07:00:00" --to "$last 12:00:00"
	same rows "$1" daily-keys --from "$first 07:00:00" --to "$last"
	same rows "$1" daily --key "$key" --model "$model" --from "$first" --to "$last"
	same rows "$1" daily-teams --key "$key" --from "$first" --to "$last"
	same rows "$1" daily --end-user e --from "$first" --to "$last"
	same rows "$1" daily --from "-infinity" --to "$last"
	same rows "$1" daily --from "$first" --to infinity
	same groups "$1" retention --before "$last"
	same groups "$1" retention --before "$last 05:00:00"
	same rows "$1" retention --before "$last 05:00:01"
	same rows "$1" retention --before infinity
	same rows "$1" daily-users --from "$first" --to "$last"
}

ask()
{
	coffer sql g.coffer --mode csv --header off "$1" | tr -d '\r'
}
most()
{
	ask "SELECT $1 FROM LiteLLM_SpendLogs WHERE $1 <> '' GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
}

coffer generate -q g.coffer --rows 3000 --seed 7
key=$(most api_key) user=$(most '"user"') team=$(most team_id) model=$(most model)
last=$(ask "SELECT date(max(\"startTime\")) FROM LiteLLM_SpendLogs WHERE \"startTime\" < '9999'")
first=$(ask "SELECT date('$last', '-20 days')")
all g.coffer

# Rows that come, change and go; times that are none, are endless, or are of other years.
cp g.coffer w.coffer
coffer scan g.coffer spendlogs --limit 200 | sed 's/"request_id":"/&again-/; s/"spend":[^,]*/"spend":0.1/' |
	coffer put -q w.coffer spendlogs
coffer scan g.coffer spendlogs --limit 100 | sed 's/"spend":[^,]*/"spend":0.3/; s/"total_tokens":[^,]*/"total_tokens":7/' |
	coffer put -q --update w.coffer spendlogs
for id in $(coffer scan g.coffer spendlogs --limit 40 | sed 's/.*"request_id":"\([^"]*\)".*/\1/'); do
	coffer delete -q w.coffer spendlogs "$id"
done
printf '{"request_id":"%s","call_type":"c","startTime":"%s","endTime":"2025-01-01T00:00:00","spend":1,"model":"%s","team_id":%s}\n' \
	o1 "$first 00:00:00 BC" m null o2 "1$first" m '""' o3 infinity m null o4 -infinity n '"x"' o5 "$first" '' null o6 "$last" '' '""' |
	coffer put -q w.coffer spendlogs
all w.coffer

# A sum that lacks a value: of its range the rows are asked, of others the groups are.
cp w.coffer u.coffer
printf '{"request_id":"u","call_type":"c","startTime":"%s","endTime":"2025-01-01T00:00:00","spend":1e-200}\n' "$first 03:04:05" |
	coffer put -q u.coffer spendlogs
same rows u.coffer daily --from "$first" --to "$last"
same rows u.coffer top-models --from "$first" --to "$last"
same groups u.coffer daily --from "$first 04:00:00" --to "$last"
same rows u.coffer retention --before "$last"
same groups u.coffer retention --before "$first 03:00:00"

# The default range is one of whole days.
ok 'the default range is read from groups' [ "$(source_of g.coffer daily)" = groups ]
ok 'unless it begins within an hour' [ "$(source_of g.coffer daily --from "$first 00:00:01")" = rows ]

# A store that keeps other sums than those that are asked for, and one that has no groups.
cat >whole.prisma <<'END'
model LiteLLM_SpendLogs {
  request_id String @id
  api_key String
  spend Int
  startTime DateTime /// @coffer.time
  prompt_tokens Int
  completion_tokens Int
  total_tokens Int
}
END
coffer create -q whole.coffer --schema whole.prisma
ok 'whole money is added from rows' [ "$(source_of whole.coffer daily --from "$first" --to "$last")" = rows ]
coffer create -q empty.coffer
ok 'none is added from groups' [ "$(source_of empty.coffer daily --from "$first" --to "$last")" = groups ]
like 'and a group of nothing is nothing' 0 '' '*no rows' report daily empty.coffer --from "$first" --to "$last"

finish
