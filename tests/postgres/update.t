#!/bin/sh
# import --update: what changes at the server comes into the store, logs stay, and a run that breaks changes nothing.
. tests/postgres/lib.sh
. tests/postgres/tap.sh
pg_start || pg_skip_all
TAP_FOLDER=$PG_FOLDER
store=$PG_FOLDER/gateway.coffer
server="dbname=gateway"

# told NAME PATTERN...: the last command's notes have a line like each.
told()
{
	name=$1
	shift
	bad=0
	for pattern in "$@"; do
		grep -q -e "$pattern" "$TAP_FOLDER/err" || bad=1
	done
	ok "$bad" "$name"
	[ "$bad" -eq 0 ] || note "$TAP_FOLDER/err"
}

# equal NAME: the store is whole and has what the server has.
equal()
{
	runs 0 "$1: the store is whole" "$COFFER" verify "$store"
	runs 0 "$1: and has what the server has" "$COFFER" reconcile "$store" "$server"
	grep -q '^equal: ' "$TAP_FOLDER/out" || note "$TAP_FOLDER/out"
}

"$COFFER" generate -q "$PG_FOLDER/made.coffer" --rows 3000 --seed 11
pg_load gateway
"$COFFER" export --quiet --create "$PG_FOLDER/made.coffer" "$server"
# Tables of somebody's own: without a key, with a key that rows trade, with a sequence.
pg_sql gateway 'CREATE TABLE plain (a integer, b text); INSERT INTO plain SELECT i % 7, $$x$$ FROM generate_series(1, 50) AS i;
	CREATE TABLE seat (id serial PRIMARY KEY, place integer UNIQUE DEFERRABLE, doc jsonb);
	INSERT INTO seat (place, doc) SELECT i, jsonb_build_object($$n$$, i) FROM generate_series(1, 40) AS i'
runs 0 "an import" "$COFFER" import "$server" "$store"
runs 0 "an update without a change" "$COFFER" import --update "$server" "$store"
told "has nothing new" ': updated, 0 new, 0 changed, 0 gone, [0-9,]* the same in'

