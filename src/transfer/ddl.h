/*
 * The DDL of a dump into a coffer_schema: the same one that the catalogue of the dumped server
 * gives, but for what a dump does not say.
 *
 *   new --> read, read, ... --> finish --> find --> free
 *
 * One schema is read; statements about others are passed over. Texts lose the qualification by its
 * name, for a dump writes every name in full.
 */
#ifndef COFFER_TRANSFER_DDL_H
#define COFFER_TRANSFER_DDL_H

#include "transfer/sql.h"

struct coffer_ddl;

struct coffer_ddl_options {
	const char *schema;      /* the one that is read; borrowed */
	unsigned server_version; /* the dumped server's, major; 0: unknown */
	coffer_schema
		*base; /* what there is before the first statement; taken over. NULL: nothing */
	/* One line for each thing that is not carried. */
	void (*warn)(void *context, const char *message);
	void *warn_context;
};

/* COFFER_NO_MEMORY. */
COFFER_CHECKED coffer_status
coffer_ddl_new(const struct coffer_ddl_options *options, struct coffer_ddl **ddl_out,
	       coffer_error *error);
void
coffer_ddl_free(struct coffer_ddl *ddl);

/*
 * Read one statement, with or without its semicolon; borrowed for the call. One that changes no
 * table's meaning is passed over, with a warning where something is lost by it.
 *
 * COFFER_INVALID  not a statement as pg_dump writes it, of a kind on which a table's meaning
 *                 depends
 * COFFER_NO_MEMORY
 */
COFFER_CHECKED coffer_status
coffer_ddl_read(struct coffer_ddl *ddl, coffer_text statement, coffer_error *error);

/*
 * All was read: put the schema in order and settle it. It is the caller's from then on, whatever is
 * returned where `schema_out` is set. Warnings of what is not carried are given here.
 *
 * COFFER_INVALID, COFFER_LIMIT, COFFER_NO_MEMORY  as for coffer_schema_settle
 */
COFFER_CHECKED coffer_status
coffer_ddl_finish(struct coffer_ddl *ddl, coffer_schema **schema_out, coffer_error *error);

/*
 * The number of the table that has the rows of `name`: itself, or its root where it is a partition.
 * COFFER_NO_TABLE: the schema has none of that name, nor a partition elsewhere.
 */
uint32_t
coffer_ddl_find(const struct coffer_ddl *ddl, const coffer_schema *schema,
		const struct coffer_sql_name *name);

/* Does the dump make extensions, whose tables it fills but does not define? */
bool
coffer_ddl_has_extensions(const struct coffer_ddl *ddl);

#endif
