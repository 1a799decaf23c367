#!/bin/sh
# A reader that shares no code with coffer, tests/reader.py, finds the same rows and the same digest, and
# refuses what is broken. What coffer prints is what SPEC.md and coffer(1) say, or the two would differ.

PYTHON=/usr/bin/python3 # The system's: the modules are packages of the system.
if ! $PYTHON -c 'import lmdb, msgpack, xxhash, zstandard' 2>/dev/null; then
	echo "1..0 # SKIP $PYTHON has no lmdb, msgpack, xxhash or zstandard; tools/setup deps installs them"
	exit 0
fi
PG_TESTS=$PWD/tests/postgres
# shellcheck source=tests/postgres/lib.sh
. tests/postgres/lib.sh
# shellcheck source=tests/cli/tap.sh
. tests/cli/tap.sh
# shellcheck disable=SC2154 # $out is run's.

reader()
{
	$PYTHON "$TOP/tests/reader.py" "$@"
}

# The tables that coffer lists and that have rows of their own, one a line.
tables()
{
	coffer schema "$1" --json | $PYTHON -c '
import json, sys
print(*(table["name"] for table in json.load(sys.stdin)["tables"] if "partition_of" not in table), sep="\n")'
}

# agree NAME FILE: tables, rows and digest.
agree()
{
	tables "$2" >tables.coffer
	reader "$2" --tables >tables.reader
	ok "$1: the same tables" cmp tables.coffer tables.reader
	while IFS= read -r table; do
		coffer scan "$2" "$table" >rows.coffer
		reader "$2" "$table" >rows.reader
		ok "$1: the same rows of $table" cmp rows.coffer rows.reader
	done <tables.coffer
	ok "$1: roll-ups are what the rows add up to" reader "$2" --rollups
	ok "$1: the same digest" [ "$(reader "$2" --digest)" = \
		"$(coffer info --digest --json "$2" | sed -n 's/.*"digest": "\(.*\)".*/\1/p')" ]
}

# refuses NAME PATTERN WORDS...: the reader says one line and fails.
refuses()
{
	name=$1 pattern=$2
	shift 2
	reader "$@" >.told/out 2>.told/err
	said="$? $(cat .told/err)"
	# shellcheck disable=SC2254 # A pattern on purpose.
	case $said in
	"1 reader.py: "$pattern) result "$name" yes ;;
	*)
		result "$name" no
		told "$said"
		;;
	esac
}

coffer generate -q g.coffer --rows 2000 --seed 3
agree 'a generated store' g.coffer
ok 'it has groups' [ "$(reader g.coffer --rollups | wc -l)" -gt 2000 ]
cp g.coffer w.coffer
coffer scan g.coffer spendlogs --limit 50 | sed 's/"request_id":"/&again-/; s/"spend":[^,]*/"spend":0.125/' |
	coffer put -q w.coffer spendlogs
id=$(coffer scan g.coffer spendlogs --limit 1 | sed 's/.*"request_id":"\([^"]*\)".*/\1/')
coffer delete -q w.coffer spendlogs "$id"
ok 'rows that are written and deleted are in them' [ "$(reader w.coffer --rollups | cksum)" != "$(reader g.coffer --rollups | cksum)" ]
ok 'and they are what the rows add up to' reader w.coffer --rollups

# damage FILE TREE [KEY]: flip the last bit of a value, the tree's last one, with liblmdb alone.
damage()
{
	cp g.coffer "$1"
	$PYTHON - "$@" <<-'PYTHON'
		import lmdb, sys
		file, tree, *keys = sys.argv[1:]
		with lmdb.open(file, subdir=False, lock=False, max_dbs=1) as env:
		    opened = env.open_db(tree.encode(), create=False)
		    with env.begin(db=opened, write=True) as txn, txn.cursor() as cursor:
		        cursor.set_key(keys[0].encode()) if keys else cursor.last()
		        key, value = cursor.item()
		        txn.put(key, value[:-1] + bytes([value[-1] ^ 1]))
	PYTHON
}
damage record.coffer table/LiteLLM_TeamTable
refuses 'a damaged record' 'CORRUPT: LiteLLM_TeamTable?*?: checksum' record.coffer LiteLLM_TeamTable
like 'coffer too' 4 '*' '*LiteLLM_TeamTable*checksum*' scan record.coffer LiteLLM_TeamTable
ok 'other tables are read' reader record.coffer LiteLLM_UserTable
damage group.coffer rollups/LiteLLM_SpendLogs/hour
refuses 'a damaged group' 'CORRUPT: *hour*: checksum' group.coffer --rollups
damage pool.coffer pool
refuses 'a damaged text of the pool' 'CORRUPT: *text: checksum' pool.coffer --digest
damage schema.coffer catalogue schema
refuses 'a damaged schema' 'CORRUPT: schema: checksum' schema.coffer --tables
: >empty.coffer
refuses 'an empty file' 'NOT_A_COFFER: *' empty.coffer --tables
like 'coffer too' 1 '' '*not a coffer store*' info empty.coffer
head -c 20 g.coffer >short.coffer
refuses 'the first 20 bytes' 'NOT_A_COFFER: *' short.coffer --tables
like 'coffer too' 1 '' '*not a coffer store*' info short.coffer
head -c 100000 g.coffer >cut.coffer
refuses 'a cut file' 'CORRUPT: *cut' cut.coffer --tables
refuses 'a table that is not there' 'NOT_FOUND: *' g.coffer nothing

