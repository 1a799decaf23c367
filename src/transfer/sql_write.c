/*
 * A source into SQL.
 *
 *   head --> types, sequences, tables --> rows --> keys, indexes, foreign keys, views --> states --> tail
 *
 * Whoever loads it gets all or nothing. The settings are those under which the texts of values and definitions
 * were made; a setting that some server does not know has no place here. Head and tail are what tells a cut file
 * from a whole one.
 */
#include "transfer/sql_write.h"

#include "transfer/append.h"
#include "transfer/copy_text.h"
#include "transfer/sql.h"

#include <inttypes.h>
#include <stdlib.h>

enum { CHUNK_SIZE = 1 << 18 };

struct writing {
	struct coffer_source *source;
	coffer_sql_sink sink;
	void *context;
	coffer_buffer out, scratch;
	uint16_t *columns; /* of the table, that are written */
	size_t column_count;
	uint64_t nans;
	coffer_transfer_summary *summary;
};

static coffer_status
flush(struct writing *writing, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	if (writing->out.is_failed)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for SQL");
	if (writing->out.size)
		status = writing->sink(writing->context, writing->out.data, writing->out.size,
				       error);
	coffer_buffer_clear(&writing->out);
	return status;
}

/* As a string that means the same whatever standard_conforming_strings says. */
static void
put_literal(coffer_buffer *out, const char *text)
{
	coffer_buffer_text(out, "E'");
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			coffer_buffer_append(out, text, 1);
		coffer_buffer_append(out, text, 1);
	}
	coffer_buffer_text(out, "'");
}

/* ------------------------------------------------------------------ head and tail */

static void
put_head(struct writing *writing)
{
	static const char settings[] = "SET statement_timeout = 0;\n"
				       "SET lock_timeout = 0;\n"
				       "SET idle_in_transaction_session_timeout = 0;\n"
				       "SET client_encoding = 'UTF8';\n"
				       "SET standard_conforming_strings = on;\n"
				       "SET check_function_bodies = off;\n"
				       "SET client_min_messages = warning;\n"
				       "SET row_security = off;\n"
				       "SET xmloption = content;\n"
				       "SET TimeZone = 'UTC';\n"
				       "SET DateStyle = 'ISO, MDY';\n"
				       "SET IntervalStyle = 'postgres';\n"
				       "SET lc_monetary = 'C';\n"
				       "SET array_nulls = on;\n"
				       "SET transform_null_equals = off;\n"
				       "SET default_tablespace = '';\n";

	coffer_buffer_printf(&writing->out,
			     "-- coffer export\n--\n-- Made by coffer %s. Load it with\n--\n"
			     "--\tpsql -X -v ON_ERROR_STOP=1 -d DATABASE -f FILE\n\n%s\nBEGIN;\n",
			     COFFER_VERSION, settings);
}

/* Every database has the schema public, and not every role may make one. */
static void
put_schema(struct writing *writing)
{
	const char *name = writing->source->schema->name;

	if (strcmp(name, "public") != 0) {
		coffer_buffer_text(&writing->out, "CREATE SCHEMA IF NOT EXISTS ");
		coffer_buffer_identifier(&writing->out, name);
		coffer_buffer_text(&writing->out, ";\n");
	}
	coffer_buffer_text(&writing->out, "SET search_path = ");
	coffer_buffer_identifier(&writing->out, name);
	coffer_buffer_text(&writing->out, ";\n");
}

static void
put_states(struct writing *writing)
{
	const coffer_schema *schema = writing->source->schema;

	for (size_t i = 0; i < schema->sequence_count; i++) {
		const coffer_sequence *sequence = &schema->sequences[i];
		coffer_buffer name = {0};

		coffer_buffer_identifier(&name, schema->name);
		coffer_buffer_text(&name, ".");
		coffer_buffer_identifier(&name, sequence->name);
		coffer_buffer_text(&writing->out, "SELECT pg_catalog.setval(");
		put_literal(&writing->out, name.is_failed ? "" : name.data);
		coffer_buffer_printf(&writing->out, "::pg_catalog.regclass, %" PRId64 ", %s);\n",
				     sequence->last_value, sequence->is_called ? "true" : "false");
		writing->out.is_failed = writing->out.is_failed || name.is_failed;
		coffer_buffer_release(&name);
	}
}

/* ------------------------------------------------------------------ definitions */

/*
 * A backslash outside of quotes is psql's: what follows it could be a command of the shell. No definition of a
 * server has one; a store from elsewhere may have anything.
 */
static coffer_status
check_definitions(const coffer_buffer *out, coffer_error *error)
{
	struct coffer_sql sql;

	coffer_sql_init(&sql, (coffer_text){out->data, out->size}, false);
	for (; sql.token.kind != COFFER_SQL_END; coffer_sql_next(&sql)) {
		if (sql.token.kind == COFFER_SQL_OPEN)
			return coffer_error_set(
				error, COFFER_INVALID,
				"a definition in which a quote or comment never ends");
		if (coffer_sql_is_symbol(&sql, '\\'))
			return coffer_error_set(
				error, COFFER_INVALID,
				"a definition with a backslash outside of quotes, which "
				"psql would take for a command");
	}
	return COFFER_OK;
}

