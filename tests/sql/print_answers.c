/*
 * The same SQL on stores and on native SQLite files of the same rows, for TAP scripts.
 *
 *	print_answers QUERIES NAME=STORE=NATIVE...		a line of TAP a query, and what differs
 *	print_answers --quiet QUERIES NAME=STORE=NATIVE...	of many queries: what differs, and a line of TAP for all
 *	print_answers --show QUERIES NAME=STORE=NATIVE...	the stores' answers, as COPY writes rows
 *
 * The first NAME is "main". QUERIES is read as queries.sql says at its top. Answers are equal where each value has the same type
 * and the same bytes: 5, 5.0 and '5' differ. A query of --quiet that fails on a native
 * file, or is not done there after STEPS_QUIET_MAX steps of SQLite's machine, is not compared.
 */
#include "coffer.h"
#include "sql/sql.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	SCHEMAS_MAX = 4,
	BINDINGS_MAX = 8,
	STEPS_MAX = 40000000,
	STEPS_QUIET_MAX = 1000000,
	STEPS_AT_ONCE = 10000,
	SHOWN_ROWS_MAX = 4,
	SHOWN_VALUE_MAX = 100,
	DIFFERENCES_MAX = 30,
};
#define NEAR 1e-12

struct query {
	char *name, *text;
	char *bind[BINDINGS_MAX]; /* once for each */
	size_t bind_count;
	bool is_list, is_near, is_error;
};

struct cell {
	int type;
	sqlite3_int64 integer;
	double real;
	size_t at, size; /* in the answer's bytes */
};

struct answer {
	int code;
	char message[256];
	int columns;
	size_t rows, cells, cell_capacity;
	struct cell *cell;
	size_t *order; /* of the rows */
	coffer_buffer bytes;
};

enum mode { MODE_TAP, MODE_QUIET, MODE_SHOW };

static enum mode mode;
static unsigned tests, differences, unanswered, slow, refused;
static sqlite3_int64 steps_left;

_Noreturn static void
give_up(const char *what, const char *why)
{
	printf("Bail out! %s: %s\n", what, why);
	exit(1);
}

static void *
must_have(void *memory)
{
	if (!memory)
		give_up("memory", "none");
	return memory;
}

/* ------------------------------------------------------------------ answers */

static void
take_cell(struct answer *answer, sqlite3_value *value)
{
	struct cell *cell;
	const void *data = NULL;

	if (answer->cells == answer->cell_capacity) {
		answer->cell_capacity = answer->cell_capacity ? 2 * answer->cell_capacity : 64;
		answer->cell = must_have(
			realloc(answer->cell, answer->cell_capacity * sizeof(*answer->cell)));
	}
	cell = &answer->cell[answer->cells++];
	*cell = (struct cell){.type = sqlite3_value_type(value), .at = answer->bytes.size};
	if (cell->type == SQLITE_INTEGER)
		cell->integer = sqlite3_value_int64(value);
	else if (cell->type == SQLITE_FLOAT)
		cell->real = sqlite3_value_double(value);
	else if (cell->type == SQLITE_TEXT)
		data = sqlite3_value_text(value);
	else if (cell->type == SQLITE_BLOB)
		data = sqlite3_value_blob(value);
	cell->size = data ? (size_t)sqlite3_value_bytes(value) : 0;
	if (cell->size)
		coffer_buffer_append(&answer->bytes, data, cell->size);
}

static int
bind(sqlite3 *db, sqlite3_stmt *statement, const char *values)
{
	sqlite3_stmt *given;
	char *text = must_have(sqlite3_mprintf("SELECT %s", values));
	int code = sqlite3_prepare_v2(db, text, -1, &given, NULL);

	sqlite3_free(text);
	if (!code && sqlite3_step(given) == SQLITE_ROW)
		for (int i = 0; !code && i < sqlite3_column_count(given); i++)
			code = sqlite3_bind_value(statement, i + 1, sqlite3_column_value(given, i));
	sqlite3_finalize(given);
	return code;
}

/* Whether there is a second statement behind the first. */
static bool
has_more(sqlite3 *db, const char *tail)
{
	sqlite3_stmt *second = NULL;
	int code = sqlite3_prepare_v2(db, tail, -1, &second, NULL);
	bool has = code || second;

	sqlite3_finalize(second);
	return has;
}

