#!/bin/sh
# put, delete, copy and migrate, without a server.
# shellcheck source=tests/cli/tap.sh
. tests/cli/tap.sh
# shellcheck disable=SC2154 # $out, $err and $code are run's.

# feed NAME CODE OUT ERR INPUT WORDS...: as `is`, with INPUT as standard input.
feed()
{
	name=$1 want_code=$2 want_out=$3 want_err=$4 input=$5
	shift 5
	out=$(printf '%s\n' "$input" | coffer "$@" 2>.told/err)
	code=$?
	err=$(sed 's/ in [0-9.]* s$/ in 0.0 s/' .told/err)
	if [ "$code" = "$want_code" ] && [ "$out" = "$want_out" ] && [ "$err" = "$want_err" ]; then
		result "$name" yes
	else
		result "$name" no
		told "code $code, expected $want_code"
		told "out $out"
		told "err $err"
	fi
}

digest()
{
	coffer info --digest "$1" | sed -n 's/.*digest *//p'
}

coffer generate -q g.coffer --rows 300 --seed 3
coffer create -q s.coffer
for table in budgettable organizationtable modeltable proxymodeltable teamtable usertable \
	verificationtoken endusertable config spendlogs errorlogs usernotifications teammembership \
	organizationmembership invitationlink auditlog; do
	coffer scan g.coffer $table | coffer put -q s.coffer $table || echo "# $table"
done
ok 'scan and put give the same content' [ "$(digest g.coffer)" = "$(digest s.coffer)" ]
ok 'and a whole store' coffer verify -q s.coffer -o /dev/null -f

# The digest is of the rows, in whatever order they came.
coffer generate -q logs.coffer --rows 200 --seed 3 --table spendlogs
coffer schema logs.coffer --json >logs.json
coffer create -q backwards.coffer --schema logs.json
coffer scan logs.coffer spendlogs --reverse | coffer put -q backwards.coffer spendlogs
ok 'backwards too' [ "$(digest logs.coffer)" = "$(digest backwards.coffer)" ]
ok 'which is another file' [ "$(coffer scan backwards.coffer spendlogs --limit 1)" != \
	"$(coffer scan logs.coffer spendlogs --limit 1)" ]

coffer create -q p.coffer
feed 'a row with its defaults' 0 '' 'LiteLLM_BudgetTable: 1 inserted, 0 updated, 0 skipped' \
	'{"budget_id":"b1","created_by":"me","updated_by":"me"}' put p.coffer budgettable
run get p.coffer budgettable b1 -c max_budget,created_at
ok 'which are there' sh -c 'case $1 in "{\"max_budget\":null,\"created_at\":\"20"*) ;; *) false ;; esac' sh "$out"
feed 'a key that exists' 8 '' \
	"coffer: standard input:2: LiteLLM_BudgetTable: budget_id = 'b1' is taken (LiteLLM_BudgetTable_pkey)" \
	'{"budget_id":"b2","created_by":"me","updated_by":"me"}
{"budget_id":"b1","created_by":"me","updated_by":"me"}' put p.coffer budgettable
is 'and nothing was written' 0 1 '' scan p.coffer budgettable --count
feed 'it is skipped' 0 '' 'LiteLLM_BudgetTable: 1 inserted, 0 updated, 1 skipped' \
	'{"budget_id":"b2","created_by":"me","updated_by":"me"}
{"budget_id":"b1","created_by":"you","updated_by":"me"}' put p.coffer budgettable --skip-existing
is 'and was left' 0 '{"created_by":"me"}' '' get p.coffer budgettable b1 -c created_by
feed 'it is updated' 0 '' 'LiteLLM_BudgetTable: 0 inserted, 2 updated, 0 skipped' \
	'{"budget_id":"b1","max_budget":10}
{"budget_id":"b2","max_budget":2.5}' put p.coffer budgettable --update
feed 'by an increment' 0 '' 'LiteLLM_BudgetTable: 0 inserted, 1 updated, 0 skipped' \
	'{"budget_id":"b1","max_budget":0.5,"created_by":"you"}' put p.coffer budgettable --update --increment max_budget
