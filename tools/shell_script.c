/*
 * Where statements come from: an operand, standard input, or a prompt. A line that begins with a dot, where no statement
 * has begun, is a command of the shell's own.
 */
#include "interrupt.h"
#include "line.h"
#include "report.h"
#include "shell.h"
#include "statement_end.h"

#include <errno.h>
#include <unistd.h>

enum {
	PIECE_SIZE = 1 << 16,
	STATEMENT_SIZE_MAX = 16 << 20,
};

/* A statement that comes in pieces. */
struct pending {
	coffer_buffer text;
	struct coffer_statement_end end;
	uint64_t line, first_line; /* the one that is read, and the statement's first */
};

static coffer_status
refuse_at(const struct coffer_shell *shell, uint64_t line, const char *what, coffer_error *error)
{
	coffer_error_set(error, COFFER_INVALID, "%s", what);
	return shell->source ? coffer_error_at(error, "%s:%llu", shell->source, (unsigned long long)line)
			     : error->status;
}

static coffer_status
run_pending(struct coffer_shell *shell, struct pending *pending, bool is_last, coffer_error *error)
{
	coffer_status status;

	if (pending->text.is_failed)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the statement");
	if (!pending->text.size)
		return COFFER_OK;
	status = coffer_shell_run(shell, (coffer_text){pending->text.data, pending->text.size},
				  pending->first_line, is_last, error);
	coffer_buffer_clear(&pending->text);
	coffer_output_flush(shell->output);
	return status;
}

/* Keep more of a statement, from its first byte that is not blank on. */
static coffer_status
keep(const struct coffer_shell *shell, struct pending *pending, const char *text, size_t size,
     coffer_error *error)
{
	for (; size && !pending->text.size && memchr(" \t\r\n", *text, 4); text++, size--)
		pending->line += *text == '\n';
	if (!pending->text.size)
		pending->first_line = pending->line;
	if (memchr(text, '\0', size))
		return refuse_at(shell, pending->line, "a byte is NUL, which is in no SQL", error);
	if (pending->text.size + size > STATEMENT_SIZE_MAX)
		return refuse_at(shell, pending->first_line, "the statement is longer than 16 MiB", error);
	coffer_buffer_append(&pending->text, text, size);
	for (size_t i = 0; i < size; i++)
		pending->line += text[i] == '\n';
	return COFFER_OK;
}

/* Take a piece of text: run each statement that ends in it. */
static coffer_status
take(struct coffer_shell *shell, struct pending *pending, const char *text, size_t size,
     coffer_error *error)
{
	coffer_status status = COFFER_OK;
	bool is_ended;

	while (!status && size) {
		size_t part = coffer_statement_end_find(&pending->end, text, size, &is_ended);

		status = keep(shell, pending, text, part, error);
		if (!status && is_ended)
			status = run_pending(shell, pending, false, error);
		text += part;
		size -= part;
	}
	return status;
}

static bool
is_dot(const struct pending *pending, const char *line)
{
	return *line == '.' && !pending->end.has_content && !pending->end.within;
}

static coffer_status
take_dot(struct coffer_shell *shell, struct pending *pending, char *line, coffer_error *error)
{
	coffer_status status;

	line[strcspn(line, "\r\n")] = '\0';
	coffer_buffer_clear(&pending->text); /* comments */
	pending->end = (struct coffer_statement_end){0};
	status = coffer_shell_dot(shell, line + 1, error);
	if (status == COFFER_INVALID && shell->source && !*error->place)
		coffer_error_at(error, "%s:%llu", shell->source, (unsigned long long)pending->line);
	pending->line++;
	coffer_output_flush(shell->output);
	return status;
}

static coffer_status
take_last(struct coffer_shell *shell, struct pending *pending, coffer_error *error)
{
	coffer_status status = run_pending(shell, pending, true, error);

	return status ? status : coffer_shell_check_parameters(shell, error);
}

/* What begins a line, of `size` bytes. */
static coffer_status
take_line(struct coffer_shell *shell, struct pending *pending, char *line, size_t size,
	  coffer_error *error)
{
	return is_dot(pending, line) ? take_dot(shell, pending, line, error)
				     : take(shell, pending, line, size, error);
}

/* A text of several lines, of which some begin with a dot. */
static coffer_status
take_lines(struct coffer_shell *shell, struct pending *pending, char *text, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	while (!status && *text && !shell->is_left) {
		char *next = text + strcspn(text, "\n");

		next += *next == '\n';
		status = take_line(shell, pending, text, (size_t)(next - text), error);
		text = next;
	}
	return status || shell->is_left ? status : take_last(shell, pending, error);
}

coffer_status
coffer_shell_text(struct coffer_shell *shell, char *text, coffer_error *error)
{
	struct pending pending = {.line = 1};
	coffer_status status;

	if (*text == '.' && !strchr(text, '\n'))
		return coffer_shell_dot(shell, text + 1, error);
	if (*text != '.' && !strstr(text, "\n."))
		return coffer_shell_run(shell, (coffer_text){text, strlen(text)}, 1, true, error);
	status = take_lines(shell, &pending, text, error);
	coffer_buffer_release(&pending.text);
	return status;
}

