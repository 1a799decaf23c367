#!/bin/sh
# Fuzz one target with libFuzzer: fuzz/run.sh [TARGET]. BUILD is a build folder of its own,
# SECONDS_MAX the time. New inputs go to BUILD/corpus/TARGET, what breaks to BUILD/TARGET-*; nothing in the
# checkout changes. A finding belongs into fuzz/corpus/TARGET with the commit that mends it.
set -eu
cd "$(dirname "$0")/.."
target=${1:-}
if [ -z "$target" ] || [ ! -f "fuzz/$target.c" ] || [ "$target" = driver ]; then
	echo "usage: make fuzz TARGET=... SECONDS=...; the targets:"
	for source in fuzz/*.c; do
		[ "$source" = fuzz/driver.c ] || basename "$source" .c
	done
	exit 2
fi >&2

sanitizers=address,undefined
flags="-O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all -fsanitize=$sanitizers"
make --no-print-directory -j"$(nproc)" CC=clang CFLAGS="$flags,fuzzer-no-link" BUILD="$BUILD" \
	"$BUILD/libcoffer.a" "$BUILD/libcoffer-transfer.a" "$BUILD/libcoffer-postgres.a" "$BUILD/libcoffer-sql.a" \
	"$BUILD/fuzz/support.a" "$BUILD/fuzz/$target.o"
# shellcheck disable=SC2046,SC2086 # Flags, one word each.
clang $flags,fuzzer -o "$BUILD/$target" "$BUILD/fuzz/$target.o" "$BUILD/fuzz/support.a" "$BUILD/libcoffer-sql.a" \
	"$BUILD/libcoffer-postgres.a" "$BUILD/libcoffer-transfer.a" \
	"$BUILD/libcoffer.a" $(pkg-config --libs lmdb msgpack libxxhash libsodium libzstd libpq sqlite3) -lm
mkdir -p "$BUILD/corpus/$target"
dictionary=
[ ! -f "fuzz/dictionary/$target.dict" ] || dictionary=-dict=fuzz/dictionary/$target.dict
# shellcheck disable=SC2086 # One word or none.
exec "$BUILD/$target" $dictionary -max_total_time="${SECONDS_MAX:-60}" -timeout=10 -rss_limit_mb=2048 \
	-artifact_prefix="$BUILD/$target-" -print_final_stats=1 "$BUILD/corpus/$target" \
	"fuzz/corpus/$target"
