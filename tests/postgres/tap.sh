# TAP for the scripts of this folder, sourced by sh after lib.sh. COFFER names the command.
#
#	plan; runs 7 "what is expected" coffer import ...; same "what" file file; finish

COFFER=${COFFER:-$PWD/build/coffer}
tap_count=0
tap_failed=0

# ok STATUS NAME: one line; more about a failure is told by the caller with note.
ok()
{
	tap_count=$((tap_count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tap_count - $2"
	else
		echo "not ok $tap_count - $2"
		tap_failed=1
	fi
}

# skip NAME WHY: what cannot be tried here.
skip()
{
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # SKIP $2"
}

note()
{
	cut -c 1-240 "$@" | head -n 10 | sed 's/^/# /'
}

# runs STATUS NAME COMMAND...: exactly this exit status; what it said is in $TAP_FOLDER/out and err.
runs()
{
	tap_expected=$1
	tap_name=$2
	shift 2
	"$@" >"$TAP_FOLDER/out" 2>"$TAP_FOLDER/err"
	tap_status=$?
	[ "$tap_status" -eq "$tap_expected" ]
	ok $? "$tap_name"
	[ "$tap_status" -eq "$tap_expected" ] || {
		echo "# exit status $tap_status, expected $tap_expected"
		note "$TAP_FOLDER/err"
	}
}

# says NAME PATTERN...: the last command's message is one line that has each of these texts.
says()
{
	tap_name=$1
	shift
	tap_bad=0
	[ "$(grep -vc '^coffer: warning' "$TAP_FOLDER/err")" -eq 1 ] || tap_bad=1
	for tap_text in "$@"; do
		grep -qF -- "$tap_text" "$TAP_FOLDER/err" || tap_bad=1
	done
	ok "$tap_bad" "$tap_name"
	[ "$tap_bad" -eq 0 ] || note "$TAP_FOLDER/err"
}

# same NAME EXPECTED FOUND: two files are equal.
same()
{
	cmp -s "$2" "$3"
	ok $? "$1"
	cmp -s "$2" "$3" || diff "$2" "$3" | note
}

# gone NAME FOLDER [FILE]: nothing is in the folder, or this file alone.
gone()
{
	[ "$(ls -A "$2")" = "$3" ]
	ok $? "$1"
	[ "$(ls -A "$2")" = "$3" ] || ls -A "$2" | note
}

# digest FILE: its content digest.
digest()
{
	"$COFFER" info --digest "$1" | grep -o '[0-9a-f]\{64\}' | tail -n 1
}

finish()
{
	echo "1..$tap_count"
	exit "$tap_failed"
}
