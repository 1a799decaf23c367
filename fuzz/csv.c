/*
 * Round trip of csv: any bytes, in pieces of any size, are rows or refused with their place; a row that is read and
 * written reads back to the same values and the same line. The first byte says how large the pieces are.
 */
#include "fuzz/rows.h"

#include "transfer/csv_read.h"
#include "transfer/csv_write.h"

/* The header and the row, with what was not given as NULL. */
static void
write_row(const struct coffer_given *row, coffer_buffer *out)
{
	coffer_buffer scratch = {0};

	coffer_buffer_clear(out);
	coffer_csv_write_header(row->table, out);
	demand(!coffer_csv_write(row->table, row->values, out, &scratch, NULL));
	coffer_buffer_release(&scratch);
}

static void
check_again(const struct coffer_given *row)
{
	coffer_buffer first = {0}, second = {0};
	struct coffer_csv_reader reader;
	struct coffer_input input;
	const struct coffer_given *again;
	struct bytes bytes;

	write_row(row, &first);
	bytes = (struct bytes){(const uint8_t *)first.data, first.size, 7};
	coffer_input_init(&input, bytes_read, &bytes);
	demand(!coffer_csv_reader_init(&reader, &input, "again", row->schema, row->table, NULL));
	demand(!coffer_csv_read(&reader, &again, NULL));
	rows_demand_same(row, again);
	write_row(again, &second);
	demand(first.size == second.size && !memcmp(first.data, second.data, first.size));
	demand(coffer_csv_read(&reader, &again, NULL) == COFFER_NOT_FOUND);
	coffer_csv_reader_release(&reader);
	coffer_input_release(&input);
	coffer_buffer_release(&first);
	coffer_buffer_release(&second);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes;
	const coffer_schema *schema = rows_schema();
	struct coffer_csv_reader reader;
	struct coffer_input input;
	const struct coffer_given *row;
	coffer_error error = {0};
	coffer_status status;

	if (!size)
		return 0;
	bytes = (struct bytes){data + 1, size - 1, 1 + (size_t)data[0]};
	coffer_input_init(&input, bytes_read, &bytes);
	demand(!coffer_csv_reader_init(&reader, &input, "input", schema, &schema->tables[0], NULL));
	while (!(status = coffer_csv_read(&reader, &row, &error)))
		check_again(row);
	rows_check_end(status, &error);
	coffer_csv_reader_release(&reader);
	coffer_input_release(&input);
	return 0;
}
