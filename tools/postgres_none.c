/*
 * The command without Postgres, for a static binary: linked in place of postgres_some.c.
 */
#include "postgres_link.h"

const struct coffer_postgres_link *const coffer_postgres_link = NULL;