is 'which adds' 0 '{"max_budget":10.5,"created_by":"you"}' '' get p.coffer budgettable b1 -c max_budget,created_by
feed 'a mistyped column' 1 '' \
	"coffer: standard input:1: LiteLLM_BudgetTable: no column 'max_bugdet', did you mean 'max_budget'?" \
	'{"budget_id":"b3","max_bugdet":1}' put p.coffer budgettable
feed 'a row that is not there' 9 '' 'coffer: standard input:1: LiteLLM_BudgetTable: no row has this key' \
	'{"budget_id":"none","max_budget":1}' put p.coffer budgettable --update
feed 'is inserted by an upsert' 0 '' 'LiteLLM_EndUserTable: 2 inserted, 1 updated, 0 skipped' \
	'{"user_id":"e1","spend":1}
{"user_id":"e2","spend":2}
{"user_id":"e1","spend":0.25}' put p.coffer endusertable --upsert --increment spend
is 'whose increments add up' 0 '{"spend":1.25}' '' get p.coffer endusertable e1 -c spend
feed 'a foreign key that leads nowhere' 8 '' \
	"coffer: standard input:1: LiteLLM_EndUserTable: budget_id = 'none' refers to no row of LiteLLM_BudgetTable (LiteLLM_EndUserTable_budget_id_fkey)" \
	'{"user_id":"e3","budget_id":"none"}' put p.coffer endusertable
feed 'NULL where there must be none' 1 '' \
	'coffer: standard input:1: LiteLLM_BudgetTable.created_by: NULL in a column that is NOT NULL' \
	'{"budget_id":"b3","updated_by":"me"}' put p.coffer budgettable
feed 'a value that does not fit' 1 '' "coffer: standard input:1: LiteLLM_BudgetTable.tpm_limit: not a value of type bigint: '1e30'" \
	'{"budget_id":"b3","tpm_limit":1e30}' put p.coffer budgettable
feed 'as JSON' 0 '{
	"schema": "coffer/put/1",
	"table": "LiteLLM_Config",
	"rows": 1,
	"inserted": 1,
	"updated": 0,
	"skipped": 0,
	"left_out": 0,
	"transactions": 1
}' '' '{"param_name":"a","param_value":{"b":1,"a":2}}' put p.coffer config --json
is 'documents are stored as the server stores them' 0 '{"param_value":{"a": 2, "b": 1}}' '' \
	get p.coffer config a -c param_value
feed 'nothing' 0 '' 'LiteLLM_Config: 0 inserted, 0 updated, 0 skipped' '' put p.coffer config
feed 'two ways at once' 2 '' "coffer: put: --update, --upsert and --skip-existing exclude each other
Try 'coffer help put'." '' put p.coffer config --update --upsert
feed 'an increment of nothing that is there' 2 '' "coffer: put: --increment needs --update or --upsert
Try 'coffer help put'." '' put p.coffer config --increment param_name
feed 'an increment of a text' 2 '' "coffer: put: column param_name is no number to increment
Try 'coffer help put'." '' put p.coffer config --update --increment param_name
feed 'batches' 8 '' "coffer: standard input:5: LiteLLM_Config: param_name = 'b1' is taken (LiteLLM_Config_pkey)
4 rows were committed before" '{"param_name":"b1"}
{"param_name":"b2"}
{"param_name":"b3"}
{"param_name":"b4"}
{"param_name":"b1"}' put p.coffer config --batch 2
is 'of which those are there that were committed' 0 5 '' scan p.coffer config --count

