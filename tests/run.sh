#!/bin/sh
# Run tests under prove: run.sh JOBS TEST... where a test is a cmocka program or a TAP script.
# The tests see COFFER (the command), BUILD (the build folder), CC and SANITIZE, and have a
# temporary folder of their own in TMPDIR, which is removed at the end.
set -eu
jobs=$1
shift
[ $# -gt 0 ] || { echo "no tests"; exit 1; }

TMPDIR=$(mktemp -d "${TMPDIR:-/tmp}/coffer-check.XXXXXX")
trap 'rm -rf "$TMPDIR"' EXIT
trap 'exit 130' INT TERM
chmod 755 "$TMPDIR"
export TMPDIR
# What is known of stores on this machine is the tests' own.
export XDG_STATE_HOME="$TMPDIR/state"
export CMOCKA_MESSAGE_OUTPUT=TAP
export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=1:abort_on_error=0:allocator_may_return_null=1}"
export UBSAN_OPTIONS="${UBSAN_OPTIONS:-print_stacktrace=1}"

echo "== ${SANITIZE:+under $SANITIZE: }$# test files"
prove --failures --comments --jobs "$jobs" --exec 'sh tests/one.sh' "$@"
