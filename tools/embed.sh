#!/bin/sh
# Write a text file as a C array on standard output: embed.sh NAME FILE defines
# `const char NAME[]`, NUL-terminated, and `const size_t NAME_size`, its length without the NUL.
set -eu
name=$1
file=$2

cat <<HEAD
/* Made from $file by tools/embed.sh. */
#include <stddef.h>

extern const char $name[];
extern const size_t ${name}_size;

const char $name[] = {
HEAD
od -An -v -td1 "$file" | sed 's/  */ /g; s/^ //; s/ /, /g; s/$/,/'
cat <<TAIL
0};

const size_t ${name}_size = sizeof($name) - 1;
TAIL
