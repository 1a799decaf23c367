/*
 * Indexes in Prisma's words: only where the definition is the one that its columns and their order
 * make. Any other stands in a comment.
 */
#include "schema/name.h"
#include "schema/write_prisma.h"

#include <string.h>

static const char *const methods[][2] = {
	{"btree", "BTree"}, {"hash", "Hash"},     {"gin", "Gin"},
	{"gist", "Gist"},   {"spgist", "SpGist"}, {"brin", "Brin"},
};

/* What an index's definition says in Prisma's words. */
struct shape {
	const char *method;   /* Prisma's name; NULL for a key of a table */
	coffer_buffer fields; /* "a, b(sort: Desc)" */
	bool has_classes;     /* an operator class may stand behind a column */
	bool has_options;     /* something stands behind a column */
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
	coffer_buffer name = {0};
	bool is_same;

	coffer_buffer_identifier(&name, table->columns[column].name);
	is_same = !name.is_failed && strncmp(*at, name.data, name.size) == 0;
	*at += is_same ? name.size : 0;
	shape->fields.is_failed |= name.is_failed;
	coffer_buffer_release(&name);
	if (!is_same)
		return false;
	coffer_prisma_write_field_name(&shape->fields, table, column);
	if (shape->method)
		take_options(at, shape);
	return true;
}

static bool
take_members(const char *at, const coffer_table *table, const coffer_index *index,
	     struct shape *shape)
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
	static const char *const heads[] = {"PRIMARY KEY (", "UNIQUE ("};
	const char *at = index->definition;

	*shape = (struct shape){.method = NULL};
	if (!index->is_plain || index->attached_to || index->is_replica_identity ||
	    index->is_clustered)
		return false;
	for (size_t i = 0; index->is_constraint && i < 2; i++)
		if (strncmp(at, heads[i], strlen(heads[i])) == 0)
			return take_members(at + strlen(heads[i]), table, index, shape);
	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
		size_t size = strlen(methods[i][0]);

		if (strncmp(at, methods[i][0], size) == 0 && strncmp(at + size, " (", 2) == 0) {
			shape->method = methods[i][1];
			shape->has_classes = !index->is_unique;
			return (!index->is_unique || i == 0) &&
			       take_members(at + size + 2, table, index, shape);
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
	coffer_buffer base = {0};
	size_t size;

	coffer_name_columns(&base, table, index->columns,
			    index->is_primary ? 0 : index->column_count);
	size = base.is_failed ? 0
			      : coffer_name_clip(base.data, base.size,
						 COFFER_NAME_SIZE_MAX - strlen(suffix));
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
find_field_key(coffer_buffer *out, const coffer_table *table, uint16_t column, bool is_primary)
{
	uint16_t found = COFFER_NO_INDEX;

	for (size_t i = 0; i < table->index_count && found == COFFER_NO_INDEX; i++) {
		const coffer_index *index = &table->indexes[i];
		struct shape shape = {.method = NULL};

		if (!index->definition || index->is_primary != is_primary || !index->is_unique ||
		    index->column_count != 1 || index->columns[0] != column)
			continue;
		if (read_shape(table, index, &shape) && !shape.has_options)
			found = (uint16_t)i;
		out->is_failed |= shape.fields.is_failed;
		coffer_buffer_release(&shape.fields);
	}
	return found;
}

void
coffer_prisma_write_field_key(coffer_buffer *out, const coffer_table *table, uint16_t column)
{
	for (int unique = 0; unique < 2; unique++) {
		uint16_t number = find_field_key(out, table, column, !unique);

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
		coffer_prisma_write_comment(
			out, "  ", index->is_unique ? "unique index " : "index ", index->name);
		coffer_prisma_write_comment(out, "  ", "| ", index->definition);
	} else {
		coffer_buffer_printf(out, "  @@%s([%s]", kind,
				     shape.fields.data ? shape.fields.data : "");
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

		if (!index->definition ||
		    (index->column_count == 1 &&
		     find_field_key(out, table, index->columns[0], index->is_primary) == i))
			continue;
		coffer_buffer_text(out, separator);
		separator = "";
		write_index(out, table, index);
	}
}
