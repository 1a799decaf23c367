/*
 * The first pass over a dump.
 *
 *   blanks, comments --> statement --> what it is --> note its place; rows of COPY and INSERT are
 *           stepped over
 *
 * Rows take memchr's time: a line of COPY is looked at in its first two bytes, an INSERT between
 * its quotes. Memory is one statement, or the head of one that gives rows.
 */
#include "transfer/dump_map.h"

#include "transfer/sql_split.h"

#include <stdlib.h>
#include <string.h>

struct walk {
	struct coffer_dump_map *map;
	struct coffer_input *input;
	struct coffer_sql_session session;
	const char *name;
	uint64_t line;      /* of the next byte, from 1 */
	coffer_buffer head; /* of the INSERT before, from its first byte to VALUES */
	bool is_open;       /* the last block goes on where another INSERT with that head comes */
	bool is_begun;      /* a statement was there */
	bool has_header, has_trailer;
	coffer_error *error;
};

/* ------------------------------------------------------------------ bytes */

static const char *
here(const struct walk *walk)
{
	return walk->input->buffer + walk->input->begin;
}

static size_t
left(const struct walk *walk)
{
	return walk->input->end - walk->input->begin;
}

static void
take(struct walk *walk, size_t size)
{
	const char *at = here(walk), *end = at + size;

	while (at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
		walk->line++;
		at++;
	}
	coffer_input_take(walk->input, size);
}

/* See that so many bytes are there, or all that come. */
static coffer_status
look_ahead(struct walk *walk, size_t size)
{
	coffer_status status = COFFER_OK;

	while (!status && left(walk) < size)
		status = coffer_input_more(walk->input, walk->error);
	return status < 0 ? status : COFFER_OK;
}

static coffer_status
refuse(struct walk *walk, const char *message)
{
	coffer_error_set(walk->error, COFFER_INVALID, "%s", message);
	coffer_error_at(walk->error, "%s:%llu", walk->name, (unsigned long long)walk->line);
	return COFFER_INVALID;
}

/* ------------------------------------------------------------------ arrays */

/* A zeroed member behind the last; the array has room for the next power of two. */
static void *
append(void *array, size_t *count, size_t size)
{
	void *members, *moved;

	memcpy(&members, array, sizeof(members));
	if ((*count & (*count - 1)) == 0) {
		moved = realloc(members, (*count ? 2 * *count : 1) * size);
		if (!moved)
			return NULL;
		memcpy(array, &moved, sizeof(moved));
		members = moved;
	}
	return memset((char *)members + (*count)++ * size, 0, size);
}

static coffer_status
no_memory(struct walk *walk)
{
	return coffer_error_set(walk->error, COFFER_NO_MEMORY,
				"no memory for the places in a dump");
}

static coffer_status
too_many(struct walk *walk, size_t limit, const char *what)
{
	coffer_error_set(walk->error, COFFER_LIMIT, "more than %zu %s", limit, what);
	return coffer_error_at(walk->error, "%s:%llu", walk->name, (unsigned long long)walk->line);
}

static coffer_status
note_schema(struct walk *walk, const char *name, bool has_tables)
{
	struct coffer_dump_map *map = walk->map;
	struct coffer_dump_schema *schema = NULL;

	for (size_t i = 0; i < map->schema_count && !schema; i++)
		if (!strcmp(map->schemas[i].name, name))
			schema = &map->schemas[i];
	if (!schema) {
		if (map->schema_count == COFFER_DUMP_SCHEMAS_MAX)
			return too_many(walk, COFFER_DUMP_SCHEMAS_MAX, "schemas");
		schema = append(&map->schemas, &map->schema_count, sizeof(*schema));
		if (!schema)
			return no_memory(walk);
		memcpy(schema->name, name, strlen(name) + 1);
	}
	schema->has_tables = schema->has_tables || has_tables;
	return COFFER_OK;
}

static coffer_status
note_block(struct walk *walk, const struct coffer_sql_name *table, bool is_copy, uint64_t begin)
{
	struct coffer_dump_map *map = walk->map;
	struct coffer_dump_block *block;

	if (map->block_count == COFFER_DUMP_BLOCKS_MAX)
		return too_many(walk, COFFER_DUMP_BLOCKS_MAX, "runs of rows of one table");
	if (!(block = append(&map->blocks, &map->block_count, sizeof(*block))))
		return no_memory(walk);
	*block = (struct coffer_dump_block){
		.table = *table,
		.is_copy = is_copy,
		.has_backslashes = walk->session.has_backslashes,
		.begin = begin,
		.data = walk->input->bytes,
		.end = walk->input->bytes,
		.line = walk->line,
	};
	return note_schema(walk, table->schema, true);
}

