# shellcheck shell=sh
# TAP for the tests of the command, sourced by sh from the top of the tree.
#
#	. tests/cli/tap.sh		# $COFFER, an empty scratch folder as the current one
#	is NAME CODE OUT ERR WORDS...	# coffer WORDS gives exactly these; one test
#	like NAME CODE OUT ERR WORDS...	# OUT and ERR are patterns of the shell's case
#	ok NAME COMMAND...		# the command succeeds
#	finish				# the plan
#
# Under the sanitizers everything is the same: they say nothing when they find nothing.

TOP=$PWD
COFFER=${COFFER:-$TOP/build/coffer}
case $COFFER in
/*) ;;
*) COFFER=$TOP/$COFFER ;;
esac
SCRATCH=$(mktemp -d "${TMPDIR:-/tmp}/coffer-cli.XXXXXX") || exit 1
trap 'cd /; rm -rf "$SCRATCH"' EXIT
cd "$SCRATCH" || exit 1
mkdir .told
export XDG_STATE_HOME="$SCRATCH/.told/state"
tests=0

coffer()
{
	"$COFFER" "$@"
}

# result NAME PASSED: one line of TAP.
result()
{
	tests=$((tests + 1))
	if [ "$2" = yes ]; then
		echo "ok $tests - $1"
	else
		echo "not ok $tests - $1"
	fi
}

told()
{
	sed 's/^/# /' <<-END
		$1
	END
}

run()
{
	coffer "$@" >.told/out 2>.told/err </dev/null
	code=$?
	out=$(cat .told/out)
	err=$(cat .told/err)
}

is()
{
	name=$1 want_code=$2 want_out=$3 want_err=$4
	shift 4
	run "$@"
	if [ "$code" = "$want_code" ] && [ "$out" = "$want_out" ] && [ "$err" = "$want_err" ]; then
		result "$name" yes
	else
		result "$name" no
		told "coffer $*"
		told "exit $code, expected $want_code"
		told "out: $out"
		told "expected: $want_out"
		told "err: $err"
		told "expected: $want_err"
	fi
}

like()
{
	name=$1 want_code=$2 want_out=$3 want_err=$4 passed=yes
	shift 4
	run "$@"
	[ "$code" = "$want_code" ] || passed=no
	# shellcheck disable=SC2254 # Patterns on purpose.
	case $out in
	$want_out) ;;
	*) passed=no ;;
	esac
	# shellcheck disable=SC2254
	case $err in
	$want_err) ;;
	*) passed=no ;;
	esac
	result "$name" $passed
	[ $passed = yes ] && return
	told "coffer $*"
	told "exit $code, expected $want_code"
	told "out: $out"
	told "err: $err"
}

ok()
{
	name=$1
	shift
	if "$@" >.told/out 2>.told/err; then
		result "$name" yes
	else
		result "$name" no
		told "$*"
		told "$(cat .told/out .told/err)"
	fi
}

finish()
{
	echo "1..$tests"
}
