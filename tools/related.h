/* The rows around a row: those that it refers to, and those that refer to it. */
#ifndef TOOLS_RELATED_H
#define TOOLS_RELATED_H

#include "json.h"

struct coffer_related {
	const coffer_schema *schema;
	coffer_txn *txn;
	uint64_t limit;  /* rows of each relation that refer to it */
	bool is_reverse; /* the newest of these first */
};

/* Add the members `refers_to` and `referred_by` to the open document. */
coffer_status
coffer_related_print(const struct coffer_related *related, struct coffer_json *json, uint32_t table,
		     const coffer_row *row, coffer_error *error);

#endif
