/*
 * Lines as the terminal gives them: for a binary without libedit.
 */
#include "interrupt.h"
#include "line.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct coffer_line {
	char *text;
	size_t size;
};

coffer_status
coffer_line_open(struct coffer_line **line_out, struct coffer_shell *shell, coffer_error *error)
{
	(void)shell;
	*line_out = calloc(1, sizeof(**line_out));
	return *line_out ? COFFER_OK : coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the prompt");
}

void
coffer_line_close(struct coffer_line *line)
{
	if (line)
		free(line->text);
	free(line);
}

coffer_status
coffer_line_read(struct coffer_line *line, const char *prompt, char **text_out, coffer_error *error)
{
	FILE *terminal = isatty(STDOUT_FILENO) ? stdout : stderr;
	int ready;

	*text_out = NULL;
	(void)fputs(prompt, terminal);
	(void)fflush(terminal);
	/* A terminal gives a line at a time, so that none waits in the stream. Reading alone would lose a signal that comes
	 * just before it. */
	while (!(ready = coffer_interrupt_wait(STDIN_FILENO)))
		;
	errno = 0;
	if (ready > 0 && getline(&line->text, &line->size, stdin) >= 0) {
		*text_out = line->text;
		return COFFER_OK;
	}
	clearerr(stdin);
	(void)fputs("\n", terminal);
	(void)fflush(terminal);
	if (errno == ENOMEM)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the line");
	return coffer_interrupt_is_noted()
		       ? coffer_error_set(error, COFFER_INTERRUPTED, "interrupted")
		       : COFFER_NOT_FOUND;
}

void
coffer_line_remember(struct coffer_line *line, coffer_text text)
{
	(void)line;
	(void)text;
}
