/*
 * The foreign keys that writes enforce, found once for a store. SPEC.md 7.3 and 9.3.
 */
#ifndef COFFER_STORE_REFERENCE_H
#define COFFER_STORE_REFERENCE_H

#include "coffer.h"

/* Its members stand in the order of the target's key. Numbers are those of the schema. */
struct coffer_reference {
	const coffer_relation *relation;
	uint32_t table, target;
	uint16_t index;                 /* the HASHED index of the target */
	size_t column_count;
	const uint16_t *columns;        /* the referencing ones */
	const uint16_t *target_columns; /* of the key */
	const uint16_t *relation_targets; /* the same in the relation's own order */
	bool is_deferred;               /* checked at the end of the transaction */
};

/* Each one twice: by the table that refers, and by the one that is referred to. */
struct coffer_references {
	const struct coffer_reference *const *from, *const *to;
	const size_t *from_begin, *to_begin; /* a table each, and the end */
};

/*
 * Find them in a settled schema, in whose memory they live. NOT VALID ones count too: the server holds new rows
 * against them; NOT ENFORCED ones do not. COFFER_NO_MEMORY.
 */
COFFER_CHECKED coffer_status
coffer_references_find(coffer_schema *schema, struct coffer_references *references_out,
		       coffer_error *error);

#endif
