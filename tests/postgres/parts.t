#!/bin/sh
# A part of a database goes into a store: which tables, which rows, and that what is left is whole.

. tests/postgres/lib.sh
. tests/postgres/tap.sh
pg_start || pg_skip_all
TAP_FOLDER=$PG_FOLDER
store=$PG_FOLDER/part.coffer

# take NAME STATUS DATABASE OPTION...: import a part; it is verified.
take()
{
	name=$1 status=$2 from=$3
	shift 3
	runs "$status" "$name" "$COFFER" import --force "$@" "dbname=$from" "$store"
	cp "$PG_FOLDER/err" "$PG_FOLDER/said"
	runs 0 "is whole" "$COFFER" verify "$store"
	"$COFFER" info "$store" >"$PG_FOLDER/info"
}

# has NAME TABLE...: these tables and no others, without the gateway's prefix.
has()
{
	name=$1
	shift
	"$COFFER" info --json "$store" | sed -n 's/.*{"name":"\(LiteLLM_\)\{0,1\}\([^"]*\)","rows".*/\2/p' |
		sort >"$PG_FOLDER/found"
	printf '%s\n' "$@" | sort >"$PG_FOLDER/wanted"
	same "$name" "$PG_FOLDER/wanted" "$PG_FOLDER/found"
}

# tells NAME FACT VALUE: the provenance has it.
tells()
{
	grep -q "^  $2  *$3\$" "$PG_FOLDER/info"
	ok $? "$1"
}

warns()
{
	grep -qF -- "$2" "$PG_FOLDER/said"
	ok $? "$1"
}

# counts NAME TABLE QUERY: as many rows of the table as the query says, which are some and not all.
counts()
{
	wanted=$(pg_sql "$from" "$3")
	all=$(pg_sql "$from" "SELECT count(*) FROM \"$2\"")
	[ "$wanted" -gt 0 ] && [ "$wanted" -lt "$all" ] &&
		[ "$("$COFFER" scan "$store" "$2" --count)" = "$wanted" ]
	ok $? "$1"
}

# ------------------------------------------------------------------ a gateway

"$COFFER" generate -q "$PG_FOLDER/gateway.coffer" --rows 3000 || exit 1
pg_load gateway
"$COFFER" export -q --create "$PG_FOLDER/gateway.coffer" dbname=gateway || exit 1
pg_sql gateway 'CREATE VIEW by_team AS SELECT t.team_alias, sum(s.spend) FROM "LiteLLM_TeamTable" AS t
		JOIN "LiteLLM_SpendLogs" AS s USING (team_id) GROUP BY 1;
	CREATE VIEW above AS SELECT * FROM by_team; CREATE VIEW teams AS SELECT team_id FROM "LiteLLM_TeamTable"'
since=$(pg_sql gateway 'SELECT percentile_disc(0.7) WITHIN GROUP (ORDER BY "startTime") FROM "LiteLLM_SpendLogs"')

keys="BudgetTable OrganizationTable ModelTable TeamTable UserTable VerificationToken TeamMembership
	OrganizationMembership EndUserTable ProxyModelTable Config"
take "keys" 3 gateway --preset keys
# shellcheck disable=SC2086 # One name a word.
has "are the tables of who may do what" $keys
tells "and the store says so" preset keys
warns "a view of the logs is left out" "view by_team is left out: it may read LiteLLM_SpendLogs"
warns "and one that reads it" "view above is left out: it may read by_team"
pg_load target
runs 0 "go into a database" "$COFFER" export --create "$store" dbname=target
[ "$(pg_sql target "SELECT count(*) FROM teams")" = "$(pg_sql gateway "SELECT count(*) FROM teams")" ]
ok $? "with the view that reads what is there"

take "logs since a time" 3 gateway --preset logs --since "$since"
has "are three tables" SpendLogs ErrorLogs AuditLog
counts "with that time's spend" LiteLLM_SpendLogs \
	"SELECT count(*) FROM \"LiteLLM_SpendLogs\" WHERE \"startTime\" >= '$since'"
counts "and its errors" LiteLLM_ErrorLogs \
	"SELECT count(*) FROM \"LiteLLM_ErrorLogs\" WHERE \"startTime\" >= '$since'"
tells "and the store says which preset" preset logs
tells "and which time" since "$since+00"

take "tables by short names" 3 gateway --table teammembership --table USERTABLE --exclude-table litellm_usertable
has "without an excluded one" TeamMembership
tells "and the store names those that were wanted" tables 'LiteLLM_TeamMembership, LiteLLM_UserTable'
tells "and those that were not" excluded LiteLLM_UserTable

take "everything but the logs" 3 gateway --exclude-table spendlogs
[ "$("$COFFER" info --json "$store" | grep -c '"rows":')" = 15 ]
ok $? "has fifteen tables"
take "a preset and a table" 0 gateway --preset logs --table teamtable --exclude-table errorlogs
has "are both" SpendLogs AuditLog TeamTable
team=$("$COFFER" scan "$store" spendlogs -n 1 -c team_id | sed 's/.*:"\(.*\)"}/\1/')
runs 0 "a row that referred to a table left out" "$COFFER" get "$store" teamtable "$team" --related
grep -q '"LiteLLM_SpendLogs"' "$PG_FOLDER/out"
ok $? "still has its relations"

runs 0 "all" "$COFFER" import --force --preset all dbname=gateway "$store"
digest "$store" >"$PG_FOLDER/digest.all"
digest "$PG_FOLDER/gateway.coffer" >"$PG_FOLDER/digest.gateway"
same "is everything" "$PG_FOLDER/digest.gateway" "$PG_FOLDER/digest.all"
take "a time that is none of the selection's" 3 gateway --table teamtable --since "$since"
warns "is said" "no table tells the time of its rows"

