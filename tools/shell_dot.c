/*
 * What may be said to the shell besides SQL, one command a line: a table of names, what each does and how.
 */
#include "shell.h"
#include "statement_end.h"

#include <stdlib.h>

struct dot {
	const char *name, *operand, *help;
	coffer_status (*run)(struct coffer_shell *shell, char *operand, coffer_error *error);
};

static const char tables_sql[] =
	"SELECT CASE schema WHEN 'main' THEN name ELSE schema || '.' || name END AS \"table\""
	" FROM pragma_table_list"
	" WHERE type IN ('table', 'view', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
	" AND (?1 IS NULL OR name LIKE ?1 OR schema || '.' || name LIKE ?1)"
	" ORDER BY schema <> 'main', schema, name";

/* What a statement made says itself how, and so do views; a table of a store is put together from its columns, each with
 * its type in the store behind it, and its indexes. */
static const char schema_sql[] =
	"SELECT coalesce((SELECT sql FROM temp.sqlite_temp_master made"
	" WHERE listed.schema = 'temp' AND made.name = listed.name) || ';',"
	" (SELECT sql FROM main.sqlite_master made WHERE listed.schema = 'main' AND listed.type = 'view'"
	" AND made.name = listed.name) || ';', (SELECT '-- view ' || listed.schema || '.' || listed.name"
	" || ': ' || group_concat(name, ', ') FROM pragma_table_xinfo(listed.name, listed.schema)"
	" WHERE listed.type = 'view'), 'CREATE TABLE ' || CASE listed.schema WHEN 'main' THEN ''"
	" ELSE '\"' || replace(listed.schema, '\"', '\"\"') || '\".' END"
	" || '\"' || replace(listed.name, '\"', '\"\"') || '\" (' || char(10)"
	" || (SELECT group_concat(char(9) || '\"' || replace(field.name, '\"', '\"\"') || '\" ' || field.type"
	" || CASE column.is_nullable WHEN 0 THEN ' NOT NULL' ELSE '' END"
	" || CASE field.cid + 1 WHEN count THEN '' ELSE ',' END"
	" || ' -- ' || replace(column.type, char(10), ' '), char(10))"
	" FROM pragma_table_xinfo(listed.name, listed.schema) field JOIN coffer_columns column"
	" ON column.store = listed.schema AND column.table_name = shown.name"
	" AND column.sql_name = field.name, (SELECT count(*) AS count"
	" FROM pragma_table_xinfo(listed.name, listed.schema)))"
	" || char(10) || ');' || coalesce(char(10) || (SELECT group_concat('-- ' ||"
	" replace(tree.name || ': ' || iif(tree.is_unique AND NOT tree.is_primary"
	" AND tree.definition NOT LIKE 'UNIQUE%', 'UNIQUE ', '') || tree.definition, char(10), ' '), char(10))"
	" FROM coffer_indexes tree"
	" WHERE tree.store = listed.schema AND tree.table_name = shown.name AND tree.definition NOTNULL), ''))"
	" FROM pragma_table_list listed LEFT JOIN coffer_tables shown"
	" ON shown.store = listed.schema AND shown.sql_name = listed.name"
	" WHERE listed.type IN ('table', 'view', 'virtual')"
	" AND listed.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND (?1 IS NULL OR listed.name LIKE ?1"
	" OR listed.name LIKE 'LiteLLM\\_' || ?1 ESCAPE '\\' OR listed.schema || '.' || listed.name LIKE ?1)"
	" ORDER BY listed.schema <> 'main', listed.schema, listed.name";

/* What is called and not listed. */
static const char function_sql[] =
	"SELECT '-- table function ' || ?1 || ': ' || group_concat(name, ', ')"
	" FROM pragma_table_xinfo(?1) WHERE hidden = 0 HAVING count(*)";

static coffer_status
run_tables(struct coffer_shell *shell, char *operand, coffer_error *error)
{
	return coffer_shell_run_own(shell, tables_sql, *operand ? operand : NULL, error);
}

