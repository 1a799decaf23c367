/* The way to Postgres, which a build without libpq does not have. */
#ifndef TOOLS_POSTGRES_LINK_H
#define TOOLS_POSTGRES_LINK_H

#include "postgres/postgres.h"

struct coffer_postgres_link {
	bool (*is_source)(const char *source);
	coffer_status (*open_source)(const char *name, const coffer_transfer_options *options,
				     struct coffer_source **source_out, coffer_error *error);
	coffer_status (*export)(const char *path, const char *target,
				const coffer_export_options *options,
				coffer_transfer_summary *summary_out, coffer_error *error);
};

/* NULL in a build without Postgres. */
extern const struct coffer_postgres_link *const coffer_postgres_link;

#endif
