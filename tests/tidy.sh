#!/bin/sh
# Rules that a compiler does not check: tidy.sh [--quick] [FOLDER]. Prints each breach as
# "file:line: what" and fails if there is one; silent about what is in order.
#
# --quick leaves out clang-tidy and cppcheck. SHARED names the shared library whose exported names are
# held against coffer.h, when given; JOBS how much to run at once. The self-test is tests/house/tidy.t.
# shellcheck disable=SC2086,SC2016 # Lists of files, one word each; awk programs.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
quick=
[ "${1:-}" = --quick ] && quick=yes && shift
[ -z "${SHARED:-}" ] || SHARED=$(cd "$(dirname "$SHARED")" && pwd)/${SHARED##*/}
cd "${1:-$here/..}"

breaches=$(mktemp)
trap 'rm -f "$breaches" "$breaches".*' EXIT

code=$(find format src tools tests fuzz -name '*.[ch]' 2>/dev/null | sort)
texts=$(find . \( -name .git -o -name build -o -name corpus -o -name files \) -prune -o -type f \
	\( -name '*.[ch]' -o -name '*.sh' -o -name '*.t' -o -name '*.awk' -o -name '*.md' \
	-o -name '*.py' -o -name '*.sql' -o -name '*.prisma' -o -name '*.scd' -o -name Makefile \
	-o -name setup -o -name LAYERS \) -print | sed 's|^\./||' | sort)

# report NAME COMMAND...: each line that the command prints is a breach, and so is its failure.
report()
{
	check=$1
	shift
	"$@" >"$breaches.found" || echo "tidy.sh:1: $check could not run" >>"$breaches.found"
	sed "s/\$/ [$check]/" "$breaches.found" >>"$breaches"
}

# Every #include against src/LAYERS.
check_layers()
{
	report layers awk -f "$here/tidy/layers.awk" src/LAYERS $code
}

# Calls that are never safe, and calls that a library must not make.
check_calls()
{
	report calls awk -f "$here/tidy/calls.awk" $code
}

# Length of functions, an opening comment, no goto but to `done`.
check_shape()
{
	report shape awk -f "$here/tidy/shape.awk" $code
}

check_spaces()
{
	report spaces awk '/[ \t]$/ { print FILENAME ":" FNR ": space at the end of the line" }' $texts
}

# "SPEC.md 4.3" in code must be a heading of SPEC.md.
check_links()
{
	report links awk -f "$here/tidy/links.awk" SPEC.md $code
}

# The shared library exports what coffer.h marks COFFER_API and nothing else.
check_exports()
{
	tr '\n' ' ' <src/coffer.h | sed 's|/\*|\n&|g; s|\*/|&\n|g' | grep -v '^/\*' |
		tr '\n' ' ' | grep -o 'COFFER_API [^();]*(' | grep -o 'coffer_[a-z0-9_]*($' |
		tr -d '(' | sort >"$breaches.declared"
	nm -D --defined-only "$SHARED" | awk '{ print $3 }' | sort >"$breaches.exported"
	comm -23 "$breaches.declared" "$breaches.exported" >"$breaches.missing"
	comm -13 "$breaches.declared" "$breaches.exported" >"$breaches.extra"
	report exports sed 's/.*/src\/coffer.h:1: & is declared and not exported/' "$breaches.missing"
	report exports sed 's/.*/src\/coffer.h:1: & is exported and not declared/' "$breaches.extra"
}

run_clang_tidy()
{
	command -v clang-tidy >/dev/null || { report clang-tidy false; return; }
	# error.c defines what the included header wraps.
	flags="-std=c11 -D_GNU_SOURCE -I. -Isrc -include $here/tidy/analyzer.h $(pkg-config --cflags libpq)"
	find format src tools fuzz -name '*.c' ! -name error.c | sort | FLAGS=$flags xargs -P "${JOBS:-2}" -n 4 sh -c \
		'clang-tidy --quiet "$@" -- $FLAGS 2>/dev/null' tidy >"$breaches.clang" || :
	report clang-tidy awk -v folder="$PWD/" \
		'/(warning|error):/ { sub(folder, ""); if (!seen[$0]++) print }' "$breaches.clang"
}

run_cppcheck()
{
	report cppcheck cppcheck -q -j "${JOBS:-2}" --std=c11 --enable=warning,performance,portability \
		--inline-suppr --suppress=missingIncludeSystem -D_GNU_SOURCE -I. -Isrc \
		--template='{file}:{line}: {message} ({id})' --output-file="$breaches.cppcheck" format src tools fuzz
	report cppcheck cat "$breaches.cppcheck"
}

check_layers
check_calls
check_shape
check_spaces
check_links
[ -z "${SHARED:-}" ] || check_exports
if [ -z "$quick" ]; then
	run_clang_tidy
	run_cppcheck
fi

cat "$breaches"
if [ -s "$breaches" ]; then
	echo "tidy: $(wc -l <"$breaches") breaches"
	exit 1
fi
echo "tidy: nothing found"
