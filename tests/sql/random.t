#!/bin/sh
# Answers are right: random queries on stores and on native SQLite files of the same rows. SEED (1), COUNT (800) and ROWS (1000)
# choose others; rows are gathered for GROUP BY from 4,096 on.
# shellcheck source=tests/cli/tap.sh
. tests/cli/tap.sh
# shellcheck source=tests/sql/stores.sh
. "$TOP/tests/sql/stores.sh"

stores "${ROWS:-1000}" "${SEED:-1}" || exit 1
$PYTHON "$TOP/tests/sql/random_queries.py" "${SEED:-1}" "${COUNT:-800}" main=gateway.db n=nasty.db >queries.sql || exit 1
answers --quiet queries.sql
