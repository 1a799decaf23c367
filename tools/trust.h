/*
 * Trust on first use: a store that was not made or verified on this machine is verified before its first answer and
 * before its first write. That it was is remembered outside of the file, since nothing in a stranger's file counts.
 */
#ifndef TOOLS_TRUST_H
#define TOOLS_TRUST_H

#include "options.h"

/*
 * Look at the stores that the command reads or writes, before it runs. With --unverified one that is not known is read
 * all the same, which is said and noted in `arguments`. Returns an exit code, a fault said.
 */
int
coffer_trust_check(struct coffer_arguments *arguments);

/* The path of the store that the command reads or writes; NULL where that may be another one, too. */
const char *
coffer_trust_store(const struct coffer_arguments *arguments);

/* Remember the stores that the command has made or found whole; `code` is what it ended with. */
void
coffer_trust_learn(const struct coffer_arguments *arguments, int code);

#endif
