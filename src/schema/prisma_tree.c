/*
 * The blocks of a Prisma schema: models and enums are kept, the source and the client's generators are
 * no part of the tables, and views are the server's own business. Directives stand in documentation
 * comments: those of a field before it or at the end of its line, a model's before or inside it.
 */
#include "schema/prisma_tree.h"

#include <string.h>

/* What the comments said for the field or model that follows. */
struct directives {
	bool is_interned, is_time;
	struct coffer_position position;
	struct coffer_prisma_reference *references, **tail;
	struct coffer_prisma_reference *rollups, **rollup_tail;
};

static const struct directives no_directives;

static void
begin_directives(struct directives *directives)
{
	*directives = no_directives;
	directives->tail = &directives->references;
	directives->rollup_tail = &directives->rollups;
}

/* The rest of `text` behind `word` and blanks, or NULL where it does not start with this word. */
static const char *
behind(const char *text, const char *word)
{
	size_t size = strlen(word);

	if (strncmp(text, word, size) != 0 || (text[size] && !strchr(" \t\r", text[size])))
		return NULL;
	return text + size + strspn(text + size, " \t\r");
}

/* A directive of a model, one of many. */
static void
add_reference(struct coffer_prisma *prisma, const char *text, struct coffer_prisma_reference ***tail)
{
	struct coffer_prisma_reference *reference = coffer_prisma_memory(prisma, sizeof(*reference));

	if (!reference)
		return;
	reference->text = text;
	reference->position = prisma->token.position;
	**tail = reference;
	*tail = &reference->next;
}

static void
read_directive(struct coffer_prisma *prisma, struct directives *directives, bool is_field)
{
	const char *text = prisma->token.text, *rest;

	if (prisma->status)
		return; /* the token's text is missing */
	text += strspn(text, " \t\r");
	if (strncmp(text, "@coffer.", 8) != 0)
		return;
	text += 8;
	if ((rest = behind(text, "refers"))) {
		add_reference(prisma, rest, &directives->tail);
		return;
	}
	if ((rest = behind(text, "rollup"))) {
		add_reference(prisma, rest, &directives->rollup_tail);
		return;
	}
	directives->position = prisma->token.position;
	if (is_field && (rest = behind(text, "interned")) && !*rest)
		directives->is_interned = true;
	else if (is_field && (rest = behind(text, "time")) && !*rest)
		directives->is_time = true;
	else
		coffer_prisma_fail(prisma, prisma->token.position,
				   "no such directive here: @coffer.%.80s", text);
}

static void
read_type(struct coffer_prisma *prisma, struct coffer_prisma_field *field)
{
	field->type = coffer_prisma_take_word(prisma, "a type");
	if (strcmp(field->type, "Unsupported") == 0) {
		coffer_prisma_take_mark(prisma, '(');
		field->unsupported = prisma->token.text;
		if (prisma->token.kind != COFFER_TOKEN_STRING || !*field->unsupported)
			coffer_prisma_fail(prisma, prisma->token.position,
					   "the type as a string expected");
		coffer_prisma_next(prisma);
		if (!coffer_prisma_take_mark(prisma, ')'))
			coffer_prisma_fail(prisma, prisma->token.position, "')' expected");
	}
	if (coffer_prisma_take_mark(prisma, '[')) {
		field->is_list = true;
		if (!coffer_prisma_take_mark(prisma, ']'))
			coffer_prisma_fail(prisma, prisma->token.position, "']' expected");
	}
	field->is_optional = coffer_prisma_take_mark(prisma, '?');
}

/* Up to the end of the line, with the directives at its end. */
static struct coffer_prisma_field *
read_field(struct coffer_prisma *prisma, bool is_enum, struct directives *directives)
{
	struct coffer_prisma_field *field = coffer_prisma_memory(prisma, sizeof(*field));
	struct coffer_prisma_attribute **tail;

	if (!field)
		return NULL;
	field->position = prisma->token.position;
	field->name = coffer_prisma_take_word(prisma, "a field's name");
	field->column = COFFER_NO_COLUMN;
	if (!is_enum)
		read_type(prisma, field);
	for (tail = &field->attributes; prisma->token.kind == COFFER_TOKEN_AT && !prisma->status;) {
		coffer_prisma_next(prisma);
		*tail = coffer_prisma_read_attribute(prisma);
		if (*tail)
			tail = &(*tail)->next;
	}
	if (prisma->token.kind == COFFER_TOKEN_DOC) {
		read_directive(prisma, directives, !is_enum);
		coffer_prisma_next(prisma);
	}
	if (prisma->token.kind != COFFER_TOKEN_NEWLINE && !coffer_prisma_is_mark(prisma, '}'))
		coffer_prisma_fail(prisma, prisma->token.position, "the end of the line expected");
	field->is_interned = directives->is_interned;
	field->is_time = directives->is_time;
	directives->is_interned = directives->is_time = false;
	return prisma->status ? NULL : field;
}

static void
read_members(struct coffer_prisma *prisma, struct coffer_prisma_block *block,
	     struct directives *directives)
{
	struct coffer_prisma_field **field = &block->fields;
	struct coffer_prisma_attribute **attribute = &block->attributes;

