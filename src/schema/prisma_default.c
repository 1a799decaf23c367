/*
 * Defaults as the server deparses them after Prisma's DDL: a number keeps its own type and is cast
 * silently, a negative one is a quoted constant, a text carries its type's name without a modifier,
 * members of a list are cast one by one. Found by asking Postgres 15.
 */
#include "base/time.h"
#include "schema/name.h"
#include "schema/prisma.h"

#include <stdlib.h>
#include <string.h>

/* Where a default goes: one value of a column's type, or of a member of it. */
struct target {
	struct coffer_prisma *prisma;
	const struct coffer_prisma_field *field;
	char type[160]; /* of one value, with its modifier */
	char base[160]; /* without */
	coffer_buffer out;
};

static void
append_quoted(coffer_buffer *out, const char *text)
{
	coffer_buffer_text(out, "'");
	for (; *text; text++)
		coffer_buffer_append(out, *text == '\'' ? "''" : text, *text == '\'' ? 2 : 1);
	coffer_buffer_text(out, "'");
}

/* Blanks as jsonb prints them: one behind each comma and colon. */
static void
append_jsonb(coffer_buffer *out, const char *text)
{
	bool is_string = false;

	for (; *text; text++) {
		if (!is_string && strchr(" \t\r\n", *text))
			continue;
		if (*text == '"')
			is_string = !is_string;
		coffer_buffer_append(out, text, 1);
		if (is_string && *text == '\\' && text[1])
			coffer_buffer_append(out, ++text, 1);
		if (!is_string && (*text == ',' || *text == ':'))
			coffer_buffer_text(out, " ");
	}
}

static void
append_hex(struct target *target, const struct coffer_prisma_value *value)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned long bits = 0;
	unsigned count = 0;

	coffer_buffer_text(&target->out, "\\x");
	for (const char *at = value->text; *at && *at != '='; at++) {
		const char *digit = strchr(digits, *at);

		if (!digit) {
			coffer_prisma_fail(target->prisma, value->position, "base64 expected");
			return;
		}
		bits = (bits << 6 | (unsigned long)(digit - digits)) & 0xffffff;
		count += 6;
		if (count < 8)
			continue;
		count -= 8;
		coffer_buffer_printf(&target->out, "%02lx", bits >> count & 0xff);
	}
}

static void
append_time(struct target *target, const struct coffer_prisma_value *value)
{
	bool has_zone = strstr(target->base, " with time zone") != NULL;
	coffer_text text = {value->text, strlen(value->text)};
	char printed[COFFER_SCALAR_TEXT_SIZE];
	struct coffer_moment moment;
	int64_t time;

	if (strncmp(target->base, "timestamp", 9) != 0 || coffer_moment_read(text, &moment) ||
	    coffer_moment_time(&moment, has_zone, &time)) {
		coffer_prisma_fail(target->prisma, value->position,
				   "a time like \"2024-01-31T10:20:30Z\" expected");
		return;
	}
	coffer_time_print(time, has_zone, printed);
	coffer_buffer_text(&target->out, printed);
}

static void
append_string(struct target *target, const struct coffer_prisma_value *value, const char *label)
{
	const char *scalar = target->field->type;
	coffer_buffer text = {0};

	if (strcmp(scalar, "Bytes") == 0 || strcmp(scalar, "DateTime") == 0) {
		coffer_buffer_text(&target->out, "'");
		if (*scalar == 'B')
			append_hex(target, value);
		else
			append_time(target, value);
		coffer_buffer_text(&target->out, "'");
	} else if (strcmp(target->base, "jsonb") == 0) {
		append_jsonb(&text, value->text);
		append_quoted(&target->out, text.data ? text.data : "");
	} else {
		append_quoted(&target->out, value->text);
	}
	target->out.is_failed |= text.is_failed;
	coffer_buffer_release(&text);
	coffer_buffer_printf(&target->out, "::%s", label);
}

/* The type that the server's lexer gives to a number. */
static const char *
number_type(const char *digits, bool is_negative)
{
	size_t size = strlen(digits);
	const char *limit4 = is_negative ? "2147483648" : "2147483647";
	const char *limit8 = is_negative ? "9223372036854775808" : "9223372036854775807";

	if (strchr(digits, '.'))
		return "numeric";
	if (size < strlen(limit4) || (size == strlen(limit4) && strcmp(digits, limit4) <= 0))
		return "integer";
	if (size < strlen(limit8) || (size == strlen(limit8) && strcmp(digits, limit8) <= 0))
		return "bigint";
	return "numeric";
}

