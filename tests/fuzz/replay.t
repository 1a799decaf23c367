#!/bin/sh
# Every input in fuzz/corpus/ holds its target's property; the canary's does not, and that is seen.
set -u
cd "$(dirname "$0")/../.."
number=0

for source in fuzz/*.c; do
	target=$(basename "$source" .c)
	[ "$target" != driver ] || continue
	number=$((number + 1))
	log=${TMPDIR:-/tmp}/replay-$target.$$
	"${BUILD:-build}/fuzz/$target" "fuzz/corpus/$target" >"$log" 2>&1
	status=$?
	case $target:$status in
	canary:0) echo "not ok $number - the canary was not noticed" ;;
	canary:* | *:0) echo "ok $number - $target: $(grep -c / "$log") inputs" ;;
	*)
		echo "not ok $number - $target"
		tail -n 30 "$log" | sed 's/^/# /'
		;;
	esac
	rm -f "$log"
done
echo "1..$number"
