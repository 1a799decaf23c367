/*
 * The statements around temporary tables.
 *
 *   CREATE TEMPORARY TABLE (LIKE target) --> COPY --> INSERT ... SELECT ... ON CONFLICT --> DROP
 *
 * An upsert joins the staged rows (s) with the target's (o) first and leaves out those that are the same,
 * for ON CONFLICT alone would lock every row that it meets, which writes its page. Rows are the same
 * when their bytes are (*<> compares them): a type need not have an equality, as json has not, and
 * what it calls equal (1.0 and 1.00) need not be the same. ON CONFLICT decides again by the same rule, since
 * others may write meanwhile.
 */
#include "postgres/export_stage.h"

#include "postgres/copy_bytes.h"
#include "postgres/copy_sql.h"
#include "postgres/result.h"

#include <stdio.h>
#include <stdlib.h>

enum { STAGE_NAME_SIZE = 40 };

static void
write_name(char out[STAGE_NAME_SIZE], size_t number)
{
	snprintf(out, STAGE_NAME_SIZE, "coffer_rows_%zu", number);
}

static void
put_stage(coffer_buffer *sql, size_t number)
{
	char name[STAGE_NAME_SIZE];

	write_name(name, number);
	coffer_copy_put_table(sql, "pg_temp", name);
}

/* The target's table, ONLY where it may have children of its own (inheritance) that are other tables. */
static void
put_target(coffer_buffer *sql, const struct coffer_export *export, const coffer_table *table)
{
	coffer_copy_put_text(sql, table->partition_key ? "" : "ONLY ");
	coffer_copy_put_table(sql, export->session.schema, table->name);
}

/* ------------------------------------------------------------------ keys */

static bool
ends_with(const char *text, const char *end)
{
	size_t size = strlen(text), end_size = strlen(end);

	return size >= end_size && strcmp(text + size - end_size, end) == 0;
}

/* A constraint that may be checked at the end of a transaction cannot tell which row is in the way. */
static bool
is_key(const coffer_table *table, const coffer_index *index)
{
	const char *text = index->definition;

	if (!index->is_unique || !index->is_plain || !text || !index->column_count)
		return false;
	if (index->is_constraint &&
	    (ends_with(text, " DEFERRABLE") || ends_with(text, " INITIALLY DEFERRED")))
		return false;
	for (size_t i = 0; i < index->column_count; i++)
		if (table->columns[index->columns[i]].is_nullable)
			return false;
	return true;
}

static const coffer_index *
choose_key(const coffer_table *table)
{
	if (table->primary != COFFER_NO_INDEX && is_key(table, &table->indexes[table->primary]))
		return &table->indexes[table->primary];
	for (size_t i = 0; i < table->index_count; i++)
		if (is_key(table, &table->indexes[i]))
			return &table->indexes[i];
	return NULL;
}

coffer_status
coffer_match_find_key(const struct coffer_matches *matches, const struct coffer_match *match,
		      struct coffer_match_key *key_out, coffer_error *error)
{
	const coffer_table *table = coffer_match_target(matches, match);
	const coffer_index *index = choose_key(table);

	*key_out = (struct coffer_match_key){.columns = NULL};
	if (!index) {
		coffer_error_set(
			error, COFFER_UNREACHABLE,
			"the target's table has no key that tells its rows apart: append to "
			"it, or leave it out");
		return coffer_error_at(error, "%s", table->name);
	}
	for (size_t i = 0; i < index->column_count; i++) {
		if (coffer_match_has(match, index->columns[i]))
			continue;
		coffer_error_set(error, COFFER_UNREACHABLE,
				 "a column of the target's key %s, and the store lacks it",
				 index->name);
		coffer_error_at(error, "%s", table->columns[index->columns[i]].name);
		return coffer_error_at(error, "%s", table->name);
	}
	*key_out = (struct coffer_match_key){index->columns, index->column_count};
	return COFFER_OK;
}

static bool
is_of_key(const struct coffer_match_key *key, uint16_t column)
{
	for (size_t i = 0; i < key->column_count; i++)
		if (key->columns[i] == column)
			return true;
	return false;
}

/* ------------------------------------------------------------------ staging */

coffer_status
coffer_stage_drop(struct coffer_export *export, size_t number, coffer_error *error)
{
	coffer_buffer sql = {0};

	coffer_copy_put_text(&sql, "DROP TABLE ");
	put_stage(&sql, number);
	return coffer_export_run(export, &sql, error);
}

/* Columns that no row brings are dropped again: they may demand a value. */
static coffer_status
create(struct coffer_export *export, const struct coffer_matches *matches,
       const struct coffer_match *match, size_t number, coffer_error *error)
{
	const coffer_table *table = coffer_match_target(matches, match);
	coffer_buffer sql = {0};
	coffer_status status;

	coffer_copy_put_text(&sql, "CREATE TEMPORARY TABLE ");
	put_stage(&sql, number);
	coffer_copy_put_text(&sql, " (LIKE ");
	coffer_copy_put_table(&sql, export->session.schema, table->name);
	coffer_copy_put_text(&sql, " INCLUDING CONSTRAINTS) ON COMMIT DROP");
	for (uint16_t i = 0; i < table->column_count; i++) {
		if (coffer_match_has(match, i))
			continue;
		coffer_copy_put_text(&sql, "; ALTER TABLE ");
		put_stage(&sql, number);
		coffer_copy_put_text(&sql, " DROP COLUMN ");
		coffer_copy_put_identifier(&sql, table->columns[i].name);
	}
	status = coffer_export_run(export, &sql, error);
	if (status)
		coffer_session_place(table->name, error);
	return status;
}

