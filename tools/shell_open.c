/*
 * The connection: a database in memory, in which the stores are shown before the guard stands.
 */
#include "interrupt.h"
#include "reading.h"
#include "report.h"
#include "shell.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

enum { STEPS = 20000 }; /* of SQLite's machine, between two looks at the note of an interruption */

/* The width of a character and the bytes of one are the locale's to tell. */
static void
choose_characters(void)
{
	if (!setlocale(LC_CTYPE, "") || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		(void)setlocale(LC_CTYPE, "C.UTF-8");
}

static int
read_header(struct coffer_shell *shell)
{
	const char *text = coffer_option_value(shell->arguments, COFFER_OPTION_HEADER);

	shell->style.has_header = !text || !strcmp(text, "on");
	if (!text || !strcmp(text, "on") || !strcmp(text, "off"))
		return COFFER_EXIT_DONE;
	return coffer_report_usage(shell->arguments,
				   "option '--header': '%s' is neither on nor off", text);
}

static int
read_mode(struct coffer_shell *shell)
{
	const char *text = coffer_option_value(shell->arguments, COFFER_OPTION_MODE);

	shell->style.mode = shell->output->is_terminal ? COFFER_ANSWER_TABLE : COFFER_ANSWER_NDJSON;
	if (shell->arguments->is_json)
		shell->style.mode = COFFER_ANSWER_JSON;
	if (!text || coffer_answer_mode_find(text, &shell->style.mode))
		return COFFER_EXIT_DONE;
	return coffer_report_usage(
		shell->arguments,
		"option '--mode': '%s' is none of: table, box, markdown, csv, json, ndjson", text);
}

static int
read_options(struct coffer_shell *shell)
{
	int code;

	shell->style.null_text = coffer_option_value(shell->arguments, COFFER_OPTION_NULL);
	if ((code = read_header(shell)) || (code = read_mode(shell)) ||
	    (code = coffer_option_number(shell->arguments, COFFER_OPTION_WIDTH, COFFER_ANSWER_WIDTH,
					 &shell->style.width_max)))
		return code;
	return coffer_shell_read_parameters(shell);
}

static coffer_status
show(struct coffer_shell *shell, const char *path, const char *schema, coffer_error *error)
{
	coffer_store *store = NULL;
	coffer_status status = coffer_store_open(path, &store, error);

	if (!status)
		status = coffer_sql_attach(shell->sql, store, path, schema, error);
	if (status && !*error->place)
		coffer_error_at(error, "%s", path);
	return status;
}

static int
show_others(struct coffer_shell *shell)
{
	size_t position = 0;
	coffer_error error = {0};
	const char *word;

	while ((word = coffer_option_next(shell->arguments, COFFER_OPTION_ATTACH, &position))) {
		const char *path = coffer_attached_path(word);
		char *schema = path ? strndup(word, (size_t)(path - word) - 1) : NULL;
		coffer_status status;

		if (!schema)
			return coffer_report_usage(
				shell->arguments, "option '--attach': '%s' is not NAME=FILE", word);
		if (!sqlite3_stricmp(schema, "temp") ||
		    sqlite3_db_readonly(shell->db, schema) >= 0) {
			free(schema);
			return coffer_report_usage(shell->arguments,
						   "option '--attach': '%s': the name is taken",
						   word);
		}
		status = show(shell, path, schema, &error);
		free(schema);
		if (status)
			return coffer_report_error(shell->arguments, &error);
	}
	return COFFER_EXIT_DONE;
}

static void
stop(void *db)
{
	sqlite3_interrupt(db);
}

/* SQLite forgets an interruption that comes just before a statement's first step. */
static int
is_stopped(void *context)
{
	(void)context;
	return coffer_interrupt_is_noted();
}

static int
connect(struct coffer_shell *shell)
{
	coffer_error error = {0};
	/* One thread asks: SQLite need not lock for each value. */
	int code = sqlite3_open_v2(":memory:", &shell->db,
				   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
				   NULL);

	if (!code)
		code = coffer_sql_register(shell->db, NULL, &shell->sql);
	if (code) {
		coffer_error_set(&error, COFFER_NO_MEMORY, "SQLite: %s",
				 shell->db ? sqlite3_errmsg(shell->db) : sqlite3_errstr(code));
		return coffer_report_error(shell->arguments, &error);
	}
	if (show(shell, shell->arguments->operands[0], "main", &error))
		return coffer_report_error(shell->arguments, &error);
	return show_others(shell);
}

int
coffer_shell_open(struct coffer_shell *shell, const struct coffer_arguments *arguments,
		  struct coffer_output *output)
{
	int code;

	*shell = (struct coffer_shell){.arguments = arguments, .output = output};
	choose_characters();
	if ((code = read_options(shell)) || (code = connect(shell)))
		return code;
	coffer_shell_guard(shell);
	sqlite3_progress_handler(shell->db, STEPS, is_stopped, NULL);
	coffer_interrupt_stop(stop, shell->db);
	return COFFER_EXIT_DONE;
}

void
coffer_shell_close(struct coffer_shell *shell)
{
	coffer_interrupt_stop(NULL, NULL);
	(void)sqlite3_close(shell->db);
	for (size_t i = 0; i < shell->parameter_count; i++)
		free(shell->parameters[i].blob);
	free(shell->parameters);
	free(shell->null_text);
}
