/*
 * A schema of one's own from one that is borrowed: written as the catalogue has it and read again.
 */
#include "store/catalogue.h"

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
	for (size_t i = 0; !status && i < schema->sequence_count; i++) {
		(*copy_out)->sequences[i].last_value = schema->sequences[i].last_value;
		(*copy_out)->sequences[i].is_called = schema->sequences[i].is_called;
	}
	return status;
}
