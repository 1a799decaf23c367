#!/bin/sh
# coffer sql: the exact bytes of every mode, parameters, scripts, errors, and what SQL may not do.
# shellcheck source=tests/cli/tap.sh
. tests/cli/tap.sh
# shellcheck disable=SC2154 # $out, $err and $code are run's.

coffer generate -q g.coffer --rows 300 --seed 1
coffer generate -q other.coffer --rows 100 --seed 2

# same NAME FILE TEXT: FILE has these bytes, as printf writes them.
same()
{
	# shellcheck disable=SC2059 # A format on purpose.
	printf "$3" >.told/wanted
	if cmp -s "$2" .told/wanted; then
		result "$1" yes
	else
		result "$1" no
		told "$(diff .told/wanted "$2")"
	fi
}

# script NAME CODE OUT ERR TEXT WORDS...: TEXT, as printf writes it, on standard input.
script()
{
	name=$1 want_code=$2 want_out=$3 want_err=$4 text=$5
	shift 5
	# shellcheck disable=SC2059
	printf "$text" | coffer sql g.coffer "$@" >.told/out 2>.told/err
	code=$? out=$(cat .told/out) err=$(cat .told/err)
	if [ "$code" = "$want_code" ] && [ "$out" = "$want_out" ] && [ "$err" = "$want_err" ]; then
		result "$name" yes
	else
		result "$name" no
		told "exit $code, expected $want_code"
		told "out: $out"
		told "expected: $want_out"
		told "err: $err"
		told "expected: $want_err"
	fi
}

refused()
{
	is "$1" 1 '' "coffer: query:1: $2" sql g.coffer "$3"
}

# ------------------------------------------------------------------ modes

query="SELECT 'a|b' AS x, NULL AS n, '' AS e, 1 AS i, 0.1+0.2 AS r, x'00ff' AS b, 'é日😀' || char(27, 10, 0x202e) AS t
UNION ALL SELECT 'q\"u,', 2, 'NULL', -9223372036854775808, -9e999, x'', '*_<' || char(13)"
coffer sql g.coffer --mode table "$query" >out
same 'a table' out ' x    |    n | e    |                    i |                   r | b      | t
------+------+------+----------------------+---------------------+--------+---------------------
 a|b  | NULL |      |                    1 | 0.30000000000000004 | \\x00ff | é日😀\\u001b\\n\\u202e
 q"u, |    2 | NULL | -9223372036854775808 |           -Infinity | \\x     | *_<\\r
