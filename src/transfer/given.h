/*
 * A row as somebody wrote it: the columns that were given, and their values in the normal form of their
 * types. What reads rows out of a text, whatever its format, fills one; its memory serves row after row.
 */
#ifndef COFFER_TRANSFER_GIVEN_H
#define COFFER_TRANSFER_GIVEN_H

#include "coffer.h"

struct coffer_given {
	const coffer_schema *schema;
	const coffer_table *table;
	coffer_value *values;  /* one a column; NULL where it was not given */
	bool *is_given;        /* one a column */
	coffer_buffer *memory; /* one a column: what its value does not borrow from the text */
};

/* `schema`, which is settled, outlives it. COFFER_NO_MEMORY. Release it always. */
coffer_status
coffer_given_init(struct coffer_given *given, const coffer_schema *schema,
		  const coffer_table *table, coffer_error *error);
void
coffer_given_release(struct coffer_given *given);

/* Begin another row: nothing is given. */
void
coffer_given_clear(struct coffer_given *given);

/*
 * Give a column the value that `text` is in the server's text form; it may borrow from `text`.
 * As coffer_value_parse.
 */
COFFER_CHECKED coffer_status
coffer_given_parse(struct coffer_given *given, uint16_t column, coffer_text text,
		   coffer_error *error);

/* Give a column a value of its kind that need not be in normal form. As coffer_value_settle. */
COFFER_CHECKED coffer_status
coffer_given_settle(struct coffer_given *given, uint16_t column, coffer_value value,
		    coffer_error *error);

#endif
