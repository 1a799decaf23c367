/*
 * Where the sequences of a target stand after an export into tables that it has.
 */
#ifndef COFFER_POSTGRES_EXPORT_SEQUENCE_H
#define COFFER_POSTGRES_EXPORT_SEQUENCE_H

#include "postgres/export_match.h"

/*
 * Each sequence of the store has one in the target: of the same column, else of the same name. REPLACE puts
 * it where the store's stands; the other modes move it forward alone. Warns where the target has none.
 * COFFER_UNREACHABLE: no permission, or a value that the target's sequence does not have.
 */
COFFER_CHECKED coffer_status
coffer_export_advance(struct coffer_export *export, const struct coffer_matches *matches,
		      coffer_error *error);

#endif