'
coffer sql g.coffer --mode box --header off "$query" >out
same 'a box without a header' out '┌──────┬──────┬──────┬──────────────────────┬─────────────────────┬────────┬─────────────────────┐
│ a|b  │ NULL │      │                    1 │ 0.30000000000000004 │ \\x00ff │ é日😀\\u001b\\n\\u202e │
│ q"u, │    2 │ NULL │ -9223372036854775808 │           -Infinity │ \\x     │ *_<\\r               │
└──────┴──────┴──────┴──────────────────────┴─────────────────────┴────────┴─────────────────────┘
'
coffer sql g.coffer --mode box 'SELECT 1 AS one' >out
same 'a box' out '┌─────┐
│ one │
├─────┤
│   1 │
└─────┘
'
coffer sql g.coffer --mode markdown --null '' "$query" >out
same 'markdown' out '| x    | n | e    |                    i |                   r | b      | t                   |
|------|--:|------|---------------------:|--------------------:|--------|---------------------|
| a\\|b |   |      |                    1 | 0.30000000000000004 | \\x00ff | é日😀\\u001b\\n\\u202e |
| q"u, | 2 | NULL | -9223372036854775808 |           -Infinity | \\x     | \\*\\_\\<\\r            |
'
coffer sql g.coffer --mode csv "$query" >out
same 'csv' out 'x,n,e,i,r,b,t\r\na|b,,"",1,0.30000000000000004,\\x00ff,"é日😀\033\n\342\200\256"\r\n"q""u,",2,NULL,-9223372036854775808,-Infinity,\\x,"*_<\r"\r\n'
coffer sql g.coffer --mode csv --header off --null NULL "SELECT NULL, 'NULL', ''" >out
same 'a NULL of its own in csv' out 'NULL,"NULL",\r\n'
coffer sql g.coffer --json "$query" >out
same 'json' out '[
{"x":"a|b","n":null,"e":"","i":1,"r":0.30000000000000004,"b":"\\\\x00ff","t":"é日😀\\u001b\\n\342\200\256"},
{"x":"q\\"u,","n":2,"e":"NULL","i":-9223372036854775808,"r":"-Infinity","b":"\\\\x","t":"*_<\\r"}
]
'
coffer sql g.coffer "$query" >out
same 'ndjson, where it is not a terminal' out '{"x":"a|b","n":null,"e":"","i":1,"r":0.30000000000000004,"b":"\\\\x00ff","t":"é日😀\\u001b\\n\342\200\256"}
{"x":"q\\"u,","n":2,"e":"NULL","i":-9223372036854775808,"r":"-Infinity","b":"\\\\x","t":"*_<\\r"}
'
is 'no rows as a table' 0 ' a | b
---+---' '' sql g.coffer --mode table 'SELECT 1 AS a, 2 AS b WHERE 0'
is 'as json' 0 '[]' '' sql g.coffer --mode json 'SELECT 1 AS a WHERE 0'
is 'an array for each statement' 0 '[
{"a":1}
]
[
{"b":2}
]' '' sql g.coffer --mode json 'SELECT 1 AS a; SELECT 2 AS b'
is 'as ndjson' 0 '' '' sql g.coffer 'SELECT 1 AS a WHERE 0'
is 'names that are equal do not hide a value' 0 '{"a":1,"a_2":2,"a_2_2":3,"a_3":4}' '' \
	sql g.coffer 'SELECT 1 AS a, 2 AS a, 3 AS a_2, 4 AS a'
is 'what is not UTF-8 in JSON' 0 '{"a":"x�y�","b":"���"}' '' \
	sql g.coffer "SELECT CAST(x'78ff79c0' AS TEXT) AS a, CAST(x'eda080' AS TEXT) AS b"
is 'what is not UTF-8 in a table' 0 ' a
---------------------
 x\xffy\xed\xa0\x80é' '' sql g.coffer --mode table "SELECT CAST(x'78ff79eda080c3a9' AS TEXT) AS a"
is 'a NUL within a text' 0 '{"a":"x\u0000y"}' '' sql g.coffer "SELECT 'x' || char(0) || 'y' AS a"
is 'numbers that no double holds' 0 '{"a":9223372036854775807,"b":5e-324,"c":1e+300}' '' \
	sql g.coffer 'SELECT 9223372036854775807 AS a, 5e-324 AS b, 1e300 AS c'
is 'a long cell is cut' 0 ' a    | b
------+------
 abc… | é日…' '' sql g.coffer --mode table --width 4 "SELECT 'abcde' AS a, 'é日日' AS b"
is 'or not' 0 ' a
-------
 abcde' '' sql g.coffer --mode table --width 0 "SELECT 'abcde' AS a"
coffer sql g.coffer --mode table 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x * 10 FROM c LIMIT 16)
	SELECT a.x AS a, b.x AS b FROM c a, c b, c, c d' >out
ok 'rows behind the sample come too' [ "$(wc -l <out)" = 65538 ]
coffer sql g.coffer --mode table "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 5000)
	SELECT CASE x WHEN 5000 THEN 'wider' ELSE 'x' END AS a, x FROM c" >out
ok 'one that is wider sticks out' [ "$(tail -n 1 out)" = ' wider | 5000' ]
coffer sql g.coffer --mode csv -o out.csv 'SELECT 1 AS a' >out 2>&1
same 'into a file' out.csv 'a\r\n1\r\n'
like 'which is not written over' 8 '' 'coffer: out.csv: exists already; --force replaces it' sql g.coffer -o out.csv 'SELECT 1'
is 'nor is a store that is read' 1 '' 'coffer: other.coffer: the command reads it: it is not written over' \
	sql g.coffer --attach o=other.coffer -f -o other.coffer 'SELECT 1'

# ------------------------------------------------------------------ stores

