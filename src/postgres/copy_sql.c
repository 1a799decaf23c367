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

#include <stdio.h>

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
bool
coffer_copy_has_time_order(const coffer_table *table)
{
	if (table->time_column == COFFER_NO_COLUMN)
		return false;
	for (size_t i = 0; i < table->index_count; i++) {
		const coffer_index *index = &table->indexes[i];

		if (index->is_plain && index->definition && index->column_count &&
		    index->columns[0] == table->time_column &&
		    (index->is_constraint || !strncmp(index->definition, "btree", 5)))
			return true;
	}
	return false;
}

/* What the rows of a statement have to fulfil: the first condition stands behind WHERE, each other one behind AND. */
struct conditions {
	coffer_buffer *out;
	bool has_one;
};

static void
put_condition(struct conditions *conditions, const char *column, const char *operator)
{
	coffer_copy_put_text(conditions->out, conditions->has_one ? " AND r." : " WHERE r.");
	coffer_copy_put_identifier(conditions->out, column);
	coffer_copy_put_text(conditions->out, operator);
	conditions->has_one = true;
}

/* The session's zone is UTC, in which a time with a zone is printed. */
static void
put_time(struct conditions *conditions, const coffer_column *column, const char *operator, int64_t time)
{
	char text[COFFER_SCALAR_TEXT_SIZE];

	coffer_time_print(time, column->has_zone, text);
	put_condition(conditions, column->name, operator);
	coffer_copy_put_literal(conditions->out, text);
	coffer_copy_put_text(conditions->out, column->has_zone ? "::pg_catalog.timestamptz"
							       : "::pg_catalog.timestamp");
}

/* No row is the zeroth of its block. */
static void
put_block(struct conditions *conditions, const char *operator, int64_t block)
{
	char text[48];

	snprintf(text, sizeof(text), "'(%lld,0)'::pg_catalog.tid", (long long)block);
	put_condition(conditions, "ctid", operator);
	coffer_copy_put_text(conditions->out, text);
}

static void
put_piece(struct conditions *conditions, const coffer_table *table, const struct coffer_piece *piece)
{
	static const char from[] = " OPERATOR(pg_catalog.>=) ", before[] = " OPERATOR(pg_catalog.<) ";
	bool is_timed = piece->kind == COFFER_PIECE_TIMES;
	bool is_blocks = piece->kind == COFFER_PIECE_BLOCKS;

	if (piece->kind == COFFER_PIECE_NO_TIME)
		put_condition(conditions, table->columns[table->time_column].name, " IS NULL");
	if (is_timed && piece->has_low)
		put_time(conditions, &table->columns[table->time_column], from, piece->low);
	if (is_timed && piece->has_high)
		put_time(conditions, &table->columns[table->time_column], before, piece->high);
	if (is_blocks && piece->has_low)
		put_block(conditions, from, piece->low);
	if (is_blocks && piece->has_high)
		put_block(conditions, before, piece->high);
}

void
coffer_copy_out_sql(coffer_buffer *out, const coffer_schema *schema, const coffer_table *table,
		    const char *schema_name, const coffer_selection *selection,
		    const struct coffer_piece *piece)
{
	struct conditions conditions = {out, false};
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
		put_time(&conditions, &table->columns[table->time_column],
			 " OPERATOR(pg_catalog.>=) ", since);
	if (piece)
		put_piece(&conditions, table, piece);
	if (coffer_copy_has_time_order(table)) {
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
