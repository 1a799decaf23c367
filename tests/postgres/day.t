#!/bin/sh
# An edge site's day: a store without a server, written by two processes while a third reads, carried to head office as a
# folder, and put into its database.
# shellcheck source=tests/postgres/lib.sh
. tests/postgres/lib.sh
# shellcheck source=tests/postgres/tap.sh
. tests/postgres/tap.sh
pg_start || pg_skip_all
TAP_FOLDER=$PG_FOLDER/tap
mkdir "$TAP_FOLDER"
coffer()
{
	"$COFFER" "$@"
}
cd "$PG_FOLDER/tap" || exit 1
export XDG_STATE_HOME="$TAP_FOLDER/state"

digest()
{
	coffer info --digest "$1" | sed -n 's/.*digest *//p'
}

# The day's rows: the other tables are there in the morning, the spend comes in two streams.
coffer generate -q plan.coffer --rows 3000 --seed 11
coffer scan plan.coffer spendlogs >spend.ndjson
split -n l/2 spend.ndjson stream.
runs 0 'a store for the day' coffer create edge.coffer
for table in budgettable organizationtable modeltable proxymodeltable teamtable usertable verificationtoken \
	endusertable config errorlogs usernotifications teammembership organizationmembership \
	invitationlink auditlog; do
	coffer scan plan.coffer $table | coffer put -q edge.coffer $table || echo "# $table"
done
runs 0 'how it stands in the morning' coffer copy edge.coffer morning.coffer
team=$(coffer scan edge.coffer teamtable -n 1 -c team_id | sed 's/.*:"\(.*\)"}/\1/')
printf '{"team_id":"%s","spend":1.5}\n' "$team" >team.ndjson
runs 0 'a team spends' coffer put edge.coffer teamtable --update --increment spend <team.ndjson

coffer put -q edge.coffer spendlogs --batch 50 <stream.aa &
first=$!
coffer put -q edge.coffer spendlogs --batch 50 --skip-existing <stream.ab &
second=$!
seen=0 fell=no
while kill -0 $first 2>/dev/null || kill -0 $second 2>/dev/null; do
	now=$(coffer scan edge.coffer spendlogs --count) || fell=failed
	[ "$now" -ge "$seen" ] || fell=yes
	seen=$now
done
wait $first
ok $? 'the first stream is in'
wait $second
ok $? 'the second stream is in'
[ $fell = no ]
ok $? "a third process saw only more rows ($seen at the last look)"
runs 0 'the store is whole' coffer verify -q edge.coffer
coffer scan edge.coffer spendlogs | sort >all.edge
sort spend.ndjson | cmp -s - all.edge
ok $? 'and has all rows of the day'

runs 0 'a copy to carry' coffer copy edge.coffer carried.coffer
runs 0 'a folder to carry' coffer export carried.coffer carried/
runs 0 'head office takes it in' coffer import carried office.coffer
[ "$(digest office.coffer)" = "$(digest edge.coffer)" ]
ok $? 'as it was'

# Its database has what there was in the morning; a team has spent since.
pg_sql postgres 'CREATE DATABASE office'
server="host=$PGHOST user=$PGUSER dbname=office"
coffer export -q morning.coffer "$server" --create
runs 6 'its database lacks the day' coffer reconcile office.coffer "$server"
runs 0 'which goes into it' coffer export office.coffer "$server" --upsert
runs 0 'then they are equal' coffer reconcile office.coffer "$server"
grep -q '^equal' "$TAP_FOLDER/out"
ok $? 'and said to be'

runs 0 'a store of its database' coffer import "$server" own.coffer
pg_sql postgres 'CREATE DATABASE other'
coffer export -q morning.coffer "host=$PGHOST user=$PGUSER dbname=other" --create
runs 8 'is not brought up to date from another database' \
	coffer import --update "host=$PGHOST user=$PGUSER dbname=other" own.coffer
runs 0 'unless that is meant' coffer import --update --force "host=$PGHOST user=$PGUSER dbname=other" own.coffer
finish