coffer_status
coffer_stage_fill(struct coffer_export *export, const struct coffer_matches *matches,
		  const struct coffer_match *match, size_t number, coffer_error *error)
{
	char name[STAGE_NAME_SIZE];
	const struct coffer_copy_job job = {
		.schema = export->schema,
		.table = match->table,
		.selection = &export->options->transfer.selection,
		.columns = match->columns,
		.column_count = match->column_count,
		.is_text = match->is_text,
		.into_schema = "pg_temp",
		.into = name,
	};
	coffer_status status = create(export, matches, match, number, error);

	write_name(name, number);
	return status ? status : coffer_export_send(export, &job, error);
}

/* ------------------------------------------------------------------ statements */

static void
put_column(coffer_buffer *sql, const char *alias, const coffer_column *column)
{
	coffer_copy_put_text(sql, alias);
	coffer_copy_put_identifier(sql, column->name);
}

static void
put_columns(coffer_buffer *sql, const char *alias, const coffer_table *table,
	    const uint16_t *columns, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		coffer_copy_put_text(sql, i ? ", " : "");
		put_column(sql, alias, &table->columns[columns[i]]);
	}
}

/* "o.k = s.k AND ...": an extension's type may have an equality that is not the server's own. */
static void
put_same_key(coffer_buffer *sql, const coffer_table *table, const struct coffer_match_key *key)
{
	for (size_t i = 0; i < key->column_count; i++) {
		const coffer_column *column = &table->columns[key->columns[i]];

		coffer_copy_put_text(sql, i ? " AND " : "");
		put_column(sql, "o.", column);
		coffer_copy_put_text(
			sql, column->kind == COFFER_OTHER ? " = " : " OPERATOR(pg_catalog.=) ");
		put_column(sql, "s.", column);
	}
}

/* Columns that an update sets. An identity column that is ALWAYS generated takes no value in one. */
static bool
is_updated(const coffer_table *table, const struct coffer_match_key *key, uint16_t column)
{
	return !is_of_key(key, column) && table->columns[column].identity != COFFER_IDENTITY_ALWAYS;
}

static size_t
put_updated(coffer_buffer *sql, const char *alias, const coffer_table *table,
	    const struct coffer_match *match, const struct coffer_match_key *key)
{
	size_t count = 0;

	for (size_t i = 0; i < match->column_count; i++) {
		uint16_t column = match->target_columns[i];

		if (!is_updated(table, key, column))
			continue;
		coffer_copy_put_text(sql, count++ ? ", " : "");
		put_column(sql, alias, &table->columns[column]);
	}
	return count;
}

/* Do the rows of two aliases differ in what an update sets? */
static void
put_differs(coffer_buffer *sql, const char *left, const char *right, const coffer_table *table,
	    const struct coffer_match *match, const struct coffer_match_key *key)
{
	coffer_copy_put_text(sql, "ROW(");
	put_updated(sql, left, table, match, key);
	coffer_copy_put_text(sql, ")::pg_catalog.record OPERATOR(pg_catalog.*<>) ROW(");
	put_updated(sql, right, table, match, key);
	coffer_copy_put_text(sql, ")::pg_catalog.record");
}

static void
put_conflict(coffer_buffer *sql, const coffer_table *table, const struct coffer_match *match,
	     const struct coffer_match_key *key)
{
	size_t count = 0;

	coffer_copy_put_text(sql, " ON CONFLICT (");
	put_columns(sql, "", table, key->columns, key->column_count);
	coffer_copy_put_text(sql, ") DO ");
	for (size_t i = 0; i < match->column_count; i++) {
		const coffer_column *column = &table->columns[match->target_columns[i]];

		if (!is_updated(table, key, match->target_columns[i]))
			continue;
		coffer_copy_put_text(sql, count++ ? ", " : "UPDATE SET ");
		put_column(sql, "", column);
		put_column(sql, " = excluded.", column);
	}
	coffer_copy_put_text(sql, count ? " WHERE " : "NOTHING");
	if (count)
		put_differs(sql, "t.", "excluded.", table, match, key);
}