coffer create -q q.coffer
feed 'lines are acknowledged as they become durable' 0 '2
4
5' 'LiteLLM_Config: 4 inserted, 0 updated, 1 skipped' '{"param_name":"b1"}
{"param_name":"b1"}
{"param_name":"b5"}
{"param_name":"b6"}
{"param_name":"b4"}' put q.coffer config --batch 2 --skip-existing --ack
feed 'all at once without batches' 0 3 'LiteLLM_Config: 3 inserted, 0 updated, 0 skipped' '{"param_name":"a1"}
{"param_name":"a2"}
{"param_name":"a3"}' put q.coffer config --ack
feed 'not those of a transaction that was dropped' 8 2 "coffer: standard input:4: LiteLLM_Config: param_name = 'c1' is taken (LiteLLM_Config_pkey)
2 rows were committed before" '{"param_name":"c1"}
{"param_name":"c2"}
{"param_name":"c3"}
{"param_name":"c1"}' put q.coffer config --batch 2 --ack
feed 'what was left out is done' 3 '1
2' "coffer: warning: standard input:2: LiteLLM_Config: param_name = 'c1' is taken (LiteLLM_Config_pkey): left out
LiteLLM_Config: 1 inserted, 0 updated, 0 skipped, 1 left out" '{"param_name":"c4"}
{"param_name":"c1"}' put q.coffer config --batch 1 --ack --keep-going
feed 'and no result beside them' 2 '' '{"schema":"coffer/error/1","exit":2,"status":"usage","place":"put","message":"--ack and --json exclude each other"}' '' put q.coffer config --ack --json
# Each line is there when its acknowledgement is, while the stream is open.
mkfifo lines acks
coffer put -q q.coffer config --batch 100 --ack <lines >acks &
exec 8>lines 9<acks
told_lines=
for line in 1 2 3; do
	echo "{\"param_name\":\"open$line\"}" >&8
	read -r answer <&9
	told_lines="$told_lines $answer $(coffer get q.coffer config "open$line" -c param_name)"
done
exec 8>&- 9<&-
wait
ok 'a line is there when it is acknowledged' [ "$told_lines" = ' 1 {"param_name":"open1"} 2 {"param_name":"open2"} 3 {"param_name":"open3"}' ]