static int
take_rows(sqlite3_stmt *statement, struct answer *answer)
{
	int code;

	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		for (int i = 0; i < answer->columns; i++)
			take_cell(answer, sqlite3_column_value(statement, i));
		answer->rows++;
	}
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

/* The rows of every binding, one behind the other. */
static int
run(sqlite3 *db, const struct query *query, struct answer *answer)
{
	sqlite3_stmt *statement;
	const char *tail;
	int code = sqlite3_prepare_v2(db, query->text, -1, &statement, &tail);

	if (!code && has_more(db, tail))
		give_up(query->name, "more than one statement");
	answer->columns = sqlite3_column_count(statement);
	for (size_t i = 0; !code && i < query->bind_count; i++)
		if (!(code = bind(db, statement, query->bind[i])) &&
		    !(code = take_rows(statement, answer)))
			code = sqlite3_reset(statement);
	if (!code && !query->bind_count)
		code = take_rows(statement, answer);
	if (code)
		(void)snprintf(answer->message, sizeof(answer->message), "%s", sqlite3_errmsg(db));
	sqlite3_finalize(statement);
	return code;
}

static void
ask(sqlite3 *db, const struct query *query, sqlite3_int64 steps_max, struct answer *answer)
{
	*answer = (struct answer){0};
	steps_left = steps_max;
	answer->code = run(db, query, answer);
	answer->order = must_have(malloc((answer->rows + 1) * sizeof(*answer->order)));
	for (size_t i = 0; i < answer->rows; i++)
		answer->order[i] = i;
	if (answer->bytes.is_failed)
		give_up("memory", "none");
}

static void
forget(struct answer *answer)
{
	free(answer->cell);
	free(answer->order);
	coffer_buffer_release(&answer->bytes);
}

static int
stop_at_last(void *context)
{
	(void)context;
	steps_left -= STEPS_AT_ONCE;
	return steps_left < 0;
}

/* ------------------------------------------------------------------ comparing */

static const struct cell *
cell_at(const struct answer *answer, size_t row, int column)
{
	return &answer->cell[answer->order[row] * (size_t)answer->columns + (size_t)column];
}

/* With `is_near` by few digits, so that neighbours are in one order wherever their sums end. */
static int
compare_reals(double left, double right, bool is_near)
{
	char texts[2][32];

	if (!is_near)
		return memcmp(&left, &right, sizeof(left));
	(void)snprintf(texts[0], sizeof(texts[0]), "%.8g", left);
	(void)snprintf(texts[1], sizeof(texts[1]), "%.8g", right);
	return strcmp(texts[0], texts[1]);
}

static int
compare_cells(const struct answer *left, const struct cell *a, const struct answer *right,
	      const struct cell *b, bool is_near)
{
	size_t common = a->size < b->size ? a->size : b->size;
	int order;

	if (a->type != b->type)
		return a->type - b->type;
	if (a->type == SQLITE_INTEGER)
		return (a->integer > b->integer) - (a->integer < b->integer);
	if (a->type == SQLITE_FLOAT)
		return compare_reals(a->real, b->real, is_near);
	order = common ? memcmp(left->bytes.data + a->at, right->bytes.data + b->at, common) : 0;
	return order ? order : (a->size > b->size) - (a->size < b->size);
}

/* For qsort_r. */
struct sorting {
	const struct answer *answer;
	bool is_near;
};

static int
compare_rows(const void *left, const void *right, void *context)
{
	const struct sorting *sorting = context;
	const struct answer *answer = sorting->answer;
	size_t rows[2];
	int order = 0;

	memcpy(&rows[0], left, sizeof(rows[0]));
	memcpy(&rows[1], right, sizeof(rows[1]));
	for (int i = 0; !order && i < answer->columns; i++)
		order = compare_cells(
			answer, &answer->cell[rows[0] * (size_t)answer->columns + (size_t)i],
			answer, &answer->cell[rows[1] * (size_t)answer->columns + (size_t)i],
			sorting->is_near);
	return order;
}

static void
sort_rows(struct answer *answer, bool is_near)
{
	struct sorting sorting = {answer, is_near};

	qsort_r(answer->order, answer->rows, sizeof(*answer->order), compare_rows, &sorting);
}

