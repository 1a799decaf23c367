# What the tests of exports into a database share, sourced by sh after tap.sh. The database is `target`.
# shellcheck shell=sh

# counted NAME TABLE INSERTED UPDATED SAME: what the last export said of the table.
counted()
{
	grep -qxF "$2: $3 inserted, $4 updated, $5 the same" "$PG_FOLDER/err"
	ok $? "$1"
	grep -qxF "$2: $3 inserted, $4 updated, $5 the same" "$PG_FOLDER/err" || grep "^$2:" "$PG_FOLDER/err" | note
}

# is NAME WANTED QUERY: one value of the target.
is()
{
	found=$(pg_sql target "$3")
	[ "$found" = "$2" ]
	ok $? "$1"
	[ "$found" = "$2" ] || note <<-END
		found $found, expected $2
	END
}

warns()
{
	grep -qF -- "$2" "$PG_FOLDER/err"
	ok $? "$1"
	grep -qF -- "$2" "$PG_FOLDER/err" || note "$PG_FOLDER/err"
}

# keep, kept NAME: every row of the target is as it was.
keep()
{
	pg_rows target public >"$PG_FOLDER/rows.before"
}
kept()
{
	pg_rows target public >"$PG_FOLDER/rows.after"
	same "$1" "$PG_FOLDER/rows.before" "$PG_FOLDER/rows.after"
}

# refused STATUS NAME TEXT OPTION...: an export that fails, says why and leaves everything.
refused()
{
	refused_status=$1 refused_name=$2 refused_text=$3
	shift 3
	keep
	runs "$refused_status" "$refused_name" "$COFFER" export "$@" dbname=target
	says "is said: $refused_text" "$refused_text"
	kept "and everything is as it was"
}

# make SQL: a store of a database of these tables; the target is made by the test.
make()
{
	pg_load source
	pg_sql source "$1"
	"$COFFER" import -q --force dbname=source "$PG_FOLDER/own.coffer" || exit 1
	pg_load target
}
# whole NAME STORE: the target has exactly the store's rows.
whole()
{
	"$COFFER" import -q --force dbname=target "$PG_FOLDER/again.coffer"
	digest "$2" >"$PG_FOLDER/digest.store"
	digest "$PG_FOLDER/again.coffer" >"$PG_FOLDER/digest.target"
	same "$1" "$PG_FOLDER/digest.store" "$PG_FOLDER/digest.target"
}