static struct coffer_dump_block *
last_block(struct walk *walk)
{
	return &walk->map->blocks[walk->map->block_count - 1];
}

/* ------------------------------------------------------------------ comments */

static bool
is_line(const char *line, size_t size, const char *expected)
{
	return size == strlen(expected) && !memcmp(line, expected, size);
}

/* What stands behind a beginning that the line has; NULL: it has another one. */
static const char *
behind(const char *line, size_t size, const char *begin)
{
	size_t begin_size = strlen(begin);

	return size > begin_size && !memcmp(line, begin, begin_size) ? line + begin_size : NULL;
}

/* A version is kept as far as it can be printed; the first one that is told stays. */
static void
keep_version(char version[COFFER_DUMP_VERSION_SIZE_MAX + 1], const char *text, const char *end)
{
	size_t size = 0;

	while (!version[0] && text + size < end && size < COFFER_DUMP_VERSION_SIZE_MAX &&
	       text[size] >= ' ' && text[size] <= '~')
		size++;
	memcpy(version, text, size);
}

/* What pg_dump says of itself stands in comments, and so it is with what coffer writes. */
static void
read_comment(struct walk *walk, const char *line, size_t size)
{
	const char *version;

	while (size && (line[size - 1] == '\n' || line[size - 1] == '\r'))
		size--;
	if ((version = behind(line, size, "-- Dumped from database version ")))
		keep_version(walk->map->server_version, version, line + size);
	else if ((version = behind(line, size, "-- Dumped by pg_dump version ")))
		keep_version(walk->map->dump_version, version, line + size);
	else if (is_line(line, size, "-- PostgreSQL database dump") ||
		 is_line(line, size, "-- coffer export"))
		walk->has_header = true;
	else if (is_line(line, size, "-- PostgreSQL database dump complete") ||
		 is_line(line, size, "-- coffer export complete"))
		walk->has_trailer = true;
}

/* Take the rest of a line, of whatever length; what of it is in the buffer is looked at. */
static coffer_status
take_line(struct walk *walk)
{
	coffer_status status;
	const char *newline;
	bool is_first = true;

	walk->is_open = false;
	do {
		if ((status = look_ahead(walk, is_first ? 256 : 1)))
			return status;
		newline = memchr(here(walk), '\n', left(walk));
		if (is_first)
			read_comment(walk, here(walk),
				     newline ? (size_t)(newline - here(walk)) : left(walk));
		is_first = false;
		take(walk, newline ? (size_t)(newline - here(walk)) + 1 : left(walk));
	} while (!newline && left(walk) + !walk->input->is_at_end);
	return COFFER_OK;
}

static coffer_status
take_block_comment(struct walk *walk)
{
	struct coffer_splitter splitter;
	coffer_status status = COFFER_OK;
	bool is_done;

	walk->is_open = false;
	coffer_split_begin(&splitter, false, false);
	do {
		if ((status = look_ahead(walk, 1)))
			return status;
		if (!left(walk))
			return refuse(walk, "the file ends within a comment");
		take(walk, coffer_split(&splitter, here(walk), 1, &is_done));
	} while (splitter.place != COFFER_SPLIT_CODE);
	return COFFER_OK;
}

/* Everything up to the next statement. `is_end_out`: none comes. */
static coffer_status
skip_blanks(struct walk *walk, bool *is_end_out)
{
	coffer_status status = COFFER_OK;

	*is_end_out = false;
	while (!status && !(status = look_ahead(walk, 2)) && left(walk)) {
		const char *at = here(walk);
		bool has_two = left(walk) > 1;

		if (*at == ' ' || (*at >= '\t' && *at <= '\r') || *at == ';')
			take(walk, 1);
		else if (has_two && at[0] == '-' && at[1] == '-')
			status = take_line(walk);
		else if (has_two && at[0] == '/' && at[1] == '*')
			status = take_block_comment(walk);
		else
			return COFFER_OK;
	}
	*is_end_out = !status;
	return status;
}

/* ------------------------------------------------------------------ rows of COPY */

/*
 * Over the lines that are whole in the buffer, up to the one that ends the data; true: it is the
 * next one.
 */
static bool
skip_rows(struct walk *walk, struct coffer_dump_block *block)
{
	const char *begin = here(walk), *end = begin + left(walk), *at = begin;
	const char *newline;
	uint64_t rows = 0;
	bool is_done = false;

	while (end - at > 2) {
		is_done = at[0] == '\\' && at[1] == '.' && (at[2] == '\n' || at[2] == '\r');
		if (is_done || !(newline = memchr(at, '\n', (size_t)(end - at))))
			break;
		rows++;
		at = newline + 1;
	}
	block->rows += rows;
	walk->line += rows;
	coffer_input_take(walk->input, (size_t)(at - begin));
	return is_done;
}

