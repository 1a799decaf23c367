/*
 * A row's key as people read it in a message.
 */
#include "postgres/row_key.h"

#include "postgres/copy_bytes.h"

#include <inttypes.h>
#include <stdio.h>

enum { KEY_SIZE_MAX = 160 };

/* The start of a long text, never a part of a character. */
static void
put_start(coffer_buffer *out, coffer_text text)
{
	size_t size = text.size;

	if (size > KEY_SIZE_MAX) {
		for (size = KEY_SIZE_MAX; size && ((uint8_t)text.data[size] & 0xc0) == 0x80;)
			size--;
	}
	coffer_copy_put(out, text.data, size);
}

static void
print_value(const coffer_column *column, const coffer_value *value, coffer_buffer *out)
{
	char text[COFFER_SCALAR_TEXT_SIZE];

	switch (value->kind) {
	case COFFER_NULL:
		snprintf(text, sizeof(text), "null");
		break;
	case COFFER_BOOL:
		snprintf(text, sizeof(text), "%s", value->boolean ? "true" : "false");
		break;
	case COFFER_INT:
		snprintf(text, sizeof(text), "%" PRId64, value->integer);
		break;
	case COFFER_TIME:
		coffer_time_print(value->time, column->has_zone, text);
		break;
	case COFFER_FLOAT:
		coffer_float_print(value->real, column->width, text);
		break;
	default:
		put_start(out, value->text);
		return;
	}
	coffer_copy_put_text(out, text);
}

coffer_status
coffer_row_print_key(const coffer_table *table, const coffer_row *row, coffer_buffer *out)
{
	const coffer_index *primary;
	coffer_value value;

	if (table->primary == COFFER_NO_INDEX) {
		char number[32];

		snprintf(number, sizeof(number), "%" PRIu64, coffer_row_number(row));
		coffer_copy_put_text(out, number);
		return COFFER_OK;
	}
	primary = &table->indexes[table->primary];
	for (size_t i = 0; i < primary->column_count; i++) {
		if (coffer_row_get(row, primary->columns[i], &value, NULL))
			return COFFER_CORRUPT;
		coffer_copy_put_text(out, i ? "," : "");
		print_value(&table->columns[primary->columns[i]], &value, out);
	}
	return COFFER_OK;
}
