#!/bin/sh
# Answers are right: queries.sql on stores and on native SQLite files of the same rows.
# shellcheck source=tests/cli/tap.sh
. tests/cli/tap.sh
# shellcheck source=tests/sql/stores.sh
. "$TOP/tests/sql/stores.sh"

stores 3000 5 || exit 1
answers "$TOP/tests/sql/queries.sql"