# Random changes, several times over. The generator of random numbers is the server's, begun anew each time.
round=0
while [ "$round" -lt 4 ]; do
	round=$((round + 1))
	pg_sql gateway "SELECT setseed(0.$round);
		UPDATE \"LiteLLM_VerificationToken\" SET spend = spend + random() WHERE random() < 0.3;
		UPDATE \"LiteLLM_UserTable\" SET metadata = jsonb_build_object('round', $round) WHERE random() < 0.3;
		UPDATE \"LiteLLM_TeamTable\" SET models = models || 'gpt-$round'::text WHERE random() < 0.5;
		DELETE FROM \"LiteLLM_EndUserTable\" WHERE random() < 0.05;
		INSERT INTO \"LiteLLM_EndUserTable\" (user_id, spend, blocked)
			SELECT 'round-$round-' || i, random(), false FROM generate_series(1, 20) AS i;
		INSERT INTO \"LiteLLM_Config\" VALUES ('round $round', jsonb_build_object('a', random()));
		INSERT INTO \"LiteLLM_SpendLogs\" (request_id, call_type, \"startTime\", \"endTime\", spend, api_key)
			SELECT 'round-$round-' || i, 'acompletion', last + random() * interval '1 hour', last + interval '2 hours', random(), md5(i::text)
			FROM generate_series(1, 200) AS i, (SELECT max(\"startTime\") AS last FROM \"LiteLLM_SpendLogs\") AS l;
		INSERT INTO \"LiteLLM_AuditLog\" (id, updated_at, action, table_name, object_id)
			SELECT 'round-$round', max(updated_at) + interval '1 minute', 'updated', 't', 'o' FROM \"LiteLLM_AuditLog\";
		DELETE FROM plain WHERE ctid IN (SELECT ctid FROM plain ORDER BY random() LIMIT 5);
		INSERT INTO plain SELECT 100 + i % 2, 'round $round' FROM generate_series(1, 6) AS i;
		BEGIN; UPDATE seat SET place = 41 - place; COMMIT;
		INSERT INTO seat (place) VALUES (1000 + $round)" >/dev/null
	runs 0 "round $round: update" "$COFFER" import --update "$server" "$store"
	told "round $round: counted" '^LiteLLM_SpendLogs: 200 new, 0 changed, 0 gone' '^LiteLLM_AuditLog: 1 new, ' \
		'^plain: 6 new, 0 changed, 5 gone, 4[0-9] the same$' "^seat: 1 new, $((39 + round)) changed, 0 gone, 0 the same\$"
	equal "round $round"
done
[ "$("$COFFER" info --json "$store" | grep -c '"name":"step","value":"update"')" -eq 5 ]
ok $? "each update is a step of its provenance"
[ "$("$COFFER" schema --json "$store" | grep -A 20 '"seat_id_seq"' | grep -o '"last_value": *[0-9]*' | grep -o '[0-9]*')" = 44 ]
ok $? "a sequence stands where it stands at the server"

# Logs: rows that are gone at the server stay, late ones within the window come, older ones do not.
pg_sql gateway 'CREATE TABLE kept AS SELECT * FROM "LiteLLM_SpendLogs" ORDER BY "startTime" LIMIT 100;
	DELETE FROM "LiteLLM_SpendLogs" WHERE request_id IN (SELECT request_id FROM kept)'
pg_sql gateway 'DROP TABLE kept;
	INSERT INTO "LiteLLM_SpendLogs" (request_id, call_type, "startTime", "endTime")
	SELECT $$late$$, $$x$$, max("startTime") - interval $$9 minutes$$, now() FROM "LiteLLM_SpendLogs" UNION ALL
	SELECT $$too late$$, $$x$$, max("startTime") - interval $$50 minutes$$, now() FROM "LiteLLM_SpendLogs"'
runs 0 "an update of logs" "$COFFER" import --update "$server" "$store"
told "takes a late row" '^LiteLLM_SpendLogs: 1 new, 0 changed, 0 gone'
runs 0 "which is there" "$COFFER" get "$store" spendlogs late
runs 9 "one that came later than the window is not" "$COFFER" get "$store" spendlogs 'too late'
runs 6 "nothing has gone" "$COFFER" reconcile "$store" "$server" --table spendlogs
grep -q '^LiteLLM_SpendLogs .* 100  *1$' "$TAP_FOLDER/out"
ok $? "that the server has no more"
rm -rf "$PG_FOLDER/late"
runs 0 "the server in a folder" "$COFFER" import --force "$server" "$PG_FOLDER/carried.coffer"
runs 0 "that is carried" "$COFFER" export "$PG_FOLDER/carried.coffer" "$PG_FOLDER/late/"
rows=$("$COFFER" scan "$PG_FOLDER/carried.coffer" spendlogs --count)
for carried in "$PG_FOLDER/late/" "$PG_FOLDER/carried.coffer"; do
	runs 0 "an update from there" "$COFFER" import --update --force --json "$carried" "$store"
	seen=$(sed -n 's/.*"name":"LiteLLM_SpendLogs".*"new":0,"changed":0,"gone":0,"same":\([0-9]*\).*/\1/p' "$TAP_FOLDER/out")
	grep -q "\"name\":\"LiteLLM_SpendLogs\".*\"early\":$((rows - seen))," "$TAP_FOLDER/out"
	ok $? "counts what it does not look at"
	runs 0 "and again" "$COFFER" import --update --force "$carried" "$store"
	told "says so" '^LiteLLM_SpendLogs: [0-9,]* rows from before 20.* not looked at, a longer --window takes more$'
done
runs 0 "a wider window" "$COFFER" import --update --window 1h "$server" "$store"
told "takes that one as well" '^LiteLLM_SpendLogs: 1 new, 0 changed, 0 gone'
runs 0 "the store is whole" "$COFFER" verify "$store"

# What breaks changes nothing: at any moment the store has all of the update or none.
before=$(digest "$store")
pg_sql gateway 'UPDATE "LiteLLM_EndUserTable" SET spend = spend + 1;
	INSERT INTO "LiteLLM_SpendLogs" (request_id, call_type, "startTime", "endTime", metadata)
	SELECT $$many-$$ || i, $$x$$, last + interval $$1 second$$ * i, now(), jsonb_build_object($$text$$, repeat(md5(i::text), 20))
	FROM generate_series(1, 20000) AS i, (SELECT max("startTime") AS last FROM "LiteLLM_SpendLogs") AS l'
cp "$store" "$PG_FOLDER/after.coffer"
"$COFFER" import -q --update "$server" "$PG_FOLDER/after.coffer"
after=$(digest "$PG_FOLDER/after.coffer")
cp "$store" "$PG_FOLDER/before.coffer"
bad=0 broken=0
for delay in 0.02 0.05 0.1 0.15 0.2 0.3 0.4 0.6; do
	for signal in KILL INT; do
		cp "$PG_FOLDER/before.coffer" "$store"
		"$COFFER" import -q --update "$server" "$store" 2>"$TAP_FOLDER/err" &
		pid=$!
		sleep "$delay"
		kill -"$signal" "$pid" 2>/dev/null
		wait "$pid"
		status=$?
		found=$(digest "$store")
		[ "$found" = "$before" ] && broken=$((broken + 1))
		case $status:$found in
		0:"$after" | 130:"$before" | 137:"$before" | 137:"$after") ;;
		*) bad=1; echo "# $signal after $delay: status $status, $found" ;;
		esac
		"$COFFER" verify -q "$store" >/dev/null || bad=1
	done