/* Staged rows that are not in the target, or not the same there. */
static void
put_changes(coffer_buffer *sql, const struct coffer_export *export, const coffer_table *table,
	    const struct coffer_match *match, const struct coffer_match_key *key)
{
	coffer_buffer none = {0};

	coffer_copy_put_text(sql, " LEFT JOIN ");
	put_target(sql, export, table);
	coffer_copy_put_text(sql, " AS o ON ");
	put_same_key(sql, table, key);
	coffer_copy_put_text(sql, " WHERE ");
	put_column(sql, "o.", &table->columns[key->columns[0]]);
	coffer_copy_put_text(sql, " IS NULL");
	if (put_updated(&none, "", table, match, key)) {
		coffer_copy_put_text(sql, " OR ");
		put_differs(sql, "o.", "s.", table, match, key);
	}
	coffer_buffer_release(&none);
}

static bool
has_identity(const coffer_table *table, const struct coffer_match *match)
{
	for (size_t i = 0; i < match->column_count; i++)
		if (table->columns[match->target_columns[i]].identity == COFFER_IDENTITY_ALWAYS)
			return true;
	return false;
}

void
coffer_stage_put_insert(coffer_buffer *sql, const struct coffer_export *export,
			const struct coffer_matches *matches, const struct coffer_match *match,
			const struct coffer_match_key *key, size_t number)
{
	const coffer_table *table = coffer_match_target(matches, match);

	coffer_copy_put_text(sql, "INSERT INTO ");
	coffer_copy_put_table(sql, export->session.schema, table->name);
	coffer_copy_put_text(sql, " AS t (");
	put_columns(sql, "", table, match->target_columns, match->column_count);
	coffer_copy_put_text(sql, has_identity(table, match) ? ") OVERRIDING SYSTEM VALUE SELECT "
							     : ") SELECT ");
	put_columns(sql, "s.", table, match->target_columns, match->column_count);
	coffer_copy_put_text(sql, " FROM ");
	put_stage(sql, number);
	coffer_copy_put_text(sql, " AS s");
	if (key) {
		put_changes(sql, export, table, match, key);
		put_conflict(sql, table, match, key);
	}
	coffer_copy_put_text(sql, " RETURNING 1");
}

/* ------------------------------------------------------------------ counts */

/* Does a unique key of the store say that its rows differ in this key? */
static bool
is_unique_here(const struct coffer_export *export, const struct coffer_matches *matches,
	       const struct coffer_match *match, const struct coffer_match_key *key)
{
	const coffer_table *table = coffer_match_source(export, match);
	const coffer_table *target = coffer_match_target(matches, match);

	for (size_t i = 0; i < table->index_count; i++) {
		const coffer_index *index = &table->indexes[i];
		size_t found = 0;

		for (size_t k = 0; k < index->key_column_count; k++) {
			const coffer_column *column = &table->columns[index->key_columns[k]];

			found += is_of_key(key, coffer_table_find_column(target, column->name));
		}
		if (index->tree == COFFER_TREE_HASHED && found == index->key_column_count)
			return true;
	}
	return false;
}

static coffer_status
check_unique(struct coffer_export *export, const coffer_table *table,
	     const struct coffer_match_key *key, size_t number, coffer_error *error)
{
	coffer_buffer sql = {0};
	PGresult *result;
	coffer_status status;

	coffer_copy_put_text(&sql, "SELECT pg_catalog.concat_ws(',', ");
	put_columns(&sql, "", table, key->columns, key->column_count);
	coffer_copy_put_text(&sql, ") FROM ");
	put_stage(&sql, number);
	coffer_copy_put_text(&sql, " GROUP BY ");
	put_columns(&sql, "", table, key->columns, key->column_count);
	coffer_copy_put_text(&sql, " HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 1 LIMIT 1");
	status = coffer_export_query(export, &sql, &result, error);
	if (!status)
		status = coffer_result_check(result, "o", 0, error);
	if (!status && PQntuples(result)) {
		status = coffer_error_set(error, COFFER_CONFLICT,
					  "two rows of the store have this key of the target");
		coffer_error_at(error, "%s[%.160s]", table->name, coffer_result_text(result, 0, 0));
	}
	PQclear(result);
	return status;
}

coffer_status
coffer_stage_count_new(struct coffer_export *export, const struct coffer_matches *matches,
		       const struct coffer_match *match, const struct coffer_match_key *key,
		       size_t number, uint64_t *count_out, coffer_error *error)
{
	const coffer_table *table = coffer_match_target(matches, match);
	coffer_status status = COFFER_OK;
	coffer_buffer sql = {0};
	PGresult *result = NULL;

	*count_out = 0;
	if (!is_unique_here(export, matches, match, key))
		status = check_unique(export, table, key, number, error);
	if (status)
		return status;
	coffer_copy_put_text(&sql, "SELECT pg_catalog.count(*) FROM ");
	put_stage(&sql, number);
	coffer_copy_put_text(&sql, " AS s WHERE NOT EXISTS (SELECT FROM ");
	put_target(&sql, export, table);
	coffer_copy_put_text(&sql, " AS o WHERE ");
	put_same_key(&sql, table, key);
	coffer_copy_put_text(&sql, ")");
	status = coffer_export_query(export, &sql, &result, error);
	if (!status)
		status = coffer_result_check(result, "r", 1, error);
	if (!status)
		*count_out = strtoull(coffer_result_text(result, 0, 0), NULL, 10);
	PQclear(result);
	return status;
}
