/*
 * Values in the text form of COPY: \N for NULL, a backslash before what COPY would read as something else.
 * Every text is one that the type's input function reads back to the same value; a NaN's sign and payload are
 * the exception.
 */
#ifndef COFFER_TRANSFER_COPY_TEXT_H
#define COFFER_TRANSFER_COPY_TEXT_H

#include "coffer.h"

/*
 * Append a value of the column as a field. `scratch` is any buffer of the caller's, kept from value to value.
 *
 * COFFER_INVALID    a value of another kind than the column's
 * COFFER_CORRUPT    not a packed array
 * COFFER_NO_MEMORY
 */
COFFER_CHECKED coffer_status
coffer_copy_text_value(const coffer_column *column, const coffer_value *value, coffer_buffer *out,
		       coffer_buffer *scratch, coffer_error *error);

/* Is it a NaN whose sign or payload no text can say? */
bool
coffer_copy_text_changes(const coffer_value *value);

#endif
