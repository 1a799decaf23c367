/*
 * What the targets that read rows share: a table with a column of every kind, and an input over bytes that come in
 * pieces.
 */
#ifndef COFFER_FUZZ_ROWS_H
#define COFFER_FUZZ_ROWS_H

#include "fuzz/demand.h"
#include "transfer/given.h"
#include "transfer/input.h"

#include <string.h>

struct bytes {
	const uint8_t *at;
	size_t left, step;
};

static inline coffer_status
bytes_read(void *context, void *buffer, size_t size, size_t *size_out, coffer_error *error)
{
	struct bytes *bytes = context;

	(void)error;
	if (size > bytes->step)
		size = bytes->step;
	if (size > bytes->left)
		size = bytes->left;
	if (size)
		memcpy(buffer, bytes->at, size);
	bytes->at += size;
	bytes->left -= size;
	*size_out = size;
	return COFFER_OK;
}

/* Made once, kept to the end. */
static inline const coffer_schema *
rows_schema(void)
{
	static const char prisma[] =
		"enum Color {\n  red\n  green\n}\nmodel T {\n  id Int @id\n  b Boolean?\n"
		"  s Int? @db.SmallInt\n  l BigInt?\n  r Float? @db.Real\n  f Float?\n  t "
		"DateTime?\n"
		"  z DateTime? @db.Timestamptz(6)\n  x String?\n  v String? @db.VarChar(3)\n  j "
		"Json?\n"
		"  k Json? @db.Json\n  a String[]\n  y Bytes?\n  n Decimal? @db.Decimal(10, 2)\n"
		"  e Color?\n}\n";
	static coffer_schema *schema;

	if (!schema)
		demand(!coffer_schema_parse_prisma((coffer_text){prisma, sizeof(prisma) - 1},
						   "rows", &schema, NULL));
	return schema;
}

/* Two forms that are the same text may stand for two values: the values are compared. */
static inline void
rows_demand_same(const struct coffer_given *row, const struct coffer_given *again)
{
	for (size_t i = 0; i < row->table->column_count; i++) {
		const coffer_value *left = &row->values[i], *right = &again->values[i];

		demand(left->kind == right->kind && again->is_given[i]);
		if (left->kind == COFFER_BOOL)
			demand(left->boolean == right->boolean);
		else if (left->kind == COFFER_INT || left->kind == COFFER_TIME ||
			 left->kind == COFFER_FLOAT)
			demand(!memcmp(&left->integer, &right->integer, sizeof(left->integer)));
		else if (left->kind != COFFER_NULL)
			demand(left->text.size == right->text.size &&
			       (!left->text.size ||
				!memcmp(left->text.data, right->text.data, left->text.size)));
	}
}

/* An end that is no row is a refusal with its place, and nothing else. */
static inline void
rows_check_end(coffer_status status, const coffer_error *error)
{
	if (status == COFFER_NOT_FOUND) {
		demand(!error->status);
		return;
	}
	demand(status == COFFER_INVALID || status == COFFER_LIMIT);
	demand(error->status == status && error->message[0] && !strncmp(error->place, "input:", 6));
}

#endif