/* One line that is longer than the buffer, or the last one. */
static coffer_status
skip_long_row(struct walk *walk, struct coffer_dump_block *block)
{
	coffer_status status;
	const char *newline;

	do {
		if ((status = look_ahead(walk, 1)))
			return status;
		if (!left(walk))
			return refuse(walk,
				      "the dump is cut: the file ends within the rows of a COPY");
		newline = memchr(here(walk), '\n', left(walk));
		take(walk, newline ? (size_t)(newline - here(walk)) + 1 : left(walk));
	} while (!newline);
	block->rows++;
	return COFFER_OK;
}

/* The line that ends the data, if it is the file's last one, may lack its own end. */
static bool
is_bare_end(const struct walk *walk)
{
	return left(walk) == 2 && walk->input->is_at_end && !memcmp(here(walk), "\\.", 2);
}

static coffer_status
skip_copy(struct walk *walk)
{
	struct coffer_dump_block *block = last_block(walk);
	coffer_status status = look_ahead(walk, 3);
	bool is_done = false;

	while (!status && !is_done) {
		is_done = skip_rows(walk, block) || is_bare_end(walk);
		if (!is_done && (left(walk) > 2 || walk->input->is_at_end))
			status = skip_long_row(walk, block);
		if (!status && !is_done)
			status = look_ahead(walk, 3);
	}
	block->end = walk->input->bytes;
	return status ? status : take_line(walk);
}

/* ------------------------------------------------------------------ heads */

static bool
read_insert_end(struct coffer_sql *sql, struct coffer_dump_head *head)
{
	if (coffer_sql_accept(sql, "overriding")) {
		if (!coffer_sql_accept(sql, "system"))
			coffer_sql_accept(sql, "user");
		coffer_sql_accept(sql, "value");
	}
	head->is_default = coffer_sql_accept_words(sql, "default values");
	return head->is_default || coffer_sql_accept(sql, "values");
}

bool
coffer_dump_read_head(struct coffer_sql *sql, const char *schema, struct coffer_dump_head *head_out)
{
	*head_out = (struct coffer_dump_head){.is_copy = coffer_sql_accept(sql, "copy")};
	if (!head_out->is_copy && !coffer_sql_accept_words(sql, "insert into"))
		return false;
	if (!coffer_sql_name(sql, schema, &head_out->table))
		return false;
	head_out->columns = *sql;
	head_out->has_columns = coffer_sql_is_symbol(sql, '(');
	if (head_out->has_columns && !coffer_sql_skip_brackets(sql))
		return false;
	if (!head_out->is_copy)
		return read_insert_end(sql, head_out);
	return coffer_sql_accept_words(sql, "from stdin") && coffer_sql_is_symbol(sql, ';');
}

/* ------------------------------------------------------------------ rows of INSERT */

/* The head that is here, up to and with VALUES; more is read as long as it is cut. */
static coffer_status
read_insert_head(struct walk *walk, struct coffer_sql_name *table_out, size_t *size_out)
{
	coffer_status status = COFFER_OK;
	struct coffer_dump_head head;
	struct coffer_sql sql;
	size_t size;

	*size_out = 0;
	for (;;) {
		coffer_sql_init(&sql, (coffer_text){here(walk), left(walk)},
				walk->session.has_backslashes);
		if (coffer_dump_read_head(&sql, walk->session.schema, &head) &&
		    sql.token.kind != COFFER_SQL_END) {
			*table_out = head.table;
			*size_out = (size_t)(sql.before - here(walk));
			return COFFER_OK;
		}
		if (status || left(walk) > COFFER_DUMP_STATEMENT_SIZE_MAX)
			return refuse(walk, "INSERT INTO a table with VALUES is expected");
		/* Twice as much at a time: a long head is not read as often as it has pieces. */
		size = 2 * left(walk);
		while (!status && left(walk) < size)
			status = coffer_input_more(walk->input, walk->error);
		if (status < 0)
			return status;
	}
}

