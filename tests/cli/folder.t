#!/bin/sh
# A folder of files: a store goes out into one and comes back the same; folders made by hand are read; what is not
# coffer's is neither read as if it were nor removed.

# shellcheck source=tests/cli/tap.sh
. tests/cli/tap.sh
# shellcheck disable=SC2154 # $out is run's.
coffer generate -q g.coffer --rows 300 --seed 3

digest()
{
	coffer info --digest --json "$1" | sed -n 's/.*"digest": "\(.*\)".*/\1/p'
}

# comes_back NAME STORE FORMAT: by way of a folder, with everything that a schema says.
comes_back()
{
	rm -rf back back.coffer
	is "$1: export" 0 '' '' export -q "$2" back --format "$3"
	is "$1: import" 0 '' '' import -q back back.coffer
	ok "$1: the same content" [ "$(digest "$2")" = "$(digest back.coffer)" ]
	is "$1: the same schema, states of sequences too" 0 "$(coffer schema --json "$2")" '' \
		schema --json back.coffer
	like "$1: and whole" 0 '*: whole: *' '' verify back.coffer
}

comes_back 'ndjson' g.coffer ndjson
ok 'a file for each table, and the schema twice' [ "$(find back -type f | wc -l)" = 18 ]
ok 'files for their owner alone' [ "$(stat -c %a back back/schema.json back/LiteLLM_TeamTable.ndjson | tr '\n' ' ')" = '700 600 600 ' ]
ok 'rows as scan prints them' sh -c '"$1" scan -q g.coffer spendlogs | cmp - back/LiteLLM_SpendLogs.ndjson' sh "$COFFER"
like 'a folder is something to compare with' 0 '*equal: 16 tables, *' '' diff -q g.coffer back
comes_back 'csv' g.coffer csv
ok 'csv has a line of names and one a row, where none has a line break' \
	[ "$(wc -l <back/LiteLLM_TeamMembership.csv)" = "$(($(coffer scan g.coffer teammembership --count) + 1))" ]

# Names and values that need care.
cat >odd.prisma <<'END'
model Odd {
  id   Int     @id @default(autoincrement())
  text String?
  json Json?
  list String[]

  @@map("100% a/b")
}
model Dot {
  id Int @id

  @@map(".dot")
}
END
coffer create -q odd.coffer --schema odd.prisma
printf '%s\n' '{"text":"","json":{"$json":null},"list":[]}' '{"text":null,"list":["a",null,""]}' \
	'{"text":"\\.\n\"a,b\"\r\n","json":{"$json":{"$text":1}},"list":["NULL"]}' |
	coffer put -q odd.coffer '100% a/b'
echo '{"id":7}' | coffer put -q odd.coffer .dot
comes_back 'names with / and %, ndjson' odd.coffer ndjson
comes_back 'names with / and %, csv' odd.coffer csv
ok 'are escaped' [ "$(ls back)" = "$(printf '%%2Edot.csv\n100%%25 a%%2Fb.csv\nschema.json\nschema.prisma')" ]
echo '{"text":"next","list":[]}' | coffer put -q back.coffer '100% a/b'
is 'the next number is the one behind the last' 0 '{"id":4,"text":"next"}' '' get back.coffer '100% a/b' 4 -c id,text

# Where a folder may stand.
mkdir taken empty
echo mine >taken/notes.txt
is 'what is there is not replaced' 8 '' 'coffer: taken: exists already; --force replaces it' export -q g.coffer taken
is 'what coffer did not write, never' 8 '' \
	'coffer: taken: has notes.txt, which coffer did not write: not replaced' export -q --force g.coffer taken
is 'an empty folder is as good as none' 0 '' '' export -q g.coffer empty/
is 'not a second time' 8 '' 'coffer: empty: exists already; --force replaces it' export -q g.coffer empty
is 'unless it is asked for' 0 '' '' export -q --force --format csv g.coffer empty
ok 'and all of the old one is gone' [ "$(find empty -name '*.ndjson')" = '' ]
echo mine >empty/LiteLLM_Mine.csv
is 'a file of rows that is not of its schema' 8 '' \
	'coffer: empty: has LiteLLM_Mine.csv, which coffer did not write: not replaced' export -q --force g.coffer empty
