#!/bin/sh
# Run one test for tests/run.sh: a TAP script by the interpreter that its first line names, anything
# else as it is. A test that hangs is ended after TEST_SECONDS_MAX.
test=$1
set -- timeout --kill-after=20 "${TEST_SECONDS_MAX:-600}"
case $test in
*.t)
	interpreter=$(sed -n '1s/^#! *//p' "$test")
	exec "$@" ${interpreter:-/bin/sh} "$test"
	;;
esac
exec "$@" "$test"