done
ok "$bad" "killed and interrupted updates leave the old store or the new one"
[ "$broken" -gt 0 ]
ok $? "of which $broken were broken off"
rm -f "$store-lock"
cp "$PG_FOLDER/before.coffer" "$store"
runs 0 "the next one does it all" "$COFFER" import -q --update "$server" "$store"
[ "$(digest "$store")" = "$after" ]
ok $? "and is as the one that was let finish"

# What cannot be done is said.
pg_sql gateway 'ALTER TABLE "LiteLLM_TeamTable" ADD COLUMN fresh integer'
runs 1 "another schema" "$COFFER" import --update "$server" "$store"
says "is named" "LiteLLM_TeamTable.fresh: column: (none) -> integer" "import it anew, or migrate"
[ "$(digest "$store")" = "$after" ]
ok $? "and nothing done"
pg_sql gateway 'ALTER TABLE "LiteLLM_TeamTable" DROP COLUMN fresh'
runs 7 "a server that is not there" "$COFFER" import --update "host=$PG_FOLDER/none" "$store"
runs 1 "a store that is not there" "$COFFER" import --update "$server" "$PG_FOLDER/none.coffer"
runs 2 "a part of an update" "$COFFER" import --update "$server" "$store" --table config
runs 2 "a window that is no time" "$COFFER" import --update "$server" "$store" --window soon
runs 2 "a window without an update" "$COFFER" import "$server" "$PG_FOLDER/none.coffer" --window 1h

# A part stays that part.
runs 0 "an import of a part" "$COFFER" import --force "$server" "$store" --table teamtable --table config --table seat
pg_sql gateway 'UPDATE "LiteLLM_TeamTable" SET spend = 7; INSERT INTO "LiteLLM_Config" VALUES ($$part$$, $$1$$);
	UPDATE "LiteLLM_UserTable" SET spend = 7'
runs 0 "is updated as that part" "$COFFER" import --update "$server" "$store"
equal "a part"
grep -q '^equal: 3 tables' "$TAP_FOLDER/out"
ok $? "of three tables"
runs 0 "an import from a time on" "$COFFER" import --force "$server" "$store" --since 2024-11-01
pg_sql gateway 'UPDATE "LiteLLM_TeamTable" SET spend = 8;
	INSERT INTO "LiteLLM_SpendLogs" (request_id, call_type, "startTime", "endTime")
	SELECT $$newest$$, $$x$$, max("startTime") + interval $$1 minute$$, now() FROM "LiteLLM_SpendLogs"'
runs 0 "is updated from then on" "$COFFER" import --update "$server" "$store"
told "with what is new" '^LiteLLM_SpendLogs: 1 new, 0 changed, 0 gone'
equal "a time"

# A dump will do as well as the server, and so will a folder.
runs 0 "an import" "$COFFER" import --force "$server" "$store"
pg_sql gateway 'UPDATE "LiteLLM_TeamTable" SET spend = 9; DELETE FROM seat WHERE id < 10'
if pg_can_dump; then
	pg_dump -d gateway >"$PG_FOLDER/gateway.sql"
	runs 0 "an update from a dump" "$COFFER" import --update "$PG_FOLDER/gateway.sql" "$store"
	equal "a dump"
	runs 0 "which is equal to the store" "$COFFER" reconcile "$store" "$PG_FOLDER/gateway.sql"
	pg_sql gateway 'UPDATE "LiteLLM_TeamTable" SET spend = 10'
	pg_dump -d gateway >"$PG_FOLDER/gateway.sql"
	runs 0 "from standard input" sh -c '"$1" import --update - "$2" <"$3"' sh "$COFFER" "$store" "$PG_FOLDER/gateway.sql"
	equal "standard input"
else
	skip "an update from a dump" "$PG_NO_DUMP"
fi
pg_sql gateway 'UPDATE "LiteLLM_TeamTable" SET spend = 11'
runs 0 "a folder" "$COFFER" import --force "$server" "$PG_FOLDER/fresh.coffer"
runs 0 "of files" "$COFFER" export "$PG_FOLDER/fresh.coffer" "$PG_FOLDER/books/"
runs 0 "an update from a folder" "$COFFER" import --update "$PG_FOLDER/books" "$store"
equal "a folder"

# Databases of other kinds: partitioned logs, schemas and types of somebody's own.
for fixture in partitioned own; do
	schema=public
	[ "$fixture" = own ] && schema="Böhm & Söhne"
	pg_load "$fixture" "fixture-$fixture.sql"
	server="dbname=$fixture schema='$schema'"
	runs 0 "$fixture: import" "$COFFER" import --force "$server" "$store"
	runs 0 "$fixture: update" "$COFFER" import --update "$server" "$store"
	told "$fixture: nothing new" ': updated, 0 new, 0 changed, 0 gone, '
	equal "$fixture"
done

finish
