/*
 * The document, written as its tables say: the outer levels indented, each small thing on a line of its own.
 */
#include "schema/document.h"

#include <inttypes.h>
#include <string.h>

struct writer {
	coffer_buffer *out;
	unsigned depth;
	unsigned inline_depth;     /* from which nothing is put on a new line; 0: none */
	bool is_empty;             /* nothing was written yet in the innermost one */
	const coffer_table *table; /* whose columns numbers mean; NULL of a view's indexes */
};

/* ------------------------------------------------------------------ layout */

static void
write_text(struct writer *writer, const char *text)
{
	coffer_json_string(writer->out, (coffer_text){text, strlen(text)});
}

static void
break_line(struct writer *writer)
{
	if (writer->inline_depth)
		return;
	coffer_buffer_text(writer->out, "\n");
	for (unsigned i = 0; i < writer->depth; i++)
		coffer_buffer_text(writer->out, "\t");
}

/* What stands in front of a value: a comma, and in an object its name. */
static void
begin(struct writer *writer, const char *key)
{
	if (!writer->is_empty)
		coffer_buffer_text(writer->out, ",");
	break_line(writer);
	writer->is_empty = false;
	if (!key)
		return;
	write_text(writer, key);
	coffer_buffer_text(writer->out, writer->inline_depth ? ":" : ": ");
}

static void
open_level(struct writer *writer, const char *bracket, bool is_inline)
{
	coffer_buffer_text(writer->out, bracket);
	writer->depth++;
	writer->is_empty = true;
	if (is_inline && !writer->inline_depth)
		writer->inline_depth = writer->depth;
}

static void
close_level(struct writer *writer, const char *bracket)
{
	bool is_inline = writer->inline_depth;

	if (writer->inline_depth == writer->depth)
		writer->inline_depth = 0;
	writer->depth--;
	if (!is_inline && !writer->is_empty)
		break_line(writer);
	coffer_buffer_text(writer->out, bracket);
	writer->is_empty = false;
}

/* ------------------------------------------------------------------ members */

static void
write_option(struct writer *writer, const char *key, const char *text)
{
	if (!text)
		return;
	begin(writer, key);
	write_text(writer, text);
}

static void
write_bool(struct writer *writer, const char *key, bool is_true)
{
	begin(writer, key);
	coffer_buffer_text(writer->out, is_true ? "true" : "false");
}

static void
write_number(struct writer *writer, const char *key, int64_t number)
{
	begin(writer, key);
	coffer_buffer_printf(writer->out, "%" PRId64, number);
}

static void
write_letter(struct writer *writer, const struct coffer_member *member, char letter)
{
	if (letter && letter != member->words[0][0])
		write_option(writer, member->key, (const char[]){letter, '\0'});
}

static void
write_columns(struct writer *writer, const struct coffer_member *member, const uint16_t *columns,
	      size_t count)
{
	if (!writer->table || (!count && member->is_left_out))
		return;
	begin(writer, member->key);
	open_level(writer, "[", false);
	for (size_t i = 0; i < count; i++)
		write_option(writer, NULL, writer->table->columns[columns[i]].name);
	close_level(writer, "]");
}

static void
write_texts(struct writer *writer, const struct coffer_member *member, const char *const *texts,
	    size_t count)
{
	if (!texts && member->type == COFFER_MEMBER_TWINS)
		return;
	begin(writer, member->key);
	open_level(writer, "[", false);
	for (size_t i = 0; texts && i < count; i++)
		write_option(writer, NULL, texts[i]);
	close_level(writer, "]");
}

static void
write_struct(struct writer *writer, const struct coffer_document_shape *shape, const char *at);

/* Lists are nested as deep as the tables: schema, table, column. */
static void
write_list(struct writer *writer, const struct coffer_member *member, const char *structs,
	   size_t count)
{
	if (!count && member->is_left_out)
		return;
	begin(writer, member->key);
	open_level(writer, "[", false);
	for (size_t i = 0; i < count; i++) {
		begin(writer, NULL);
		open_level(writer, "{", member->shape->is_inline);
		write_struct(writer, member->shape, structs + i * member->shape->size);
		close_level(writer, "}");
	}
	close_level(writer, "]");
}

/* A member with a count. */
static void
write_many(struct writer *writer, const struct coffer_member *member, const char *at)
{
	const void *array;
	size_t count;

	memcpy(&array, at + member->offset, sizeof(array));
	memcpy(&count, at + member->count_offset, sizeof(count));
	if (member->type == COFFER_MEMBER_LIST)
		write_list(writer, member, array, count);
	else if (member->type == COFFER_MEMBER_TEXTS || member->type == COFFER_MEMBER_TWINS)
		write_texts(writer, member, array, count);
	else
		write_columns(writer, member, array, count);
}

static void
write_member(struct writer *writer, const struct coffer_member *member, const char *at)
{
	const void *value = at + member->offset;

	switch (member->type) {
	case COFFER_MEMBER_TEXT:
	case COFFER_MEMBER_OPTION:
		write_option(writer, member->key, *(const char *const *)value);
		break;
	case COFFER_MEMBER_BOOL:
		write_bool(writer, member->key, *(const bool *)value);
		break;
	case COFFER_MEMBER_FLAG:
	case COFFER_MEMBER_DERIVED_FLAG:
		if (*(const bool *)value)
			write_bool(writer, member->key, true);
		break;
	case COFFER_MEMBER_INTEGER:
		write_number(writer, member->key, *(const int64_t *)value);
		break;
	case COFFER_MEMBER_DERIVED_U16:
		write_number(writer, member->key, *(const uint16_t *)value);
		break;
	case COFFER_MEMBER_DERIVED_U32:
		write_number(writer, member->key, *(const uint32_t *)value);
		break;
	case COFFER_MEMBER_WORD:
	case COFFER_MEMBER_DERIVED_WORD:
		write_option(writer, member->key, member->words[*(const uint32_t *)value]);
		break;
	case COFFER_MEMBER_LETTER:
		write_letter(writer, member, *(const char *)value);
		break;
	case COFFER_MEMBER_COLUMN:
		if (writer->table && *(const uint16_t *)value != COFFER_NO_COLUMN)
			write_option(writer, member->key,
				     writer->table->columns[*(const uint16_t *)value].name);
		break;
	default:
		write_many(writer, member, at);
	}
}

static void
write_struct(struct writer *writer, const struct coffer_document_shape *shape, const char *at)
{
	if (shape->has_columns)
		writer->table = (const void *)at;
	for (size_t i = 0; i < shape->member_count; i++)
		write_member(writer, &shape->members[i], at);
	if (shape->has_columns)
		writer->table = NULL;
}

coffer_status
coffer_schema_write_json(const coffer_schema *schema, coffer_buffer *out, coffer_error *error)
{
	struct writer writer = {.out = out, .is_empty = true};

	open_level(&writer, "{", false);
	write_option(&writer, "schema", COFFER_SCHEMA_DOCUMENT_NAME);
	write_struct(&writer, &coffer_document_schema, (const char *)schema);
	close_level(&writer, "}");
	coffer_buffer_text(out, "\n");
	if (out->is_failed)
		return coffer_error_set(error, COFFER_NO_MEMORY,
					"no memory for a schema's document");
	return COFFER_OK;
}
