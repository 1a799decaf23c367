/*
 * A schema's JSON document: any bytes are read or refused with a place, and what is read is written in a form that
 * reads back to an equal schema and to itself; with how rows lie in a store as well.
 */
#include "fuzz/demand.h"

#include "coffer.h"

#include <string.h>

typedef coffer_status (*reader)(coffer_text json, const char *place, coffer_schema **schema_out,
				coffer_error *error);

static void
check_again(reader read, const coffer_schema *expected, const coffer_buffer *first)
{
	coffer_buffer second = {0};
	coffer_error error = {0};
	coffer_schema *schema;

	demand(read((coffer_text){first->data, first->size}, "again", &schema, &error) ==
	       COFFER_OK);
	demand(!coffer_schema_compare(expected, schema, NULL, NULL));
	demand(coffer_schema_write_json(schema, &second, NULL) == COFFER_OK);
	demand(first->size == second.size && !memcmp(first->data, second.data, first->size));
	coffer_buffer_release(&second);
	coffer_schema_free(schema);
}

static void
check(reader read, coffer_text json)
{
	coffer_buffer first = {0};
	coffer_error error = {0};
	coffer_schema *schema;
	coffer_status status = read(json, "input", &schema, &error);

	if (status) {
		demand(status == COFFER_INVALID || status == COFFER_LIMIT);
		demand(error.status == status && error.message[0] &&
		       !strncmp(error.place, "input", 5));
		return;
	}
	demand(coffer_schema_write_json(schema, &first, NULL) == COFFER_OK);
	check_again(read, schema, &first);
	coffer_buffer_release(&first);
	coffer_schema_free(schema);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const coffer_text json = {(const char *)data, size};

	check(coffer_schema_parse_json, json);
	check(coffer_schema_parse_layout, json);
	return 0;
}