/* The first column of all rows, a line each. Returns their number. */
static int
print_lines(struct coffer_shell *shell, const char *sql, const char *operand, coffer_error *error)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(shell->db, sql, -1, &statement, NULL), rows = 0;

	if (!code && *operand)
		code = sqlite3_bind_text(statement, 1, operand, -1, SQLITE_STATIC);
	for (; !code && (code = sqlite3_step(statement)) == SQLITE_ROW; code = SQLITE_OK, rows++) {
		const char *text = (const char *)sqlite3_column_text(statement, 0);

		coffer_output_safe(shell->output, text ? text : "", text ? strlen(text) : 0);
		coffer_output_char(shell->output, '\n');
	}
	if (code != SQLITE_DONE)
		(void)coffer_shell_failure(shell, code, error);
	(void)sqlite3_finalize(statement);
	return rows;
}

/* The definitions as they are, whatever the mode. */
static coffer_status
run_schema(struct coffer_shell *shell, char *operand, coffer_error *error)
{
	int rows = print_lines(shell, schema_sql, operand, error);

	if (*operand && !rows && !error->status)
		rows = print_lines(shell, function_sql, operand, error);
	if (*operand && !rows && !error->status)
		(void)coffer_error_set(error, COFFER_INVALID, "no table is called '%s'", operand);
	return error->status;
}

static coffer_status
run_mode(struct coffer_shell *shell, char *operand, coffer_error *error)
{
	if (coffer_answer_mode_find(operand, &shell->style.mode))
		return COFFER_OK;
	return coffer_error_set(error, COFFER_INVALID, "'%s' is none of the modes table, box, markdown, csv, json, ndjson", operand);
}

static coffer_status
set_switch(bool *is_on, const char *operand, coffer_error *error)
{
	if (strcmp(operand, "on") != 0 && strcmp(operand, "off") != 0)
		return coffer_error_set(error, COFFER_INVALID, "'%s' is neither on nor off", operand);
	*is_on = !strcmp(operand, "on");
	return COFFER_OK;
}

static coffer_status
run_headers(struct coffer_shell *shell, char *operand, coffer_error *error)
{
	return set_switch(&shell->style.has_header, operand, error);
}

static coffer_status
run_timer(struct coffer_shell *shell, char *operand, coffer_error *error)
{
	return set_switch(&shell->is_timed, operand, error);
}

static coffer_status
run_null(struct coffer_shell *shell, char *operand, coffer_error *error)
{
	char *text = strdup(operand);

	if (!text)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a text");
	free(shell->null_text);
	shell->style.null_text = shell->null_text = text;
	return COFFER_OK;
}

static coffer_status
run_width(struct coffer_shell *shell, char *operand, coffer_error *error)
{
	char *end;
	unsigned long width = strtoul(operand, &end, 10);

	if (*operand < '0' || *operand > '9' || *end)
		return coffer_error_set(error, COFFER_INVALID, "'%s' is not a whole number from 0", operand);
	shell->style.width_max = width;
	return COFFER_OK;
}

/* One statement that is explained and none that is run: what stands behind a semicolon is explained too. */
static void
write_explained(coffer_buffer *sql, const char *text)
{
	struct coffer_statement_end end = {0};
	size_t size = strlen(text);

	for (bool has_more = true; has_more;) {
		size_t one = coffer_statement_end_find(&end, text, size, &has_more);

		/* Behind the last semicolon comes nothing that has to be explained. */
		if (has_more || end.has_content || end.before)
			coffer_buffer_text(sql, "EXPLAIN QUERY PLAN ");
		coffer_buffer_append(sql, text, one);
		text += one;
		size -= one;
	}
}

static coffer_status
run_plan(struct coffer_shell *shell, char *operand, coffer_error *error)
{
	coffer_buffer sql = {0};
	enum coffer_answer_mode mode = shell->style.mode;
	coffer_status status;

	write_explained(&sql, operand);
	if (sql.is_failed) {
		coffer_buffer_release(&sql);
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the statement");
	}
	shell->style.mode = COFFER_ANSWER_TABLE;
	status = coffer_shell_run(shell, (coffer_text){sql.data, sql.size}, 1, false, error);
	shell->style.mode = mode;
	coffer_buffer_release(&sql);
	return status;
}

