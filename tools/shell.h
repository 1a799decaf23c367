/*
 * coffer sql: one connection to SQLite's engine, with stores shown in it, that runs statements and prints their answers.
 * SQL reads the stores that the command line names and writes temporary tables; it touches nothing else (shell_guard.c).
 */
#ifndef TOOLS_SHELL_H
#define TOOLS_SHELL_H

#include "answer.h"

#include "sql/sql.h"

enum { COFFER_SHELL_REFUSAL_SIZE = 256 };

struct coffer_shell_parameter {
	const char *name; /* without the sign in front; of ?3 "3" */
	size_t name_size;
	int type; /* SQLITE_TEXT ... */
	const char *text;
	size_t size;
	sqlite3_int64 integer;
	double real;
	void *blob; /* owned */
	bool is_used;
};

struct coffer_shell {
	const struct coffer_arguments *arguments;
	struct coffer_output *output;
	struct coffer_answer_style style;
	char *null_text; /* what .null said */
	sqlite3 *db;
	struct coffer_sql *sql; /* the connection's */
	struct coffer_shell_parameter *parameters;
	size_t parameter_count;
	char refusal[COFFER_SHELL_REFUSAL_SIZE]; /* why the guard has said no; empty: it has not */
	const char *source; /* "query", "standard input": what errors name; NULL: nothing */
	bool is_script, is_timed, is_left;
	uint64_t rows; /* that the last statement gave */
};

/*
 * Read the options, open the connection and show the stores in it. Returns an exit code, a fault said; close always, before
 * the output.
 */
int
coffer_shell_open(struct coffer_shell *shell, const struct coffer_arguments *arguments,
		  struct coffer_output *output);
void
coffer_shell_close(struct coffer_shell *shell);

/* Let SQL read, and write temporary tables, and nothing else. */
void
coffer_shell_guard(struct coffer_shell *shell);

/* Take the values of --param. Returns an exit code, a fault said. */
int
coffer_shell_read_parameters(struct coffer_shell *shell);

/*
 * Give a statement's parameters their values; one without any is COFFER_INVALID, but
 * where it is only explained. With `is_last` each --param must have been
 * used by then.
 */
coffer_status
coffer_shell_bind(struct coffer_shell *shell, sqlite3_stmt *statement, bool is_last,
		  coffer_error *error);

/* Has every --param been used? COFFER_INVALID names one that was not. */
coffer_status
coffer_shell_check_parameters(const struct coffer_shell *shell, coffer_error *error);

/*
 * Run the statements of `text`, which stands from line `line` of the source on, and print their answers. What comes
 * before a failure is printed; the message says that it is no whole answer. `is_last`: no other text follows.
 *
 * COFFER_INVALID      refused, by SQLite or by the guard
 * COFFER_INTERRUPTED
 * and what reading a store returns, and writing the output
 */
coffer_status
coffer_shell_run(struct coffer_shell *shell, coffer_text text, uint64_t line, bool is_last,
		 coffer_error *error);

/* Run one statement of the shell's own with one text, which may be NULL, as its parameter. */
coffer_status
coffer_shell_run_own(struct coffer_shell *shell, const char *sql, const char *parameter,
		     coffer_error *error);

/* What SQLite or a store says of a call on the connection that failed with `code`. */
coffer_status
coffer_shell_failure(struct coffer_shell *shell, int code, coffer_error *error);

/* To a message of SQLite's that misses a name in the statement that `text` begins with add the nearest one that is there. */
void
coffer_shell_suggest(struct coffer_shell *shell, coffer_text text, coffer_error *error);

/* Run what a line that begins with a dot says, without the dot. Statuses as for a statement. */
coffer_status
coffer_shell_dot(struct coffer_shell *shell, char *words, coffer_error *error);

/* The name of such a command, by number; NULL behind the last. */
const char *
coffer_shell_dot_name(size_t number);

/* Print the plan of the statement that begins with EXPLAIN QUERY PLAN as a tree. */
coffer_status
coffer_shell_print_plan(struct coffer_shell *shell, sqlite3_stmt *statement, coffer_error *error);

/* Run a text, a script on standard input, or what is typed at a prompt. Each ends with the first failure, but the prompt. */
coffer_status
coffer_shell_text(struct coffer_shell *shell, char *text, coffer_error *error);
coffer_status
coffer_shell_script(struct coffer_shell *shell, coffer_error *error);
coffer_status
coffer_shell_prompt(struct coffer_shell *shell, coffer_error *error);

#endif
