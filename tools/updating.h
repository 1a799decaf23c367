/* coffer import --update. */
#ifndef TOOLS_UPDATING_H
#define TOOLS_UPDATING_H

#include "options.h"

/* Bring the store up to date; returns the exit code, everything said. */
int
coffer_updating_run(struct coffer_arguments *arguments);

#endif