/* Over the values and the semicolon. */
static coffer_status
skip_values(struct walk *walk, struct coffer_dump_block *block)
{
	struct coffer_splitter splitter;
	coffer_status status = COFFER_OK;
	bool is_done = false;

	coffer_split_begin(&splitter, walk->session.has_backslashes, false);
	while (!status && !is_done && !(status = look_ahead(walk, 1))) {
		if (!left(walk))
			return refuse(walk, "the dump is cut: the file ends within an INSERT");
		take(walk, coffer_split(&splitter, here(walk), left(walk), &is_done));
	}
	block->rows += splitter.rows ? splitter.rows : 1;
	block->end = walk->input->bytes;
	return status;
}

static bool
has_same_head(const struct walk *walk)
{
	return walk->is_open && left(walk) >= walk->head.size &&
	       !memcmp(here(walk), walk->head.data, walk->head.size);
}

static coffer_status
skip_insert(struct walk *walk)
{
	uint64_t begin = walk->input->bytes;
	struct coffer_sql_name table;
	coffer_status status;
	size_t size;

	if ((status = look_ahead(walk, walk->head.size)))
		return status;
	if (has_same_head(walk)) {
		take(walk, walk->head.size);
		return skip_values(walk, last_block(walk));
	}
	if ((status = read_insert_head(walk, &table, &size)))
		return status;
	coffer_buffer_clear(&walk->head);
	coffer_buffer_append(&walk->head, here(walk), size);
	if (walk->head.is_failed)
		return no_memory(walk);
	take(walk, size);
	walk->is_open = true;
	status = note_block(walk, &table, false, begin);
	return status ? status : skip_values(walk, last_block(walk));
}

/* ------------------------------------------------------------------ other statements */

/*
 * See that the statement is there as a whole, up to and with its semicolon or the end of the file.
 */
static coffer_status
gather(struct walk *walk, size_t *size_out)
{
	struct coffer_splitter splitter;
	coffer_status status = COFFER_OK;
	bool is_done = false;
	size_t seen = 0;

	coffer_split_begin(&splitter, walk->session.has_backslashes, false);
	while (!is_done && !status) {
		seen += coffer_split(&splitter, here(walk) + seen, left(walk) - seen, &is_done);
		if (seen > COFFER_DUMP_STATEMENT_SIZE_MAX)
			return too_many(walk, COFFER_DUMP_STATEMENT_SIZE_MAX,
					"bytes in a statement");
		if (!is_done)
			status = coffer_input_more(walk->input, walk->error);
	}
	*size_out = seen;
	if (status == COFFER_NOT_FOUND && coffer_split_open(&splitter))
		return refuse(walk, "the dump is cut, or it is none: a statement that begins here "
				    "never ends");
	return status < 0 ? status : COFFER_OK;
}

/* COPY, which has its rows behind it. */
static coffer_status
read_copy(struct walk *walk, struct coffer_sql sql, size_t size)
{
	uint64_t begin = walk->input->bytes;
	struct coffer_dump_head head;
	coffer_status status;

	if (!coffer_dump_read_head(&sql, walk->session.schema, &head))
		return refuse(walk, "COPY of a table FROM stdin, without options, is expected");
	take(walk, size);
	if ((status = take_line(walk)) || (status = note_block(walk, &head.table, true, begin)))
		return status;
	return skip_copy(walk);
}

static coffer_status
note_statement(struct walk *walk, size_t size)
{
	struct coffer_dump_map *map = walk->map;
	struct coffer_dump_statement *statement;

	if (map->statement_count == COFFER_DUMP_STATEMENTS_MAX)
		return too_many(walk, COFFER_DUMP_STATEMENTS_MAX, "statements");
	statement = append(&map->statements, &map->statement_count, sizeof(*statement));
	if (!statement)
		return no_memory(walk);
	*statement = (struct coffer_dump_statement){
		.begin = walk->input->bytes, .line = walk->line, .size = size};
	return COFFER_OK;
}

/* The schema in which something is made. */
static coffer_status
note_definition(struct walk *walk, struct coffer_sql sql)
{
	static const char *const words[] = {
		"create table",    "create unlogged table",
		"create view",     "create materialized view",
		"create sequence", "create type",
		"create domain",
	};
	struct coffer_sql_name name;

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (!coffer_sql_accept_words(&sql, words[i]))
			continue;
		coffer_sql_accept_words(&sql, "if not exists");
		if (!coffer_sql_name(&sql, walk->session.schema, &name))
			return COFFER_OK;
		walk->map->has_tables = walk->map->has_tables || i < 2;
		return note_schema(walk, name.schema, i < 2);
	}
	return COFFER_OK;
}

