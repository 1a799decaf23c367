#!/bin/sh
# Run one test for tests/run.sh: a TAP script by the interpreter that its first line names, anything
# else as it is. What it says beside its results is shown when it fails. One that hangs is ended after
# TEST_SECONDS_MAX.
test=$1
log=$(mktemp "${TMPDIR:-/tmp}/test-log.XXXXXX")
trap 'rm -f "$log"' EXIT

interpreter=
case $test in
*.t)
	interpreter=$(sed -n '1s/^#! *//p' "$test")
	interpreter=${interpreter:-/bin/sh}
	;;
esac
# shellcheck disable=SC2086 # A path and its options.
timeout --kill-after=20 "${TEST_SECONDS_MAX:-600}" $interpreter "$test" >"$log" 2>&1
status=$?
# cmocka says of what is skipped that it is not ok.
sed -i 's/^not ok \([0-9]* # SKIP\)/ok \1/' "$log"
[ "$status" -ne 124 ] || echo "# ended after ${TEST_SECONDS_MAX:-600} seconds" >>"$log"
if [ "$status" -ne 0 ] || grep -q '^not ok' "$log"; then
	sed -E '/^(ok|not ok|1\.\.|Bail out!)/!s/^#? ?/# /' "$log"
else
	grep -E '^(ok|1\.\.)' "$log"
fi
exit "$status"
