#!/bin/sh
# The commands of README.md's tour run as they stand there, and `make demo` ends well.
set -u
cd "$(dirname "$0")/../.." || exit 1
root=$PWD
COFFER=${COFFER:-$root/build/coffer}
PATH=$(dirname "$COFFER"):$PATH
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

for section in 'Look into' 'Ask what the gateway'; do
	sed -n "/^## $section/,/^## /p" README.md | sed -n '/^```sh$/,/^```$/{/^```/d;s/ *#.*//;p}'
done >"$scratch/tour"
count=$(wc -l <"$scratch/tour")
echo "1..$((count + 2))"
if [ "$count" -ge 14 ]; then echo "ok - the tour has $count commands"; else echo "not ok - the tour has $count commands"; fi

cd "$scratch" || exit 1
while read -r line; do
	case $line in
	*TEAM_ID*)
		team=$(coffer scan demo.coffer teamtable -n 1 -c team_id | sed 's/.*:"\(.*\)"}/\1/')
		line=$(printf '%s' "$line" | sed "s/TEAM_ID/$team/")
		;;
	esac
	if sh -c "$line" >output 2>&1 </dev/null && [ -s output ]; then
		echo "ok - $line"
	else
		echo "not ok - $line"
		sed 's/^/# /' output
	fi
done <tour

if DEMO_ROWS=1000 COFFER=$COFFER sh "$root/tools/demo.sh" >output 2>&1; then
	echo "ok - the demo"
else
	echo "not ok - the demo"
	sed 's/^/# /' output
fi
