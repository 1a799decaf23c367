/* Which part of a database is moved: --preset, --table, --exclude-table, --since. */
#ifndef TOOLS_PART_H
#define TOOLS_PART_H

#include "options.h"
#include "transfer/transfer.h"

struct coffer_part {
	coffer_selection selection; /* borrows from the command line and from what follows */
	const char **tables, **excluded;
};

/* Read the options; returns an exit code, everything said. Release it in any case. */
int
coffer_part_read(const struct coffer_arguments *arguments, struct coffer_part *part_out);
void
coffer_part_release(struct coffer_part *part);

#endif