static coffer_status
write_definitions(struct writing *writing, coffer_ddl_part part, coffer_error *error)
{
	const coffer_schema *schema = writing->source->schema;
	/* With the name come the schema's comment, and once more the path that is set already. */
	const char *name = part == COFFER_DDL_AFTER_DATA ? schema->name : NULL;
	coffer_buffer definitions = {0};
	coffer_status status = coffer_schema_write_sql(schema, part, name, &definitions, error);

	if (!status && (status = check_definitions(&definitions, error)))
		coffer_error_at(error, "%s", schema->name);
	if (!status)
		coffer_buffer_append(&writing->out, definitions.data, definitions.size);
	coffer_buffer_release(&definitions);
	return status ? status : flush(writing, error);
}

/* ------------------------------------------------------------------ rows */

static coffer_status
choose_columns(struct writing *writing, const coffer_table *table, coffer_error *error)
{
	free(writing->columns);
	writing->columns = calloc(table->column_count + 1, sizeof(*writing->columns));
	writing->column_count = 0;
	if (!writing->columns)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a list of columns");
	for (size_t i = 0; i < table->column_count; i++)
		if (!table->columns[i].generated_sql)
			writing->columns[writing->column_count++] = (uint16_t)i;
	return COFFER_OK;
}

/* Without a list all columns but generated ones are meant, which is the only way to say "none". */
static void
put_copy(struct writing *writing, const coffer_table *table)
{
	coffer_buffer_text(&writing->out, "COPY ");
	coffer_buffer_identifier(&writing->out, table->name);
	for (size_t i = 0; i < writing->column_count; i++) {
		coffer_buffer_text(&writing->out, i ? ", " : " (");
		coffer_buffer_identifier(&writing->out, table->columns[writing->columns[i]].name);
	}
	coffer_buffer_text(&writing->out,
			   writing->column_count ? ") FROM stdin;\n" : " FROM stdin;\n");
}

static coffer_status
write_row(struct writing *writing, const coffer_table *table, const coffer_value *values,
	  coffer_error *error)
{
	coffer_status status = COFFER_OK;
	size_t before = writing->out.size;

	for (size_t i = 0; i < writing->column_count && !status; i++) {
		const coffer_column *column = &table->columns[writing->columns[i]];
		const coffer_value *value = &values[writing->columns[i]];

		if (i)
			coffer_append_char(&writing->out, '\t');
		status = coffer_copy_text_value(column, value, &writing->out, &writing->scratch,
						error);
		if (status)
			coffer_error_at(error, "%s.%s", table->name, column->name);
		writing->nans += coffer_copy_text_changes(value);
	}
	coffer_append_char(&writing->out, '\n');
	writing->summary->rows++;
	writing->summary->bytes += writing->out.size - before;
	if (!status && writing->out.size >= CHUNK_SIZE)
		status = flush(writing, error);
	return status;
}

static coffer_status
write_rows(struct writing *writing, const coffer_table *table, coffer_error *error)
{
	const coffer_value *values;
	coffer_status status = COFFER_OK;

	while (!status && !(status = coffer_source_next_row(writing->source, &values, error)))
		status = write_row(writing, table, values, error);
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

static coffer_status
write_table(struct writing *writing, const coffer_table *table, coffer_error *error)
{
	coffer_status status = choose_columns(writing, table, error);

	if (status)
		return status;
	put_copy(writing, table);
	writing->nans = 0;
	status = write_rows(writing, table, error);
	coffer_buffer_text(&writing->out, "\\.\n\n");
	writing->summary->tables++;
	if (!status && writing->nans)
		coffer_source_warn(writing->source,
				   "%s: %" PRIu64 " NaN with a sign or payload became plain NaN",
				   table->name, writing->nans);
	return status ? status : flush(writing, error);
}

static coffer_status
write_tables(struct writing *writing, coffer_error *error)
{
	const coffer_schema *schema = writing->source->schema;
	coffer_status status;
	uint32_t table;

	while (!(status = coffer_source_next_table(writing->source, &table, error)))
		if ((status = write_table(writing, &schema->tables[table], error)))
			break;
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

/* ------------------------------------------------------------------ the whole */

static coffer_status
write_all(struct writing *writing, coffer_error *error)
{
	const coffer_transfer_options *options = writing->source->options;
	coffer_status status;

	if (writing->source->has_estimate && options->expect)
		options->expect(options->progress_context, writing->source->estimate);
	put_head(writing);
	put_schema(writing);
	if ((status = write_definitions(writing, COFFER_DDL_BEFORE_DATA, error)) ||
	    (status = write_tables(writing, error)) ||
	    (status = write_definitions(writing, COFFER_DDL_AFTER_DATA, error)))
		return status;
	put_states(writing);
	coffer_buffer_text(&writing->out, "COMMIT;\n\n-- coffer export complete\n");
	return flush(writing, error);
}

coffer_status
coffer_sql_write(struct coffer_source *source, coffer_sql_sink sink, void *context,
		 coffer_transfer_summary *summary_out, coffer_error *error)
{
	struct writing writing = {
		.source = source,
		.sink = sink,
		.context = context,
		.summary = summary_out,
	};
	coffer_status status;

	*summary_out = (coffer_transfer_summary){0};
	status = write_all(&writing, error);
	summary_out->warnings = source->warnings;
	coffer_buffer_release(&writing.out);
	coffer_buffer_release(&writing.scratch);
	free(writing.columns);
	return status;
}