mv empty/LiteLLM_Mine.csv empty/.hidden
is 'a hidden file' 8 '' 'coffer: empty: has a hidden file, which coffer did not write: not replaced' \
	export -q --force g.coffer empty
ok 'is still there' [ "$(cat empty/.hidden)" = mine ]
rm empty/.hidden empty/schema.json
like 'a folder whose schema is gone' 8 '' 'coffer: empty: has LiteLLM_AuditLog.csv, which *' \
	export -q --force g.coffer empty
is 'a file is no folder' 8 '' 'coffer: g.coffer: exists already and is no folder' \
	export -q --format csv g.coffer g.coffer
is 'a folder that cannot be made' 1 '' 'coffer: none/out: No such file or directory' export -q g.coffer none/out/
ok 'nothing else was left' [ "$(find . -name '*.??????' -type d)" = '' ]
is 'a format that is none' 2 '' "coffer: export: option '--format': 'xml' is none of: ndjson, csv
Try 'coffer help export'." export g.coffer out --format xml
like 'a target that is nothing' 2 '' 'coffer: export: TARGET is none of: *a folder (*' export g.coffer out
is 'options of a database' 2 '' "coffer: export: --create, --append, --upsert and --replace are for a database, not for a folder
Try 'coffer help export'." export g.coffer out/ --create
like 'the result as JSON' 0 '*"schema": "coffer/export/1",*"tables": 16,*' '' export -q --json g.coffer json/
is 'a store that is not there' 1 '' 'coffer: none.coffer: cannot open: No such file or directory' \
	export -q none.coffer out/
ok 'makes no folder' [ ! -e out ]

# Folders that people make.
mkdir hand
cat >hand/teamtable.ndjson <<'END'
{"team_id":"a","spend":1.5,"admins":[],"members":["x"],"members_with_roles":{},"metadata":{"b":1,"a":2},"models":[],"blocked":false,"created_at":"2024-11-05","updated_at":"2024-11-05 10:20:30","model_spend":{},"model_max_budget":{}}
END
is 'without a schema: the built-in one' 0 '' '' import -q hand hand.coffer
is 'names in any case, forms of any kind' 0 \
	'{"team_id":"a","metadata":{"a": 2, "b": 1},"updated_at":"2024-11-05T10:20:30"}' '' \
	get hand.coffer teamtable a -c team_id,metadata,updated_at
is 'tables without a file have no rows' 0 0 '' scan hand.coffer spendlogs --count
echo '{"id":1}' >hand/modeltable.ndjson
is 'a column that is not given and has a default' 1 '' \
	'coffer: hand/modeltable.ndjson:1: LiteLLM_ModelTable: column created_at is not given, and an import makes no defaults' \
	import -q --force hand hand.coffer
rm hand/modeltable.ndjson
cp hand/teamtable.ndjson hand/LiteLLM_TeamTable.csv
is 'two files of one table' 1 '' \
	'coffer: hand/teamtable.ndjson: has rows of LiteLLM_TeamTable, and so has hand/LiteLLM_TeamTable.csv' \
	import -q --force hand hand.coffer
rm hand/LiteLLM_TeamTable.csv
: >hand/temtable.csv
is 'a file that names no table' 9 '' "coffer: hand/temtable.csv: no such table, did you mean 'TeamTable'?" \
	import -q --force hand hand.coffer
mv hand/temtable.csv hand/teamtable.ndjson.gz
is 'a file of another kind' 1 '' \
	"coffer: hand/teamtable.ndjson.gz: is neither a table's .ndjson or .csv nor a schema" \
	import -q --force hand hand.coffer