static bool
is_equal(const struct answer *left, const struct cell *a, const struct answer *right,
	 const struct cell *b, bool is_near)
{
	double size = fabs(a->real) > fabs(b->real) ? fabs(a->real) : fabs(b->real);

	if (is_near && a->type == SQLITE_FLOAT && b->type == SQLITE_FLOAT && isfinite(size))
		return fabs(a->real - b->real) <= NEAR * size || a->real == b->real;
	return !compare_cells(left, a, right, b, false);
}

/* The first row that differs; the number of rows: none. */
static size_t
first_difference(const struct answer *left, const struct answer *right, bool is_near)
{
	for (size_t row = 0; row < left->rows && row < right->rows; row++)
		for (int i = 0; i < left->columns; i++)
			if (!is_equal(left, cell_at(left, row, i), right, cell_at(right, row, i),
				      is_near))
				return row;
	return left->rows < right->rows ? left->rows : right->rows;
}

static bool
is_same(const struct query *query, struct answer *coffer, struct answer *native)
{
	if (coffer->code || native->code)
		return coffer->code == native->code && !strcmp(coffer->message, native->message);
	if (!query->is_list) {
		sort_rows(coffer, query->is_near);
		sort_rows(native, query->is_near);
	}
	return coffer->columns == native->columns && coffer->rows == native->rows &&
	       first_difference(coffer, native, query->is_near) == native->rows;
}

/* ------------------------------------------------------------------ telling */

static void
tell_bytes(const char *data, size_t size, bool is_hex)
{
	for (size_t i = 0; i < size && i < SHOWN_VALUE_MAX; i++) {
		unsigned char byte = (unsigned char)data[i];

		if (is_hex)
			printf("%02x", byte);
		else if (byte < ' ' || byte == 0x7f)
			printf("\\x%02x", byte);
		else
			putchar(byte);
	}
	if (size > SHOWN_VALUE_MAX)
		printf("...%zu", size);
}

static void
tell_cell(const struct answer *answer, const struct cell *cell)
{
	const char *data = cell->size ? answer->bytes.data + cell->at : "";

	if (cell->type == SQLITE_INTEGER) {
		printf("%lld", cell->integer);
	} else if (cell->type == SQLITE_FLOAT) {
		printf("%.17g%s", cell->real, cell->real == floor(cell->real) ? ".0" : "");
	} else if (cell->type == SQLITE_NULL) {
		printf("NULL");
	} else {
		printf("%s'", cell->type == SQLITE_BLOB ? "x" : "");
		tell_bytes(data, cell->size, cell->type == SQLITE_BLOB);
		printf("'");
	}
}

static void
tell_rows(const char *what, const struct answer *answer, size_t from)
{
	if (answer->code) {
		printf("# %s: %d, %s\n", what, answer->code, answer->message);
		return;
	}
	printf("# %s: %zu rows", what, answer->rows);
	printf(from < answer->rows ? ", from row %zu:\n" : "\n", from + 1);
	for (size_t row = from; row < answer->rows && row < from + SHOWN_ROWS_MAX; row++) {
		printf("#   ");
		for (int i = 0; i < answer->columns; i++) {
			printf(i ? " | " : "");
			tell_cell(answer, cell_at(answer, row, i));
		}
		printf("\n");
	}
}

/* A text of several lines as one. */
static void
tell_text(const char *text)
{
	printf("#   ");
	for (; *text; text++)
		if (*text == '\n')
			putchar(' ');
		else
			putchar(*text);
	printf("\n");
}

static void
tell_difference(const struct query *query, const struct answer *coffer, const struct answer *native)
{
	size_t from =
		coffer->code || native->code ? 0 : first_difference(coffer, native, query->is_near);

	if (++differences > DIFFERENCES_MAX)
		return;
	if (mode == MODE_QUIET)
		printf("# %s\n", query->name);
	tell_text(query->text);
	for (size_t i = 0; i < query->bind_count; i++)
		printf("#   bound: %s\n", query->bind[i]);
	tell_rows("coffer", coffer, from);
	tell_rows("native", native, from);
}

/* ------------------------------------------------------------------ one query */

