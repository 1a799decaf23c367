/*
 * The statements around COPY. Rows are read by `COPY (SELECT ...)`, never by `COPY table`, which a
 * partitioned table refuses; ONLY keeps an inheritance child's rows to the child. A value of a type
 * that coffer carries is made text by its output function, as COPY's text form does, never by a
 * ::text cast (inet and char(n) differ). num_nonnulls tells a NULL from a composite whose members
 * are NULL.
 */
#include "postgres/copy_sql.h"

#include "postgres/copy_bytes.h"
#include "transfer/selection.h"

static void
put_quoted(coffer_buffer *out, const char *text, char quote)
{
	coffer_copy_put(out, &quote, 1);
	for (; *text; text++) {
		if (*text == quote)
			coffer_copy_put(out, &quote, 1);
		coffer_copy_put(out, text, 1);
	}
	coffer_copy_put(out, &quote, 1);
}

void
coffer_copy_put_identifier(coffer_buffer *out, const char *name)
{
	put_quoted(out, name, '"');
}

/* E'' doubles the backslash, whatever standard_conforming_strings says. */
void
coffer_copy_put_literal(coffer_buffer *out, const char *text)
{
	coffer_copy_put_text(out, "E'");
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			coffer_copy_put(out, text, 1);
		coffer_copy_put(out, text, 1);
	}
	coffer_copy_put_text(out, "'");
}

void
coffer_copy_put_table(coffer_buffer *out, const char *schema_name, const char *table_name)
{
	coffer_copy_put_identifier(out, schema_name);
	coffer_copy_put_byte(out, '.');
	coffer_copy_put_identifier(out, table_name);
}

static bool
is_enum(const coffer_schema *schema, const char *type)
{
	coffer_buffer name = {0};
	bool is_found = false;

	for (size_t i = 0; i < schema->enum_count && !is_found; i++) {
		name.size = 0;
		coffer_buffer_identifier(&name, schema->enums[i].name);
		is_found = name.data && !strcmp(name.data, type);
	}
	coffer_buffer_release(&name);
	return is_found;
}

bool
coffer_copy_is_binary(const coffer_schema *schema, const coffer_column *column)
{
	if (column->kind != COFFER_OTHER)
		return true;
	return is_enum(schema, column->base_type ? column->base_type : column->type);
}

static void
put_selected(coffer_buffer *out, const coffer_schema *schema, const coffer_column *column)
{
	if (coffer_copy_is_binary(schema, column)) {
		coffer_copy_put_identifier(out, column->name);
		return;
	}
	coffer_copy_put_text(out, "CASE WHEN pg_catalog.num_nonnulls(");
	coffer_copy_put_identifier(out, column->name);
	coffer_copy_put_text(out, ") = 1 THEN pg_catalog.format('%s', ");
	coffer_copy_put_identifier(out, column->name);
	coffer_copy_put_text(out, ") END");
}

/*
 * Does a btree give the rows in order of the time column? Only then does an ORDER BY cost nothing.
 */
static bool
has_time_order(const coffer_table *table)
{
	for (size_t i = 0; i < table->index_count; i++) {
		const coffer_index *index = &table->indexes[i];

		if (index->is_plain && index->definition && index->column_count &&
		    index->columns[0] == table->time_column &&
		    (index->is_constraint || !strncmp(index->definition, "btree", 5)))
			return true;
	}
	return false;
}

/* The session's zone is UTC, in which a time with a zone is printed. */
static void
put_since(coffer_buffer *out, const coffer_column *column, int64_t since)
{
	char text[COFFER_SCALAR_TEXT_SIZE];

	coffer_time_print(since, column->has_zone, text);
	coffer_copy_put_text(out, " WHERE r.");
	coffer_copy_put_identifier(out, column->name);
	coffer_copy_put_text(out, " OPERATOR(pg_catalog.>=) ");
	coffer_copy_put_literal(out, text);
	coffer_copy_put_text(out, column->has_zone ? "::pg_catalog.timestamptz"
						   : "::pg_catalog.timestamp");
}

void
coffer_copy_out_sql(coffer_buffer *out, const coffer_schema *schema, const coffer_table *table,
		    const char *schema_name, const coffer_selection *selection)
{
	bool has_time = table->time_column != COFFER_NO_COLUMN;
	int64_t since;

	coffer_copy_put_text(out, "COPY (SELECT ");
	for (size_t i = 0; i < table->column_count; i++) {
		if (i)
			coffer_copy_put_text(out, ", ");
		put_selected(out, schema, &table->columns[i]);
	}
	coffer_copy_put_text(out, table->partition_key ? " FROM " : " FROM ONLY ");
	coffer_copy_put_table(out, schema_name, table->name);
	coffer_copy_put_text(out, " AS r");
	if (coffer_selection_since(selection, table, &since))
		put_since(out, &table->columns[table->time_column], since);
	if (has_time && has_time_order(table)) {
		coffer_copy_put_text(out, " ORDER BY r.");
		coffer_copy_put_identifier(out, table->columns[table->time_column].name);
	}
	coffer_copy_put_text(out, ") TO STDOUT (FORMAT binary)");
	coffer_copy_put(out, "", 1);
	out->size--;
}

/*
 * FREEZE spares the server a second pass over rows that nobody else can have seen; it is refused
 * for a partitioned table. Without a column list all but generated columns are meant, which is the
 * only way to say "none".
 */
void
coffer_copy_in_sql(coffer_buffer *out, const struct coffer_copy_writer *writer,
		   const char *schema_name, const char *table_name, bool is_new)
{
	const coffer_table *table = writer->table;

	coffer_copy_put_text(out, "COPY ");
	coffer_copy_put_table(out, schema_name, table_name);
	for (size_t i = 0; i < writer->column_count; i++) {
		coffer_copy_put_text(out, i ? ", " : " (");
		coffer_copy_put_identifier(out, table->columns[writer->columns[i]].name);
	}
	coffer_copy_put_text(out, writer->column_count ? ")" : "");
	coffer_copy_put_text(out, writer->is_binary ? " FROM STDIN (FORMAT binary"
						    : " FROM STDIN (FORMAT text");
	coffer_copy_put_text(out, is_new && !table->partition_key ? ", FREEZE)" : ")");
	coffer_copy_put(out, "", 1);
	out->size--;
}