/* Statements that a large dump may have many of and that define nothing. */
static bool
is_dull(struct coffer_sql sql)
{
	static const char *const words[] = {
		"grant", "revoke", "drop", "begin", "commit", "alter large object",
	};
	struct coffer_sql_name name;

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (coffer_sql_accept_words(&sql, words[i]))
			return true;
	return coffer_sql_accept(&sql, "select") && coffer_sql_name(&sql, "", &name) &&
	       strcmp(name.name, "setval") != 0 && strcmp(name.name, "set_config") != 0;
}

static bool
is_sql(const struct coffer_sql *sql)
{
	static const char *const words[] = {
		"set",    "select",  "create",   "alter",  "copy",     "insert", "comment",
		"begin",  "start",   "commit",   "drop",   "grant",    "revoke", "do",
		"reset",  "refresh", "security", "lock",   "truncate", "with",   "analyze",
		"vacuum", "discard", "update",   "delete", "end",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (coffer_sql_is(sql, words[i]))
			return true;
	return false;
}

static coffer_status
read_statement(struct walk *walk)
{
	coffer_status status;
	struct coffer_sql sql;
	size_t size = 0;

	walk->is_open = false;
	if ((status = gather(walk, &size)))
		return status;
	coffer_sql_init(&sql, (coffer_text){here(walk), size}, walk->session.has_backslashes);
	if (coffer_sql_is(&sql, "copy"))
		return read_copy(walk, sql, size);
	status = coffer_sql_session_read(&walk->session, sql, walk->error);
	if (status)
		coffer_error_at(walk->error, "%s:%llu", walk->name, (unsigned long long)walk->line);
	if (!status)
		status = note_definition(walk, sql);
	if (!status && !is_dull(sql))
		status = note_statement(walk, size);
	if (!status)
		take(walk, size);
	return status;
}

/*
 * A line for psql itself: \restrict and \unrestrict lock it up, \connect goes to another database.
 */
static coffer_status
read_command(struct walk *walk)
{
	static const char connect[] = "\\connect";
	coffer_status status = look_ahead(walk, sizeof(connect));

	if (status)
		return status;
	if (left(walk) > 2 && !memcmp(here(walk), "\\c", 2) &&
	    (here(walk)[2] == ' ' ||
	     !memcmp(here(walk), connect, left(walk) < 8 ? left(walk) : 8)) &&
	    (walk->map->has_tables || walk->map->block_count))
		return refuse(walk,
			      "another database begins here: a dump of one is expected, as pg_dump "
			      "makes it");
	return take_line(walk);
}

/* ------------------------------------------------------------------ the whole */

static const char what_is_expected[] =
	"not a dump: expected is what pg_dump writes, plain SQL or an archive (pg_dump -Fc)";

/* One statement or command; what the file begins with tells whether it is a dump at all. */
static coffer_status
step(struct walk *walk)
{
	coffer_status status = look_ahead(walk, 16);
	struct coffer_sql sql;

	if (status)
		return status;
	if (*here(walk) == '\\' && left(walk) > 1 && here(walk)[1] >= 'a' && here(walk)[1] <= 'z')
		return read_command(walk);
	coffer_sql_init(&sql, (coffer_text){here(walk), left(walk) < 16 ? left(walk) : 16}, false);
	if (!walk->is_begun && !is_sql(&sql))
		return refuse(walk, what_is_expected);
	walk->is_begun = true;
	if (coffer_sql_accept(&sql, "insert"))
		return skip_insert(walk);
	return read_statement(walk);
}

static coffer_status
skip_mark(struct walk *walk)
{
	coffer_status status = look_ahead(walk, 3);

	if (!status && left(walk) >= 3 && !memcmp(here(walk), "\xef\xbb\xbf", 3))
		take(walk, 3);
	return status;
}

coffer_status
coffer_dump_map_make(struct coffer_dump_map *map, struct coffer_input *input, const char *name,
		     coffer_error *error)
{
	struct walk walk = {.map = map, .input = input, .name = name, .line = 1, .error = error};
	coffer_status status;
	bool is_end = false;

	*map = (struct coffer_dump_map){.block_count = 0};
	coffer_sql_session_init(&walk.session);
	status = skip_mark(&walk);
	while (!status && !(status = skip_blanks(&walk, &is_end)) && !is_end)
		status = step(&walk);
	coffer_buffer_release(&walk.head);
	if (!status && !walk.is_begun)
		status = refuse(&walk, what_is_expected);
	if (!status && walk.has_header && !walk.has_trailer)
		status = refuse(&walk, "the dump is cut: the line that ends it is missing");
	return status;
}

void
coffer_dump_map_release(struct coffer_dump_map *map)
{
	free(map->blocks);
	free(map->statements);
	free(map->schemas);
	*map = (struct coffer_dump_map){.block_count = 0};
}