static void
compare(const struct query *query, sqlite3 *coffer, sqlite3 *native)
{
	struct answer answers[2];
	bool is_passed;

	ask(native, query, mode == MODE_QUIET ? STEPS_QUIET_MAX : STEPS_MAX, &answers[1]);
	if (answers[1].code == SQLITE_INTERRUPT || (mode == MODE_QUIET && answers[1].code)) {
		unanswered++;
		if (mode == MODE_TAP)
			give_up(query->name, answers[1].message);
		forget(&answers[1]);
		return;
	}
	ask(coffer, query, STEPS_MAX, &answers[0]);
	is_passed = is_same(query, &answers[0], &answers[1]) &&
		    (mode == MODE_QUIET || query->is_error == (answers[1].code != SQLITE_OK));
	/* What a store refuses to compare it says, where SQLite would give an answer. */
	if (mode == MODE_QUIET &&
	    (answers[0].code == SQLITE_INTERRUPT || answers[0].code == SQLITE_MISMATCH)) {
		slow += answers[0].code == SQLITE_INTERRUPT;
		refused += answers[0].code == SQLITE_MISMATCH;
		is_passed = true;
	}
	tests++;
	if (mode == MODE_TAP)
		printf("%s %u - %s\n", is_passed ? "ok" : "not ok", tests, query->name);
	if (!is_passed)
		tell_difference(query, &answers[0], &answers[1]);
	forget(&answers[0]);
	forget(&answers[1]);
}

static void
show_text(const char *data, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		const char *special = memchr("\\\n\r\t\b\f\v", data[i], 7);

		if (special)
			printf("\\%c",
			       "\\nrtbfv"[strchr("\\\n\r\t\b\f\v", data[i]) - "\\\n\r\t\b\f\v"]);
		else
			putchar(data[i]);
	}
}

static void
show_cell(const struct answer *answer, const struct cell *cell)
{
	const char *data = cell->size ? answer->bytes.data + cell->at : "";

	if (cell->type == SQLITE_INTEGER) {
		printf("%lld", cell->integer);
	} else if (cell->type == SQLITE_FLOAT) {
		printf("%.17g", cell->real);
	} else if (cell->type == SQLITE_NULL) {
		printf("\\N");
	} else if (cell->type == SQLITE_TEXT) {
		show_text(data, cell->size);
	} else {
		printf("\\\\x");
		for (size_t i = 0; i < cell->size; i++)
			printf("%02x", (unsigned char)data[i]);
	}
}

static void
show(const struct query *query, sqlite3 *coffer)
{
	struct answer answer;

	ask(coffer, query, STEPS_MAX, &answer);
	if (answer.code)
		give_up(query->name, answer.message);
	printf("-- [%s] %s\n", query->is_list ? "list" : "set", query->name);
	for (size_t row = 0; row < answer.rows; row++) {
		for (int i = 0; i < answer.columns; i++) {
			printf(i ? "\t" : "");
			show_cell(&answer, cell_at(&answer, row, i));
		}
		printf("\n");
	}
	forget(&answer);
}

/* ------------------------------------------------------------------ queries */

/* The words in brackets of a name line. */
static void
read_words(struct query *query, char *words)
{
	for (char *word; (word = strsep(&words, " "));) {
		if (!strcmp(word, "list"))
			query->is_list = true;
		else if (!strcmp(word, "near"))
			query->is_near = true;
		else if (!strcmp(word, "error"))
			query->is_error = true;
		else if (strcmp(word, "set") != 0)
			give_up("a name line has an unknown word", word);
	}
}

/* The line behind `*text`, which goes behind it; NULL at the end. */
static char *
next_line(char **text)
{
	char *line = *text, *end;

	if (!*line)
		return NULL;
	end = strchrnul(line, '\n');
	*text = *end ? end + 1 : end;
	*end = '\0';
	return line;
}

static bool
is_name_line(const char *line)
{
	return !strncmp(line, "-- [", 4);
}

