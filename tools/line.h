/*
 * Lines typed at a terminal: with editing, history and completion (line_edit.c, libedit), or without (line_plain.c). One of
 * the two is linked.
 */
#ifndef TOOLS_LINE_H
#define TOOLS_LINE_H

#include "shell.h"

struct coffer_line;

/* `shell`, which is asked for names to complete, outlives the line. COFFER_NO_MEMORY */
coffer_status
coffer_line_open(struct coffer_line **line_out, struct coffer_shell *shell, coffer_error *error);
void
coffer_line_close(struct coffer_line *line);

/*
 * Ask for a line. `text_out` ends in a newline and is valid until the next call.
 *
 * COFFER_NOT_FOUND    the end of the input
 * COFFER_INTERRUPTED  by a signal, which is noted
 */
coffer_status
coffer_line_read(struct coffer_line *line, const char *prompt, char **text_out, coffer_error *error);

/* Put a statement, however many lines it has, into the history. */
void
coffer_line_remember(struct coffer_line *line, coffer_text text);

#endif
