/*
 * A row's key as people read it in a message.
 */
#ifndef COFFER_POSTGRES_ROW_KEY_H
#define COFFER_POSTGRES_ROW_KEY_H

#include "coffer.h"

/*
 * Append the values of the row's primary key, with commas between and long ones cut; its row number where the
 * table has no primary key. COFFER_CORRUPT: the row cannot be read.
 */
COFFER_CHECKED coffer_status
coffer_row_print_key(const coffer_table *table, const coffer_row *row, coffer_buffer *out);

#endif