is 'a column of a store' 0 ' 300' '' sql g.coffer --mode table --header off 'SELECT count(*) FROM LiteLLM_SpendLogs'
is 'two stores in a statement' 0 '{"a":300,"b":100}' '' sql g.coffer --attach o=other.coffer \
	'SELECT (SELECT count(*) FROM LiteLLM_SpendLogs) AS a, (SELECT count(*) FROM o.LiteLLM_SpendLogs) AS b'
is 'a store that is not there' 1 '' 'coffer: none.coffer: cannot open: No such file or directory' sql none.coffer 'SELECT 1'
is 'nor to be attached' 1 '' 'coffer: none.coffer: cannot open: No such file or directory' \
	sql g.coffer --attach o=none.coffer 'SELECT 1'
is 'a word that names none' 2 '' "coffer: sql: option '--attach': 'other.coffer' is not NAME=FILE
Try 'coffer help sql'." sql g.coffer --attach other.coffer 'SELECT 1'
for taken in temp=other.coffer MAIN=other.coffer; do
	is "a name that is taken: $taken" 2 '' "coffer: sql: option '--attach': '$taken': the name is taken
Try 'coffer help sql'." sql g.coffer --attach "$taken" 'SELECT 1'
done
like 'a name given twice' 2 '' "coffer: sql: option '--attach': 'a=g.coffer': the name is taken*" \
	sql g.coffer --attach a=other.coffer --attach a=g.coffer 'SELECT 1'

# ------------------------------------------------------------------ parameters

is 'parameters by name and number' 0 '{"a":"5","b":7,"c":2.5,"d":"\\x00ff","e":null,"t":"text","u":"integer","v":"real"}' '' \
	sql g.coffer --param x=5 --param y:int=7 --param 4:real=2.5 --param z:blob='\x00fF' --param n:null= \
	'SELECT :x AS a, @y AS b, ?4 AS c, $z AS d, :n AS e, typeof(:x) AS t, typeof(@y) AS u, typeof(?4) AS v WHERE ?3 IS NULL' --param 3:null=
is 'a text may hold anything' 0 '{"a":"x=y:int=1"}' '' sql g.coffer --param 'a=x=y:int=1' 'SELECT :a AS a'
refused 'a parameter without a value' 'parameter :x has no value: give --param x=VALUE' 'SELECT :x'
refused 'nor one without a name' 'parameter ? has no value: give --param 1=VALUE' 'SELECT ?'
is 'a value that no statement takes' 1 '' 'coffer: query:1: --param y: no statement has this parameter' \
	sql g.coffer --param y=1 'SELECT 1 AS a;'
usage()
{
	is "$1" 2 '' "coffer: sql: $2
Try 'coffer help sql'." sql g.coffer "$3" "$4" 'SELECT 1'
}
usage 'a parameter without =' "option '--param': 'x' is not NAME=VALUE or NAME:TYPE=VALUE" --param x
usage 'or without a name' "option '--param': '=x' is not NAME=VALUE or NAME:TYPE=VALUE" --param =x
usage 'a type that is none' "option '--param': 'float' is none of the types text, int, real, blob, null" --param x:float=1
is 'two values of one' 2 '' "coffer: sql: option '--param': 'x' is given twice
Try 'coffer help sql'." sql g.coffer --param x=1 --param x:int=2 'SELECT :x'
usage 'a number that is none' "option '--param': '1.5' is no value of type int" --param x:int=1.5
usage 'or too large' "option '--param': '9223372036854775808' is no value of type int" --param x:int=9223372036854775808
usage 'a blob of half a byte' "option '--param': 'abc' is no value of type blob" --param x:blob=abc
usage 'a NULL with a value' "option '--param': '1' is no value of type null" --param x:null=1
usage 'a mode that is none' "option '--mode': 'html' is none of: table, box, markdown, csv, json, ndjson" --mode html
usage 'a header that is neither' "option '--header': 'yes' is neither on nor off" --header yes

# ------------------------------------------------------------------ refusals

