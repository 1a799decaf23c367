/*
 * Values as coffer reads and prints them, for a test that asks a server for the same: print_values <FILE.
 *
 * Each line of standard input is a type, a tab and a text, in COPY's text format. Each line of the output is
 * the text that coffer_value_print gives of the value that coffer_value_parse reads, in the same format, and \N where
 * it is refused. With an argument the reason follows behind a tab. On the way each value that is taken is held
 * against what must be true of all: its text reads back as itself, and settling it changes nothing.
 */
#include "coffer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a type needs to be read. */
struct known {
	char type[80];
	coffer_schema *schema;
	const coffer_column *column;
};

static void
fail(const char *what, const char *line)
{
	fprintf(stderr, "print_values: %s: %s\n", what, line);
	exit(1);
}

/* Types that the server of the test has too. */
static void
add_types(coffer_schema *schema)
{
	static const char *labels[] = {"sad", "ok", "very \"happy\""};
	coffer_enum *mood = coffer_schema_add_enum(schema);
	coffer_domain *domain;

	mood->name = "Mood";
	mood->labels = labels;
	mood->label_count = 3;
	domain = coffer_schema_add_domain(schema);
	domain->name = "price";
	domain->type = "numeric(12,4)";
	domain = coffer_schema_add_domain(schema);
	domain->name = "when";
	domain->type = "timestamp(3) without time zone";
}

static void
know(struct known *known, const char *type)
{
	coffer_error error = {0};
	coffer_table *table;
	coffer_column *column;

	if (known->schema && !strcmp(known->type, type))
		return;
	coffer_schema_free(known->schema);
	if (strlen(type) >= sizeof(known->type) || coffer_schema_new(&known->schema, &error))
		fail("no schema", type);
	strncat(memset(known->type, 0, sizeof(known->type)), type, sizeof(known->type) - 1);
	add_types(known->schema);
	table = coffer_schema_add_table(known->schema);
	table->name = "t";
	column = coffer_table_add_column(known->schema, table);
	column->name = "c";
	column->type = known->type;
	column->is_nullable = true;
	if (coffer_schema_settle(known->schema, &error))
		fail(error.message, type);
	known->column = &known->schema->tables[0].columns[0];
}

/* The other half of a pair in COPY's escapes; 0 where there is none. */
static char
escape_of(char c, bool is_letter)
{
	static const char pairs[] = "b\bf\fn\nr\rt\tv\v\\\\";

	for (size_t i = 0; i + 1 < sizeof(pairs); i += 2)
		if (pairs[is_letter ? i : i + 1] == c)
			return pairs[is_letter ? i + 1 : i];
	return 0;
}

/* In place; returns the size. */
static size_t
unescape(char *text)
{
	char *out = text, *begin = text;

	while (*text) {
		char c = *text == '\\' ? escape_of(*++text, true) : 0;

		*out++ = c ? c : *text;
		text++;
	}
	return (size_t)(out - begin);
}

static void
put_escaped(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		char letter = escape_of(text[i], false);

		if (letter)
			putchar('\\');
		putchar(letter ? letter : text[i]);
	}
}

static bool
is_equal(const coffer_value *a, const coffer_value *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == COFFER_BOOL)
		return a->boolean == b->boolean;
	if (a->kind == COFFER_FLOAT)
		return (a->real != a->real && b->real != b->real) ||
		       !memcmp(&a->real, &b->real, sizeof(a->real));
	if (a->kind < COFFER_TEXT)
		return a->integer == b->integer;
	return a->text.size == b->text.size && !memcmp(a->text.data, b->text.data, a->text.size);
}

static void
check(const struct known *known, const coffer_value *value, const coffer_buffer *text,
      const char *line)
{
	coffer_buffer memory = {0};
	coffer_value again, settled = *value;

	if (coffer_value_parse(known->schema, known->column, (coffer_text){text->data, text->size},
			       &memory, &again, NULL) ||
	    !is_equal(value, &again))
		fail("reads back as another value", line);
	if (coffer_value_settle(known->schema, known->column, &settled, &memory, NULL) ||
	    !is_equal(value, &settled))
		fail("settles as another value", line);
	coffer_buffer_release(&memory);
}

int
main(int count, char **arguments)
{
	coffer_buffer memory = {0}, out = {0};
	struct known known = {0};
	char *line = NULL;
	size_t room = 0;
	ssize_t size;

	(void)arguments;
	while ((size = getline(&line, &room, stdin)) > 0) {
		char *tab = strchr(line, '\t');
		coffer_error error = {0};
		coffer_value value;

		if (!tab || line[size - 1] != '\n')
			fail("not a type, a tab and a text", line);
		line[size - 1] = *tab = '\0';
		know(&known, line);
		coffer_buffer_clear(&out);
		size = (ssize_t)unescape(tab + 1);
		if (coffer_value_parse(known.schema, known.column,
				       (coffer_text){tab + 1, (size_t)size}, &memory, &value,
				       &error)) {
			fputs("\\N", stdout);
		} else {
			if (coffer_value_print(known.column, &value, &out, &error))
				fail(error.message, tab + 1);
			check(&known, &value, &out, tab + 1);
			put_escaped(out.data, out.size);
		}
		if (count > 1)
			printf("\t%s", error.message);
		putchar('\n');
	}
	coffer_schema_free(known.schema);
	coffer_buffer_release(&memory);
	coffer_buffer_release(&out);
	free(line);
	return 0;
}
