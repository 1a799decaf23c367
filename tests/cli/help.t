#!/bin/sh
# Help, version, and that what is made from the tables and kept in the tree is up to date.
# shellcheck disable=SC2016 # Programs of other shells.

# shellcheck source=tests/cli/tap.sh
. tests/cli/tap.sh

like 'the list of commands' 0 'coffer keeps the books*Examples:*Commands:*create*verify*' '' help
run help
listed=$out
is 'the same by an option' 0 "$listed" '' --help
is 'the same by a letter' 0 "$listed" '' -h
version=$(sed -n 's/^.define COFFER_VERSION "\(.*\)"/\1/p' "$TOP/src/coffer.h")
like 'the version' 0 "coffer $version, format 1, with* Postgres" '' --version
for command in create generate import export get scan report schema info verify reconcile diff help; do
	like "$command: examples first" 0 "coffer $command *:*Examples:*  coffer $command *Options:*--help*" '' \
		help $command
	run help $command
	helped=$out
	is "$command --help, whatever else is given" 0 "$helped" '' $command --help
done

# The part of the manual page between COMMANDS and ROWS.
commands_of_man()
{
	awk '/^# COMMANDS$/ { inside = 1; getline; next } /^# ROWS$/ { inside = 0 } inside' \
		"$TOP/tools/man/coffer.1.scd"
}
commands_of_man >man.kept
coffer help --man >man.made
ok 'the manual page has what the tables say' cmp man.kept man.made
coffer help --completion >completion.made
ok 'the completion has what the tables say' cmp "$TOP/tools/completion.bash" completion.made

# The word completed from "coffer" and the words behind it.
completion()
{
	bash -c '. "$1"; shift; COMP_WORDS=(coffer "$@"); COMP_CWORD=$#; _coffer; echo "${COMPREPLY[*]}"' \
		bash "$TOP/tools/completion.bash" "$@"
}

# completes NAME WANTED WORDS...
completes()
{
	name=$1 wanted=$2
	shift 2
	ok "$name" [ "$(completion "$@")" = "$wanted" ]
}
: >a.coffer
completes 'a command' 'scan schema' sc
completes 'an option of a command' '--related --reverse' get --re
completes 'a file' 'a.coffer' info a.c
completes 'no file for a number' '' scan a.coffer --limit a
completes 'a report' 'top-keys top-models top-model-groups top-end-users' report top-
completes 'a command to be helped with' 'verify' help ver

ok 'every example of the help is a command line that is understood' sh -c '
	for command in create generate get scan report schema info verify reconcile diff; do
		"$1" help $command | sed -n "s/^  coffer //p" | sed "s/ [|>&].*//" | while read -r words; do
			"$1" $words --help >/dev/null || { echo "$words"; exit 1; }
		done || exit 1
	done' sh "$COFFER"

finish