writes="is only read by SQL: 'coffer put' writes rows into a store, 'coffer delete' takes one out"
made='cannot be made in a store: SQL makes TEMP tables and views, of its own session'
refused 'INSERT' "LiteLLM_TeamTable $writes" "INSERT INTO LiteLLM_TeamTable (team_id) VALUES ('x')"
refused 'UPDATE' "LiteLLM_TeamTable $writes" 'UPDATE LiteLLM_TeamTable SET spend = 0'
refused 'DELETE' "LiteLLM_TeamTable $writes" 'DELETE FROM LiteLLM_TeamTable'
refused 'DROP TABLE' "LiteLLM_TeamTable is a store's: SQL only reads it" 'DROP TABLE LiteLLM_TeamTable'
refused 'CREATE TABLE' "x $made" 'CREATE TABLE x (a)'
refused 'CREATE VIEW' "x $made" 'CREATE VIEW x AS SELECT 1'
refused 'another virtual table' 'x cannot be made: SQL makes TEMP tables and views, and no virtual tables' 'CREATE VIRTUAL TABLE temp.x USING fts5(a)'
refused 'not even of coffer' 'x cannot be made: SQL makes TEMP tables and views, and no virtual tables' "CREATE VIRTUAL TABLE temp.x USING coffer('main', 'x')"
refused 'ATTACH' 'SQL opens no files: --attach NAME=FILE shows another store' "ATTACH 'x.db' AS x"
refused 'VACUUM INTO' 'SQL opens no files: --attach NAME=FILE shows another store' "VACUUM INTO 'x.db'"
refused 'VACUUM' "SQL only reads a store: 'coffer compact' writes it anew" 'VACUUM'
refused 'DETACH' 'a store is shown to the end: main is not detached' 'DETACH main'
refused 'load_extension' 'load_extension() is off: --attach NAME=FILE shows another store' "SELECT load_extension('x')"
refused 'coffer_attach' 'coffer_attach() is off: --attach NAME=FILE shows another store' "SELECT coffer_attach('other.coffer')"
refused 'a pragma that changes something' 'PRAGMA writable_schema is not among those that only tell' 'PRAGMA writable_schema = 1'
refused 'the table of tables' 'table sqlite_master may not be modified' "UPDATE sqlite_master SET sql = ''"
refused 'ALTER TABLE' 'SQL only reads here, and makes TEMP tables and views' 'ALTER TABLE LiteLLM_TeamTable RENAME TO x'
refused 'a trigger' 'SQL only reads here, and makes TEMP tables and views' \
	'CREATE TEMP TABLE x (a); CREATE TEMP TRIGGER y AFTER INSERT ON x BEGIN SELECT 1; END'
refused 'functions of the sqlite3 shell' 'no such function: writefile' "SELECT writefile('x', 'y')"
ok 'no file was made' [ "$(echo *)" = 'g.coffer other.coffer out out.csv' ]
is 'temporary tables are its own' 0 '{"a":1}
{"a":3}
{"count(*)":2}' '' sql g.coffer 'CREATE TEMP TABLE x AS SELECT 1 AS a; INSERT INTO x VALUES (3); SELECT * FROM x;
	UPDATE x SET a = 2; DROP TABLE x; CREATE TEMP VIEW x AS SELECT * FROM LiteLLM_TeamTable; SELECT count(*) FROM x'
is 'a pragma that only tells' 0 '{"name":"team_id"}' '' sql g.coffer \
	"SELECT name FROM pragma_table_info('LiteLLM_TeamTable') LIMIT 1"

# ------------------------------------------------------------------ errors

refused 'a mistake' 'no such table: nope' 'SELECT * FROM nope'
refused 'a table by its short name' 'no such table: spendlogs, did you mean '\''LiteLLM_SpendLogs'\''?' 'SELECT * FROM spendlogs'
refused 'in a schema' 'no such table: main.TeamTable, did you mean '\''main.LiteLLM_TeamTable'\''?' 'SELECT * FROM main.TeamTable'
refused 'a mistyped view' 'no such table: MonthlyGlobalSped, did you mean '\''MonthlyGlobalSpend'\''?' 'SELECT * FROM MonthlyGlobalSped'
refused 'a mistyped column' 'no such column: l.modle, did you mean '\''model'\''?' 'SELECT l.modle FROM litellm_spendlogs AS l'
refused 'a column of a table that is not asked' 'no such column: modle' 'SELECT modle FROM LiteLLM_TeamMembership'
refused 'a mistyped function' 'no such function: cuont, did you mean '\''count'\''?' 'SELECT cuont(*) FROM LiteLLM_TeamTable'
refused 'in none' 'no such table: none.teamtable' 'SELECT * FROM none.teamtable'
refused 'a name in quotes is no text' 'no such column: gpt-4' 'SELECT count(*) FROM LiteLLM_SpendLogs WHERE model = "gpt-4"'
is 'the line of a mistake' 1 '{"a":1}' 'coffer: query:3: no such column: nope' sql g.coffer 'SELECT 1 AS a;
SELECT 2,
 nope'
