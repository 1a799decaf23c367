#!/bin/sh
# A sample of the mutants that `make check-mutants` has all of: every kind, and some lengths, bytes and bits.
set -u
mutants=${BUILD:-build}/tests/mutants/mutants
number=0

# Its one result under this file's next number, after what it says.
part() {
	number=$((number + 1))
	"$mutants" "$@" | sed -e '/^1\.\.1$/d' -e "s/^\(not ok\|ok\) 1 - /\1 $number - /"
}

count=900
[ -z "${SANITIZE:-}" ] || count=500
MUTANTS_COUNT=${MUTANTS_COUNT:-$count} part
MUTANTS_STEP=${MUTANTS_STEP:-199} part each

# A kind and a seed stand for one mutant: it is the same wherever it is used. Memory is not: threads take theirs when they come.
alone() {
	"$mutants" leaf-key 7 | sed '/^memory:/d'
}
number=$((number + 1))
if [ "$(alone)" = "$(alone)" ]; then
	echo "ok $number - one mutant is used alone, and again"
else
	echo "not ok $number - a mutant is another one the second time"
fi
echo "1..$number"
