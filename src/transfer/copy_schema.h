/*
 * A second model of a schema, to be changed without the first.
 */
#ifndef COFFER_TRANSFER_COPY_SCHEMA_H
#define COFFER_TRANSFER_COPY_SCHEMA_H

#include "coffer.h"

/*
 * Copy what a caller or coffer_schema_settle may change: tables, columns, indexes, relations, sequences,
 * views. Texts, enums and domains stay the original's, which outlives the copy (that of coffer_schema_copy is a whole
 * one). COFFER_NO_MEMORY alone.
 */
COFFER_CHECKED coffer_status
coffer_schema_borrow(const coffer_schema *schema, coffer_schema **copy_out, coffer_error *error);

#endif