is 'as JSON' 1 '' '{"schema":"coffer/error/1","exit":1,"status":"invalid input","place":"query:1","message":"incomplete input"}' \
	sql g.coffer --json 'SELECT'
is 'an answer that breaks off' 1 '{"a":1}
{"a":2}' 'coffer: query:1: integer overflow; the answer is incomplete, it ends after 2 rows' sql g.coffer \
	'SELECT CASE column1 WHEN 3 THEN abs(-9223372036854775807 - 1) ELSE column1 END AS a FROM (VALUES (1), (2), (3))'
is 'is no JSON' 1 '[
{"a":1}' 'coffer: query:1: integer overflow; the answer is incomplete, it ends after 1 row' sql g.coffer --mode json \
	'SELECT CASE column1 WHEN 3 THEN abs(-9223372036854775807 - 1) ELSE column1 END AS a FROM (VALUES (1), (3))'
is 'nor a file' 1 '' 'coffer: query:1: integer overflow' sql g.coffer -o no.csv \
	'SELECT CASE column1 WHEN 3 THEN abs(-9223372036854775807 - 1) ELSE column1 END AS a FROM (VALUES (1), (3))'
ok 'of that name' [ ! -e no.csv ]
if [ -e /dev/full ]; then
	coffer sql g.coffer 'SELECT 1 AS a' >/dev/full 2>.told/err
	ok 'a full disk' [ "$? $(cat .told/err)" = '1 coffer: standard output: No space left on device' ]
fi
coffer sql g.coffer 'SELECT a.request_id FROM LiteLLM_SpendLogs a, LiteLLM_SpendLogs b' 2>.told/err | head -n 1 >.told/out
ok 'a reader that leaves is no fault' [ "$(wc -l <.told/out) $(cat .told/err)" = '1 ' ]

# ------------------------------------------------------------------ scripts

script 'a script' 0 "$(printf '{"1":1}\n2,3\r\n"it'"'"'s;,"\r\n3\r')" '' \
	"SELECT 1;\n-- a comment; with its end\n\n.mode csv\nSELECT 2,\n\n 3; SELECT /* ; */ 'it''s;,';\n.headers off\nSELECT 3\n" --header off
is 'lines of a query that begin with a dot' 0 "$(printf 'a\r\n1\r\n{"b":".c"}\n{"c":"\\n.d"}')" '' sql g.coffer \
	"$(printf ".mode csv\nSELECT 1 AS a;\n-- a comment;\n.mode ndjson\nSELECT\n'.c' AS b; SELECT '\n.d' AS c")"
is 'one of them that is none' 1 '{"1":1}' "coffer: query:2: '.frob' is no command; .help lists them" sql g.coffer \
	"$(printf 'SELECT 1;\n.frob\nSELECT 2')"
is 'a parameter that none of them has' 1 '' 'coffer: query:2: --param b: no statement has this parameter' sql g.coffer \
	--param b=1 "$(printf '.mode ndjson\nSELECT 1')"
script 'its first failure ends it' 1 '{"1":1}' \
	'coffer: standard input:5: no such column: nope, in: SELECT 2,    nope FROM   LiteLLM_TeamTable' \
	'SELECT 1;\n\n\nSELECT 2,\n   nope FROM\n  LiteLLM_TeamTable;\nSELECT 3;\n'
script 'a long statement is cut' 1 '' \
	'coffer: standard input:1: no such column: a, in: SELECT a, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...' \
	'SELECT a, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;'