mv hand/teamtable.ndjson.gz hand/.hidden
is 'a hidden file is nothing' 0 '' '' import -q --force hand hand.coffer
mkfifo hand/usertable.ndjson
is 'a pipe is not waited for' 1 '' 'coffer: hand/usertable.ndjson: not a regular file' import -q --force hand hand.coffer
rm hand/usertable.ndjson
printf '{"team_id":"b"' >>hand/teamtable.ndjson
is 'a line that is cut' 1 '' \
	"coffer: hand/teamtable.ndjson:2: LiteLLM_TeamTable: not JSON: expected ',' or '}' at byte 15" \
	import -q --force hand hand.coffer
ok 'the store is what it was' [ "$(coffer scan hand.coffer teamtable --count)" = 1 ]
mkdir none
is 'an empty folder is no source' 1 '' 'coffer: none: an empty folder' import -q none none.coffer
mkdir own
cp odd.prisma own/schema.prisma
printf 'id,text,list\r\n9,"a ""b""",{}\r\n3,,"{x,NULL}"\r\n' >"own/100% A%2fB.csv"
is 'a schema of Prisma and csv' 0 '' '' import -q own own.coffer
is 'what is not named is NULL' 0 '{"id":9,"text":"a \"b\"","json":null,"list":[]}
{"id":3,"text":null,"json":null,"list":["x",null]}' '' scan own.coffer '100% a/b'
echo '{"list":[]}' | coffer put -q own.coffer '100% a/b'
is 'a sequence goes on behind the numbers that are there' 0 '{"id":10}' '' get own.coffer '100% a/b' 10 -c id

# Both schemas are there, and somebody changed the one that is not used.
coffer export -q odd.coffer both/
sed -i 's/text String?/text String? @db.VarChar(7)/' both/schema.prisma
is 'a schema that was changed in vain' 3 '' \
	'coffer: warning: schema.prisma says something else of 100% a/b.text; schema.json is used' \
	import -q both both.coffer
ok 'the other one holds' [ "$(digest both.coffer)" = "$(digest odd.coffer)" ]
echo 'model {' >both/schema.prisma
is 'one that cannot be read' 3 '' 'coffer: warning: schema.prisma cannot be read; schema.json is used' \
	import -q --force both both.coffer
echo '{"schema": "coffer/schema/1"}' >both/schema.json
is 'a document that is none' 1 '' "coffer: both/schema.json: a schema without 'name'" import -q --force both both.coffer

# Parts.
coffer export -q g.coffer all/
is 'some tables of a folder' 0 '' '' import -q --table teamtable --table usertable all part.coffer
is 'have their rows' 0 "$(coffer scan g.coffer teamtable)" '' scan part.coffer teamtable
since=$(coffer scan g.coffer spendlogs -n 1 --reverse --index startTime -c startTime | sed 's/.*:"\(.*\)"}/\1/')
is 'the logs since a time' 0 '' '' import -q --force --preset logs --since "$since" all part.coffer
count=$(coffer scan part.coffer spendlogs --count)
ok 'and no others' sh -c '[ "$1" -gt 0 ] && [ "$1" -lt 5 ]' sh "$count"

rm -rf all
is 'some tables into a folder' 0 '' '' export -q --table teamtable --table usertable g.coffer all/
ok 'are all that is in it' [ "$(cd all && echo *)" = \
	'LiteLLM_TeamTable.ndjson LiteLLM_UserTable.ndjson schema.json schema.prisma' ]

# An export that is interrupted leaves no folder, or a whole one.
coffer generate -q large.coffer --rows 60000
"$COFFER" export -q large.coffer broken/ 2>/dev/null &
process=$!
sleep 0.2
kill -INT $process
wait $process
code=$?
if [ -d broken ]; then
	coffer import -q broken broken.coffer
	left=$(digest broken.coffer) whole=$(digest large.coffer)
	ok 'an export that was done before it was interrupted' [ "$left" = "$whole" ]
else
	ok 'an export that is interrupted' [ $code = 130 ]
fi
ok 'leaves nothing beside its place' [ "$(find . -name 'broken.??????' -type d)" = '' ]
finish
