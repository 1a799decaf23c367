#!/bin/sh
# Every target for an outside fuzzing service, in the manner of OSS-Fuzz: CC, CFLAGS and LIB_FUZZING_ENGINE say how, OUT takes
# the programs, their seed corpora (TARGET_seed_corpus.zip) and dictionaries (TARGET.dict).
#
#	CC=clang CFLAGS='-O1 -g -fsanitize=address,fuzzer-no-link' LIB_FUZZING_ENGINE=-fsanitize=fuzzer OUT=/out sh fuzz/build.sh
#
# Without LIB_FUZZING_ENGINE the targets get the driver that replays files, which AFL++ runs as TARGET @@.
set -eu
cd "$(dirname "$0")/.."
CC=${CC:-clang}
CFLAGS=${CFLAGS:--O1 -g}
OUT=${OUT:?says where the programs go}
engine=${LIB_FUZZING_ENGINE:-}
work=${WORK:-build/fuzz-service}

mkdir -p "$OUT"
make --no-print-directory -j"$(nproc)" CC="$CC" CFLAGS="$CFLAGS" BUILD="$work" "$work/libcoffer.a" \
	"$work/libcoffer-transfer.a" "$work/libcoffer-postgres.a" "$work/libcoffer-sql.a" "$work/fuzz/support.a"
for source in fuzz/*.c; do
	target=$(basename "$source" .c)
	[ "$target" != driver ] || continue
	make --no-print-directory CC="$CC" CFLAGS="$CFLAGS" BUILD="$work" "$work/fuzz/$target.o" "$work/fuzz/driver.o"
	# shellcheck disable=SC2046,SC2086 # Flags, one word each.
	$CC $CFLAGS -o "$OUT/$target" "$work/fuzz/$target.o" ${engine:-"$work/fuzz/driver.o"} \
		"$work/fuzz/support.a" "$work/libcoffer-sql.a" "$work/libcoffer-postgres.a" "$work/libcoffer-transfer.a" "$work/libcoffer.a" \
		$(pkg-config --libs lmdb msgpack libxxhash libsodium libzstd libpq sqlite3) -lm
	if [ -d "fuzz/corpus/$target" ] && command -v zip >/dev/null; then
		rm -f "$OUT/${target}_seed_corpus.zip"
		zip -q -j "$OUT/${target}_seed_corpus.zip" "fuzz/corpus/$target"/*
	fi
	[ ! -f "fuzz/dictionary/$target.dict" ] || cp "fuzz/dictionary/$target.dict" "$OUT"
done
