/*
 * Templates, read twice: the first time for the tables that their lines make known, the second for the lines that stay.
 * The texts are coffer's own, so that what is read here of SQL is as much as they use.
 */
#include "sql/template.h"

#include "sql/sqlite.h"

#include <stdio.h>
#include <string.h>

static const char mark[] = "--?";

/* ------------------------------------------------------------------ lines and tokens */

struct line {
	coffer_text body;
	coffer_text parameter, word; /* what stands behind the mark as parameter=word */
	bool is_optional;
};

static coffer_text
trim(const char *begin, const char *end)
{
	while (begin < end && *begin == ' ')
		begin++;
	while (begin < end && end[-1] == ' ')
		end--;
	return (coffer_text){begin, (size_t)(end - begin)};
}

/* The line at `*place`, which comes to stand behind it; false at the end of the text. */
static bool
next_line(const char **place, struct line *line)
{
	const char *begin = *place, *end = strchrnul(begin, '\n'), *at, *equals;

	if (!*begin)
		return false;
	*place = end + (*end == '\n');
	at = memmem(begin, (size_t)(end - begin), mark, strlen(mark));
	*line = (struct line){.body = {begin, (size_t)((at ? at : end) - begin)},
			      .is_optional = at != NULL};
	while (line->body.size && begin[line->body.size - 1] == ' ')
		line->body.size--;
	if (at && (equals = memchr(at, '=', (size_t)(end - at)))) {
		line->parameter = trim(at + strlen(mark), equals);
		line->word = trim(equals + 1, end);
	}
	return true;
}

enum token_kind { TOKEN_END, TOKEN_NAME, TOKEN_PARAMETER, TOKEN_DOT, TOKEN_OTHER };

struct token {
	enum token_kind kind;
	coffer_text text; /* a name without its quotes, a parameter without its colon */
	bool is_quoted;   /* of a name */
};

static bool
is_name_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || byte == '_';
}

/* The bytes up to the next quote of this kind. */
static coffer_text
quoted(const coffer_text *rest)
{
	const char *end = memchr(rest->data + 1, *rest->data, rest->size - 1);

	return (coffer_text){rest->data + 1, end ? (size_t)(end - rest->data) - 1 : rest->size - 1};
}

static coffer_text
name_at(const char *data, size_t size)
{
	size_t length = 0;

	while (length < size && is_name_byte(data[length]))
		length++;
	return (coffer_text){data, length};
}

static struct token
next_token(coffer_text *rest)
{
	struct token token = {.kind = TOKEN_OTHER};
	size_t size = 1;

	*rest = trim(rest->data, rest->data + rest->size);
	/* A comment ends where its line does. */
	if (!rest->size || (rest->size > 1 && !memcmp(rest->data, "/*", 2)))
		return (struct token){.kind = TOKEN_END};
	if (*rest->data == '\'' || *rest->data == '"') {
		token.text = quoted(rest);
		token.is_quoted = *rest->data == '"';
		token.kind = token.is_quoted ? TOKEN_NAME : TOKEN_OTHER;
		size = token.text.size + 2 < rest->size ? token.text.size + 2 : rest->size;
	} else if (*rest->data == ':') {
		token.text = name_at(rest->data + 1, rest->size - 1);
		token.kind = TOKEN_PARAMETER;
		size = token.text.size + 1;
	} else if (is_name_byte(*rest->data)) {
		token.text = name_at(rest->data, rest->size);
		token.kind = TOKEN_NAME;
		size = token.text.size;
	} else if (*rest->data == '.') {
		token.kind = TOKEN_DOT;
	}
	rest->data += size;
	rest->size -= size;
	return token;
}

static bool
is_same(coffer_text text, const char *name)
{
	return text.size == strlen(name) && !memcmp(text.data, name, text.size);
}

