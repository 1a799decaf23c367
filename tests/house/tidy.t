#!/bin/sh
# The rules of tests/tidy.sh hold here, and each of them notices a planted breach.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
echo 1..20

ok()
{
	echo "ok - $1"
}

not_ok()
{
	echo "not ok - $1"
	sed 's/^/# /' "$scratch/output"
}

# A small tree that has nothing wrong.
make_clean_tree()
{
	rm -rf "$scratch/tree"
	mkdir -p "$scratch/tree/src/base" "$scratch/tree/src/store" "$scratch/tree/format" \
		"$scratch/tree/tools" "$scratch/tree/fuzz" "$scratch/tree/tests"
	cp "$root/src/LAYERS" "$scratch/tree/src/"
	printf '# Format\n\n## 4.2 Records\n' >"$scratch/tree/SPEC.md"
	cat >"$scratch/tree/src/coffer.h" <<-'C'
		/* The API. COFFER_API coffer_status coffer_said(void) is no declaration. */
		#define COFFER_API __attribute__((visibility("default")))
		COFFER_API int
		coffer_one(void);
	C
	cat >"$scratch/tree/src/base/one.c" <<-'C'
		/* One. SPEC.md 4.2. It may say printf, "strcpy" and sprintf( in a comment. */
		#include "coffer.h"

		int
		coffer_one(void)
		{
			return "strcpy(a, b)"[0];
		}
	C
}

# plant NAME EXPECTED FILE: standard input is put in FILE of the clean tree.
plant()
{
	make_clean_tree
	cat >"$scratch/tree/$3"
	if SHARED='' sh "$root/tests/tidy.sh" --quick "$scratch/tree" >"$scratch/output" 2>&1; then
		not_ok "$1: passed"
	elif grep -q -F "$2" "$scratch/output" && [ "$(wc -l <"$scratch/output")" -eq 2 ]; then
		ok "$1"
	else
		not_ok "$1"
	fi
}

plant_line()
{
	printf '/* Planted. */\n%s\n' "$4" | plant "$1" "$2" "$3"
}

# exports NAME EXPECTED SOURCE [HEADER]: a shared library of the clean tree with more text in its source
# and its header.
exports()
{
	make_clean_tree
	printf '%s\n' "$3" >>"$scratch/tree/src/base/one.c"
	printf '%s\n' "${4:-}" >>"$scratch/tree/src/coffer.h"
	${CC:-cc} -shared -fPIC -fvisibility=hidden -I"$scratch/tree/src" -o "$scratch/one.so" \
		"$scratch/tree/src/base/one.c"
	SHARED=$scratch/one.so sh "$root/tests/tidy.sh" --quick "$scratch/tree" >"$scratch/output" 2>&1
	if grep -q -F "$2" "$scratch/output"; then ok "$1"; else not_ok "$1"; fi
}

make_clean_tree
if SHARED='' sh "$root/tests/tidy.sh" --quick "$scratch/tree" >"$scratch/output" 2>&1; then
	ok "a clean tree passes"
else
	not_ok "a clean tree passes"
fi

plant_line "an include of a higher layer" 'base.c:2: base may not include "store/a.h" [layers]' \
	src/base/base.c '#include "store/a.h"'
plant_line "lmdb.h outside disk" 'a.c:2: store may not include <lmdb.h> [layers]' \
	src/store/a.c '#include <lmdb.h>'
plant_line "libpq-fe.h outside postgres" 'a.c:2: tools may not include <libpq-fe.h> [layers]' \
	tools/a.c '#include <libpq-fe.h>'
plant_line "an internal header in tools" 'a.c:2: tools may not include "base/arena.h" [layers]' \
	tools/a.c '#include "base/arena.h"'
plant_line "strcpy" 'a.c:2: strcpy is banned [calls]' tools/a.c 'int a = strcpy(b, c);'
plant_line "a call behind a comment" 'a.c:2: gets is banned [calls]' tools/a.c '/* x */ gets(b); /* y'
plant_line "printing in the library" 'a.c:2: printf is banned in the library [calls]' \
	src/base/a.c 'static void a(void) { printf("a"); }'
plant_line "abort in the library" 'a.c:2: abort is banned in the library [calls]' \
	format/a.c 'static void a(void) { abort(); }'
plant_line "a note to finish it" 'a.c:2: unfinished [calls]' src/base/a.c '/* FIX''ME: later. */'
plant_line "spaces for a tab" 'a.c:2: indented by spaces [calls]' src/base/a.c '        int a;'
plant_line "a space at the end" 'a.c:2: space at the end of the line [spaces]' src/base/a.c 'int a; '
plant_line "a link to nowhere" 'a.c:2: SPEC.md has no section 4.7 [links]' \
	src/base/a.c '/* SPEC.md 4.2 and 4.7. */'
plant_line "a goto elsewhere" 'a.c:2: goto to another label than done [shape]' \
	src/base/a.c '	goto out;'
printf 'int a;\n' | plant "no opening comment" 'a.c:1: no opening comment [shape]' src/base/a.c
{
	printf '/* Long. */\nint\na(void)\n{\n'
	yes '	a();' | head -n 71
	printf '}\n'
} | plant "a function of 71 lines" 'a.c:4: a function of 71 lines, at most 70 [shape]' src/base/a.c
exports "the exported names are right" 'tidy: nothing found' ''
exports "a name that is exported" 'coffer_two is exported and not declared [exports]' \
	'__attribute__((visibility("default"))) int coffer_two(void) { return 2; }'
exports "a name that is not exported" 'coffer_three is declared and not exported [exports]' \
	'' 'COFFER_API int coffer_three(void);'
shared=
[ -n "${SANITIZE:-}" ] || shared=${BUILD:-$root/build}/libcoffer.so.0
if SHARED=$shared sh "$root/tests/tidy.sh" --quick "$root" >"$scratch/output" 2>&1; then
	ok "coffer itself"
else
	not_ok "coffer itself"
fi
