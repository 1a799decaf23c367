#!/bin/sh
# The static binary needs no library, reads and verifies stores as the other one does, and says that it
# has no Postgres in it.
set -u
static=${BUILD:-build}/coffer-static
[ -z "${SANITIZE:-}" ] || { echo "1..0 # SKIP sanitizers have no static form"; exit 0; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
echo 1..13

check()
{
	name=$1
	shift
	if "$@" >"$scratch/output" 2>&1; then
		echo "ok - $name"
	else
		echo "not ok - $name"
		sed 's/^/# /' "$scratch/output"
	fi
}

has_no_library()
{
	! readelf -d "$static" | grep NEEDED
}

has_no_postgres()
{
	"$static" import host=/nowhere "$scratch/imported.coffer"
	[ $? -ne 0 ] && [ ! -e "$scratch/imported.coffer" ] && grep -q -i postgres "$scratch/output"
}

counts()
{
	[ "$("$static" sql "$scratch/demo.coffer" --mode table --header off 'SELECT count(*) FROM LiteLLM_SpendLogs')" = ' 500' ]
}

# At a prompt without editing.
prompts()
{
	TERM=dumb python3 tests/cli/terminal.py "$static" sql "$scratch/demo.coffer" <<-'END'
		< coffer>
		> SELECT 1 +\n
		<    ...>
		> \x03
		< \r\ncoffer>
		> SELECT 2 AS two;\n
		<  two\r\n-----\r\n   2\r\n
		< coffer>
		> \x04
		exit 0
	END
}

check "it needs no shared library" has_no_library
check "it generates" "$static" generate "$scratch/demo.coffer" --rows 500 --seed 1
"${COFFER:-build/coffer}" generate "$scratch/other.coffer" --rows 500 --seed 1 >/dev/null 2>&1
check "the same bytes as the other one" cmp "$scratch/demo.coffer" "$scratch/other.coffer"
check "it verifies" "$static" verify "$scratch/demo.coffer"
check "it says that it has no Postgres" has_no_postgres
check "it exports into a folder" "$static" export "$scratch/demo.coffer" "$scratch/books/"
check "and imports from one" "$static" import "$scratch/books" "$scratch/imported.coffer"
check "the same" "$static" diff "$scratch/demo.coffer" "$scratch/imported.coffer"
check "it exports as SQL" "$static" export "$scratch/demo.coffer" "$scratch/demo.sql"
check "and imports a dump" "$static" import "$scratch/demo.sql" "$scratch/dumped.coffer"
check "the same" "$static" diff "$scratch/demo.coffer" "$scratch/dumped.coffer"
check "it answers questions in SQL" counts
check "at a prompt too" prompts
