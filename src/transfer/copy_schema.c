/*
 * Members are appended one by one, so that the arrays can grow as those of any other schema.
 */
#include "transfer/copy_schema.h"

static bool
copy_table(coffer_schema *copy, const coffer_table *from)
{
	coffer_table *table = coffer_schema_add_table(copy);
	bool is_whole = table;

	if (!table)
		return false;
	*table = *from;
	table->columns = NULL;
	table->indexes = NULL;
	table->relations = NULL;
	table->rollups = NULL;
	table->column_count = table->index_count = table->relation_count = table->rollup_count = 0;
	for (size_t i = 0; i < from->column_count && is_whole; i++) {
		coffer_column *column = coffer_table_add_column(copy, table);

		if ((is_whole = column))
			*column = from->columns[i];
	}
	for (size_t i = 0; i < from->index_count && is_whole; i++) {
		coffer_index *index = coffer_table_add_index(copy, table);

		if ((is_whole = index))
			*index = from->indexes[i];
	}
	for (size_t i = 0; i < from->relation_count && is_whole; i++) {
		coffer_relation *relation = coffer_table_add_relation(copy, table);

		if ((is_whole = relation))
			*relation = from->relations[i];
	}
	for (size_t i = 0; i < from->rollup_count && is_whole; i++) {
		coffer_rollup *rollup = coffer_table_add_rollup(copy, table);

		if ((is_whole = rollup))
			*rollup = from->rollups[i];
	}
	return is_whole;
}

static bool
copy_members(coffer_schema *copy, const coffer_schema *from)
{
	bool is_whole = true;

	for (size_t i = 0; i < from->table_count && is_whole; i++)
		is_whole = copy_table(copy, &from->tables[i]);
	for (size_t i = 0; i < from->sequence_count && is_whole; i++) {
		coffer_sequence *sequence = coffer_schema_add_sequence(copy);

		if ((is_whole = sequence))
			*sequence = from->sequences[i];
	}
	for (size_t i = 0; i < from->view_count && is_whole; i++) {
		coffer_view *view = coffer_schema_add_view(copy);

		if ((is_whole = view))
			*view = from->views[i];
	}
	return is_whole;
}

coffer_status
coffer_schema_borrow(const coffer_schema *schema, coffer_schema **copy_out, coffer_error *error)
{
	coffer_schema *copy;
	coffer_status status = coffer_schema_new(&copy, error);

	*copy_out = NULL;
	if (status)
		return status;
	copy->name = schema->name;
	copy->comment = schema->comment;
	copy->enums = schema->enums;
	copy->enum_count = schema->enum_count;
	copy->domains = schema->domains;
	copy->domain_count = schema->domain_count;
	if (!copy_members(copy, schema)) {
		coffer_schema_free(copy);
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a schema");
	}
	*copy_out = copy;
	return COFFER_OK;
}
