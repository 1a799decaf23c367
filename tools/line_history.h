/* What was typed at the prompt, kept from one run to the next: sql_history in the state folder. */
#ifndef TOOLS_LINE_HISTORY_H
#define TOOLS_LINE_HISTORY_H

/* Hand over each entry, the oldest first. A history that cannot be read is none. */
void
coffer_line_history_read(void (*take)(void *context, const char *entry), void *context);

/* Add an entry at the end. One that cannot be written is forgotten. */
void
coffer_line_history_add(const char *entry);

#endif
