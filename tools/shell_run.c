/*
 * Statements, one after the other: compiled, given their parameters, stepped, printed. Of a statement that fails what came
 * before stays printed, and the message says so.
 */
#include "interrupt.h"
#include "report.h"
#include "shell.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { EXCERPT_SIZE = 72 };

/* Where SQLite puts them: the first of these that there is. */
static const char *
temporary_folder(void)
{
	static const char *const names[] = {"SQLITE_TMPDIR", "TMPDIR"};
	static const char *const usual[] = {"/var/tmp", "/usr/tmp", "/tmp"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *folder = getenv(names[i]);

		if (folder && !access(folder, W_OK | X_OK))
			return folder;
	}
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (!access(usual[i], W_OK | X_OK))
			return usual[i];
	return ".";
}

coffer_status
coffer_shell_failure(struct coffer_shell *shell, int code, coffer_error *error)
{
	const coffer_error *inner = coffer_sql_failure(shell->sql);

	if (coffer_interrupt_is_noted() || (code & 0xff) == SQLITE_INTERRUPT)
		return coffer_error_set(error, COFFER_INTERRUPTED, "interrupted");
	if (*shell->refusal)
		return coffer_error_set(error, COFFER_INVALID, "%s", shell->refusal);
	if (inner->status < 0) {
		*error = *inner;
		return error->status;
	}
	switch (code & 0xff) {
	case SQLITE_NOMEM:
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the statement");
	case SQLITE_FULL:
		return coffer_error_set(error, COFFER_FULL, "no space for temporary files in %s",
					temporary_folder());
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		return coffer_error_set(error, COFFER_IO, "a temporary file: %s",
					sqlite3_errmsg(shell->db));
	default:
		return coffer_error_set(error, COFFER_INVALID, "%s", sqlite3_errmsg(shell->db));
	}
}

/* SQLITE_ROW and SQLITE_DONE are COFFER_OK. */
static coffer_status
step(struct coffer_shell *shell, sqlite3_stmt *statement, bool *is_row_out, coffer_error *error)
{
	int code = sqlite3_step(statement);

	*is_row_out = code == SQLITE_ROW;
	return code == SQLITE_ROW || code == SQLITE_DONE ? COFFER_OK
							 : coffer_shell_failure(shell, code, error);
}

/* What was printed is no answer: whoever keeps the one without looking at the other shall read it. */
static void
tell_incomplete(const struct coffer_shell *shell, uint64_t rows, coffer_error *error)
{
	size_t size = strlen(error->message);
	char number[COFFER_COUNT_SIZE];

	/* Of a file nothing is left. */
	if (rows && !shell->output->temporary)
		(void)snprintf(error->message + size, sizeof(error->message) - size,
			       "; the answer is incomplete, it ends after %s",
			       coffer_count_print(rows, "row", "rows", number));
}

static coffer_status
print(struct coffer_shell *shell, sqlite3_stmt *statement, uint64_t *rows_out, coffer_error *error)
{
	struct coffer_answer answer;
	coffer_status status =
		coffer_answer_begin(&answer, shell->output, &shell->style, statement, error);
	bool is_row = true;

	while (!status && !(status = step(shell, statement, &is_row, error)) && is_row &&
	       !(status = coffer_answer_row(&answer, error)))
		status = coffer_output_check(shell->output, error);
	coffer_answer_end(&answer, !status);
	*rows_out = answer.rows;
	if (status)
		tell_incomplete(shell, answer.rows, error);
	return status;
}

static coffer_status
run_to_end(struct coffer_shell *shell, sqlite3_stmt *statement, coffer_error *error)
{
	coffer_status status;
	bool is_row = true;

	do {
		status = step(shell, statement, &is_row, error);
	} while (!status && is_row);
	return status;
}

static coffer_status
run_prepared(struct coffer_shell *shell, sqlite3_stmt *statement, uint64_t *rows_out,
	     coffer_error *error)
{
	if (sqlite3_stmt_isexplain(statement) == 2 && shell->style.mode < COFFER_ANSWER_CSV)
		return coffer_shell_print_plan(shell, statement, error);
	if (sqlite3_column_count(statement))
		return print(shell, statement, rows_out, error);
	return run_to_end(shell, statement, error);
}

static double
seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Add the beginning of a statement to a message, on one line. */
static void
excerpt(coffer_text statement, coffer_error *error)
{
	size_t used = strlen(error->message), size;
	char *out = error->message + used;

	if (used + EXCERPT_SIZE + 16 > sizeof(error->message))
		return;
	while (statement.size && strchr(" \t\r\n;", statement.data[statement.size - 1]))
		statement.size--;
	for (size = statement.size < EXCERPT_SIZE ? statement.size : EXCERPT_SIZE;
	     size < statement.size && (statement.data[size] & 0xc0) == 0x80; size--)
		;
	out = stpncpy(out, ", in: ", 7);
	for (size_t i = 0; i < size; i++)
		*out++ = strchr("\t\r\n", statement.data[i]) ? ' ' : statement.data[i];
	(void)stpncpy(out, size < statement.size ? "..." : "", 4);
}

