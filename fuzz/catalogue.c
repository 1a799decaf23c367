/*
 * Property: an entry of the catalogue that is accepted is the only encoding of what it says: written again it is the
 * same bytes.
 *
 * Input: a byte that says which entry (format, schema, source, sequence, row), then its payload.
 */
#include "fuzz/demand.h"

#include "format/catalogue.h"
#include "store/catalogue.h"

#include <string.h>

static void
demand_same(const void *again, size_t again_size, const uint8_t *payload, size_t size)
{
	demand(again_size == size && !memcmp(again, payload, size));
}

static void
check_format(const uint8_t *payload, size_t size)
{
	static struct coffer_format_entry entry;
	uint8_t out[COFFER_FORMAT_ENTRY_MAX] = {0};

	if (!coffer_format_entry_decode(payload, size, &entry))
		demand_same(out, coffer_format_entry_encode(&entry, out), payload, size);
}

static void
check_schema(const uint8_t *payload, size_t size)
{
	coffer_schema *schema;
	coffer_buffer out = {0};
	coffer_error error = {0};

	if (coffer_catalogue_decode_schema(payload, size, &schema, &error)) {
		demand(!schema && error.status == COFFER_CORRUPT && *error.message);
		return;
	}
	demand(coffer_catalogue_encode_schema(schema, &out, &error) == COFFER_OK);
	demand_same(out.data, out.size, payload, size);
	coffer_buffer_release(&out);
	coffer_schema_free(schema);
}

static void
check_steps(const uint8_t *payload, size_t size)
{
	coffer_schema *schema;
	coffer_step *steps;
	coffer_buffer out = {0};
	size_t count;

	demand(coffer_schema_new(&schema, NULL) == COFFER_OK);
	if (!coffer_catalogue_decode_steps(payload, size, schema, &steps, &count, NULL)) {
		demand(coffer_catalogue_encode_steps(steps, count, &out, NULL) == COFFER_OK);
		demand_same(out.data, out.size, payload, size);
	}
	coffer_buffer_release(&out);
	coffer_schema_free(schema);
}

static void
check_small(const uint8_t *payload, size_t size, bool is_row)
{
	uint8_t out[COFFER_SEQUENCE_ENTRY_MAX] = {0};
	int64_t last_value;
	uint64_t number;
	bool is_called;

	if (is_row && !coffer_row_entry_decode(payload, size, &number))
		demand_same(out, coffer_row_entry_encode(number, out), payload, size);
	if (!is_row && !coffer_sequence_entry_decode(payload, size, &last_value, &is_called))
		demand_same(out, coffer_sequence_entry_encode(last_value, is_called, out), payload,
			    size);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size || size > 1 << 16)
		return 0;
	switch (data[0] % 5) {
	case 0:
		check_format(data + 1, size - 1);
		break;
	case 1:
		check_schema(data + 1, size - 1);
		break;
	case 2:
		check_steps(data + 1, size - 1);
		break;
	default:
		check_small(data + 1, size - 1, data[0] % 5 == 4);
	}
	return 0;
}
