/*
 * Defaults and indexes in Prisma's words. A default is written in them only where parsing those words
 * gives its very text again; dbgenerated("...") holds any other. The same goes for an index: its
 * definition has to be the one that its columns and their order make.
 */
#include "schema/write_prisma.h"
#include "schema/name.h"
#include "base/buffer.h"

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

	return strncmp(scalar, type, size) == 0 && (!scalar[size] || strcmp(scalar + size, "?") == 0);
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
has_serial_name(const coffer_sequence *sequence)
{
	coffer_buffer name = { 0 };
	bool is_same;

	coffer_buffer_printf(&name, "%s_%s_seq", sequence->owner_table, sequence->owner_column);
	is_same = !name.is_failed && strcmp(name.data, sequence->name) == 0;
	coffer_buffer_release(&name);
	return is_same;
}

static bool
is_serial(const coffer_schema *schema, const coffer_table *table, const coffer_column *column)
{
	for (size_t i = 0; i < schema->sequence_count; i++) {
		const coffer_sequence *sequence = &schema->sequences[i];

		if (!sequence->is_identity && sequence->owner_table && sequence->owner_column &&
		    strcmp(sequence->owner_table, table->name) == 0 &&
		    strcmp(sequence->owner_column, column->name) == 0)
			return strcmp(sequence->type, column->type) == 0 && sequence->start == 1 &&
			       sequence->increment == 1 && sequence->minimum == 1 &&
			       sequence->cache == 1 && !sequence->is_cycle && !sequence->is_unlogged &&
			       has_serial_name(sequence) && strncmp(column->default_sql, "nextval(", 8) == 0;
	}
	return false;
}

static bool
write_text_default(coffer_buffer *out, const coffer_column *column, const char *scalar)
{
	bool is_json = is_type(scalar, "Json") && strcmp(column->type, "jsonb") == 0;
	coffer_buffer text = { 0 };
	bool is_text = (is_json || strcmp(column->type, "text") == 0) &&
		       unquote(column->default_sql, column->type, &text);

	if (is_text && is_json)
		is_text = text.data && (strcmp(text.data, "{}") == 0 || strcmp(text.data, "[]") == 0);
	if (is_text) {
		coffer_buffer_text(out, " @default(");
		coffer_prisma_write_string(out, text.data ? text.data : "");
		coffer_buffer_text(out, ")");
	}
	coffer_buffer_release(&text);
	return is_text;
}

/* The value of an enum whose label it is. */
static bool
write_enum_default(coffer_buffer *out, const coffer_schema *schema, const coffer_column *column)
{
	coffer_buffer text = { 0 };
	bool is_found = false;

	if (!unquote(column->default_sql, column->type, &text) || !text.data) {
		coffer_buffer_release(&text);
		return false;
	}
	for (size_t e = 0; e < schema->enum_count && !is_found; e++) {
		coffer_buffer type = { 0 };
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
		coffer_buffer_release(&type);
	}
	coffer_buffer_release(&text);
	return is_found;
}

/* Prisma's own word for the default, or NULL. */
static const char *
default_word(const coffer_schema *schema, const coffer_table *table, const coffer_column *column,
	     const char *scalar)
{
	const char *sql = column->default_sql;
	bool is_number_type = is_type(scalar, "Int") || is_type(scalar, "Float") ||
			      is_type(scalar, "BigInt") || is_type(scalar, "Decimal");

	if (!sql && is_type(scalar, "String"))
		return column->client_default == COFFER_CLIENT_UUID ? "uuid()" :
		       column->client_default == COFFER_CLIENT_CUID ? "cuid()" : NULL;
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
	return is_number_type && is_serial(schema, table, column) ? "autoincrement()" : NULL;
}

void
coffer_prisma_write_default(coffer_buffer *out, const coffer_schema *schema, const coffer_table *table,
			    const coffer_column *column, const char *scalar)
{
	const char *word = default_word(schema, table, column, scalar);

	if (word) {
		coffer_buffer_printf(out, " @default(%s)", word);
	} else if (column->default_sql && !write_text_default(out, column, scalar) &&
		   !write_enum_default(out, schema, column)) {
		coffer_buffer_text(out, " @default(dbgenerated(");
		coffer_prisma_write_string(out, column->default_sql);
		coffer_buffer_text(out, "))");
	}
}

/* ------------------------------------------------------------------ indexes */

static const char *const methods[][2] = {
	{ "btree", "BTree" }, { "hash", "Hash" },     { "gin", "Gin" },
	{ "gist", "Gist" },   { "spgist", "SpGist" }, { "brin", "Brin" },
};

/* What an index's definition says in Prisma's words. */
struct shape {
	const char *method;          /* Prisma's name; NULL for a key of a table */
	coffer_buffer fields;        /* "a, b(sort: Desc)" */
	bool has_classes;            /* an operator class may stand behind a column */
	bool has_options;            /* something stands behind a column */
};

/* Read an operator class and " DESC" behind a column. */
static void
take_options(const char **at, struct shape *shape)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz_0123456789";
	size_t size = **at == ' ' && shape->has_classes ? strspn(*at + 1, letters) : 0;
	bool is_descending;

	if (size) {
		coffer_buffer_text(&shape->fields, "(ops: raw(\"");
		coffer_buffer_append(&shape->fields, *at + 1, size);
		coffer_buffer_text(&shape->fields, "\")");
		*at += size + 1;
	}
	is_descending = strncmp(*at, " DESC", 5) == 0;
	if (is_descending)
		coffer_buffer_text(&shape->fields, size ? ", sort: Desc" : "(sort: Desc");
	*at += is_descending ? 5 : 0;
	if (size || is_descending) {
		coffer_buffer_text(&shape->fields, ")");
		shape->has_options = true;
	}
}

