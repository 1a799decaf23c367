/*
 * A schema of one's own from one that is borrowed: written as the catalogue has it and read again.
 */
#include "store/catalogue.h"

bool
coffer_schema_has_rollups(const coffer_schema *schema)
{
	for (size_t i = 0; i < schema->table_count; i++)
		if (schema->tables[i].rollup_count)
			return true;
	return false;
}

static coffer_status
copy_of_table(const coffer_table *from, coffer_schema *copy, coffer_table *to, coffer_error *error)
{
	coffer_buffer bytes = {0};
	coffer_status status = coffer_catalogue_encode_rollups(from, &bytes, error);

	if (!status)
		status = coffer_catalogue_decode_rollups((const uint8_t *)bytes.data, bytes.size, copy, to,
							 error);
	coffer_buffer_release(&bytes);
	return status;
}

coffer_status
coffer_schema_copy_rollups(const coffer_schema *schema, coffer_schema *copy, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < schema->table_count; i++)
		if (schema->tables[i].rollup_count)
			status = copy_of_table(&schema->tables[i], copy, &copy->tables[i], error);
	return status;
}

coffer_status
coffer_schema_copy(const coffer_schema *schema, coffer_schema **copy_out, coffer_error *error)
{
	coffer_buffer bytes = {0};
	coffer_status status;

	*copy_out = NULL;
	status = coffer_catalogue_encode_schema(schema, &bytes, error);
	if (!status)
		status = coffer_catalogue_decode_schema((const uint8_t *)bytes.data, bytes.size,
							copy_out, error);
	coffer_buffer_release(&bytes);
	if (!status)
		status = coffer_schema_copy_rollups(schema, *copy_out, error);
	for (size_t i = 0; !status && i < schema->sequence_count; i++) {
		(*copy_out)->sequences[i].last_value = schema->sequences[i].last_value;
		(*copy_out)->sequences[i].is_called = schema->sequences[i].is_called;
	}
	if (status) {
		coffer_schema_free(*copy_out);
		*copy_out = NULL;
	}
	return status;
}
