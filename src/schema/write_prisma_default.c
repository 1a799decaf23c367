/*
 * Defaults in Prisma's words: only where parsing those words gives the very text again;
 * dbgenerated("...") holds any other.
 */
#include "schema/write_prisma.h"

#include <string.h>

/* The text inside 'text'::label, its quotes single again; false where it is not of this form. */
static bool
unquote(const char *sql, const char *label, coffer_buffer *out)
{
	if (*sql++ != '\'')
		return false;
	for (; *sql && (*sql != '\'' || sql[1] == '\''); sql++) {
		if (*sql == '\'')
			sql++;
		coffer_buffer_append(out, sql, 1);
	}
	return *sql == '\'' && strncmp(sql + 1, "::", 2) == 0 && strcmp(sql + 3, label) == 0 &&
	       !out->is_failed;
}

/* True where `scalar` is this type, optional or not. */
static bool
is_type(const char *scalar, const char *type)
{
	size_t size = strlen(type);

	return strncmp(scalar, type, size) == 0 &&
	       (!scalar[size] || strcmp(scalar + size, "?") == 0);
}

/* Digits, at most one point with a digit on each side, no needless zero in front. */
static bool
is_number(const char *sql)
{
	size_t size = strspn(sql, "0123456789");

	if (!size || size > 9 || (size > 1 && *sql == '0'))
		return false;
	if (sql[size] == '.' && sql[size + 1])
		size += 1 + strspn(sql + size + 1, "0123456789");
	return !sql[size];
}

static bool
has_serial_name(coffer_buffer *out, const coffer_sequence *sequence)
{
	coffer_buffer name = {0};
	bool is_same;

	coffer_buffer_printf(&name, "%s_%s_seq", sequence->owner_table, sequence->owner_column);
	is_same = !name.is_failed && strcmp(name.data, sequence->name) == 0;
	out->is_failed |= name.is_failed;
	coffer_buffer_release(&name);
	return is_same;
}

static bool
is_serial(coffer_buffer *out, const coffer_schema *schema, const coffer_table *table,
	  const coffer_column *column)
{
	for (size_t i = 0; i < schema->sequence_count; i++) {
		const coffer_sequence *sequence = &schema->sequences[i];

		if (!sequence->is_identity && sequence->owner_table && sequence->owner_column &&
		    strcmp(sequence->owner_table, table->name) == 0 &&
		    strcmp(sequence->owner_column, column->name) == 0)
			return strcmp(sequence->type, column->type) == 0 && sequence->start == 1 &&
			       sequence->increment == 1 && sequence->minimum == 1 &&
			       sequence->cache == 1 && !sequence->is_cycle &&
			       !sequence->is_unlogged && has_serial_name(out, sequence) &&
			       strncmp(column->default_sql, "nextval(", 8) == 0;
	}
	return false;
}

static bool
write_text_default(coffer_buffer *out, const coffer_column *column, const char *scalar)
{
	bool is_json = is_type(scalar, "Json") && strcmp(column->type, "jsonb") == 0;
	coffer_buffer text = {0};
	bool is_text = (is_json || strcmp(column->type, "text") == 0) &&
		       unquote(column->default_sql, column->type, &text);

	if (is_text && is_json)
		is_text =
			text.data && (strcmp(text.data, "{}") == 0 || strcmp(text.data, "[]") == 0);
	if (is_text) {
		coffer_buffer_text(out, " @default(");
		coffer_prisma_write_string(out, text.data ? text.data : "");
		coffer_buffer_text(out, ")");
	}
	out->is_failed |= text.is_failed;
	coffer_buffer_release(&text);
	return is_text;
}

/* The value of an enum whose label it is. */
static bool
write_enum_default(coffer_buffer *out, const coffer_schema *schema, const coffer_column *column)
{
	coffer_buffer text = {0};
	bool is_found = false;
	bool is_quoted = unquote(column->default_sql, column->type, &text) && text.data;

	for (size_t e = 0; is_quoted && e < schema->enum_count && !is_found; e++) {
		coffer_buffer type = {0};
		const coffer_enum *kept = &schema->enums[e];

		coffer_buffer_identifier(&type, kept->name);
		for (size_t i = 0; i < kept->label_count && !is_found; i++) {
			is_found = !type.is_failed && strcmp(type.data, column->type) == 0 &&
				   strcmp(kept->labels[i], text.data) == 0;
			if (!is_found)
				continue;
			coffer_buffer_text(out, " @default(");
			coffer_prisma_write_name(out, kept->labels[i], NULL, i);
			coffer_buffer_text(out, ")");
		}
		out->is_failed |= type.is_failed;
		coffer_buffer_release(&type);
	}
	out->is_failed |= text.is_failed;
	coffer_buffer_release(&text);
	return is_found;
}

/* Prisma's own word for the default, or NULL. */
static const char *
default_word(coffer_buffer *out, const coffer_schema *schema, const coffer_table *table,
	     const coffer_column *column, const char *scalar)
{
	const char *sql = column->default_sql;
	bool is_number_type = is_type(scalar, "Int") || is_type(scalar, "Float") ||
			      is_type(scalar, "BigInt") || is_type(scalar, "Decimal");

	if (!sql && is_type(scalar, "String"))
		return column->client_default == COFFER_CLIENT_UUID   ? "uuid()"
		       : column->client_default == COFFER_CLIENT_CUID ? "cuid()"
								      : NULL;
	if (!sql)
		return NULL;
	if (is_type(scalar, "DateTime") && strcmp(sql, "CURRENT_TIMESTAMP") == 0)
		return "now()";
	if (is_type(scalar, "Boolean") && (strcmp(sql, "true") == 0 || strcmp(sql, "false") == 0))
		return sql;
	if (is_number_type && is_number(sql))
		return sql;
	if (is_type(scalar, "String[]") && strcmp(sql, "ARRAY[]::text[]") == 0)
		return "[]";
	return is_number_type && is_serial(out, schema, table, column) ? "autoincrement()" : NULL;
}

void
coffer_prisma_write_default(coffer_buffer *out, const coffer_schema *schema,
			    const coffer_table *table, const coffer_column *column,
			    const char *scalar)
{
	const char *word = default_word(out, schema, table, column, scalar);

	if (word) {
		coffer_buffer_printf(out, " @default(%s)", word);
	} else if (column->default_sql && !write_text_default(out, column, scalar) &&
		   !write_enum_default(out, schema, column)) {
		coffer_buffer_text(out, " @default(dbgenerated(");
		coffer_prisma_write_string(out, column->default_sql);
		coffer_buffer_text(out, "))");
	}
}
