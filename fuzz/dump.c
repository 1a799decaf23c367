/*
 * Dumps: whatever bytes a file has, it is a source whose rows can all be read or it is refused, with a message and
 * the file's name; each value of a row has a text that reads back to the same text. Archives are left out: they
 * are another program's to read.
 */
#include "fuzz/demand.h"

#include "transfer/dump.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void
check_value(const coffer_schema *schema, const coffer_column *column, const coffer_value *value)
{
	coffer_buffer first = {0}, second = {0}, memory = {0};
	coffer_value again;

	if (value->kind == COFFER_NULL)
		return;
	demand(!coffer_value_print(column, value, &first, NULL));
	demand(!coffer_value_parse(schema, column, (coffer_text){first.data, first.size}, &memory,
				   &again, NULL));
	demand(!coffer_value_print(column, &again, &second, NULL));
	demand(first.size == second.size && !memcmp(first.data, second.data, first.size));
	coffer_buffer_release(&first);
	coffer_buffer_release(&second);
	coffer_buffer_release(&memory);
}

static coffer_status
read_rows(struct coffer_source *source, coffer_error *error)
{
	const coffer_value *values;
	coffer_status status;
	uint32_t number;

	while (!(status = coffer_source_next_table(source, &number, error))) {
		const coffer_table *table = &source->schema->tables[number];

		while (!(status = coffer_source_next_row(source, &values, error)))
			for (size_t i = 0; i < table->column_count; i++)
				check_value(source->schema, &table->columns[i], &values[i]);
		if (status != COFFER_NOT_FOUND)
			return status;
	}
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const coffer_transfer_options options;
	coffer_error error = {.status = COFFER_OK};
	struct coffer_source *source;
	coffer_status status;
	char path[64];
	int file;

	if ((size >= 5 && !memcmp(data, "PGDMP", 5)) || (size >= 8 && !memcmp(data, "toc.dat", 8)))
		return 0;
	file = memfd_create("dump", MFD_CLOEXEC);
	demand(file >= 0 && write(file, data, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	status = coffer_dump_source_open(path, &options, &source, &error);
	if (!status)
		status = read_rows(source, &error);
	demand(!status || (error.status == status && error.message[0] && error.place[0]));
	coffer_source_close(source);
	close(file);
	return 0;
}
