#!/bin/sh
# What `make bench` makes of figures: ratios, marks met and missed, what was left out, README's table, the pictures.
set -u
cd "$(dirname "$0")/../.." || exit 1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
number=0
failed=0

# has NAME FILE LINE: the file has this very line.
has()
{
	number=$((number + 1))
	if grep -qxF -- "$3" "$2"; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
		sed 's/^/# /' "$2"
		failed=1
	fi
}
# is NAME COMMAND...
is()
{
	is_name=$1
	shift
	number=$((number + 1))
	if "$@"; then echo "ok $number - $is_name"; else echo "not ok $number - $is_name"; failed=1; fi
}
fields() { printf '%s' "$*" | tr ' ' '\t'; }
figure() { fields "$@" && echo; }

{
	figure 1000 pull postgres wall 200000 rows/s
	figure 1000 pull coffer wall 180000 rows/s
	figure 1000 pull coffer cpu 400000 rows/s
	figure 1000 size-older postgres - 1000 MiB
	figure 1000 size-older coffer - 340 MiB
	figure 1000 get-all lmdb cpu 1000000 /s
	figure 1000 get-all coffer cpu 400000 /s
	figure 1000 get-all lmdb wall 500000 /s
	figure 1000 get-all coffer wall 250000 /s
	figure 1000 open-row lmdb cpu 20 us
	figure 1000 open-row coffer cpu 30 us
	figure 1000 verify sqlite wall 1000 rows/s
	figure 1000 verify coffer wall 8000 rows/s
	figure 1000 sql-get sqlite cpu 10 us
	figure 1000 sql-get coffer cpu 5 us
	figure 1000 commit-100 sqlite wall 1000 /s
	figure 1000 commit-100 coffer wall 1900 /s
	figure 1000 commit-100 coffer - 2.1 ratio
	figure 1000 spend duckdb wall 20000 us
	figure 5000 memory coffer - 310 MiB
	figure 5000 verify sqlite wall 1000 rows/s
	figure 5000 verify coffer wall 2000 rows/s
} >"$scratch/figures"
printf 'DuckDB\tnpm is not installed\n' >"$scratch/left"
table() { awk -f tests/bench/table.awk tests/bench/rows "$1" "$scratch/left"; }

table "$scratch/figures" >"$scratch/table"
is "figures make a table" test -s "$scratch/table"
table "$scratch/figures" | cut -f 2,11,16 >"$scratch/short"
has "faster than it must be" "$scratch/short" "$(printf 'pull from Postgres, all indexes, synced\t0.90\tmet')"
has "smaller than it should be" "$scratch/short" "$(printf 'store size, older rows, all tables\t0.34\tmet, aim too')"
has "slower than it must be" "$scratch/short" "$(printf 'get, verified, all columns\t0.40\tMISSED')"
has "by the other clock" "$scratch/table" \
	"$(printf '1000\tget, verified, all columns\t/s\t400 k\t-\t1.00 M\t-\t-\t-\tcpu\t0.40\tlmdb\t0.50\t0.5\t0.75\tMISSED\t250 k')"
has "at most so many times as long" "$scratch/short" "$(printf "open a stranger's file, read one row\t1.50\tmet")"
has "as fast as it should be" "$scratch/short" "$(printf 'verify, everything both ways\t8.00\tmet, aim too')"
has "times are turned into speed" "$scratch/short" "$(printf 'SQL: a log by its key, all columns\t2.00\tmet')"
has "and judged at each size" "$scratch/short" "$(printf 'verify, everything both ways\t2.00\tMISSED')"
has "the median of rounds' ratios" "$scratch/short" "$(printf '100 rows a commit, durable\t2.10\tmet, aim too')"
has "without coffer's figure no mark" "$scratch/short" "$(printf 'spend by day and model, all logs\t-\t-')"
has "an amount" "$scratch/short" "$(printf 'import, anonymous memory\t-\tMISSED')"
has "what was left out" "$scratch/table" "$(printf -- '-\tleft out: DuckDB: npm is not installed')"

figure 1000 nothing coffer cpu 1 s >"$scratch/unknown"
is "a figure without a row is refused" sh -c '! awk -f tests/bench/table.awk tests/bench/rows "$1" /dev/null >/dev/null 2>&1' sh "$scratch/unknown"

mkdir -p "$scratch/copy/tests" "$scratch/results"
cp -R tests/bench "$scratch/copy/tests/bench"
cp README.md "$scratch/copy/README.md"
cp "$scratch/figures" "$scratch/results/figures.tsv"
cp "$scratch/left" "$scratch/results/left.tsv"
is "results are published" sh "$scratch/copy/tests/bench/publish.sh" "$scratch/results"
is "twice the same" sh -c 'cp "$1/README.md" "$1/before" && sh "$1/tests/bench/publish.sh" "$2" && cmp -s "$1/README.md" "$1/before"' \
	sh "$scratch/copy" "$scratch/results"
is "what stands around it stays" sh -c 'sed "/^<!-- measured: /,/^<!-- measured end/d" README.md >"$2/a" &&
	sed "/^<!-- measured: /,/^<!-- measured end/d" "$1/README.md" | cmp -s - "$2/a"' sh "$scratch/copy" "$scratch"
is "the pictures are XML" python3 -c 'import sys, xml.dom.minidom as m
for name in sys.argv[1:]: m.parse(name)' "$scratch/copy/tests/bench/measured.svg" "$scratch/copy/tests/bench/growth.svg"
sed -n '/^<!-- measured: /,/^<!-- measured end/p' "$scratch/copy/README.md" >"$scratch/head"
has "README says what was missed" "$scratch/head" \
	'| import, anonymous memory, 5,000 rows | 310 MiB |  |  | **missed** (300, aim 150) |'
has "and what was left out" "$scratch/head" 'Left out: DuckDB: npm is not installed.'
echo "1..$number"
exit "$failed"
