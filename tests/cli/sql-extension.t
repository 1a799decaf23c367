#!/bin/sh
# coffer_sqlite.so in hosts that have nothing of coffer: the sqlite3 shell and Python. What README.md shows of SQL runs here.
# shellcheck source=tests/cli/tap.sh
. tests/cli/tap.sh
# shellcheck disable=SC2154 # $out, $err and $code are run's.

case ${BUILD:-build} in
/*) EXTENSION=$BUILD/coffer_sqlite ;;
*) EXTENSION=$TOP/${BUILD:-build}/coffer_sqlite ;;
esac
# A host that was not built with the sanitizers needs their library first.
preload=${SANITIZE:+$("${CC:-cc}" -print-file-name=libasan.so)}
host()
{
	env LD_PRELOAD="$preload" ASAN_OPTIONS="$ASAN_OPTIONS:detect_leaks=0" "$@"
}
# Some Pythons are built without the loading of extensions.
PYTHON=
for candidate in python3 /usr/bin/python3; do
	if "$candidate" -c 'import sqlite3; sqlite3.Connection.enable_load_extension' 2>/dev/null; then
		PYTHON=$candidate
		break
	fi
done

# asked NAME WANTED WORD...: sqlite3 with the extension gives these lines, errors among them.
asked()
{
	name=$1 wanted=$2
	shift 2
	got=$(host sqlite3 :memory: ".load $EXTENSION" "$@" 2>.told/err; cat .told/err)
	if [ "$got" = "$wanted" ]; then
		result "$name" yes
	else
		result "$name" no
		told "got: $got"
		told "expected: $wanted"
	fi
}

coffer generate -q demo.coffer --rows 300 --seed 1
coffer generate -q newer.coffer --rows 100 --seed 2

ok 'it shows its entry point and nothing else' [ "$(nm -D --defined-only "$EXTENSION.so" | awk '{ print $3 }' | grep -v '^__asan_\|^__odr_asan')" = \
	sqlite3_coffersqlite_init ]
ok 'it brings no SQLite along' sh -c '! readelf -d "$1" | grep NEEDED | grep -e sqlite -e coffer' sh "$EXTENSION.so"
asked 'a store in temp' '16
300' "SELECT coffer_attach('demo.coffer')" 'SELECT count(*) FROM LiteLLM_SpendLogs'
asked 'and one in a schema of its own' '16
16
400' "SELECT coffer_attach('demo.coffer')" "SELECT coffer_attach('newer.coffer', 'newer')" \
	'SELECT (SELECT count(*) FROM LiteLLM_SpendLogs) + (SELECT count(*) FROM newer.LiteLLM_SpendLogs)'
asked 'until it goes' '16
1
Error: in prepare, no such table: LiteLLM_SpendLogs' "SELECT coffer_attach('demo.coffer')" "SELECT coffer_detach('temp')" \
	'SELECT count(*) FROM LiteLLM_SpendLogs'
asked 'nothing is written' "16
Error: stepping, SQL only reads a store: 'coffer put' and 'coffer delete' write it (8)" "SELECT coffer_attach('demo.coffer')" \
	"INSERT INTO LiteLLM_Config (param_name) VALUES ('x')"
asked 'no store' 'Error: stepping, none: cannot open: No such file or directory' "SELECT coffer_attach('none')"
echo nothing >text
asked 'nor is this one' "$(coffer info text 2>&1 | sed 's/^coffer: /Error: stepping, /')" "SELECT coffer_attach('text')"
asked 'a third word that is none' \
	"Error: stepping, demo.coffer: the third argument can be 'unverified', not 'trusted'" \
	"SELECT coffer_attach('demo.coffer', 'temp', 'trusted')"

# ------------------------------------------------------------------ strangers

known()
{
	find "$XDG_STATE_HOME/coffer/known" -type f 2>/dev/null | wc -l
}
python3 - <<'END'
data = bytearray(open("demo.coffer", "rb").read())
at = data.find(b"chatcmpl-")
assert at > 0
data[at] ^= 1
open("bad.coffer", "wb").write(data)
END
got=$(host sqlite3 :memory: ".load $EXTENSION" "SELECT coffer_attach('bad.coffer')" 2>&1)
case $got in
"Error: stepping, bad.coffer: damaged: I5 LiteLLM_SpendLogs["*"'coffer verify' says all"*) result 'a stranger is verified' yes ;;
*) result 'a stranger is verified' no; told "$got" ;;
esac
asked 'or not' '16
2' "SELECT coffer_attach('bad.coffer', 'temp', 'unverified')" 'SELECT count(*) FROM LiteLLM_TeamTable WHERE team_id IS NOT NULL'
cp demo.coffer stranger.coffer
before=$(known)
asked 'one that is whole is remembered' 16 "SELECT coffer_attach('stranger.coffer')"
ok 'where the command remembers' [ "$(known)" = $((before + 1)) ]
is 'which then does not verify it again' 0 '{"a":1}' '' sql stranger.coffer 'SELECT 1 AS a'
ok 'nor remember it again' [ "$(known)" = $((before + 1)) ]

# A file with a definition in it, as a stranger may send it: it opens no store, and a view calls no function that does.
host sqlite3 evil.db ".load $EXTENSION" "SELECT coffer_attach('demo.coffer')" \
	"CREATE VIEW v AS SELECT coffer_attach('demo.coffer', 'w')" >/dev/null 2>&1
python3 - <<'END'
import sqlite3
db = sqlite3.connect("evil.db")
db.execute("PRAGMA writable_schema = 1")
db.execute("INSERT INTO sqlite_schema VALUES ('table', 't', 't', 0, 'CREATE VIRTUAL TABLE t USING coffer(1, 0)')")
db.execute("INSERT INTO sqlite_schema VALUES ('table', 'u', 'u', 0, 'CREATE VIRTUAL TABLE u USING coffer(''demo.coffer'', 0)')")
db.commit()
END
for table in t u v; do
	got=$(host sqlite3 evil.db ".load $EXTENSION" "SELECT * FROM $table" 2>&1)
	case $got in
	*Error*'no such table of a store that is attached'* | *Error*'unsafe use'*) result "a definition in a file opens nothing: $table" yes ;;
	*) result "a definition in a file opens nothing: $table" no; told "$got" ;;
	esac
done

# ------------------------------------------------------------------ README.md

# What stands between a fence of this kind and the next, in the chapter on SQL.
block()
{
	sed -n '/^## Ask it in SQL/,/^## Open/p' "$TOP/README.md" | sed -n '/^```'"$1"'$/,/^```$/{/^```/d;p}' |
		sed "s|/usr/local/lib/coffer/coffer_sqlite|$EXTENSION|"
}
block sh | sed 's/ *# .*//' >commands
ok 'README.md has commands' [ "$(wc -l <commands)" -ge 6 ]
mkdir bin
ln -s "$COFFER" bin/coffer
while read -r line; do
	PATH=$PWD/bin:$PATH sh -c "$line" >.told/out 2>.told/err </dev/null
	code=$?
	case $code:$line:$(cat .told/out teams.csv 2>/dev/null) in
	0:*:?* | '0:coffer sql demo.coffer:') result "$line" yes ;;
	*) result "$line" no; told "exit $code: $(cat .told/out .told/err)" ;;
	esac