script 'a command that is none' 1 '' "coffer: standard input:2: '.frob' is no command; .help lists them" '\n.frob x\nSELECT 1;'
script 'a command with a wrong word' 1 '' "coffer: standard input:1: 'x' is neither on nor off" '.timer x\n'
script 'a byte that is NUL' 1 '{"1":1}' 'coffer: standard input:1: a byte is NUL, which is in no SQL' 'SELECT 1;\0'
script 'parameters of a script' 0 '{":a":"1"}
{":b":"2"}' '' 'SELECT :a;SELECT :b;\n-- end' --param a=1 --param b=2
script 'of which one is none' 1 '{":a":"1"}' 'coffer: sql: --param b: no statement has this parameter' 'SELECT :a;\n' \
	--param a=1 --param b=2
script '.quit leaves' 0 '{"1":1}' '' 'SELECT 1;\n.quit\nnonsense'
script 'an empty script' 0 '' '' '  \n-- nothing\n;;\n'

# ------------------------------------------------------------------ commands

is '.tables' 0 '{"table":"LiteLLM_TeamMembership"}
{"table":"LiteLLM_TeamTable"}
{"table":"o.LiteLLM_TeamMembership"}
{"table":"o.LiteLLM_TeamTable"}' '' sql g.coffer --attach o=other.coffer '.tables %team%'
is '.tables of one store' 0 '{"table":"o.LiteLLM_TeamMembership"}
{"table":"o.LiteLLM_TeamTable"}' '' sql g.coffer --attach o=other.coffer '.tables o.%team%'
is '.schema' 0 'CREATE TABLE "LiteLLM_Config" (
	"param_name" TEXT NOT NULL, -- text
	"param_value" TEXT -- jsonb
);
-- LiteLLM_Config_pkey: PRIMARY KEY (param_name)' '' sql g.coffer '.schema litellm_config'
script '.schema of a view' 0 'CREATE VIEW v AS SELECT 1;' '' 'CREATE TEMP VIEW v AS SELECT 1;\n.schema v\n'
is '.schema by a short name' 0 '' '' sql g.coffer '.schema teamtable' --output head
ok 'tells unique indexes' grep -qx -- '-- LiteLLM_TeamTable_model_id_key: UNIQUE btree (model_id)' head
is '.schema of a table function' 0 '-- table function coffer_sequences: store, name, type, start, increment, minimum, maximum, owner_table, owner_column, last_value, is_called' \
	'' sql g.coffer '.schema coffer_sequences'
script '.exit leaves' 0 '' '' '.exit\nnonsense'
is 'a semicolon behind a command' 1 '' 'coffer: sql: .exit ends with its line: it takes no semicolon' sql g.coffer '.exit;'
is 'behind what it is about' 1 '' 'coffer: sql: .schema ends with its line: it takes no semicolon' sql g.coffer '.schema teamtable; '
is '.schema of no table' 1 '' "coffer: sql: no table is called 'x'" sql g.coffer '.schema x'
is '.plan of several explains them all' 0 'SCAN CONSTANT ROW
SCAN CONSTANT ROW' '' sql g.coffer '.plan SELECT 1; SELECT 2; -- no more'
is 'nothing behind the last' 0 'SCAN CONSTANT ROW' '' sql g.coffer '.plan SELECT 1;'
like '.plan' 0 'SCAN LiteLLM_SpendLogs: *LiteLLM_SpendLogs_pkey*' '' \
	sql g.coffer '.plan SELECT * FROM LiteLLM_SpendLogs WHERE request_id = :id'
script '.null and .width' 0 ' x | a
---+-----
 - | ab…' '' '.mode table\n.null "-"\n.width 3\nSELECT NULL AS x, '\''abcde'\'' AS a;\n'
printf '.timer on\nSELECT 1;\n' | coffer sql g.coffer >out 2>timed
ok '.timer' grep -q '^1 row, [0-9]*\.[0-9][0-9][0-9] s$' timed
like '.help' 0 '.help *this list*' '' sql g.coffer .help

# ------------------------------------------------------------------ names

