/*
 * Values and attributes of a Prisma schema, and the questions that the later steps ask of them.
 * Nesting is bounded by COFFER_PRISMA_DEPTH_MAX.
 */
#include "schema/prisma_tree.h"

#include <string.h>

void
coffer_prisma_skip_lines(struct coffer_prisma *prisma)
{
	while (prisma->token.kind == COFFER_TOKEN_NEWLINE)
		coffer_prisma_next(prisma);
}

bool
coffer_prisma_is_mark(const struct coffer_prisma *prisma, char mark)
{
	return prisma->token.kind == COFFER_TOKEN_MARK && prisma->token.mark == mark;
}

bool
coffer_prisma_take_mark(struct coffer_prisma *prisma, char mark)
{
	if (!coffer_prisma_is_mark(prisma, mark))
		return false;
	coffer_prisma_next(prisma);
	return true;
}

const char *
coffer_prisma_take_word(struct coffer_prisma *prisma, const char *what)
{
	const char *text = prisma->token.text;

	if (prisma->token.kind != COFFER_TOKEN_WORD) {
		coffer_prisma_fail(prisma, prisma->token.position, "%s expected", what);
		return "";
	}
	coffer_prisma_next(prisma);
	return text;
}

static struct coffer_prisma_value *
read_values(struct coffer_prisma *prisma, char close, int depth);

/* name, name.name, name(...) */
static void
read_word_value(struct coffer_prisma *prisma, struct coffer_prisma_value *value, int depth)
{
	value->kind = COFFER_PRISMA_WORD;
	value->text = prisma->token.text;
	coffer_prisma_next(prisma);
	if (coffer_prisma_take_mark(prisma, '(')) {
		value->kind = COFFER_PRISMA_CALL;
		value->values = read_values(prisma, ')', depth + 1);
	}
}

static void
read_value(struct coffer_prisma *prisma, struct coffer_prisma_value *value, int depth)
{
	if (depth > COFFER_PRISMA_DEPTH_MAX) {
		coffer_prisma_fail(prisma, prisma->token.position,
				   "more than %d values in one another", COFFER_PRISMA_DEPTH_MAX);
		return;
	}
	value->position = prisma->token.position;
	if (prisma->token.kind == COFFER_TOKEN_WORD) {
		read_word_value(prisma, value, depth);
		return;
	}
	if (coffer_prisma_take_mark(prisma, '[')) {
		value->kind = COFFER_PRISMA_LIST;
		value->values = read_values(prisma, ']', depth + 1);
		return;
	}
	value->kind = prisma->token.kind == COFFER_TOKEN_NUMBER ? COFFER_PRISMA_NUMBER
								: COFFER_PRISMA_STRING;
	value->text = prisma->token.text;
	if (prisma->token.kind != COFFER_TOKEN_NUMBER && prisma->token.kind != COFFER_TOKEN_STRING)
		coffer_prisma_fail(prisma, prisma->token.position, "a value expected");
	coffer_prisma_next(prisma);
}

/* An argument may have a name in front: a word, then a colon. */
static void
read_argument(struct coffer_prisma *prisma, struct coffer_prisma_value *value, int depth)
{
	read_value(prisma, value, depth);
	if (value->kind == COFFER_PRISMA_WORD && coffer_prisma_take_mark(prisma, ':')) {
		value->name = value->text;
		value->text = NULL;
		coffer_prisma_skip_lines(prisma);
		read_value(prisma, value, depth);
	}
}

/* Values with commas between them up to `close`; the opening mark was taken. */
static struct coffer_prisma_value *
read_values(struct coffer_prisma *prisma, char close, int depth)
{
	struct coffer_prisma_value *first = NULL, **tail = &first;

	coffer_prisma_skip_lines(prisma);
	while (!prisma->status && !coffer_prisma_is_mark(prisma, close)) {
		*tail = coffer_prisma_memory(prisma, sizeof(**tail));
		if (!*tail)
			break;
		read_argument(prisma, *tail, depth);
		tail = &(*tail)->next;
		coffer_prisma_skip_lines(prisma);
		if (coffer_prisma_take_mark(prisma, ','))
			coffer_prisma_skip_lines(prisma);
		else if (!coffer_prisma_is_mark(prisma, close))
			coffer_prisma_fail(prisma, prisma->token.position, "',' or '%c' expected",
					   close);
	}
	coffer_prisma_take_mark(prisma, close);
	return first;
}

/* "db.VarChar" of its two words. */
static const char *
join_words(struct coffer_prisma *prisma, const char *first, const char *second)
{
	coffer_buffer name = {.size = 0};

	coffer_buffer_printf(&name, "%s.%s", first, second);
	return coffer_prisma_keep(prisma, &name);
}

/* Behind '@' or "@@". */
struct coffer_prisma_attribute *
coffer_prisma_read_attribute(struct coffer_prisma *prisma)
{
	struct coffer_prisma_attribute *attribute =
		coffer_prisma_memory(prisma, sizeof(*attribute));

	if (!attribute)
		return NULL;
	attribute->position = prisma->token.position;
	attribute->name = coffer_prisma_take_word(prisma, "the name of an attribute");
	if (coffer_prisma_take_mark(prisma, '.'))
		attribute->name =
			join_words(prisma, attribute->name,
				   coffer_prisma_take_word(prisma, "the name of a native type"));
	if (coffer_prisma_take_mark(prisma, '('))
		attribute->arguments = read_values(prisma, ')', 1);
	return prisma->status ? NULL : attribute;
}

/* ------------------------------------------------------------------ questions */

const struct coffer_prisma_attribute *
coffer_prisma_find_attribute(const struct coffer_prisma_attribute *attributes, const char *name)
{
	while (attributes && strcmp(attributes->name, name) != 0)
		attributes = attributes->next;
	return attributes;
}

const struct coffer_prisma_value *
coffer_prisma_find_argument(const struct coffer_prisma_attribute *attribute, const char *name,
			    int number)
{
	const struct coffer_prisma_value *unnamed = NULL;

	for (const struct coffer_prisma_value *at = attribute->arguments; at; at = at->next) {
		if (at->name && strcmp(at->name, name) == 0)
			return at;
		if (!at->name && number-- == 0)
			unnamed = at;
	}
	return unnamed;
}

static bool
is_listed(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

void
coffer_prisma_check_arguments(struct coffer_prisma *prisma,
			      const struct coffer_prisma_attribute *attribute,
			      const char *const *names, int positional)
{
	for (const struct coffer_prisma_value *at = attribute->arguments; at; at = at->next) {
		if (at->name && !is_listed(at->name, names))
			coffer_prisma_fail(prisma, at->position,
					   "@%s has no argument %.80s on Postgres", attribute->name,
					   at->name);
		else if (!at->name && positional-- <= 0)
			coffer_prisma_fail(prisma, at->position, "@%s has too many arguments",
					   attribute->name);
	}
}

const char *
coffer_prisma_string(struct coffer_prisma *prisma, const struct coffer_prisma_value *value)
{
	if (!value)
		return NULL;
	if (value->kind == COFFER_PRISMA_STRING)
		return value->text;
	coffer_prisma_fail(prisma, value->position, "a string expected");
	return NULL;
}