rm -f "$store"
runs 9 "no such table" "$COFFER" import --table spendlog dbname=gateway "$store"
says "is said with the one that was meant" spendlog "did you mean 'SpendLogs'?"
runs 9 "no such table to leave out" "$COFFER" import --exclude-table spendlog dbname=gateway "$store"
runs 1 "no table is left" "$COFFER" import --table config --exclude-table config dbname=gateway "$store"
says "is said" "no table is left"
[ ! -e "$store" ]
ok $? "and no file is left"

# Who may read a part may take it.
pg_sql gateway 'CREATE ROLE guest LOGIN; GRANT SELECT ON "LiteLLM_TeamTable", "LiteLLM_ModelTable" TO guest'
runs 7 "all by who may read a part" "$COFFER" import "dbname=gateway user=guest" "$store"
runs 7 "another part" "$COFFER" import --table usertable "dbname=gateway user=guest" "$store"
says "is refused by name" 'permission denied for table "LiteLLM_UserTable"'
runs 3 "the part" "$COFFER" import --table teamtable "dbname=gateway user=guest" "$store"
runs 7 "a sequence that may not be read" "$COFFER" import --force --table modeltable "dbname=gateway user=guest" "$store"
says "is refused by name" 'permission denied for sequence "LiteLLM_ModelTable_id_seq"'

# ------------------------------------------------------------------ other gateways

pg_load today fixture-today.sql
take "keys of a gateway of today" 3 today --preset keys
grep -q LiteLLM_ObjectPermissionTable "$PG_FOLDER/info" && ! grep -q SpendLogs "$PG_FOLDER/info"
ok $? "come with what they refer to"

pg_load partitioned fixture-partitioned.sql
middle=$(pg_sql partitioned 'SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY "startTime") FROM "LiteLLM_SpendLogs"')
take "the newer half of a partitioned log" 0 partitioned --table spendlogs --since "$middle"
counts "has that time's rows" LiteLLM_SpendLogs "SELECT count(*) FROM \"LiteLLM_SpendLogs\" WHERE \"startTime\" >= '$middle'"
pg_load target
runs 0 "goes into a database" "$COFFER" export --create "$store" dbname=target
pg_sql target "SELECT count(*) FROM pg_inherits JOIN pg_class AS c ON c.oid = inhrelid AND relkind = 'r' AND relname LIKE 'LiteLLM_SpendLogs%'" >"$PG_FOLDER/found"
pg_sql partitioned "SELECT count(*) FROM pg_inherits JOIN pg_class AS c ON c.oid = inhrelid AND relkind = 'r' AND relname LIKE 'LiteLLM_SpendLogs%'" >"$PG_FOLDER/wanted"
same "with its partitions" "$PG_FOLDER/wanted" "$PG_FOLDER/found"
part=$(pg_sql partitioned "SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r' ORDER BY 1 LIMIT 1")
runs 1 "a partition" "$COFFER" import --force --table "$part" dbname=partitioned "$store"
says "is refused by name" "is a partition: its rows are those of"

# Keys that lead out of the part, to rows that are cut off, from a partition and between types; a sequence
# that two tables draw from.
pg_load own
pg_sql own 'CREATE TABLE "LiteLLM_AuditLog" (id text PRIMARY KEY, updated_at timestamp NOT NULL, n numeric UNIQUE);
	CREATE TABLE owner (id serial PRIMARY KEY, name text UNIQUE);
	CREATE TABLE note (id integer PRIMARY KEY DEFAULT nextval($$owner_id_seq$$), owner integer REFERENCES owner,
		log text REFERENCES "LiteLLM_AuditLog" ON DELETE CASCADE, small integer REFERENCES "LiteLLM_AuditLog" (n),
		name text CONSTRAINT same REFERENCES owner (name) CONSTRAINT other REFERENCES owner (name));
	CREATE TABLE split (id integer, owner integer REFERENCES owner) PARTITION BY LIST (id);
	CREATE TABLE split_1 PARTITION OF split FOR VALUES IN (1);
	CREATE TABLE only_here (id serial);
	INSERT INTO "LiteLLM_AuditLog" VALUES ($$a$$, $$2024-01-01$$, 1), ($$b$$, $$2025-01-01$$, 2), ($$c$$, $$infinity$$, 3);
	INSERT INTO owner (name) VALUES ($$one$$), ($$two$$); INSERT INTO note VALUES (7, 1, $$a$$, 2, $$one$$), (8, 2, $$b$$, 1, $$two$$);
	INSERT INTO split VALUES (1, 2)'
take "keys that lead to what is not there" 3 own --exclude-table owner --exclude-table only_here --since 2024-06-01
has "are no fault" AuditLog note split
warns "one between types is left out" "foreign key note_small_fkey of note is left out"
[ "$("$COFFER" scan "$store" auditlog --count)" = 2 ]
ok $? "infinity is later than every time"
pg_load target
runs 0 "go into a database" "$COFFER" export --create "$store" dbname=target
[ "$(pg_sql target "SELECT string_agg(relname, ',') FROM pg_class WHERE relkind = 'S'")" = owner_id_seq ]
ok $? "with a sequence of a table left out that another draws from"
[ "$(pg_sql target "SELECT count(*) FROM pg_constraint WHERE contype = 'f'")" = 0 ]
ok $? "and without the keys"
take "the same with the tables" 0 own
pg_load target
runs 0 "goes whole" "$COFFER" export --create "$store" dbname=target
[ "$(pg_sql target "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conparentid = 0")" = 6 ]
ok $? "with the keys"

finish
