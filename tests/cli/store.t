#!/bin/sh
# create, generate, info, schema and verify: results, files, exit codes.
# shellcheck disable=SC2016 # Programs of other shells.

# shellcheck source=tests/cli/tap.sh
. tests/cli/tap.sh

is 'create' 0 '' 'empty.coffer: created with 16 tables' create empty.coffer
ok 'nobody else reads it' [ "$(stat -c %a empty.coffer)" = 600 ]
is 'create does not replace' 8 '' 'coffer: empty.coffer: exists already; --force replaces it' create empty.coffer
is 'create replaces with --force, and quietly' 0 '' '' create -qf empty.coffer
printf 'model Thing {\n  id Int @id\n  name String?\n}\n' >thing.prisma
is 'create from a Prisma schema, as JSON' 0 '{
	"schema": "coffer/create/1",
	"file": "thing.coffer",
	"tables": 1
}' '' create thing.coffer --schema thing.prisma --json
printf 'model Thing {\n  id Int @id\n  nme Strin\n}\n' >wrong.prisma
like 'a fault in it has line and column' 1 '' 'coffer: wrong.prisma:3:*' create wrong.coffer \
	--schema wrong.prisma
ok 'and no file is left' [ ! -e wrong.coffer ]
is 'no schema there' 1 '' 'coffer: none.prisma: No such file or directory' create wrong.coffer \
	--schema none.prisma
ok 'a schema from standard input' sh -c '"$1" create -q stream.coffer --schema - <thing.prisma' sh "$COFFER"

is 'generate' 0 '' '' generate -q gateway.coffer --rows 300 --seed 3
is 'generate again, by short names and as JSON' 0 '{
	"schema": "coffer/generate/1",
	"file": "again.coffer",
	"seed": 3,
	"rows": '"$(coffer info gateway.coffer --json | awk -F'"rows":' '/"rows":/ { n += $2 + 0 } END { print n }')"'
}' '' generate again.coffer --rows 300 --seed=3 --json
ok 'the same bytes' cmp gateway.coffer again.coffer
is 'an unknown table' 9 '' \
	"coffer: spendlog: no such table, did you mean 'SpendLogs'?" generate x.coffer --table spendlog
ok 'and no file is left of it' [ ! -e x.coffer ]

# The digest in what info prints.
digest()
{
	coffer info --digest "$@" | grep -i digest | grep -o '[0-9a-f]\{64\}'
}
like 'info' 0 'gateway.coffer
  format           1
*
step 1
*
table *rows *records*LiteLLM_SpendLogs  *300 *total *' '' info gateway.coffer
like 'info with the trees' 0 '*entries*pool/hash*index/LiteLLM_SpendLogs/LiteLLM_SpendLogs_pkey*' '' \
	info gateway.coffer --trees
ok 'info with the digest, the same for people and programs' \
	[ "$(digest gateway.coffer)" = "$(digest gateway.coffer --json)" ]