started=no
if ! coffer --version | grep -q without && pg_start; then
	started=yes
fi
trap 'pg_stop; cd /; rm -rf "$SCRATCH"' EXIT
if [ $started = no ]; then
	ok 'imports # SKIP no Postgres server is installed' true
	finish
	exit
fi

for fixture in own partitioned today; do
	schema=public
	[ $fixture = own ] && schema='B%C3%B6hm%20%26%20S%C3%B6hne'
	pg_load $fixture fixture-$fixture.sql
	ok "$fixture is imported" coffer import -q "postgresql:///$fixture?schema=$schema" $fixture.coffer
	agree $fixture $fixture.coffer
done
refuses 'a partition has no rows of its own' 'NOT_FOUND: *' partitioned.coffer \
	"$(coffer schema partitioned.coffer --json | sed -n 's/.*"name": "\(.*\)",/\1/p;/partition_of/q' | tail -n 1)"

# What rows may look like.
pg_load edges
psql -X -q -v ON_ERROR_STOP=1 -d edges <<'SQL'
CREATE TABLE floats (id serial PRIMARY KEY, double double precision, single real);
INSERT INTO floats (double, single) VALUES (0, 0), ('-0', '-0'), ('NaN', 'NaN'), ('Infinity', '-Infinity'),
	(1e15, 1e6), (999999999999999, 999999), (0.0001, 0.0001), (0.00004, 0.00004), (1e23, 1e10), (0.1, 0.1),
	(5e-324, 1e-45), (1.7976931348623157e308, 3.4028235e38), (2.2250738585072014e-308, 1.1754944e-38);
INSERT INTO floats (double) SELECT sign * power(2::float8, n) FROM generate_series(-1074, 1023) AS n, (VALUES (1), (-1)) AS s (sign);
INSERT INTO floats (single) SELECT power(2::float8, n)::real FROM generate_series(-149, 127) AS n;
INSERT INTO floats (double, single) SELECT sin(n) * power(10::float8, n % 60 - 30), (cos(n) * power(10::float8, n % 60 - 30))::real
	FROM generate_series(1, 1000) AS n;
CREATE TABLE documents (id serial PRIMARY KEY, kept json, binary_kept jsonb);
INSERT INTO documents (kept, binary_kept) VALUES ('null', 'null'), ('"null"', '"null"'), (' [1]', '[1, 2]'),
	(E'{"a":\n1}', '{"$json": 1}'), ('{"$json":1,"b":2}', '{"$text": {"a": [1, 2]}}'), ('{ "\u0024text" : "a,b}" }', '{}'),
	(E'\tnull', NULL), (E'{"$json":\r1}', '{"$json": null, "$text": null}'), ('{"$json":[1,{"a":2,"b":3}]}', '1e400');
CREATE DOMAIN cents AS numeric(20, 2);
CREATE DOMAIN tag AS text CHECK (VALUE <> '');
CREATE TABLE "a/b%c" ("tab	quote""back\slash" text, "ü€😀" tag, amount cents, tags text[], raw bytea, t time, at timestamptz);
INSERT INTO "a/b%c" SELECT string_agg(chr(n), ''), 'x', 1.5, ARRAY['a', NULL, E'\n"'], '\x000aff', '10:00', '0044-03-15 00:00:00.1234+00 BC'
	FROM generate_series(1, 160) AS n;
INSERT INTO "a/b%c" VALUES ('0123456789abcdef', NULL, NULL, '[2:3]={a,b}', '', '24:00', '294276-12-31 23:59:59.999999+00'),
	(repeat('0123456789abcdef', 1000), repeat('ü', 9000), -0.01, '{}', repeat('z', 4000)::bytea, NULL, '-infinity'),
	(NULL, NULL, NULL, ARRAY[repeat('a', 3000), repeat('b', 3000)], NULL, NULL, '4714-11-24 00:00:00+00 BC');
SQL
ok 'edges are imported' coffer import -q 'postgresql:///edges' edges.coffer
agree edges edges.coffer

finish
