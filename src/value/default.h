/*
 * What a column gets that a row does not give.
 */
#ifndef COFFER_VALUE_DEFAULT_H
#define COFFER_VALUE_DEFAULT_H

#include "base/arena.h"
#include "coffer.h"

struct coffer_default_maker {
	const coffer_schema *schema;
	int64_t now;                 /* what the clock says: one time for a whole transaction */
	struct coffer_arena *memory; /* of the values that are made */
	coffer_buffer *scratch;
	/* The next number of a sequence of the schema. COFFER_LIMIT: it is at its end. */
	coffer_status (*next_value)(void *context, size_t sequence, int64_t *value_out,
				    coffer_error *error);
	void *context;
};

/* Microseconds since 2000-01-01, now. */
int64_t
coffer_default_now(void);

/*
 * The value of a column, settled and in the maker's memory: what the client makes (uuid, cuid, the time), else what DEFAULT
 * says, else NULL. The place of a failure is the column.
 *
 * COFFER_INVALID  an expression that only a server evaluates
 * COFFER_LIMIT    a sequence at its end
 */
COFFER_CHECKED coffer_status
coffer_default_make(const struct coffer_default_maker *maker, uint32_t table, uint16_t column,
		    coffer_value *value_out, coffer_error *error);

/* The same of the server alone, as where foreign keys SET DEFAULT. */
COFFER_CHECKED coffer_status
coffer_default_by_server(const struct coffer_default_maker *maker, uint32_t table, uint16_t column,
			 coffer_value *value_out, coffer_error *error);

/* Move the state of a sequence on by one number; false at its end. */
bool
coffer_sequence_step(const coffer_sequence *sequence, int64_t *last_value, bool *is_called);

#endif