/* Standard input, of which the bytes from `at` on were read and not yet taken. */
struct input {
	char bytes[PIECE_SIZE];
	size_t at, size;
};

/* False: the end, or a failure in `error`. */
static bool
fill(struct input *input, coffer_error *error)
{
	ssize_t size = -1;
	int ready;

	input->at = input->size = 0;
	do {
		ready = coffer_interrupt_wait(STDIN_FILENO);
		if (ready > 0)
			size = read(STDIN_FILENO, input->bytes, sizeof(input->bytes));
	} while (!ready || (ready > 0 && size < 0 && errno == EINTR));
	if (coffer_interrupt_is_noted())
		coffer_error_set(error, COFFER_INTERRUPTED, "interrupted");
	else if (size < 0)
		coffer_error_set(error, COFFER_IO, "standard input: %s", strerror(errno));
	input->size = size > 0 && !error->status ? (size_t)size : 0;
	return input->size;
}

/* A line, or as much of it as there is room for. -1: the end, or a failure in `error`. */
static ssize_t
read_piece(struct input *input, char *piece, coffer_error *error)
{
	ssize_t size = 0;

	while (size < PIECE_SIZE - 1 && (input->at < input->size || fill(input, error))) {
		piece[size++] = input->bytes[input->at++];
		if (piece[size - 1] == '\n')
			break;
	}
	piece[size] = '\0';
	return size ? size : -1;
}

coffer_status
coffer_shell_script(struct coffer_shell *shell, coffer_error *error)
{
	static char piece[PIECE_SIZE];
	static struct input input;
	struct pending pending = {.line = 1};
	coffer_status status = COFFER_OK;
	bool is_line = true; /* the piece begins a line */
	ssize_t size;

	while (!status && !shell->is_left && (size = read_piece(&input, piece, error)) >= 0 && !error->status) {
		bool is_whole = size && piece[size - 1] == '\n';

		status = is_line ? take_line(shell, &pending, piece, (size_t)size, error)
				 : take(shell, &pending, piece, (size_t)size, error);
		is_line = is_whole;
	}
	if (!status)
		status = error->status;
	if (!status && !shell->is_left)
		status = take_last(shell, &pending, error);
	coffer_buffer_release(&pending.text);
	return status;
}

/* ------------------------------------------------------------------ the prompt */

static void
drop(struct pending *pending)
{
	coffer_buffer_clear(&pending->text);
	pending->end = (struct coffer_statement_end){0};
}

/* A failure is said, and the next statement asked for; but not without an output, or when the process is to end. */
static coffer_status
forgive(struct coffer_shell *shell, struct pending *pending, coffer_status status, coffer_error *error)
{
	coffer_output_flush(shell->output);
	if (coffer_output_check(shell->output, NULL) == COFFER_INTERRUPTED && coffer_interrupt_forget())
		shell->output->failure = 0;
	if (shell->output->failure) {
		*error = (coffer_error){0};
		return coffer_output_check(shell->output, error);
	}
	if (!status || (status == COFFER_INTERRUPTED && !coffer_interrupt_forget()))
		return status;
	(void)coffer_report_error(shell->arguments, error);
	*error = (coffer_error){0};
	drop(pending);
	return COFFER_OK;
}

/* What was typed goes into the history as a whole, once it is a whole. */
static coffer_status
take_typed(struct coffer_shell *shell, struct coffer_line *line, struct pending *pending,
	   coffer_buffer *typed, char *text, coffer_error *error)
{
	coffer_status status;

	coffer_buffer_text(typed, text);
	status = take_line(shell, pending, text, strlen(text), error);
	if (pending->end.has_content || pending->end.within)
		return status;
	if (!typed->is_failed)
		coffer_line_remember(line, (coffer_text){typed->data, typed->size});
	coffer_buffer_clear(typed);
	return status;
}

static coffer_status
ask(struct coffer_shell *shell, struct coffer_line *line, struct pending *pending,
    coffer_buffer *typed, coffer_error *error)
{
	bool is_begun = pending->end.has_content || pending->end.within;
	coffer_status status;
	char *text;

	status = coffer_line_read(line, is_begun ? "   ...> " : "coffer> ", &text, error);
	if (status == COFFER_INTERRUPTED && coffer_interrupt_forget()) {
		*error = (coffer_error){0};
		drop(pending);
		coffer_buffer_clear(typed);
		return COFFER_OK;
	}
	if (status)
		return status;
	status = take_typed(shell, line, pending, typed, text, error);
	return forgive(shell, pending, status, error);
}

coffer_status
coffer_shell_prompt(struct coffer_shell *shell, coffer_error *error)
{
	struct pending pending = {.line = 1};
	coffer_buffer typed = {0};
	struct coffer_line *line;
	coffer_status status = coffer_line_open(&line, shell, error);

	coffer_report_note(shell->arguments,
			   "coffer " COFFER_VERSION ", SQLite %s; .help says what there is besides SQL",
			   sqlite3_libversion());
	coffer_interrupt_prompt(true);
	while (!status && !shell->is_left)
		status = ask(shell, line, &pending, &typed, error);
	coffer_interrupt_prompt(false);
	coffer_line_close(line);
	coffer_buffer_release(&pending.text);
	coffer_buffer_release(&typed);
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}
