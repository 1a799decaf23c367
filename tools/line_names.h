/* What a word that is typed may become. */
#ifndef TOOLS_LINE_NAMES_H
#define TOOLS_LINE_NAMES_H

#include "shell.h"

/*
 * Look for names that begin, in any case, as the word at the end of `text` does. Returns how many there are; appends to
 * `common` what all of them have behind the word, and to `shown` the names, parted by two blanks.
 */
size_t
coffer_line_names(struct coffer_shell *shell, const char *text, size_t size, coffer_buffer *common,
		  coffer_buffer *shown);

#endif