/* The next query of `*text`, which goes behind it. */
static bool
next_query(char **text, struct query *query, coffer_buffer *sql)
{
	char *line;

	*query = (struct query){0};
	coffer_buffer_clear(sql);
	while ((line = next_line(text)) && !is_name_line(line))
		continue;
	if (!line)
		return false;
	query->name = strchr(line, ']');
	if (!query->name || query->name[1] != ' ')
		give_up("a name line without a name", line);
	*query->name = '\0';
	query->name += 2;
	read_words(query, line + 4);
	while (**text && !is_name_line(*text) && (line = next_line(text))) {
		if (!strncmp(line, "-- bind: ", 9) && query->bind_count < BINDINGS_MAX)
			query->bind[query->bind_count++] = line + 9;
		else if (strncmp(line, "--", 2) != 0)
			coffer_buffer_printf(sql, "%s\n", line);
	}
	if (sql->is_failed || !sql->size)
		give_up(query->name, "a query without text");
	query->text = sql->data;
	return true;
}

static char *
read_file(const char *path)
{
	FILE *file = strcmp(path, "-") != 0 ? fopen(path, "r") : stdin;
	coffer_buffer buffer = {0};
	char piece[65536];
	size_t size;

	if (!file)
		give_up(path, "cannot be read");
	while ((size = fread(piece, 1, sizeof(piece), file)))
		coffer_buffer_append(&buffer, piece, size);
	coffer_buffer_append(&buffer, "", 1);
	if (buffer.is_failed || ferror(file))
		give_up(path, "cannot be read");
	(void)fclose(file);
	return buffer.data;
}

/* ------------------------------------------------------------------ databases */

static void
attach_store(struct coffer_sql *sql, const char *name, const char *path)
{
	coffer_error error = {0};
	coffer_store *store;

	if (coffer_store_open(path, &store, &error) ||
	    coffer_sql_attach(sql, store, path, name, &error))
		give_up(path, error.message);
}

static void
attach_native(sqlite3 *db, const char *name, const char *path)
{
	char *text = must_have(sqlite3_mprintf("ATTACH %Q AS %Q", path, name));

	if (sqlite3_exec(db, text, NULL, NULL, NULL))
		give_up(path, sqlite3_errmsg(db));
	sqlite3_free(text);
}

/* NAME=STORE=NATIVE. */
static void
attach(char *words, struct coffer_sql *sql, sqlite3 **native)
{
	const char *name = strsep(&words, "="), *store = strsep(&words, "="), *file = words;

	if (!store || !file)
		give_up(name, "not NAME=STORE=NATIVE");
	attach_store(sql, name, store);
	if (*native)
		attach_native(*native, name, file);
	else if (sqlite3_open_v2(file, native, SQLITE_OPEN_READONLY, NULL))
		give_up(file, "cannot be opened");
}

int
main(int count, char **words)
{
	sqlite3 *coffer, *native = NULL;
	coffer_buffer text = {0};
	struct coffer_sql *sql;
	struct query query;
	char *queries, *rest;

	if (count > 1 && !strcmp(words[1], "--quiet"))
		mode = MODE_QUIET;
	else if (count > 1 && !strcmp(words[1], "--show"))
		mode = MODE_SHOW;
	words += mode != MODE_TAP;
	count -= mode != MODE_TAP;
	if (count < 3 || count > 2 + SCHEMAS_MAX)
		give_up("print_answers", "[--quiet | --show] QUERIES NAME=STORE=NATIVE...");
	if (sqlite3_open(":memory:", &coffer) || coffer_sql_register(coffer, NULL, &sql))
		give_up("SQLite", "cannot be opened");
	for (int i = 2; i < count; i++)
		attach(words[i], sql, &native);
	sqlite3_progress_handler(coffer, STEPS_AT_ONCE, stop_at_last, NULL);
	sqlite3_progress_handler(native, STEPS_AT_ONCE, stop_at_last, NULL);
	rest = queries = read_file(words[1]);
	while (next_query(&rest, &query, &text)) {
		if (mode == MODE_SHOW)
			show(&query, coffer);
		else
			compare(&query, coffer, native);
	}
	free(queries);
	coffer_buffer_release(&text);
	sqlite3_close(coffer);
	sqlite3_close(native);
	if (mode == MODE_QUIET)
		printf("%s 1 - %u queries: %u differ, %u refused, %u took too long on stores; %u "
		       "others without an answer\n1..1\n",
		       differences ? "not ok" : "ok", tests, differences, refused, slow,
		       unanswered);
	else if (mode == MODE_TAP)
		printf("1..%u\n", tests);
	return differences != 0;
}
