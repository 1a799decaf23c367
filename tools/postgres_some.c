/*
 * The command with Postgres: linked in place of postgres_none.c.
 */
#include "postgres_link.h"

static const struct coffer_postgres_link some = {
	.is_source = coffer_postgres_is_source,
	.open_source = coffer_postgres_source_open,
	.export = coffer_postgres_export,
};
const struct coffer_postgres_link *const coffer_postgres_link = &some;