ok 'info as JSON' sh -c '"$1" info --json --digest gateway.coffer | python3 -c "
import json, sys
info = json.load(sys.stdin)
assert info[\"schema\"] == \"coffer/info/1\"
assert len(info[\"tables\"]) == 16 and info[\"format\"] == 1
assert sum(table[\"rows\"] for table in info[\"tables\"]) >= 300
assert {\"catalogue\", \"pool\", \"pool/hash\"} <= {tree[\"name\"] for tree in info[\"trees\"]}
"' sh "$COFFER"

is 'a file of Prisma, written anew' 0 "$(coffer schema thing.coffer)" '' schema thing.coffer --prisma
like 'as DDL' 0 '*CREATE TABLE "Thing"*id integer NOT NULL*PRIMARY KEY (id)*' '' schema thing.coffer --sql
like 'as JSON' 0 '*"schema": "coffer/schema/1"*"name": "Thing"*"name":"id","type":"integer"*' '' \
	schema thing.coffer --json
ok 'the gateway as JSON' sh -c '"$1" schema --json gateway.coffer | python3 -c "
import json, sys
tables = json.load(sys.stdin)[\"tables\"]
assert len(tables) == 16 and sum(len(table[\"columns\"]) for table in tables) == 181
"' sh "$COFFER"
coffer schema --json gateway.coffer -o gateway.json
is 'a store from that document' 0 '' '' create -q copied.coffer --schema gateway.json
is 'says the same again' 0 "$(cat gateway.json)" '' schema copied.coffer --json
is 'and is compared as a file' 0 '' '' schema gateway.json --diff gateway.coffer
printf '{"schema": "coffer/schema/1", "name": "public", "tabels": []}' >wrong.json
is 'a document that is none' 1 '' "coffer: wrong.json: a schema has no member 'tabels'" \
	create none.coffer --schema wrong.json
is 'one form at a time' 2 '' "coffer: schema: --prisma, --sql and --json: one of them
Try 'coffer help schema'." schema thing.coffer --sql --prisma
is 'no difference' 0 '' '' schema gateway.coffer --diff empty.coffer
is 'no difference, from Prisma' 0 '' '' schema thing.prisma --diff thing.coffer
printf 'model Thing {\n  id Int @id\n  name String\n}\n' >other.prisma
like 'a difference' 6 'Thing.name: *nul*->*' '' schema thing.coffer --diff other.prisma
like 'a difference as JSON' 6 '*"place":"Thing.name"*"count": 1*' '' \
	schema thing.coffer --diff other.prisma --json

like 'verify' 0 'gateway.coffer: whole: 16 tables, *' '' verify gateway.coffer
like 'verify as JSON' 0 '*"schema": "coffer/verify/1"*"findings": \[\],*"findings": 0,*' '' \
	verify gateway.coffer --json

is 'no such store' 1 '' 'coffer: none.coffer: cannot open: No such file or directory' info none.coffer
like 'a file of another kind' 1 '' 'coffer: thing.prisma: not a coffer store*' info thing.prisma
cp gateway.coffer cut.coffer
truncate -s 100000 cut.coffer
for command in info verify schema; do
	like "$command: a store that was cut" 4 '' "coffer: cut.coffer: cut*; 'coffer recover' saves what is whole" $command cut.coffer
done
like 'the same as JSON' 4 '' '{"schema":"coffer/error/1","exit":4,"status":"damaged","place":"cut.coffer",*pages of 4096"}' \
	verify cut.coffer --json

# Break a byte in the middle of a text that only records have.
damage()
{
	python3 - "$1" "$2" <<'END'
import sys
path, text = sys.argv[1], sys.argv[2].encode()
data = bytearray(open(path, "rb").read())
at = data.find(text)
assert at > 0
data[at] ^= 1
open(path, "wb").write(data)
END
}
request=$(coffer scan gateway.coffer spendlogs -c request_id --limit 1 | sed 's/.*:"//; s/".*//')
cp gateway.coffer damaged.coffer
damage damaged.coffer "$request"
like 'a damaged record is found' 4 'I*LiteLLM_SpendLogs\[[1-9]*\]*damaged.coffer: * finding*' "damaged.coffer: 'coffer recover' saves what is whole" \
	verify damaged.coffer
like 'and found as JSON' 4 '*"findings": \[*{"invariant":"I*","status":"damaged","place":"LiteLLM_SpendLogs\[*' '' \
	verify damaged.coffer --json
like 'findings are stopped at' 4 'I*damaged.coffer: 1 finding, stopped there after: *' '' verify damaged.coffer --findings 1 -q
like 'a scan stops there' 4 '*' 'coffer: damaged.coffer: LiteLLM_SpendLogs\[[1-9]*\]: *' scan damaged.coffer spendlogs --unverified -q
is 'into no file' 4 '' "$(coffer scan damaged.coffer spendlogs 2>&1 >/dev/null)" \
	scan damaged.coffer spendlogs -o rows.ndjson
ok 'and leaves nothing' [ "$(echo rows.ndjson*)" = 'rows.ndjson*' ]

is 'several tables in one word' 9 '' 'coffer: teamtable,config: no such table; several are named one by one, --table before each' \
	import gateway.coffer x.coffer --table teamtable,config

# Of one thing there are not many.
printf 'model T {\n  id Int @id\n}\n' >one.prisma
is 'one table' 0 '' 'one.coffer: created with 1 table' create one.coffer --schema one.prisma
echo '{"id":1}' | coffer put -q one.coffer T
is 'one of each' 0 'one.coffer: whole: 1 table, 1 row, 0 long values, 0 pool texts, 1 index entry' '' verify one.coffer
like 'one of it moved' 0 '' 'other.coffer: imported 1 table, 1 row, *' import one.coffer other.coffer

finish
