/*
 * Derived names. The server cuts the longer of table and column first (makeObjectName), Prisma cuts
 * the joined text and keeps the suffix; both count bytes and leave UTF-8 characters whole.
 */
#include "schema/name.h"

#include <stdlib.h>
#include <string.h>

size_t
coffer_name_clip(const char *name, size_t size, size_t size_max)
{
	if (size <= size_max)
		return size;
	while (size_max > 0 && ((unsigned char)name[size_max] & 0xc0) == 0x80)
		size_max--;
	return size_max;
}

char *
coffer_name_join(coffer_schema *schema, const char *base, const char *suffix)
{
	size_t suffix_size = strlen(suffix);
	size_t size = coffer_name_clip(base, strlen(base), COFFER_NAME_SIZE_MAX - suffix_size);
	char *name = coffer_schema_memory(schema, size + suffix_size + 1);

	if (name) {
		memcpy(name, base, size);
		memcpy(name + size, suffix, suffix_size + 1);
	}
	return name;
}

void
coffer_name_columns(coffer_buffer *out, const coffer_table *table, const uint16_t *columns,
		    size_t count)
{
	coffer_buffer_text(out, table->name);
	for (size_t i = 0; i < count; i++) {
		coffer_buffer_text(out, "_");
		coffer_buffer_text(out, table->columns[columns[i]].name);
	}
}

char *
coffer_name_sequence(coffer_schema *schema, const char *table, const char *column)
{
	size_t table_size = strlen(table), column_size = strlen(column);
	size_t room = COFFER_NAME_SIZE_MAX - strlen("__seq");
	coffer_buffer name = {0};
	char *copy;

	while (table_size + column_size > room)
		*(table_size > column_size ? &table_size : &column_size) -= 1;
	table_size = coffer_name_clip(table, strlen(table), table_size);
	column_size = coffer_name_clip(column, strlen(column), column_size);
	coffer_buffer_append(&name, table, table_size);
	coffer_buffer_text(&name, "_");
	coffer_buffer_append(&name, column, column_size);
	coffer_buffer_text(&name, "_seq");
	copy = name.is_failed ? NULL : coffer_schema_text(schema, name.data);
	coffer_buffer_release(&name);
	return copy;
}

static int
by_name(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

bool
coffer_names_differ(const char **names, size_t count, const char **twice_out)
{
	*twice_out = NULL;
	if (count > 1)
		qsort(names, count, sizeof(*names), by_name);
	for (size_t i = 1; i < count && !*twice_out; i++)
		if (strcmp(names[i - 1], names[i]) == 0)
			*twice_out = names[i];
	return !*twice_out;
}

bool
coffer_name_is_spelled(const char *spelled, const char *name)
{
	if (*spelled != '"')
		return !strcmp(spelled, name);
	for (spelled++; *name; name++, spelled++) {
		if (*spelled != *name)
			return false;
		if (*name == '"' && *++spelled != '"')
			return false;
	}
	return spelled[0] == '"' && !spelled[1];
}
