/*
 * Round trip of ndjson: any bytes, in pieces of any size, are rows or refused with their place; a row that is read
 * and written reads back to the same values and the same line. The first byte says how large the pieces are.
 */
#include "fuzz/rows.h"

#include "transfer/ndjson_read.h"
#include "transfer/ndjson_write.h"

/* Write the row, with what was not given as NULL. */
static void
write_row(const struct coffer_given *row, coffer_buffer *out)
{
	struct coffer_ndjson_writer writer;

	demand(!coffer_ndjson_writer_init(&writer, row->table, NULL, 0, NULL));
	coffer_buffer_clear(out);
	demand(!coffer_ndjson_write(&writer, row->values, out, NULL));
	coffer_ndjson_writer_release(&writer);
}

static void
check_again(const struct coffer_given *row)
{
	coffer_buffer first = {0}, second = {0};
	struct coffer_ndjson_reader reader;
	struct coffer_input input;
	const struct coffer_given *again;
	struct bytes bytes;

	write_row(row, &first);
	demand(!memchr(first.data, '\n', first.size));
	bytes = (struct bytes){(const uint8_t *)first.data, first.size, first.size};
	coffer_input_init(&input, bytes_read, &bytes);
	demand(!coffer_ndjson_reader_init(&reader, &input, "again", row->schema, row->table, NULL));
	demand(!coffer_ndjson_read(&reader, &again, NULL));
	rows_demand_same(row, again);
	write_row(again, &second);
	demand(first.size == second.size && !memcmp(first.data, second.data, first.size));
	demand(coffer_ndjson_read(&reader, &again, NULL) == COFFER_NOT_FOUND);
	coffer_ndjson_reader_release(&reader);
	coffer_input_release(&input);
	coffer_buffer_release(&first);
	coffer_buffer_release(&second);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes;
	const coffer_schema *schema = rows_schema();
	struct coffer_ndjson_reader reader;
	struct coffer_input input;
	const struct coffer_given *row;
	coffer_error error = {0};
	coffer_status status;

	if (!size)
		return 0;
	bytes = (struct bytes){data + 1, size - 1, 1 + (size_t)data[0]};
	coffer_input_init(&input, bytes_read, &bytes);
	demand(!coffer_ndjson_reader_init(&reader, &input, "input", schema, &schema->tables[0],
					  NULL));
	while (!(status = coffer_ndjson_read(&reader, &row, &error)))
		check_again(row);
	rows_check_end(status, &error);
	coffer_ndjson_reader_release(&reader);
	coffer_input_release(&input);
	return 0;
}
