/*
 * Prisma round trip: any bytes are parsed or refused with a place; what is parsed can be written, what
 * was written can be parsed, and the two schemas do not differ. DDL can be written of each. Names that
 * would be made by coffer ("m_..._0", "..._row", "..._by_0") may meet a field of that very name: such a
 * schema is refused the second time, and only then.
 */
#include "coffer.h"

#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
expect(bool is_true)
{
	if (!is_true)
		abort();
}

static bool
has_made_name(const coffer_buffer *text)
{
	return strstr(text->data, "m_") || strstr(text->data, "_row") ||
	       strstr(text->data, "_by_") || strstr(text->data, "_of_");
}

static void
check_again(const coffer_schema *schema, const coffer_buffer *text)
{
	coffer_error error = {.status = COFFER_OK};
	coffer_schema *again;
	coffer_status status = coffer_schema_parse_prisma((coffer_text){text->data, text->size},
							  "again", &again, &error);

	expect(status == COFFER_OK || (has_made_name(text) && strstr(error.message, "twice")) ||
	       status == COFFER_LIMIT);
	if (!status)
		expect(coffer_schema_compare(schema, again, NULL, NULL) == 0);
	coffer_schema_free(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	coffer_error error = {.status = COFFER_OK};
	coffer_buffer prisma = {.size = 0}, sql = {.size = 0};
	coffer_schema *schema;
	coffer_status status = coffer_schema_parse_prisma((coffer_text){(const char *)data, size},
							  "input", &schema, &error);

	if (status) {
		expect(status == COFFER_INVALID || status == COFFER_LIMIT);
		expect(error.status == status && error.message[0] &&
		       strncmp(error.place, "input", 5) == 0);
		return 0;
	}
	expect(coffer_schema_write_prisma(schema, &prisma, NULL) == COFFER_OK);
	expect(coffer_schema_write_sql(schema, COFFER_DDL_ALL, "public", &sql, NULL) == COFFER_OK);
	check_again(schema, &prisma);
	coffer_buffer_release(&prisma);
	coffer_buffer_release(&sql);
	coffer_schema_free(schema);
	return 0;
}
