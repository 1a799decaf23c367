/*
 * text[] between Postgres' binary form and coffer's values.
 *
 * An array of one dimension from 1, and the empty one, is a packed value of kind TEXT_ARRAY. Any
 * other shape is a value of kind OTHER: the text that the server's array_out prints, "[2:3]={a,\"b
 * c\",NULL}".
 */
#ifndef COFFER_POSTGRES_ARRAY_H
#define COFFER_POSTGRES_ARRAY_H

#include "coffer.h"

enum { COFFER_ARRAY_TEXT_OID = 25 }; /* of the type text */

/* Memory that is kept from array to array. A zeroed one is ready. */
struct coffer_array_scratch {
	coffer_text *elements;
	size_t capacity;
};
void
coffer_array_scratch_release(struct coffer_array_scratch *scratch);

/*
 * Decode a field of binary COPY. The value borrows from `out`, whose content is replaced. Returns
 * NULL, or what is wrong in words; when memory is out `out->is_failed` is set too.
 */
const char *
coffer_array_decode(const uint8_t *bytes, size_t size, struct coffer_array_scratch *scratch,
		    coffer_buffer *out, coffer_value *value_out);

/*
 * Append the binary form of a TEXT_ARRAY or OTHER value. Returns NULL, or what is wrong in words,
 * the buffer then having a part of it.
 */
const char *
coffer_array_encode(const coffer_value *value, coffer_buffer *out);

#endif
