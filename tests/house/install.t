#!/bin/sh
# `make install` into a folder: what stands there is enough to compile and run README.md's example,
# against the shared library and against the archive, and to run the command.
set -u
cd "$(dirname "$0")/../.." || exit 1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
flags=${SANITIZE:+-fsanitize=$SANITIZE}
echo 1..9

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

has_files()
{
	for file in bin/coffer lib/libcoffer.a lib/libcoffer.so lib/libcoffer.so.0 include/coffer.h \
		lib/pkgconfig/coffer.pc lib/coffer/coffer_sqlite.so share/man/man1/coffer.1 \
		share/bash-completion/completions/coffer; do
		[ -e "$scratch/root/usr/$file" ] || { echo "$file is missing"; return 1; }
	done
}

pkg()
{
	PKG_CONFIG_PATH=$scratch/root/usr/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$scratch/root \
		pkg-config "$@" coffer
}

# shellcheck disable=SC2046,SC2086 # Flags, one word each.
compile()
{
	"${CC:-cc}" $flags -std=c11 -Wall -Wextra -Werror -o "$scratch/teams" "$scratch/teams.c" $(pkg --cflags --libs)
}

# shellcheck disable=SC2046,SC2086 # Flags, one word each.
compile_archive()
{
	"${CC:-cc}" $flags -std=c11 -o "$scratch/teams-archive" "$scratch/teams.c" $(pkg --cflags) \
		"$scratch/root/usr/lib/libcoffer.a" $(pkg-config --libs lmdb msgpack libxxhash libsodium libzstd) -lm
}

# In the folder that pkg-config names, as the host's sqlite3 finds it.
loads()
{
	extension=$(pkg --variable=sqlite_extension)
	[ -e "$extension" ] || extension=$scratch/root$extension
	LD_PRELOAD=${SANITIZE:+$("${CC:-cc}" -print-file-name=libasan.so)} ASAN_OPTIONS=detect_leaks=0 \
		sqlite3 :memory: ".load ${extension%.so}" "SELECT coffer_attach('$scratch/demo.coffer')"
}

names_teams()
{
	"$@" "$scratch/demo.coffer" >"$scratch/teams.txt" && grep -q '^[^	]*	[0-9][0-9.]*$' "$scratch/teams.txt"
}

# The same variables as for the build under test, without its job server.
MAKEFLAGS=$(printf '%s' "${MAKEFLAGS:-}" | sed 's/ *--jobserver-[a-z]*=[^ ]*//g; s/ *-j[0-9]*//g')
export MAKEFLAGS
sed -n '/^```c$/,/^```$/{/^```/d;p}' README.md >"$scratch/teams.c"
check "make install" make --no-print-directory BUILD="${BUILD:-build}" CC="${CC:-cc}" \
	SANITIZE="${SANITIZE:-}" DESTDIR="$scratch/root" PREFIX=/usr install
check "everything is there" has_files
check "the command runs" "$scratch/root/usr/bin/coffer" generate "$scratch/demo.coffer" --rows 500 --seed 1
check "the example compiles" compile
check "and runs" names_teams env LD_LIBRARY_PATH="$scratch/root/usr/lib" "$scratch/teams"
check "the example compiles with the archive" compile_archive
check "and runs so" names_teams "$scratch/teams-archive"
check "its output is the same" sh -c "'$scratch/teams-archive' '$scratch/demo.coffer' | cmp - '$scratch/teams.txt'"
check "the extension loads" loads