# Lines that are refused, with and without batches: the others are there.
bad='{"param_name":"k1"}
no object
{"param_name":"k1"}
{"param_name":"k2","none":1}
{"param_name":7}
{"param_value":1}
{"param_name":"k3"}
{"param_name":"k4"'
coffer create -q k.coffer
for words in '' '--batch 1' '--batch 100'; do
	# shellcheck disable=SC2086 # Words of the command.
	feed "lines that are left out $words" 3 '' "coffer: warning: standard input:2: LiteLLM_Config: not JSON: expected a value at byte 1: left out
coffer: warning: standard input:3: LiteLLM_Config: param_name = 'k1' is taken (LiteLLM_Config_pkey): left out
coffer: warning: standard input:4: LiteLLM_Config: no column 'none': left out
coffer: warning: standard input:5: LiteLLM_Config.param_name: a number, but a column of type text takes a string: left out
coffer: warning: standard input:6: LiteLLM_Config.param_name: NULL in a column that is NOT NULL: left out
coffer: warning: standard input:8: LiteLLM_Config: not JSON: expected ',' or '}' at byte 19: left out
LiteLLM_Config: 2 inserted, 0 updated, 0 skipped, 6 left out" "$bad" put k.coffer config --keep-going $words
	is 'the others are there' 0 '{"param_name":"k1"}
{"param_name":"k3"}' '' scan k.coffer config -c param_name
	coffer delete -q k.coffer config k1
	coffer delete -q k.coffer config k3
done
(
	printf '{"param_name":"deep","param_value":'
	head -c 20000 /dev/zero | tr '\0' '['
	printf '\n{"param_name":"k5"}\n'
) >deep
run_deep()
{
	coffer put k.coffer config "$@" <deep 2>&1
	echo "exit $?"
}
ok 'a line beyond a limit ends it' [ "$(run_deep)" = 'coffer: standard input:1: LiteLLM_Config.param_value: arrays and objects are nested too deep, expected at most 16384 levels
exit 1' ]
ok 'and is left out where the others go on' [ "$(run_deep --keep-going)" = 'coffer: warning: standard input:1: LiteLLM_Config.param_value: arrays and objects are nested too deep, expected at most 16384 levels: left out
LiteLLM_Config: 1 inserted, 0 updated, 0 skipped, 1 left out
exit 3' ]
coffer delete -q k.coffer config k5
feed 'an update goes on past a key that is not there' 3 '' "coffer: warning: standard input:1: LiteLLM_Config: no row has this key: left out
LiteLLM_Config: 0 inserted, 1 updated, 0 skipped, 1 left out" '{"param_name":"none","param_value":1}
{"param_name":"b1","param_value":1}' put p.coffer config --update --keep-going
cat >node.prisma <<'END'
model Node {
	id Int @id
	up Int?
	parent Node? @relation("tree", fields: [up], references: [id])
	children Node[] @relation("tree")
}
END
coffer create -q n.coffer --schema node.prisma
feed 'a row comes behind what it refers to' 3 '' "coffer: warning: standard input:1: Node: up = '2' refers to no row of Node (Node_up_fkey): left out
Node: 2 inserted, 0 updated, 0 skipped, 1 left out" '{"id":1,"up":2}
{"id":2}
{"id":3,"up":2}' put n.coffer Node --keep-going
(
	printf '{"param_name":"c1"}\n'
	sleep 0.4
	coffer scan p.coffer config --count >seen
	printf '{"param_name":"c2"}\n'
) | coffer put -q p.coffer config --batch 100
ok 'a pause commits what has come' [ "$(cat seen)" = 6 ]
(
	printf '{"param_name":"d1"}\n'
	coffer scan p.coffer config --count >seen
	printf '{"param_name":"d2"}\n{"param_name":"other"}\n' | coffer put -q p.coffer config
	printf '{"param_name":"d3"}\n'
) | coffer put -q p.coffer config
ok 'a stream does not keep others waiting' [ "$(coffer scan p.coffer config --count)" = 11 ]

is 'a delete' 0 '' 'LiteLLM_Config: 1 row deleted, 0 updated' delete p.coffer config a
is 'of what is gone' 9 '' 'coffer: p.coffer: LiteLLM_Config: no row has the key a' delete p.coffer config a
feed 'a row that refers to another' 0 '' 'LiteLLM_EndUserTable: 0 inserted, 1 updated, 0 skipped' \
	'{"user_id":"e2","budget_id":"b2"}' put p.coffer endusertable --update
is 'goes on without it' 0 '{
	"schema": "coffer/delete/1",
	"table": "LiteLLM_BudgetTable",
	"deleted": 1,
	"updated": 1
}' '' delete p.coffer budgettable b2 --json
is 'its reference is NULL' 0 '{"budget_id":null}' '' get p.coffer endusertable e2 -c budget_id
printf '{"organization_id":"o1","organization_alias":"o","budget_id":"b1","created_by":"m","updated_by":"m"}\n' |
	coffer put -q p.coffer organizationtable
is 'a budget in use stays' 8 '' \
	'coffer: LiteLLM_BudgetTable: a row of LiteLLM_OrganizationTable still refers to it (LiteLLM_OrganizationTable_budget_id_fkey)' \
	delete p.coffer budgettable b1

run copy p.coffer c.coffer
ok 'a copy' [ "$code" = 0 ]
ok 'is the same' [ "$(digest p.coffer)" = "$(digest c.coffer)" ]
ok 'and whole' coffer verify -q c.coffer -o /dev/null -f
long=$(printf 'residue%.0s' $(seq 1000))
printf '{"param_name":"r%s","param_value":{"a":"%s"}}\n' 1 "$long" 2 residue 3 "$long" | coffer put -q p.coffer config
for key in r1 r2; do
	coffer delete -q p.coffer config $key
done
printf '{"param_name":"r3","param_value":{"a":"short"}}\n' | coffer put -q p.coffer config --update || echo "# not shortened"
ok 'what was deleted is still in the file' grep -q residue p.coffer
coffer copy -qf p.coffer c.coffer
ok 'and not in a copy' [ "$(grep -c residue c.coffer)" = 0 ]
is 'is not overwritten' 8 '' 'coffer: c.coffer: exists already; --force replaces it' copy p.coffer c.coffer
is 'unless it is asked for' 0 '' '' copy -q p.coffer c.coffer --force
ln -s p.coffer link.coffer
feed 'a store by a symbolic link' 0 '' 'LiteLLM_Config: 1 inserted, 0 updated, 0 skipped' \
	'{"param_name":"linked"}' put link.coffer config
ok 'is the same store' coffer get p.coffer config linked -o /dev/null -f

printf 'model Old {\n  id Int @id @default(autoincrement())\n  name String\n  gone String?\n  size Int?\n}\nmodel Left {\n  id Int @id\n}\n' >old.prisma
printf 'model Old {\n  id Int @id @default(autoincrement())\n  name String?\n  size BigInt?\n  added String @default("x")\n  key String @default(uuid())\n}\n' >new.prisma
coffer create -q old.coffer --schema old.prisma
printf '{"name":"one","gone":"a","size":1}\n{"name":"two","size":2}\n' | coffer put -q old.coffer Old
feed 'a migration names what it does not carry' 3 '' 'coffer: warning: Old.gone: 1 value is not carried, the new schema has no such column
Left: the new schema has no such table
new.coffer: migrated in 0.0 s' '' migrate old.coffer new.coffer --schema new.prisma
is 'and carries the rest' 0 '{"id":1,"name":"one","size":1,"added":"x"}
{"id":2,"name":"two","size":2,"added":"x"}' '' scan new.coffer Old -c id,name,size,added
printf '{"name":"three"}\n' | coffer put -q new.coffer Old
is 'sequences go on' 0 '{"name":"three"}' '' get new.coffer Old 3 -c name
ok 'the store is whole' coffer verify -q new.coffer -o /dev/null -f
printf 'model Old {\n  id Int @id\n  name String\n  size Int @db.SmallInt\n}\n' >narrow.prisma
printf '{"id":3,"name":"three","size":70000}\n' | coffer put -q old.coffer Old
feed 'a value that does not fit is named' 1 '' "coffer: Old[3].size: out of the range of type smallint: '70000'" '' \
	migrate old.coffer narrow.coffer --schema narrow.prisma -q
ok 'and nothing is written' [ ! -e narrow.coffer ]
printf 'enum Role {\n  admin\n  user\n}\nmodel Own {\n  id Int @id @default(autoincrement())\n  role Role\n}\n' >roles.prisma
printf 'enum Role {\n  user\n}\nmodel Own {\n  id Int @id\n  role Role\n}\n' >fewer.prisma
coffer create -q roles.coffer --schema roles.prisma
printf '{"role":"user"}\n{"role":"admin"}\n' | coffer put -q roles.coffer Own
feed 'an increment of the key that finds the row' 2 '' "coffer: put: column id is of the key, which finds the row and stays
Try 'coffer help put'." '{"id":1}' put roles.coffer Own --update --increment id
feed 'a label that the new schema has not is named' 1 '' 'coffer: Own[2].role: not a label of type "Role": '\''admin'\''' '' \
	migrate roles.coffer fewer.coffer --schema fewer.prisma -q
ok 'nor is that written' [ ! -e fewer.coffer ]
coffer delete -q roles.coffer Own 2
feed 'a sequence without a place is named' 0 '' 'Own_id_seq: the new schema has no such sequence
fewer.coffer: migrated in 0.0 s' '' migrate roles.coffer fewer.coffer --schema fewer.prisma
feed 'a migration without a schema' 2 '' "coffer: migrate: needs --schema: the schema to migrate to
Try 'coffer help migrate'." '' migrate old.coffer narrow.coffer

finish