cat >w.prisma <<'END'
model Weird {
  id Int @id @map("i\"d;")
  a  String? @map("select")
  @@map("we\"ird; ta'ble")
}
model Other {
  id Int @id
  ID Int?
  @@map("ORDER")
}
END
coffer create -q w.coffer --schema w.prisma
is 'names that need quotes' 0 'CREATE TABLE "ORDER" (
	"id" INTEGER NOT NULL, -- integer
	"ID_2" INTEGER -- integer
);
-- ORDER_pkey: PRIMARY KEY (id)
CREATE TABLE "we""ird; ta'\''ble" (
	"i""d;" INTEGER NOT NULL, -- integer
	"select" TEXT -- text
);
-- we"ird; ta'\''ble_pkey: PRIMARY KEY ("i""d;")' '' sql w.coffer .schema
cat >hide.prisma <<'END'
model coffer_tables {
  id Int @id
}
model coffer_verify {
  id Int @id
}
END
coffer create -q hide.coffer --schema hide.prisma
is 'names of table functions' 0 'CREATE TABLE "coffer_tables_2" (
	"id" INTEGER NOT NULL -- integer
);
-- coffer_tables_pkey: PRIMARY KEY (id)
CREATE TABLE "coffer_verify_2" (
	"id" INTEGER NOT NULL -- integer
);
-- coffer_verify_pkey: PRIMARY KEY (id)' '' sql hide.coffer .schema
is 'which are not hidden' 0 '{"store":"h","name":"coffer_verify","found":0}' '' sql g.coffer --attach h=hide.coffer \
	"SELECT store, name, (SELECT count(*) FROM coffer_verify('h')) AS found FROM coffer_tables('h') WHERE name LIKE '%verify'"
is 'of a store that is attached too' 0 '{"table":"ORDER"}
{"table":"we\"ird; ta'\''ble"}
{"table":"a\"b;c.ORDER"}
{"table":"a\"b;c.we\"ird; ta'\''ble"}' '' sql w.coffer --attach 'a"b;c=w.coffer' .tables
cat >bare.sql <<'SQL'
CREATE TABLE public.bare (
);
CREATE TABLE public.other (a integer);
COPY public.bare  FROM stdin;


\.
COPY public.other (a) FROM stdin;
1
\.
SQL
coffer import -q bare.sql bare.coffer
is 'a table without columns' 0 '{"rows":2,"a":1}' '' sql bare.coffer 'SELECT (SELECT count(*) FROM bare) AS rows, a FROM other'
is 'control characters in a name' 0 ' a\u001b\n
-----------
         1' '' sql w.coffer --mode table "$(printf 'SELECT 1 AS "a\033\n"')"

# ------------------------------------------------------------------ trust and damage

python3 - <<'END'
data = bytearray(open("g.coffer", "rb").read())
at = data.find(b"chatcmpl-")
assert at > 0
data[at] ^= 1
open("bad.coffer", "wb").write(data)
END
like 'a damaged store' 4 '' 'coffer: bad.coffer: damaged: I5 LiteLLM_SpendLogs*' sql bad.coffer 'SELECT 1'
like 'one beside it' 4 '' 'coffer: bad.coffer: damaged: I5 LiteLLM_SpendLogs*' sql g.coffer --attach b=bad.coffer 'SELECT 1'
is 'unverified it answers' 3 '{"a":1}' 'bad.coffer: not verified: what is missing from an answer does not show' \
	sql --unverified bad.coffer 'SELECT 1 AS a'
like 'up to the damage' 4 '*' 'coffer: bad.coffer: LiteLLM_SpendLogs*the answer is incomplete, it ends after * row*' \
	sql --unverified -q bad.coffer 'SELECT * FROM LiteLLM_SpendLogs'
like 'in whichever store it is' 4 '*' 'coffer: bad.coffer: LiteLLM_SpendLogs*' \
	sql --unverified -q g.coffer --attach b=bad.coffer 'SELECT * FROM b.LiteLLM_SpendLogs'
like 'a report says it too' 4 '*' 'coffer: bad.coffer: LiteLLM_SpendLogs*' report --unverified -q logs bad.coffer --from 2000-01-01 -n 1000
python3 - <<'END'
data = bytearray(open("g.coffer", "rb").read())
for at in range(2 * 4096, len(data), 4096):
    data[at + 10] ^= 255
open("torn.coffer", "wb").write(data)
END
like 'a store that cannot be opened' 4 '' 'coffer: torn.coffer: main tree\[page *' sql --unverified -q torn.coffer 'SELECT 1'

finish
