#!/bin/sh
# Turn a file into a C source with its bytes: sh tools/embed.sh NAME FILE >NAME.c
# defines `const char NAME[]`, NUL-terminated, and `const size_t NAME_size` without the NUL.
set -eu

if [ $# -ne 2 ] || [ ! -r "$2" ]; then
	echo "usage: sh tools/embed.sh NAME FILE" >&2
	exit 2
fi
printf '/* Made from %s by tools/embed.sh. */\n#include <stddef.h>\n\n' "$2"
printf 'extern const char %s[];\nextern const size_t %s_size;\n\n' "$1" "$1"
printf 'const char %s[] = {\n' "$1"
LC_ALL=C od -An -v -to1 "$2" | LC_ALL=C awk '
	{
		line = "\t"
		for (i = 1; i <= NF; i++)
			line = line "'\''\\" $i "'\'',"
		print line
		size += NF
	}
	END { printf "\t0,\n};\n\nconst size_t '"$1"'_size = %d;\n", size }'