static coffer_status
run_quit(struct coffer_shell *shell, char *operand, coffer_error *error)
{
	(void)operand;
	(void)error;
	shell->is_left = true;
	return COFFER_OK;
}

static coffer_status
run_help(struct coffer_shell *shell, char *operand, coffer_error *error);

static const struct dot dots[] = {
	{"help", "", "this list", run_help},
	{"headers", "on|off", "the names of the columns in front of the rows", run_headers},
	{"mode", "MODE", "how rows are printed: table, box, markdown, csv, json, ndjson", run_mode},
	{"null", "TEXT", "what stands for NULL", run_null},
	{"plan", "QUERY", "what SQLite will do for QUERY", run_plan},
	{"quit", "", "leave; so does the end of the input", run_quit},
	{"exit", "", "the same", run_quit},
	{"schema", "[TABLE]", "the columns and indexes of the tables whose names are LIKE TABLE", run_schema},
	{"tables", "[PATTERN]", "the tables and views whose names are LIKE PATTERN", run_tables},
	{"timer", "on|off", "how long each statement takes", run_timer},
	{"width", "N", "where table and box cut a cell; 0: nowhere", run_width},
};

enum { DOT_COUNT = sizeof(dots) / sizeof(dots[0]) };

const char *
coffer_shell_dot_name(size_t number)
{
	return number < DOT_COUNT ? dots[number].name : NULL;
}

static coffer_status
run_help(struct coffer_shell *shell, char *operand, coffer_error *error)
{
	(void)operand;
	(void)error;
	for (size_t i = 0; i < DOT_COUNT; i++)
		coffer_output_format(shell->output, ".%-8s %-10s %s\n", dots[i].name, dots[i].operand,
				     dots[i].help);
	return COFFER_OK;
}

/* Take the quotes away that stand around an operand. */
static char *
trim(char *operand)
{
	size_t size;

	operand += strspn(operand, " \t");
	size = strlen(operand);
	while (size && strchr(" \t", operand[size - 1]))
		operand[--size] = '\0';
	if (size > 1 && (*operand == '\'' || *operand == '"') && operand[size - 1] == *operand) {
		operand[size - 1] = '\0';
		operand++;
	}
	return operand;
}

/* But a text that is to be taken as it is. */
static bool
has_semicolon(const struct dot *dot, const char *operand)
{
	size_t size = strlen(operand);

	while (size && strchr(" \t", operand[size - 1]))
		size--;
	return size && operand[size - 1] == ';' && dot->run != run_null && dot->run != run_plan;
}

static coffer_status
refuse_semicolon(const struct dot *dot, coffer_error *error)
{
	return coffer_error_set(error, COFFER_INVALID, ".%s ends with its line: it takes no semicolon",
				dot->name);
}

static coffer_status
refuse_word(const char *word, size_t size, coffer_error *error)
{
	size_t name = strcspn(word, ";");

	for (size_t i = 0; name < size && i < DOT_COUNT; i++)
		if (strlen(dots[i].name) == name && !memcmp(dots[i].name, word, name))
			return refuse_semicolon(&dots[i], error);
	return coffer_error_set(error, COFFER_INVALID, "'.%s' is no command; .help lists them", word);
}

coffer_status
coffer_shell_dot(struct coffer_shell *shell, char *words, coffer_error *error)
{
	size_t size = strcspn(words, " \t");
	char *operand = words + size;

	for (size_t i = 0; i < DOT_COUNT; i++) {
		const struct dot *dot = &dots[i];

		if (strlen(dot->name) != size || memcmp(dot->name, words, size) != 0)
			continue;
		if (has_semicolon(dot, operand))
			return refuse_semicolon(dot, error);
		if (dot->run != run_plan)
			operand = trim(operand);
		if (!*dot->operand && *operand)
			return coffer_error_set(error, COFFER_INVALID, ".%s takes nothing behind it", dot->name);
		if (*dot->operand && *dot->operand != '[' && !*operand && dot->run != run_null)
			return coffer_error_set(error, COFFER_INVALID, ".%s needs %s", dot->name, dot->operand);
		return dot->run(shell, operand, error);
	}
	words[size] = '\0';
	return refuse_word(words, size, error);
}
