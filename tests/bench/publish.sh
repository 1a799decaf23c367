#!/bin/sh
# Make what README.md shows of a bench from its results: sh tests/bench/publish.sh [RESULTS]
#
# RESULTS is the folder that `make bench` wrote (build/bench). Kept in the repository: measured.tsv, the table, and
# measured.svg, the picture, beside this script, growth.svg where several numbers of rows were measured, and README's table
# between its two marks.
set -e
here=$(cd "$(dirname "$0")" && pwd)
results=${1:-build/bench}
readme=$here/../../README.md
table=$here/measured.tsv

awk -f "$here/table.awk" "$here/rows" "$results/figures.tsv" "$results/left.tsv" >"$table.part"
mv "$table.part" "$table"
awk -F '\t' -f "$here/plot.awk" "$table" >"$here/measured.svg"
awk -F '\t' -f "$here/headline.awk" "$table" >"$table.head"
rm -f "$here/growth.svg"
if grep -q growth.svg "$table.head"; then
	awk -F '\t' -f "$here/growth.awk" "$table" >"$here/growth.svg"
fi
awk -v head="$table.head" '
	/^<!-- measured: / { print; while ((getline line <head) > 0) print line; inside = 1; done = 1 }
	/^<!-- measured end -->/ { inside = 0 }
	!inside { if (!/^<!-- measured: /) print }
	END { exit !done || inside }' "$readme" >"$readme.part" || { rm -f "$readme.part" "$table.head"; echo "publish: README.md has no marks" >&2; exit 1; }
mv "$readme.part" "$readme"
rm -f "$table.head"
