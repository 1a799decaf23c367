/*
 * The table and the bytes of tests/transfer.
 */
#include "tests/support/pieces.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char prisma[] = "enum Color {\n  red\n  green\n}\n"
			     "model T {\n"
			     "  id Int @id\n"
			     "  b Boolean?\n"
			     "  s Int? @db.SmallInt\n"
			     "  l BigInt?\n"
			     "  r Float? @db.Real\n"
			     "  f Float?\n"
			     "  t DateTime?\n"
			     "  z DateTime? @db.Timestamptz(6)\n"
			     "  x String?\n"
			     "  v String? @db.VarChar(3)\n"
			     "  j Json?\n"
			     "  k Json? @db.Json\n"
			     "  a String[]\n"
			     "  y Bytes?\n"
			     "  n Decimal? @db.Decimal(10, 2)\n"
			     "  e Color?\n"
			     "}\n";

coffer_schema *
pieces_schema(void)
{
	coffer_error error = {0};
	coffer_schema *schema;

	if (coffer_schema_parse_prisma((coffer_text){prisma, sizeof(prisma) - 1}, "test", &schema,
				       &error))
		fail_msg("%s: %s", error.place, error.message);
	return schema;
}

coffer_status
pieces_read(void *context, void *buffer, size_t size, size_t *size_out, coffer_error *error)
{
	struct pieces *pieces = context;

	*size_out = 0;
	if (!pieces->left && pieces->last)
		return coffer_error_set(error, pieces->last, "the source broke");
	if (size > pieces->step)
		size = pieces->step;
	if (size > pieces->left)
		size = pieces->left;
	if (size)
		memcpy(buffer, pieces->at, size);
	pieces->at += size;
	pieces->left -= size;
	*size_out = size;
	return COFFER_OK;
}