coffer_text
coffer_template_next_parameter(const char **place)
{
	const char *end;
	struct token token;
	coffer_text rest;

	while (**place) {
		end = strchrnul(*place, '\n');
		rest = (coffer_text){*place, (size_t)(end - *place)};
		while ((token = next_token(&rest)).kind != TOKEN_END) {
			*place = rest.data;
			if (token.kind == TOKEN_PARAMETER)
				return token.text;
		}
		*place = end + (*end == '\n');
	}
	return (coffer_text){0};
}

coffer_text
coffer_template_next_choice(const char **place, const char *parameter)
{
	struct line line;

	while (next_line(place, &line))
		if (line.parameter.size && is_same(line.parameter, parameter))
			return line.word;
	return (coffer_text){0};
}

/* ------------------------------------------------------------------ what is asked for */

static const char *
value_of(const struct coffer_template *template, coffer_text name)
{
	for (size_t i = 0; i < template->value_count; i++)
		if (is_same(name, template->values[i].name))
			return template->values[i].literal;
	return NULL;
}

/* Does the line stay, as far as parameters say? */
static bool
is_asked_for(const struct coffer_template *template, const struct line *line)
{
	coffer_text rest = line->body;
	struct token token;
	const char *value;

	if (line->parameter.size) {
		value = value_of(template, line->parameter);
		if (!value || !is_same(line->word, value))
			return false;
	}
	while ((token = next_token(&rest)).kind != TOKEN_END)
		if (token.kind == TOKEN_PARAMETER && !value_of(template, token.text))
			return false;
	return true;
}

/* A line that was asked for by name must not go without a word. */
static bool
is_chosen(const struct line *line)
{
	coffer_text rest = line->body;
	struct token token;

	while ((token = next_token(&rest)).kind != TOKEN_END)
		if (token.kind == TOKEN_PARAMETER)
			return true;
	return line->parameter.size;
}

/* ------------------------------------------------------------------ what the store has */

enum { ALIASES_MAX = 8 };

struct alias {
	coffer_text name, table_name;
	const coffer_table *table; /* NULL: it is lacking */
};

struct aliases {
	struct alias items[ALIASES_MAX];
	size_t count;
};

/* SQLite does not tell upper case from lower: of several names the first is meant. A partition has no rows of its own. */
static const coffer_table *
find_table(const coffer_schema *schema, coffer_text name)
{
	for (size_t i = 0; i < schema->table_count; i++) {
		const coffer_table *table = &schema->tables[i];

		if (table->id && strlen(table->name) == name.size &&
		    !sqlite3_strnicmp(table->name, name.data, (int)name.size))
			return is_same(name, table->name) ? table : NULL;
	}
	return NULL;
}

static bool
has_column(const coffer_table *table, coffer_text name)
{
	for (size_t i = 0; i < table->column_count; i++) {
		const char *column = table->columns[i].name;

		if (strlen(column) == name.size &&
		    !sqlite3_strnicmp(column, name.data, (int)name.size))
			return is_same(name, column);
	}
	return false;
}

static const struct alias *
find_alias(const struct aliases *aliases, coffer_text name)
{
	for (size_t i = 0; i < aliases->count; i++)
		if (name.size == aliases->items[i].name.size &&
		    !memcmp(name.data, aliases->items[i].name.data, name.size))
			return &aliases->items[i];
	return NULL;
}

static void
write_lack(char out[COFFER_LACK_SIZE], coffer_text table, coffer_text column)
{
	snprintf(out, COFFER_LACK_SIZE, "%.*s%s%.*s", (int)table.size, table.data,
		 column.size ? "." : "", (int)column.size, column.size ? column.data : "");
}

/* Does the store lack a column of a known table, or the table, that the line names? */
static bool
is_lacking(const struct aliases *aliases, const struct line *line, char lack_out[COFFER_LACK_SIZE])
{
	coffer_text rest = line->body, before = {0};
	const struct alias *alias = NULL;
	struct token token;

	while ((token = next_token(&rest)).kind != TOKEN_END) {
		if (alias && token.kind == TOKEN_NAME) {
			if (!alias->table) {
				write_lack(lack_out, alias->table_name, (coffer_text){0});
				return true;
			}
			if (!has_column(alias->table, token.text)) {
				write_lack(lack_out, alias->table_name, token.text);
				return true;
			}
		}
		alias = token.kind == TOKEN_DOT && before.size ? find_alias(aliases, before) : NULL;
		before = token.kind == TOKEN_NAME ? token.text : (coffer_text){0};
	}
	return false;
}

