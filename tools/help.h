/* What is made from the tables of commands and options. */
#ifndef TOOLS_HELP_H
#define TOOLS_HELP_H

#include "command.h"

#include <stdio.h>

/* Help on a command, or the list of commands for NULL, on standard output. Returns an exit code. */
int
coffer_help_print(const struct coffer_command *command);

/* The part of the manual page that the tables say, in scdoc; and the completion for bash. */
void
coffer_help_write_man(FILE *file);
void
coffer_help_write_completion(FILE *file);

#endif