/* A number as a member of a list (`is_member`) is cast to the list's type where it is not of it. */
static void
append_number(struct target *target, const char *text, bool is_member)
{
	bool is_negative = *text == '-';
	const char *digits = text + is_negative, *type;
	bool is_bare, is_cast, has_modifier = strcmp(target->type, target->base) != 0;

	while (digits[0] == '0' && digits[1] && digits[1] != '.')
		digits++;
	if (is_negative && !digits[strspn(digits, "0")])
		is_negative = false;
	type = number_type(digits, is_negative);
	is_bare = !is_negative && (strcmp(type, "integer") == 0 || strchr(digits, '.'));
	is_cast = is_member && strcmp(type, target->base) != 0;
	coffer_buffer_printf(&target->out, "%s%s%s%s%s", is_cast ? "(" : "", is_bare ? "" : "'",
			     is_negative ? "-" : "", digits, is_bare ? "" : "'");
	if (!is_cast && is_member && has_modifier)
		type = target->type;
	if (!is_bare || type == target->type)
		coffer_buffer_printf(&target->out, "::%s", type);
	if (is_cast)
		coffer_buffer_printf(&target->out, ")::%s", target->type);
}

/* A value of an enum by the name that it has at the server, or true and false. */
static void
append_word(struct target *target, const struct coffer_prisma_value *value)
{
	const struct coffer_prisma_block *block =
		coffer_prisma_find_block(target->prisma, target->field->type, true);
	const struct coffer_prisma_field *label =
		block ? coffer_prisma_find_field(block, value->text) : NULL;
	const struct coffer_prisma_attribute *map;

	if (strcmp(target->field->type, "Boolean") == 0 &&
	    (strcmp(value->text, "true") == 0 || strcmp(value->text, "false") == 0)) {
		coffer_buffer_text(&target->out, value->text);
		return;
	}
	if (!label) {
		coffer_prisma_fail(target->prisma, value->position, "%.80s is no value of %.80s",
				   value->text, target->field->type);
		return;
	}
	map = coffer_prisma_find_attribute(label->attributes, "map");
	append_quoted(&target->out, map ? map->arguments->text : label->name);
	coffer_buffer_printf(&target->out, "::%s", target->type);
}

static void
append_value(struct target *target, const struct coffer_prisma_value *value, bool is_member)
{
	static const char numbers[] = "Int BigInt Float Decimal",
			  strings[] = "String Json Bytes DateTime";
	const char *scalar = target->field->type;
	const char *label = is_member ? target->type : target->base;

	if (!is_member && strcmp(label, "character") == 0)
		label = "bpchar";
	if (!is_member && strcmp(label, "bit") == 0)
		label = "\"bit\"";
	if (value->kind == COFFER_PRISMA_WORD)
		append_word(target, value);
	else if (value->kind == COFFER_PRISMA_NUMBER && strstr(numbers, scalar))
		append_number(target, value->text, is_member);
	else if (value->kind == COFFER_PRISMA_STRING && strstr(strings, scalar))
		append_string(target, value, label);
	else
		coffer_prisma_fail(target->prisma, value->position,
				   "no default for a field of type %.80s", scalar);
}

static void
append_list(struct target *target, const struct coffer_prisma_value *value)
{
	bool has_modifier = strcmp(target->type, target->base) != 0;

	if (value->kind != COFFER_PRISMA_LIST) {
		coffer_prisma_fail(target->prisma, value->position, "a list expected");
		return;
	}
	if (!value->values && has_modifier)
		coffer_buffer_printf(&target->out, "(ARRAY[]::%s[])::%s[]", target->base,
				     target->type);
	else if (!value->values)
		coffer_buffer_printf(&target->out, "ARRAY[]::%s[]", target->type);
	else
		coffer_buffer_text(&target->out, "ARRAY[");
	for (const struct coffer_prisma_value *at = value->values; at; at = at->next) {
		append_value(target, at, true);
		coffer_buffer_text(&target->out, at->next ? ", " : "]");
	}
}

