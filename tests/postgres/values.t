#!/bin/sh
# Values that coffer reads from text are the values that the server stores, and what the server refuses coffer refuses:
# thousands of texts made by value_texts.py go through both. SEED chooses other ones.

. tests/postgres/lib.sh
. tests/postgres/tap.sh
pg_start || pg_skip_all
TAP_FOLDER=$PG_FOLDER
cases=$PG_FOLDER/cases

# server FILE: what the server prints of the values that a column of the type takes, \N of those that it refuses.
# A column of a table each, because a cast would cut where an assignment refuses.
server()
{
	psql -X -q -A -t -v ON_ERROR_STOP=1 -d values <<-END
		CREATE TEMP TABLE cases (number serial, type text, value text);
		\copy cases (type, value) FROM '$1'
		COPY (SELECT take(type, value) FROM cases ORDER BY number) TO STDOUT;
	END
}

pg_load values
psql -X -q -v ON_ERROR_STOP=1 -d values <<'END' >/dev/null
	CREATE TYPE "Mood" AS ENUM ('sad', 'ok', 'very "happy"');
	CREATE DOMAIN price AS numeric(12,4);
	CREATE DOMAIN "when" AS timestamp(3) without time zone;
	CREATE FUNCTION take(type text, value text) RETURNS text LANGUAGE plpgsql
		SET timezone = 'UTC' SET datestyle = 'ISO' SET bytea_output = hex SET client_min_messages = error AS $$
	DECLARE
		result text;
	BEGIN
		EXECUTE format('CREATE TEMP TABLE IF NOT EXISTS %I (c %s)', 't ' || type,
			CASE type WHEN 'when' THEN '"when"' ELSE type END);
		BEGIN
			EXECUTE format('INSERT INTO %I VALUES (%L) RETURNING format(''%%s'', c)', 't ' || type, value)
				INTO result;
			RETURN result;
		EXCEPTION WHEN OTHERS THEN
			RETURN NULL;
		END;
	END $$;
END
ok $? "a server that tells what it takes"

# Scales below 0 and beyond the precision are of 15, infinities of numeric of 14.
python3 tests/postgres/value_texts.py "${SEED:-1}" |
	awk -F '\t' -v version="$(pg_sql values 'SHOW server_version_num')" '
		version < 150000 && $2 ~ /^numeric\((2,4|3,-2|1,-1)\)$/ { next }
		version < 140000 && $2 ~ /^(numeric|price)/ && tolower($3) ~ /inf/ { next }
		{ print }' >"$cases"
cut -f 2- "$cases" >"$cases.texts"
server "$cases.texts" >"$cases.server" 2>"$cases.err"
ok $? "values by the server"
"$BUILD/tests/postgres/print_values" <"$cases.texts" >"$cases.coffer"
ok $? "values by coffer, which read back and settle as themselves"
[ "$(wc -l <"$cases.server")" -eq "$(wc -l <"$cases")" ]
ok $? "as many as there are texts"
paste "$cases" "$cases.server" "$cases.coffer" | awk -F '\t' '
	{ total[$2]++ }
	$4 != "\\N" { taken[$2]++ }
	$4 != $5 && ($1 == "same" || $5 != "\\N") { print > "/dev/stderr"; wrong[$2]++ }
	END { for (type in total) printf "%s\t%d\t%d\t%d\n", type, total[type], taken[type], wrong[type] }
' >"$cases.summary" 2>"$cases.wrong"
sort "$cases.summary" | while IFS='	' read -r type total taken wrong; do
	[ "$wrong" -eq 0 ]
	echo "$? $type: $total texts, $taken taken by the server, $wrong otherwise by coffer"
done >"$cases.results"
while read -r status name; do
	ok "$status" "$name"
done <"$cases.results"
note "$cases.wrong"

# What the server takes and coffer refuses, as coffer.h says: no more than this is known.
cat >"$cases.refused" <<'END'
timestamp with time zone	now
timestamp without time zone	today
date	yesterday
timestamp with time zone	2024-11-05 10:20:30 Europe/Paris
timestamp with time zone	2024-11-05 10:20:30 EST
timestamp without time zone	Nov 5 2024
timestamp without time zone	20241105
timestamp without time zone	2024-11-05 10:20:30 PM
timestamp without time zone	2024-11-05 10:20.5
timestamp(3) without time zone	294276-12-31 23:59:59.9999
END
server "$cases.refused" >"$cases.server"
! grep -n '^\\N$' "$cases.server" >"$cases.wrong"
ok $? "exceptions that the server takes"
note "$cases.wrong"
"$BUILD/tests/postgres/print_values" <"$cases.refused" >"$cases.coffer"
! grep -nv '^\\N$' "$cases.coffer" >"$cases.wrong"
ok $? "exceptions that coffer refuses"
note "$cases.wrong"
finish