/* "Table" AS alias, with no dot in front: the table's name, or an empty text. `alias_out` is what it is called. */
static coffer_text
find_definition(const struct line *line, coffer_text *alias_out)
{
	coffer_text rest = line->body, table = {0};
	enum { NOTHING, DOT, TABLE, AS } state = NOTHING;
	struct token token;

	while ((token = next_token(&rest)).kind != TOKEN_END) {
		if (state == AS && token.kind == TOKEN_NAME) {
			*alias_out = token.text;
			return table;
		}
		if (state == TABLE && token.kind == TOKEN_NAME && is_same(token.text, "AS")) {
			state = AS;
		} else if (state != DOT && token.is_quoted) {
			table = token.text;
			state = TABLE;
		} else {
			state = token.kind == TOKEN_DOT ? DOT : NOTHING;
		}
	}
	return (coffer_text){0};
}

/* The tables of the lines that stay; one whose line goes is lacking, too. */
static void
read_aliases(const struct coffer_template *template, struct aliases *aliases)
{
	const char *place = template->text;
	char lack[COFFER_LACK_SIZE];
	struct line line;
	struct alias *alias;
	coffer_text name, table;

	while (aliases->count < ALIASES_MAX && next_line(&place, &line)) {
		table = is_asked_for(template, &line) ? find_definition(&line, &name)
						      : (coffer_text){0};
		if (!table.size)
			continue;
		alias = &aliases->items[aliases->count++];
		*alias = (struct alias){name, table, find_table(template->schema, table)};
		if (alias->table && line.is_optional && is_lacking(aliases, &line, lack))
			alias->table = NULL;
	}
}

/* Is the line's own table, or anything else that it names, lacking? */
static bool
is_line_lacking(const struct aliases *aliases, const struct line *line,
		char lack_out[COFFER_LACK_SIZE])
{
	coffer_text name, table = find_definition(line, &name);
	const struct alias *alias = table.size ? find_alias(aliases, name) : NULL;

	if (!alias || alias->table)
		return is_lacking(aliases, line, lack_out);
	write_lack(lack_out, table, (coffer_text){0});
	return true;
}

/* ------------------------------------------------------------------ writing */

static void
write_line(const struct coffer_template *template, const struct line *line, coffer_buffer *out)
{
	coffer_text rest = line->body;
	const char *written = line->body.data;
	struct token token;

	while ((token = next_token(&rest)).kind != TOKEN_END) {
		if (token.kind != TOKEN_PARAMETER)
			continue;
		coffer_buffer_append(out, written, (size_t)(token.text.data - 1 - written));
		coffer_buffer_text(out, value_of(template, token.text));
		written = rest.data;
	}
	coffer_buffer_append(out, written, (size_t)(line->body.data + line->body.size - written));
	coffer_buffer_text(out, "\n");
}

coffer_status
coffer_template_write(const struct coffer_template *template, coffer_buffer *out,
		      char lack_out[COFFER_LACK_SIZE], coffer_error *error)
{
	struct aliases aliases = {0};
	const char *place = template->text;
	struct line line;

	*lack_out = '\0';
	if (template->schema)
		read_aliases(template, &aliases);
	while (next_line(&place, &line)) {
		if (!is_asked_for(template, &line))
			continue;
		if (template->schema && is_line_lacking(&aliases, &line, lack_out)) {
			if (!line.is_optional || is_chosen(&line))
				return COFFER_NOT_FOUND;
			*lack_out = '\0';
			continue;
		}
		write_line(template, &line, out);
	}
	if (out->is_failed)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a query's text");
	return COFFER_OK;
}