	while (!prisma->status && !coffer_prisma_is_mark(prisma, '}')) {
		if (prisma->token.kind == COFFER_TOKEN_NEWLINE) {
			coffer_prisma_next(prisma);
		} else if (prisma->token.kind == COFFER_TOKEN_DOC) {
			read_directive(prisma, directives, !block->is_enum);
			coffer_prisma_next(prisma);
		} else if (prisma->token.kind == COFFER_TOKEN_AT_AT) {
			coffer_prisma_next(prisma);
			*attribute = coffer_prisma_read_attribute(prisma);
			if (*attribute)
				attribute = &(*attribute)->next;
		} else {
			*field = read_field(prisma, block->is_enum, directives);
			if (*field)
				field = &(*field)->next;
		}
	}
	if (directives->is_interned || directives->is_time)
		coffer_prisma_fail(prisma, directives->position, "a directive without its field");
}

static void
open_block(struct coffer_prisma *prisma)
{
	coffer_prisma_skip_lines(prisma);
	if (!coffer_prisma_take_mark(prisma, '{'))
		coffer_prisma_fail(prisma, prisma->token.position, "'{' expected");
}

static void
read_block(struct coffer_prisma *prisma, bool is_enum, struct directives *directives)
{
	struct coffer_prisma_block *block = coffer_prisma_memory(prisma, sizeof(*block));

	if (!block)
		return;
	block->is_enum = is_enum;
	block->position = prisma->token.position;
	block->name =
		coffer_prisma_take_word(prisma, is_enum ? "an enum's name" : "a model's name");
	open_block(prisma);
	read_members(prisma, block, directives);
	block->references = directives->references;
	block->rollups = directives->rollups;
	if (is_enum && block->references)
		coffer_prisma_fail(prisma, block->references->position,
				   "an enum refers to nothing");
	if (is_enum && block->rollups)
		coffer_prisma_fail(prisma, block->rollups->position, "an enum has no roll-ups");
	coffer_prisma_next(prisma);
	*prisma->blocks_tail = block;
	prisma->blocks_tail = &block->next;
}

/* A block that says nothing about tables. A source of another kind has other types. */
static void
skip_block(struct coffer_prisma *prisma, bool is_source)
{
	unsigned depth = 1;

	coffer_prisma_take_word(prisma, "a block's name");
	open_block(prisma);
	for (; !prisma->status && depth; coffer_prisma_next(prisma)) {
		bool is_provider = is_source && prisma->token.kind == COFFER_TOKEN_WORD &&
				   strcmp(prisma->token.text, "provider") == 0;

		if (prisma->token.kind == COFFER_TOKEN_END)
			coffer_prisma_fail(prisma, prisma->token.position, "'}' expected");
		depth += coffer_prisma_is_mark(prisma, '{');
		depth -= coffer_prisma_is_mark(prisma, '}');
		if (!is_provider)
			continue;
		coffer_prisma_next(prisma);
		if (coffer_prisma_take_mark(prisma, '=') &&
		    prisma->token.kind == COFFER_TOKEN_STRING &&
		    strcmp(prisma->token.text, "postgresql") != 0 &&
		    strcmp(prisma->token.text, "postgres") != 0)
			coffer_prisma_fail(prisma, prisma->token.position,
					   "the provider is %.40s, only postgresql is known",
					   prisma->token.text);
	}
}

static void
read_top(struct coffer_prisma *prisma, struct directives *directives)
{
	struct coffer_position at = prisma->token.position;
	const char *word = coffer_prisma_take_word(prisma, "a block");

	if (strcmp(word, "model") == 0)
		read_block(prisma, false, directives);
	else if (strcmp(word, "enum") == 0)
		read_block(prisma, true, directives);
	else if (strcmp(word, "datasource") == 0 || strcmp(word, "generator") == 0 ||
		 strcmp(word, "view") == 0)
		skip_block(prisma, word[0] == 'd');
	else
		coffer_prisma_fail(prisma, at,
				   "a model, an enum, a view, a datasource or a generator "
				   "expected, found %.80s",
				   word);
	begin_directives(directives);
}

void
coffer_prisma_read(struct coffer_prisma *prisma)
{
	struct directives directives;

	begin_directives(&directives);
	prisma->blocks_tail = &prisma->blocks;
	for (coffer_prisma_next(prisma);
	     !prisma->status && prisma->token.kind != COFFER_TOKEN_END;) {
		if (prisma->token.kind == COFFER_TOKEN_NEWLINE) {
			coffer_prisma_next(prisma);
		} else if (prisma->token.kind == COFFER_TOKEN_DOC) {
			read_directive(prisma, &directives, false);
			coffer_prisma_next(prisma);
		} else {
			read_top(prisma, &directives);
		}
	}
	if (directives.references || directives.rollups)
		coffer_prisma_fail(prisma,
				   directives.references ? directives.references->position
							 : directives.rollups->position,
				   "a directive without its model");
}

struct coffer_prisma_block *
coffer_prisma_find_block(const struct coffer_prisma *prisma, const char *name, bool is_enum)
{
	struct coffer_prisma_block *block = prisma->blocks;

	while (block && (block->is_enum != is_enum || strcmp(block->name, name) != 0))
		block = block->next;
	return block;
}

struct coffer_prisma_field *
coffer_prisma_find_field(const struct coffer_prisma_block *block, const char *name)
{
	struct coffer_prisma_field *field = block->fields;

	while (field && strcmp(field->name, name) != 0)
		field = field->next;
	return field;
}
