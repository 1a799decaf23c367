/*
 * Round trip of binary COPY: whatever bytes come as a tuple, decoding them never reads, writes or
 * asks for memory beyond them, and a row that decodes is encoded to the same bytes again. One byte
 * of an array is the exception: its flag for NULLs, which the server may set without one, is
 * written as 0 then. The first byte of the input says whether a header is expected before the
 * tuple.
 */
#include "postgres/copy_read.h"
#include "postgres/copy_write.h"

#include <stdlib.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static coffer_column columns[] = {
	{.name = "boolean", .type = "boolean", .kind = COFFER_BOOL},
	{.name = "int2", .type = "smallint", .kind = COFFER_INT, .width = 2},
	{.name = "int8", .type = "bigint", .kind = COFFER_INT, .width = 8},
	{.name = "float4", .type = "real", .kind = COFFER_FLOAT, .width = 4},
	{.name = "time", .type = "timestamp", .kind = COFFER_TIME},
	{.name = "text", .type = "text", .kind = COFFER_TEXT},
	{.name = "jsonb", .type = "jsonb", .kind = COFFER_JSON, .is_binary_json = true},
	{.name = "array", .type = "text[]", .kind = COFFER_TEXT_ARRAY},
	{.name = "grid", .type = "text[]", .kind = COFFER_TEXT_ARRAY},
};

static coffer_table table = {
	.name = "t", .columns = columns, .column_count = sizeof(columns) / sizeof(columns[0])};
static const coffer_schema schema = {.name = "public", .tables = &table, .table_count = 1};

static void
check_same(const uint8_t *expected, const uint8_t *found, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (expected[i] != found[i] && (expected[i] != 1 || found[i] != 0))
			abort();
	}
}

static void
check_round_trip(const struct coffer_copy_reader *reader, const uint8_t *tuple, size_t size)
{
	struct coffer_copy_writer writer;

	if (coffer_copy_writer_init(&writer, &schema, &table, NULL) ||
	    coffer_copy_write(&writer, reader->values, NULL) || writer.out.size != size)
		abort();
	check_same(tuple, (const uint8_t *)writer.out.data, size);
	coffer_copy_writer_release(&writer);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct coffer_copy_reader reader;
	coffer_error error = {0};
	coffer_status status;

	if (!size || coffer_copy_reader_init(&reader, &table, &error))
		return 0;
	reader.is_begun = data[0] != 'h';
	status = coffer_copy_read(&reader, data + 1, size - 1, &error);
	if (!status && data[0] != 'h')
		check_round_trip(&reader, data + 1, size - 1);
	if (status < 0 && (!error.message[0] || !error.place[0]))
		abort();
	coffer_copy_reader_release(&reader);
	return 0;
}