/* Read a column and its options; false where something else is there. */
static bool
take_member(const char **at, const coffer_table *table, uint16_t column, struct shape *shape)
{
	coffer_buffer name = { 0 };
	bool is_same;

	coffer_buffer_identifier(&name, table->columns[column].name);
	is_same = !name.is_failed && strncmp(*at, name.data, name.size) == 0;
	*at += is_same ? name.size : 0;
	coffer_buffer_release(&name);
	if (!is_same)
		return false;
	coffer_prisma_write_field_name(&shape->fields, table, column);
	if (shape->method)
		take_options(at, shape);
	return true;
}

static bool
take_members(const char *at, const coffer_table *table, const coffer_index *index, struct shape *shape)
{
	for (size_t i = 0; i < index->column_count; i++) {
		if (i && strncmp(at, ", ", 2) != 0)
			return false;
		at += i ? 2 : 0;
		coffer_buffer_text(&shape->fields, i ? ", " : "");
		if (!take_member(&at, table, index->columns[i], shape))
			return false;
	}
	return index->column_count && strcmp(at, ")") == 0;
}

/* False where Prisma has no words for the index. The caller releases `fields`. */
static bool
read_shape(const coffer_table *table, const coffer_index *index, struct shape *shape)
{
	static const char *const heads[] = { "PRIMARY KEY (", "UNIQUE (" };
	const char *at = index->definition;

	*shape = (struct shape){ .method = NULL };
	if (!index->is_plain || index->attached_to || index->is_replica_identity || index->is_clustered)
		return false;
	for (size_t i = 0; index->is_constraint && i < 2; i++)
		if (strncmp(at, heads[i], strlen(heads[i])) == 0)
			return take_members(at + strlen(heads[i]), table, index, shape);
	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
		size_t size = strlen(methods[i][0]);

		if (strncmp(at, methods[i][0], size) == 0 && strncmp(at + size, " (", 2) == 0) {
			shape->method = methods[i][1];
			shape->has_classes = !index->is_unique;
			return (!index->is_unique || i == 0) && take_members(at + size + 2, table, index, shape);
		}
	}
	return false;
}

/* "map: ..." where the name is not the one that Prisma makes. */
static void
write_map(coffer_buffer *out, const coffer_table *table, const coffer_index *index,
	  const char *before, const char *after)
{
	const char *suffix = index->is_primary ? "_pkey" : index->is_unique ? "_key" : "_idx";
	coffer_buffer base = { 0 };
	size_t size;

	coffer_name_columns(&base, table, index->columns, index->is_primary ? 0 : index->column_count);
	size = base.is_failed ? 0 :
				coffer_name_clip(base.data, base.size, COFFER_NAME_SIZE_MAX - strlen(suffix));
	if (base.is_failed || strlen(index->name) != size + strlen(suffix) ||
	    memcmp(index->name, base.data, size) != 0 || strcmp(index->name + size, suffix) != 0) {
		coffer_buffer_printf(out, "%smap: ", before);
		coffer_prisma_write_string(out, index->name);
		coffer_buffer_text(out, after);
	}
	out->is_failed |= base.is_failed;
	coffer_buffer_release(&base);
}

/* The number of the key that stands on the field itself: its first of one column, without an order. */
static uint16_t
find_field_key(const coffer_table *table, uint16_t column, bool is_primary)
{
	uint16_t found = COFFER_NO_INDEX;

	for (size_t i = 0; i < table->index_count && found == COFFER_NO_INDEX; i++) {
		const coffer_index *index = &table->indexes[i];
		struct shape shape = { .method = NULL };

		if (!index->definition || index->is_primary != is_primary || !index->is_unique ||
		    index->column_count != 1 || index->columns[0] != column)
			continue;
		if (read_shape(table, index, &shape) && !shape.has_options)
			found = (uint16_t)i;
		coffer_buffer_release(&shape.fields);
	}
	return found;
}

void
coffer_prisma_write_field_key(coffer_buffer *out, const coffer_table *table, uint16_t column)
{
	for (int unique = 0; unique < 2; unique++) {
		uint16_t number = find_field_key(table, column, !unique);

		if (number == COFFER_NO_INDEX)
			continue;
		coffer_buffer_text(out, unique ? " @unique" : " @id");
		write_map(out, table, &table->indexes[number], "(", ")");
	}
}

static void
write_index(coffer_buffer *out, const coffer_table *table, const coffer_index *index)
{
	const char *kind = index->is_primary ? "id" : index->is_unique ? "unique" : "index";
	struct shape shape;

	if (!read_shape(table, index, &shape)) {
		coffer_prisma_write_comment(out, "  ", index->is_unique ? "unique index " : "index ",
					    index->name);
		coffer_prisma_write_comment(out, "  ", "| ", index->definition);
	} else {
		coffer_buffer_printf(out, "  @@%s([%s]", kind, shape.fields.data ? shape.fields.data : "");
		write_map(out, table, index, ", ", "");
		if (shape.method && strcmp(shape.method, "BTree") != 0)
			coffer_buffer_printf(out, ", type: %s", shape.method);
		coffer_buffer_text(out, ")\n");
	}
	out->is_failed |= shape.fields.is_failed;
	coffer_buffer_release(&shape.fields);
}

void
coffer_prisma_write_indexes(coffer_buffer *out, const coffer_table *table)
{
	const char *separator = "\n";

	for (size_t i = 0; i < table->index_count; i++) {
		const coffer_index *index = &table->indexes[i];

		if (!index->definition || (index->column_count == 1 &&
					   find_field_key(table, index->columns[0], index->is_primary) == i))
			continue;
		coffer_buffer_text(out, separator);
		separator = "";
		write_index(out, table, index);
	}
}
