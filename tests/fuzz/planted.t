#!/bin/sh
# A harness that cannot fail proves nothing: with a bug planted, the corpus of its target fails.
set -u
cd "$(dirname "$0")/../.."
BUILD=${BUILD:-build}
CC=${CC:-cc}
work=$(mktemp -d "${TMPDIR:-/tmp}/planted.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
libraries=$(pkg-config --libs lmdb msgpack libxxhash libsodium libzstd libpq sqlite3)
number=0

# plant TARGET: a build of it whose sources have the bug; false when there is nothing to plant any more.
plant()
{
	source=$(sed -n '1s/^# \([^:]*\):.*/\1/p' "fuzz/planted/$1.sed")
	sed -f "fuzz/planted/$1.sed" "$source" >"$work/${source##*/}"
	cmp -s "$source" "$work/${source##*/}" && return 1
	# shellcheck disable=SC2046,SC2086 # Flags, one word each.
	$CC -std=c11 -D_GNU_SOURCE -I. -Isrc -I"$(dirname "$source")" $(pkg-config --cflags libpq) -O1 \
		${SANITIZE:+-fsanitize=$SANITIZE} -o "$work/$1" "$BUILD/fuzz/$1.o" "$BUILD/fuzz/driver.o" \
		"$work/${source##*/}" "$BUILD/fuzz/support.a" "$BUILD/libcoffer-sql.a" "$BUILD/libcoffer-postgres.a" "$BUILD/libcoffer-transfer.a" \
		"$BUILD/libcoffer.a" $libraries -lm >"$work/log" 2>&1
}

for planted in fuzz/planted/*.sed; do
	target=$(basename "$planted" .sed)
	number=$((number + 1))
	if ! plant "$target"; then
		echo "not ok $number - $target: the bug cannot be planted"
		sed 's/^/# /' "$work/log" 2>/dev/null | tail -n 20
	elif "$work/$target" "fuzz/corpus/$target" >"$work/log" 2>&1; then
		echo "not ok $number - $target: the bug was not noticed"
	else
		echo "ok $number - $target: the bug was noticed"
	fi
	rm -f "$work/log"
done
echo "1..$number"