/* Put the line of the source in front of an error that has no place in a store, and of a script the statement behind it. */
static coffer_status
place(const struct coffer_shell *shell, coffer_text statement, size_t offset, uint64_t line,
      coffer_error *error)
{
	if (!shell->source || *error->place || error->status != COFFER_INVALID)
		return error->status;
	for (size_t i = 0; i < offset && i < statement.size; i++)
		line += statement.data[i] == '\n';
	coffer_error_at(error, "%s:%" PRIu64, shell->source, line);
	if (shell->is_script)
		excerpt(statement, error);
	return error->status;
}

/* Run the first statement of a text, which is none where the text ends before one. */
static coffer_status
run_first(struct coffer_shell *shell, coffer_text text, bool is_last, size_t *offset_out,
	  const char **rest_out, coffer_error *error)
{
	sqlite3_stmt *statement = NULL;
	double began = seconds_now();
	char number[COFFER_COUNT_SIZE];
	uint64_t rows = 0;
	coffer_status status;
	int code;

	*shell->refusal = '\0';
	coffer_sql_forget(shell->sql);
	if (coffer_interrupt_is_noted())
		return coffer_error_set(error, COFFER_INTERRUPTED, "interrupted");
	code = sqlite3_prepare_v3(shell->db, text.data, (int)text.size, 0, &statement, rest_out);
	if (code) {
		int offset = sqlite3_error_offset(shell->db);

		*offset_out = offset > 0 ? (size_t)offset : 0;
		status = coffer_shell_failure(shell, code, error);
		coffer_shell_suggest(shell, text, error);
		return status;
	}
	if (!statement)
		return COFFER_OK;
	is_last = is_last && (*rest_out)[strspn(*rest_out, " \t\r\n;")] == '\0';
	status = coffer_shell_bind(shell, statement, is_last, error);
	if (!status)
		status = run_prepared(shell, statement, &rows, error);
	shell->rows = rows;
	(void)sqlite3_finalize(statement);
	if (status || !shell->is_timed)
		return status;
	coffer_output_flush(shell->output);
	coffer_report_note(shell->arguments, "%s, %.3f s",
			   coffer_count_print(rows, "row", "rows", number), seconds_now() - began);
	return status;
}

coffer_status
coffer_shell_run(struct coffer_shell *shell, coffer_text text, uint64_t line, bool is_last,
		 coffer_error *error)
{
	coffer_status status = COFFER_OK;

	while (!status && text.size) {
		const char *rest = text.data + strspn(text.data, " \t\r\n");
		size_t offset = 0;

		for (; text.data < rest; text.data++, text.size--)
			line += *text.data == '\n';
		status = run_first(shell, text, is_last, &offset, &rest, error);
		if (status)
			return place(shell, text, offset, line, error);
		for (; text.data < rest; text.data++, text.size--)
			line += *text.data == '\n';
	}
	return status;
}

coffer_status
coffer_shell_run_own(struct coffer_shell *shell, const char *sql, const char *parameter,
		     coffer_error *error)
{
	sqlite3_stmt *statement = NULL;
	uint64_t rows = 0;
	coffer_status status;
	int code;

	*shell->refusal = '\0';
	code = sqlite3_prepare_v2(shell->db, sql, -1, &statement, NULL);
	if (!code && sqlite3_bind_parameter_count(statement))
		code = sqlite3_bind_text(statement, 1, parameter, -1, SQLITE_STATIC);
	status = code ? coffer_shell_failure(shell, code, error)
		      : run_prepared(shell, statement, &rows, error);
	(void)sqlite3_finalize(statement);
	return status;
}

enum { PLAN_DEPTH_MAX = 64 };

/* "SCAN t VIRTUAL TABLE INDEX 3:by the primary key": the number is between SQLite and the table. */
static void
print_step(struct coffer_output *output, const char *detail)
{
	static const char words[] = " VIRTUAL TABLE INDEX ";
	const char *found = strstr(detail, words), *colon = found ? strchr(found, ':') : NULL;

	if (colon) {
		coffer_output_safe(output, detail, (size_t)(found - detail));
		coffer_output_text(output, ": ");
		detail = colon + 1;
	}
	coffer_output_safe(output, detail, strlen(detail));
	coffer_output_char(output, '\n');
}

coffer_status
coffer_shell_print_plan(struct coffer_shell *shell, sqlite3_stmt *statement, coffer_error *error)
{
	int above[PLAN_DEPTH_MAX] = {0};
	size_t depth = 0;
	coffer_status status;
	bool is_row;

	while (!(status = step(shell, statement, &is_row, error)) && is_row) {
		const char *detail = (const char *)sqlite3_column_text(statement, 3);
		int parent = sqlite3_column_int(statement, 1);

		while (depth && above[depth] != parent)
			depth--;
		for (size_t i = 0; i < depth; i++)
			coffer_output_text(shell->output, "  ");
		print_step(shell->output, detail ? detail : "");
		if (depth + 1 < PLAN_DEPTH_MAX)
			above[++depth] = sqlite3_column_int(statement, 0);
	}
	return status;
}
