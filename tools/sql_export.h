/* coffer export into a file of SQL, or standard output. */
#ifndef TOOLS_SQL_EXPORT_H
#define TOOLS_SQL_EXPORT_H

#include "options.h"

/* The command, for a target that is SQL. Returns the exit code. */
int
coffer_sql_export(struct coffer_arguments *arguments);

#endif