/* `column`'s type without brackets, and that without its modifier. */
static void
split_type(struct target *target, const coffer_column *column)
{
	size_t size = strlen(column->type) - (target->field->is_list ? 2 : 0);
	const char *open, *close;

	size = size < sizeof(target->type) ? size : sizeof(target->type) - 1;
	memcpy(target->type, column->type, size);
	memcpy(target->base, target->type, size);
	open = target->base[0] == '"' ? NULL : strchr(target->base, '(');
	close = open ? strchr(open, ')') : NULL;
	if (close)
		memmove(target->base + (open - target->base), close + 1, strlen(close + 1) + 1);
}

/* A sequence as SERIAL makes it. */
static void
add_sequence(struct coffer_prisma *prisma, const coffer_table *table, coffer_column *column)
{
	coffer_sequence *sequence = coffer_schema_add_sequence(prisma->schema);
	coffer_buffer quoted = {0}, text = {0};

	if (!sequence ||
	    !(sequence->name = coffer_name_sequence(prisma->schema, table->name, column->name))) {
		coffer_prisma_fail_memory(prisma);
		return;
	}
	sequence->type = column->type;
	sequence->owner_table = table->name;
	sequence->owner_column = column->name;
	sequence->start = sequence->increment = sequence->minimum = sequence->cache = 1;
	sequence->last_value = 1;
	sequence->maximum = *column->type == 's'   ? INT16_MAX
			    : *column->type == 'i' ? INT32_MAX
						   : INT64_MAX;
	coffer_buffer_identifier(&quoted, sequence->name);
	coffer_buffer_text(&text, "nextval(");
	append_quoted(&text, quoted.data ? quoted.data : "");
	coffer_buffer_text(&text, "::regclass)");
	text.is_failed |= quoted.is_failed;
	coffer_buffer_release(&quoted);
	column->default_sql = coffer_prisma_keep(prisma, &text);
}

/* now(), uuid(), cuid(), autoincrement(), dbgenerated("..."). */
static void
set_call(struct coffer_prisma *prisma, coffer_table *table, coffer_column *column,
	 const struct coffer_prisma_field *field, const struct coffer_prisma_value *value)
{
	bool is_string = strcmp(field->type, "String") == 0;

	if (strcmp(value->text, "now") == 0 && strcmp(field->type, "DateTime") == 0 &&
	    !value->values) {
		column->default_sql = "CURRENT_TIMESTAMP";
		column->client_default = COFFER_CLIENT_NOW;
	} else if (strcmp(value->text, "uuid") == 0 && is_string) {
		column->client_default = COFFER_CLIENT_UUID;
	} else if (strcmp(value->text, "cuid") == 0 && is_string) {
		column->client_default = COFFER_CLIENT_CUID;
	} else if (strcmp(value->text, "autoincrement") == 0 && !field->is_list && !value->values &&
		   (strcmp(column->type, "integer") == 0 || strcmp(column->type, "bigint") == 0 ||
		    strcmp(column->type, "smallint") == 0)) {
		add_sequence(prisma, table, column);
		column->is_nullable = false;
	} else if (strcmp(value->text, "dbgenerated") == 0 && value->values &&
		   !value->values->next) {
		column->default_sql = coffer_prisma_string(prisma, value->values);
	} else {
		coffer_prisma_fail(prisma, value->position,
				   "%.80s(...) is no default of a %.80s field", value->text,
				   field->type);
	}
}

void
coffer_prisma_default(struct coffer_prisma *prisma, const struct coffer_prisma_block *block,
		      const struct coffer_prisma_field *field)
{
	static const char *const names[] = {"value", NULL};
	const struct coffer_prisma_attribute *attribute =
		coffer_prisma_find_attribute(field->attributes, "default");
	coffer_table *table = &prisma->schema->tables[block->number];
	coffer_column *column = &table->columns[field->column];
	struct target target = {.prisma = prisma, .field = field};
	const struct coffer_prisma_value *value;

	if (!attribute || prisma->status)
		return;
	coffer_prisma_check_arguments(prisma, attribute, names, 1);
	value = coffer_prisma_find_argument(attribute, "value", 0);
	if (!value) {
		coffer_prisma_fail(prisma, attribute->position, "@default needs a value");
		return;
	}
	if (value->kind == COFFER_PRISMA_CALL) {
		set_call(prisma, table, column, field, value);
		return;
	}
	split_type(&target, column);
	if (field->is_list)
		append_list(&target, value);
	else
		append_value(&target, value, false);
	column->default_sql = coffer_prisma_keep(prisma, &target.out);
}
