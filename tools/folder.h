/* coffer export into a folder of files. */
#ifndef TOOLS_FOLDER_H
#define TOOLS_FOLDER_H

#include "options.h"

/* The command, for a target that is a folder. Returns the exit code. */
int
coffer_folder_export(struct coffer_arguments *arguments);

#endif
