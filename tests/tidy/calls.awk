# calls.awk FILE...: banned names, outside comments and strings.
#
# Never: calls that cannot be bounded, that guess, or that keep state of their own. In the library
# (format/ and src/): whatever prints, ends the process or changes it for its caller.

function ban(set, names,    list, count, i) {
	count = split(names, list, " ")
	for (i = 1; i <= count; i++)
		set[list[i]] = 1
}

BEGIN {
	ban(never, "gets strcpy strcat sprintf vsprintf stpcpy strncpy strtok")
	ban(never, "atoi atol atoll atof sscanf fscanf scanf alloca rand srand tmpnam mktemp")
	ban(never, "setjmp longjmp")
	ban(library, "printf vprintf puts putchar perror exit _exit _Exit quick_exit abort atexit")
	ban(library, "signal sigaction setlocale uselocale setenv putenv unsetenv system popen chdir")
	ban(library, "umask stdout stderr")
	ban(library, "MDB_WRITEMAP msgpack_unpack_next msgpack_unpacker_next msgpack_unpacker_init")
}

FNR == 1 {
	in_comment = 0
	is_library = FILENAME ~ /^(format|src)\//
}

/(TODO|FIXME)/ {
	print FILENAME ":" FNR ": unfinished"
}

{
	line = $0
	if (!in_comment && /^        +[^ *]/)
		print FILENAME ":" FNR ": indented by spaces"
	gsub(/\\./, "", line)
	gsub(/"[^"]*"/, "\"\"", line)
	if (in_comment) {
		if (!sub(/^.*\*\//, "", line))
			next
		in_comment = 0
	}
	gsub(/\/\*([^*]|\*[^\/])*\*\//, "", line)
	if (sub(/\/\*.*$/, "", line))
		in_comment = 1
	if (line ~ /^[ \t]*#[ \t]*include|__attribute__/)
		next
	gsub(/(->|\.)[A-Za-z_0-9]+/, "", line)
	count = split(line, words, /[^A-Za-z_0-9]+/)
	for (i = 1; i <= count; i++) {
		if (words[i] in never)
			print FILENAME ":" FNR ": " words[i] " is banned"
		else if (is_library && words[i] in library)
			print FILENAME ":" FNR ": " words[i] " is banned in the library"
	}
}
