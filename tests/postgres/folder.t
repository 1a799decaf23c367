#!/bin/sh
# A database goes into a store, from there into a folder and back: the same content and the same schema. Files of csv
# are the server's own: byte for byte what COPY writes, and COPY loads them.

. tests/postgres/lib.sh
. tests/postgres/tap.sh
pg_start || pg_skip_all
TAP_FOLDER=$PG_FOLDER
chmod 711 "$PG_FOLDER"
mkdir -m 777 "$PG_FOLDER/csv"

# carry NAME DATABASE SCHEMA: through a folder of each format.
carry()
{
	name=$1 store=$PG_FOLDER/$2.coffer
	runs 0 "$name: import" "$COFFER" import --force "dbname=$2 schema='$3'" "$store"
	digest "$store" >"$PG_FOLDER/digest.source"
	"$COFFER" schema --json "$store" >"$PG_FOLDER/schema.source"
	for format in ndjson csv; do
		rm -rf "$PG_FOLDER/folder"
		runs 0 "$name: export as $format" "$COFFER" export "$store" "$PG_FOLDER/folder" --format $format
		runs 0 "$name: import of $format" "$COFFER" import --force "$PG_FOLDER/folder" "$PG_FOLDER/again.coffer"
		runs 0 "$name: which is whole" "$COFFER" verify "$PG_FOLDER/again.coffer"
		digest "$PG_FOLDER/again.coffer" >"$PG_FOLDER/digest.target"
		same "$name: the same content by $format" "$PG_FOLDER/digest.source" "$PG_FOLDER/digest.target"
		"$COFFER" schema --json "$PG_FOLDER/again.coffer" >"$PG_FOLDER/schema.target"
		same "$name: the same schema by $format" "$PG_FOLDER/schema.source" "$PG_FOLDER/schema.target"
	done
}

# Each table that has rows of its own, one a line.
tables()
{
	pg_sql "$1" "SELECT relname FROM pg_class WHERE relnamespace = '\"$2\"'::regnamespace
		AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname COLLATE \"C\""
}

# The file of a table, as coffer names it.
file_of()
{
	printf '%s' "$1" | sed -e 's/%/%25/g' -e 's,/,%2F,g' -e 's/^\./%2E/'
}

# load TABLE: our file of it. COPY takes no generated columns, so that all of them go through a table of plain ones.
load()
{
	given=$(pg_sql "$database" "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
		WHERE attrelid = '\"$schema\".\"$quoted\"'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''")
	runs 0 "$name: $1, loaded by COPY" psql -X -q -v ON_ERROR_STOP=1 -d copied \
		-c "SET session_replication_role = replica" \
		-c "CREATE TEMP TABLE staged AS SELECT * FROM \"$schema\".\"$quoted\" WITH NO DATA" \
		-c "COPY staged FROM '$PG_FOLDER/csv/ours' (FORMAT csv, HEADER)" \
		-c "INSERT INTO \"$schema\".\"$quoted\" ${given:+($given) OVERRIDING SYSTEM VALUE} SELECT $given FROM staged"
}

# by_copy NAME DATABASE SCHEMA: what COPY writes is read, what is written COPY loads. Lines are compared in an order of
# their own, since rows come in the order of their arrival here.
by_copy()
{
	name=$1 database=$2 schema=$3
	tables "$database" "$schema" >"$PG_FOLDER/tables"
	pg_load copied
	"$COFFER" create -q -f "$PG_FOLDER/empty.coffer" --schema "$PG_FOLDER/folder/schema.json"
	runs 0 "$name: empty tables" "$COFFER" export --create "$PG_FOLDER/empty.coffer" "dbname=copied schema='$schema'"
	rm -rf "$PG_FOLDER/csv"/*
	cp "$PG_FOLDER/folder/schema.json" "$PG_FOLDER/csv"
	while IFS= read -r table; do
		file=$(file_of "$table").csv
		quoted=$(printf '%s' "$table" | sed 's/"/""/g')
		cp "$PG_FOLDER/folder/$file" "$PG_FOLDER/csv/ours"
		chmod 644 "$PG_FOLDER/csv/ours"
		psql -X -q -d "$database" -c "SET timezone = 'UTC'" -c "SET extra_float_digits = 3" \
			-c "\\copy (SELECT * FROM \"$schema\".\"$quoted\") TO '$PG_FOLDER/csv/$file' (FORMAT csv, HEADER)"
		sort "$PG_FOLDER/csv/$file" >"$PG_FOLDER/lines.theirs"
		sort "$PG_FOLDER/csv/ours" >"$PG_FOLDER/lines.ours"
		same "$name: $table, as COPY writes it" "$PG_FOLDER/lines.theirs" "$PG_FOLDER/lines.ours"
		load "$table"
	done <"$PG_FOLDER/tables"
	rm -f "$PG_FOLDER/csv/ours"
	runs 0 "$name: import of what COPY wrote" "$COFFER" import --force "$PG_FOLDER/csv" "$PG_FOLDER/again.coffer"
	digest "$PG_FOLDER/again.coffer" >"$PG_FOLDER/digest.target"
	same "$name: the same content" "$PG_FOLDER/digest.source" "$PG_FOLDER/digest.target"
	runs 0 "$name: import of what COPY loaded" "$COFFER" import --force "dbname=copied schema='$schema'" \
		"$PG_FOLDER/again.coffer"
	digest "$PG_FOLDER/again.coffer" >"$PG_FOLDER/digest.target"
	same "$name: has the same content" "$PG_FOLDER/digest.source" "$PG_FOLDER/digest.target"
}

runs 0 "an empty gateway" "$COFFER" create "$PG_FOLDER/empty.coffer"
pg_load gateway
"$COFFER" export -q --create "$PG_FOLDER/empty.coffer" "dbname=gateway"
runs 0 "rows at the edges of every type" psql -X -q -v ON_ERROR_STOP=1 -d gateway -f tests/postgres/edge-values.sql
carry "a gateway" gateway public
by_copy "a gateway" gateway public
for fixture in today partitioned own; do
	schema=public
	[ $fixture != own ] || schema="Böhm & Söhne"
	pg_load "$fixture" "fixture-$fixture.sql"
	carry "$fixture" "$fixture" "$schema"
	by_copy "$fixture" "$fixture" "$schema"
done
finish
