#!/bin/sh
# Fuzz one target with AFL++: fuzz/afl.sh TARGET [SECONDS]. Everything goes to build/afl; what breaks is in
# build/afl/TARGET/default/crashes. A finding belongs into fuzz/corpus/TARGET with the commit that mends it.
set -eu
cd "$(dirname "$0")/.."
target=${1:-}
if [ -z "$target" ] || [ ! -f "fuzz/$target.c" ] || [ "$target" = driver ]; then
	echo "usage: fuzz/afl.sh TARGET [SECONDS]" >&2
	exit 2
fi
build=build/afl
compiler=$(command -v afl-clang-fast || command -v afl-gcc-fast || command -v afl-gcc) || {
	echo "afl.sh: needs AFL++ (Debian's package afl++)" >&2
	exit 1
}
make --no-print-directory -j"$(nproc)" CC="$compiler" CFLAGS='-O1 -g' BUILD="$build" "$build/fuzz/$target"
set -- -V "${2:-60}" -i "fuzz/corpus/$target" -o "$build/$target" -t 1000
[ ! -f "fuzz/dictionary/$target.dict" ] || set -- "$@" -x "fuzz/dictionary/$target.dict"
rm -rf "$build/$target"
export AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1 AFL_IGNORE_SEED_PROBLEMS=1
exec afl-fuzz "$@" -- "$build/fuzz/$target" @@
