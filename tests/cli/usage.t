#!/bin/sh
# Wrong use: one line that says what, a hint, exit code 2, nothing on standard output.
# shellcheck source=tests/cli/tap.sh
. tests/cli/tap.sh

# refused NAME COMMAND MESSAGE WORDS...
refused()
{
	refused_name=$1 refused_command=$2 message=$3
	shift 3
	is "$refused_name" 2 '' "coffer: $refused_command: $message
Try 'coffer help $refused_command'." "$@"
}

is 'no command' 2 '' "coffer: which command?
Try 'coffer help'."
is 'an unknown command' 2 '' "coffer: unknown command 'frobnicate'
Try 'coffer help'." frobnicate
is 'a mistyped command' 2 '' "coffer: unknown command 'improt', did you mean 'import'?
Try 'coffer help'." improt
is 'an option in front of the command' 2 '' "coffer: unknown option '--json'
Try 'coffer help'." --json info
is 'a command that is none, as JSON' 2 '' \
	'{"schema":"coffer/error/1","exit":2,"status":"usage","place":"","message":"unknown command '\''zzzzzz'\''"}' zzzzzz --json
refused 'batches of nothing' put "option '--batch': a number from 1; without it all rows are one" put a b --batch 0
refused 'help on nothing known' help "unknown command 'scam', did you mean 'scan'?" help scam
refused 'an unknown option' scan "unknown option '--where'" scan a b --where
refused 'a mistyped option' scan "unknown option '--colums', did you mean '--columns'?" scan a b --colums=x
refused 'an unknown letter' info "unknown option '-x'" info -x a
refused 'an option without its value' scan "option '--limit' needs N" scan a b --limit
refused 'a letter without its value' scan "option '--limit' needs N" scan a b -n
refused 'a value for a flag' scan "option '--reverse' takes no value" scan a b --reverse=yes
refused 'an ambiguous option' scan "'--co' may mean several options" scan a b --co
refused 'too few operands' scan 'needs FILE TABLE' scan a
refused 'a report of nothing' report 'needs FILE: the store that the report is of' report daily --count
refused 'nor of a range' report 'needs FILE: the store that the report is of' report logs --from 2024-01-01
refused 'nor without a name' report 'needs NAME and FILE' report --mode csv
refused 'too many operands' info "'b' is one operand too many: takes FILE" info a b
refused 'a number that is none' generate "option '--rows': 'many' is not a whole number from 0" \
	generate a --rows many
refused 'a negative number' generate "option '--rows': '-1' is not a whole number from 0" \
	generate a --rows=-1
refused 'an era that is none' generate "option '--era': 'now' is none of: older, today" generate a --era now
refused 'more prompts than rows' generate "option '--prompts': so many of 100 rows, and not more" \
	generate a --era today --prompts 101
refused 'prompts of the older era' generate "--prompts needs --era today" generate a --prompts 5
refused 'a number that is too large' generate \
	"option '--seed': '18446744073709551616' is not a whole number from 0" \
	generate a --seed 18446744073709551616
forms='a Postgres URL (postgresql://...), a conninfo string (host=... dbname=...), env:NAME or postgres:'
is 'a source that is not there' 1 '' 'coffer: dump.sql: cannot open: No such file or directory' import dump.sql a
for source in '' mysql://me:secret@host/db me:secret@host secret@host; do
	refused "a source that may hold a password is never said again: ${source:-none}" import \
		"SOURCE is none of: a dump, a store, a folder of .ndjson or .csv files, $forms" import "$source" a
done
is 'nor as a command' 2 '' "coffer: unknown command 'postgresql://*@host/db'
Try 'coffer help'." 'postgresql://me:secret@host/db'
refused 'nor as one operand too many' import "'host=h password=* dbname=d' is one operand too many: takes SOURCE FILE" \
	import a b "host=h password='se \\'cret' dbname=d"
is 'nor as a file' 1 '' 'coffer: postgres://*@host/db?password=*&a: cannot open: No such file or directory' \
	info 'postgres://me:se@cret@host/db?password=secret&a'
refused 'nor with blanks around its =' import "'host=h password = * dbname=d' is one operand too many: takes SOURCE FILE" \
	import a b 'host=h password = secret dbname=d'
refused 'a time that is none' import "option '--since': 'monday' is neither a time such as 2024-11-05T10:20 nor an age such as 90d" \
	import postgres: a --since monday
refused 'a preset that is none' import "option '--preset': 'key' is none of: keys, logs, all" \
	import postgres: a --preset key
folder='a folder (one that is there, a name with / behind it, or any with --format)'
refused 'a target that is none' export "TARGET is none of: a file whose name ends in .sql, - for standard output, $folder, $forms" export a folder --create
what='--create, --append, --upsert and --replace: what becomes of the target'"'s tables"
refused 'export without a mode' export "needs one of $what" export a postgres:
refused 'export with two' export "only one of $what" export a postgres: --create --upsert
is 'the same as JSON' 2 '' \
	'{"schema":"coffer/error/1","exit":2,"status":"usage","place":"info","message":"unknown option '"'--no\\\\\\\"pe'"'"}' \
	info --json '--no\"pe'
is 'JSON is UTF-8 though a path is not' 1 '' \
	'{"schema":"coffer/error/1","exit":1,"status":"input or output failed","place":"\ufffd\ufffd.ü","message":"cannot open: No such file or directory"}' \
	info --json "$(printf '\377\303.\303\274')"
printf 'model t {\n  raw Bytes @id\n}\n' >raw.prisma
coffer create -q raw.coffer --schema raw.prisma
is 'bytes that are none are told as they were given' 2 '' \
	"coffer: get: '\\x41zz' does not fit t.raw (bytea): it takes bytes such as \\x0aff
Try 'coffer help get'." get raw.coffer t '\x41zz'
is 'control characters in an error are escaped' 2 '' "coffer: info: unknown option '--\\u001b[31m\\u0085'
Try 'coffer help info'." info "$(printf -- '--\033[31m\302\205')"
printf 'model t {\n  id String @id\n}\n' >closed.prisma
coffer create -q closed.coffer --schema closed.prisma
coffer put closed.coffer t <&- >&- 2>&-
coffer delete closed.coffer nosuch nosuch <&- >&- 2>&-
ok 'streams that were closed are no store' "$COFFER" verify -q closed.coffer
is 'what stands behind -- is no option' 1 '' 'coffer: --json: cannot open: No such file or directory' \
	info -- --json

finish
