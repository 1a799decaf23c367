/*
 * Which columns of a store that is written anew are interned: those that the schema demands, and those that the load's own
 * look at the first rows finds. A mark that such a look once gave goes here, where the rows that came since do not repeat, so
 * that a text a row does not fill the pool for ever. SPEC.md 8.1.
 */
#include "store/rewrite.h"

/* The schema as it would be marked without having seen a row. */
static coffer_status
demand(const coffer_schema *schema, coffer_schema **demanded_out, coffer_error *error)
{
	coffer_status status = coffer_schema_copy(schema, demanded_out, error);

	for (size_t t = 0; !status && t < (*demanded_out)->table_count; t++) {
		coffer_table *table = &(*demanded_out)->tables[t];

		for (size_t i = 0; i < table->column_count; i++)
			if (table->columns[i].kind == COFFER_TEXT ||
			    table->columns[i].kind == COFFER_JSON)
				table->columns[i].is_interned = false;
	}
	return status ? status : coffer_schema_settle(*demanded_out, error);
}

/* Has the table a mark that nothing but rows can have given? */
static bool
has_mark(const coffer_table *table, const coffer_table *demanded)
{
	for (size_t i = 0; table->id && i < table->column_count; i++)
		if (table->columns[i].is_interned && !demanded->columns[i].is_interned)
			return true;
	return false;
}

struct look {
	struct coffer_sample sample;
	coffer_value *values;
	size_t column_count;
};

/* COFFER_NOT_FOUND: it has seen enough. */
static coffer_status
take(void *context, const coffer_row *row, coffer_error *error)
{
	struct look *look = context;
	coffer_status status = COFFER_OK;
	bool is_full = false;

	for (uint16_t i = 0; !status && i < look->column_count; i++)
		status = coffer_row_get(row, i, &look->values[i], error);
	if (!status)
		status = coffer_sample_add(&look->sample, coffer_row_number(row), look->values,
					   look->column_count, &is_full, error);
	return status || !is_full ? status : COFFER_NOT_FOUND;
}

static coffer_status
judge(coffer_txn *txn, uint32_t number, const coffer_table *demanded, coffer_table *table,
      coffer_error *error)
{
	struct look look = {.column_count = table->column_count};
	coffer_status status;

	look.values = coffer_arena_alloc(&look.sample.arena,
					 (table->column_count + 1) * sizeof(*look.values));
	if (!look.values)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a row");
	status = coffer_rewrite_rows(txn, number, take, &look, error);
	if (!status)
		status = coffer_sample_unmark(&look.sample, demanded, table, error);
	coffer_sample_release(&look.sample);
	return status;
}

coffer_status
coffer_rewrite_judge_marks(coffer_txn *txn, coffer_schema *schema, coffer_error *error)
{
	coffer_schema *demanded = NULL;
	coffer_status status = demand(schema, &demanded, error);

	for (uint32_t i = 0; !status && i < schema->table_count; i++)
		if (has_mark(&schema->tables[i], &demanded->tables[i]))
			status = judge(txn, i, &demanded->tables[i], &schema->tables[i], error);
	coffer_schema_free(demanded);
	return status;
}
