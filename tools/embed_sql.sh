#!/bin/sh
# Turn files of SQL into a C table of texts: sh tools/embed_sql.sh NAME FILE... >>TABLE.c defines
# `const struct coffer_sql_text NAME[]`, a line a file, called by its name without folder and .sql; a NULL name ends it.
set -eu

[ $# -ge 2 ] || { echo "usage: sh tools/embed_sql.sh NAME FILE..." >&2; exit 2; }
table=$1
shift
printf '/* Made from %s by tools/embed_sql.sh. */\n#include "sql/template.h"\n\n' "$(dirname "$1")"
printf 'const struct coffer_sql_text %s[] = {\n' "$table"
for file; do
	printf '\t{"%s",\n' "$(basename "$file" .sql)"
	sed 's/[\\"]/\\&/g; s/.*/\t "&\\n"/' "$file"
	printf '\t},\n'
done
printf '\t{0},\n};\n'
