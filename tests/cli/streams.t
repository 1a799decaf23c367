#!/bin/sh
# Two streams are put into one store while others scan and copy it, and one tries to put another store in its place.
# shellcheck source=tests/cli/tap.sh
. tests/cli/tap.sh
# shellcheck disable=SC2154 # $out, $err and $code are run's.

rows=3000

# stream NAME FROM TO: rows of the audit log, numbered, with the streams' and their own texts.
stream()
{
	awk -v name="$1" -v from="$2" -v to="$3" 'BEGIN {
		for (i = from; i <= to; i++)
			printf "{\"id\":\"%s-%d\",\"updated_at\":\"2024-11-05T10:20:30.%03d\",\"changed_by\":\"%s\",\"action\":\"created\",\"table_name\":\"t%d\",\"object_id\":\"o%d\",\"updated_values\":{\"n\":%d}}\n",
				name, i, i % 1000, name, i % 7, i % 100, i
	}'
}

# waits NAME COMMAND...: until the command succeeds, for some seconds.
waits()
{
	wait_name=$1 wait_tries=0
	shift
	until "$@" || [ "$wait_tries" -ge 200 ]; do
		sleep 0.1
		wait_tries=$((wait_tries + 1))
	done
	ok "$wait_name" [ "$wait_tries" -lt 200 ]
}

count()
{
	coffer scan -q s.coffer auditlog --count
}
has()
{
	[ "$(count)" -ge "$1" ]
}
by()
{
	coffer scan -q s.coffer auditlog --index LiteLLM_AuditLog_changed_by_rel --key "$1" --count
}

coffer create -q s.coffer
mkfifo one two
coffer put -q s.coffer auditlog --batch 50 <one 2>.told/one &
first=$!
coffer put -q s.coffer auditlog --batch 50 <two 2>.told/two &
second=$!
exec 3>one 4>two
stream one 1 100 >&3
stream two 1 100 >&4
waits 'what two streams have brought so far is there' has 200

# Both have the store open now.
is 'another store does not take its place' 75 '' \
	'coffer: s.coffer: in use: another process has the store open' generate -f s.coffer --rows 1
is 'nor does an empty one' 75 '' 'coffer: s.coffer: in use: another process has the store open' create -f s.coffer
coffer create -q other.coffer
is 'nor a copy' 75 '' 'coffer: s.coffer: in use: another process has the store open' copy -f other.coffer s.coffer
ok 'and no row is lost' [ "$(count)" = 200 ]

stream one 101 "$rows" >&3 &
feeder=$!
stream two 101 "$rows" >&4 &
feeders="$feeder $!"
exec 3>&- 4>&-
last=0 steady=yes copies=0
while kill -0 "$first" 2>/dev/null || kill -0 "$second" 2>/dev/null; do
	now=$(count)
	[ "$now" -ge "$last" ] || steady=no
	last=$now
	[ "$copies" -lt 3 ] || continue
	coffer copy -q -f s.coffer copy.coffer && coffer verify -q copy.coffer >.told/verify || steady=no
	copied=$(coffer scan -q copy.coffer auditlog --count)
	[ "$copied" -ge "$now" ] || steady=no
	copies=$((copies + 1))
done
# shellcheck disable=SC2086 # Two of them.
wait $feeders
wait "$first"
ok 'one stream got through' [ $? = 0 ]
wait "$second"
ok 'and the other' [ $? = 0 ]
ok 'whoever scanned or copied meanwhile saw it grow, and whole' [ "$steady" = yes ]
ok 'and some did' [ "$copies" -ge 1 ]
ok 'every row is there' [ "$(count)" = $((2 * rows)) ]
ok 'by an index, too' [ "$(by one) $(by two)" = "$rows $rows" ]
is 'in a whole store' 0 '' '' verify -q s.coffer -o /dev/null

# The same rows, one stream after the other: the same content.
coffer create -q t.coffer
{
	stream two 1 "$rows"
	stream one 1 "$rows"
} | coffer put -q t.coffer auditlog
ok 'with the content of one stream after the other' \
	[ "$(coffer info --digest s.coffer | grep -o '[0-9a-f]\{64\}')" = "$(coffer info --digest t.coffer | grep -o '[0-9a-f]\{64\}')" ]

# A stream that breaks keeps what was committed; the same stream again skips it.
stream three 1 120 >broken
printf '{"id":"three-121"}\n' >>broken
coffer put -q s.coffer auditlog --batch 50 <broken 2>.told/said
ok 'a stream that breaks is told' [ $? = 1 ]
ok 'with its line' grep -q '^coffer: standard input:121: LiteLLM_AuditLog.action: NULL in a column that is NOT NULL$' .told/said
ok 'what was committed stays' [ "$(by three)" = 100 ]
head -n 120 broken | coffer put s.coffer auditlog --batch 50 --skip-existing 2>.told/said
ok 'and is skipped the next time' grep -q '^LiteLLM_AuditLog: 20 inserted, 0 updated, 100 skipped$' .told/said

# Two streams of increments of the same rows add up.
coffer put -q s.coffer endusertable <<-'END'
	{"user_id":"u0"}
	{"user_id":"u1"}
	{"user_id":"u2"}
END
increments()
{
	awk 'BEGIN { for (i = 0; i < 600; i++) printf "{\"user_id\":\"u%d\",\"spend\":0.25}\n", i % 3 }'
}
increments | coffer put -q s.coffer endusertable --update --increment spend --batch 7 &
first=$!
increments | coffer put -q s.coffer endusertable --update --increment spend --batch 11
wait "$first"
is 'increments of two streams add up' 0 '{"user_id":"u0","spend":100}
{"user_id":"u1","spend":100}
{"user_id":"u2","spend":100}' '' scan -q s.coffer endusertable --columns user_id,spend
is 'in a whole store still' 0 '' '' verify -q s.coffer -o /dev/null -f

finish