done <commands
block sql >session
host sqlite3 <session >out 2>&1
ok 'README.md in the sqlite3 shell' [ "$(sed 's/^2[0-9-]*|[0-9.]*$/DAY/' out | sort -u | tr '\n' ' ')" = '100 16 DAY ' ]
ok 'and no error' sh -c '! grep -i error out'
if [ -n "$PYTHON" ]; then
	block python >teams.py
	host "$PYTHON" teams.py >out 2>&1
	ok 'README.md in Python' sh -c '[ "$(wc -l <out)" = 2 ] && ! grep -v " [0-9.]*$" out'
	host "$PYTHON" - "$EXTENSION" >out 2>&1 <<'END'
import sqlite3, sys
db = sqlite3.connect(":memory:")
db.enable_load_extension(True)
db.load_extension(sys.argv[1])
db.enable_load_extension(False)
db.execute("SELECT coffer_attach(?, ?)", ("demo.coffer", "s"))
key, = db.execute("SELECT api_key FROM s.LiteLLM_SpendLogs ORDER BY request_id LIMIT 1").fetchone()
print(db.execute("SELECT count(*) > 0 FROM s.LiteLLM_SpendLogs WHERE api_key = ?", (key,)).fetchone()[0])
again = sqlite3.connect(":memory:")
again.enable_load_extension(True)
again.load_extension(sys.argv[1])
again.execute("SELECT coffer_attach('demo.coffer')")
db.close()
print(again.execute("SELECT count(*) FROM LiteLLM_SpendLogs").fetchone()[0])
END
	ok 'two connections of a process, one of them closed' [ "$(cat out)" = '1
300' ]
else
	result 'README.md in Python # SKIP no Python that loads extensions' yes
	result 'two connections # SKIP no Python that loads extensions' yes
fi

finish
