/*
 * Defaults in a write transaction: its clock, its memory, its sequences.
 */
#include "store/write.h"

#include "value/default.h"

static coffer_status
next_value(void *context, size_t sequence, int64_t *value_out, coffer_error *error)
{
	return coffer_writer_next_value(context, sequence, value_out, error);
}

static struct coffer_default_maker
maker_of(struct coffer_writer *writer)
{
	return (struct coffer_default_maker){
		.schema = writer->txn->schema,
		.now = writer->now,
		.memory = &writer->plan.arena,
		.scratch = &writer->scratch,
		.next_value = next_value,
		.context = writer,
	};
}

coffer_status
coffer_writer_default(struct coffer_writer *writer, uint32_t table, uint16_t column,
		      coffer_value *value_out, coffer_error *error)
{
	const struct coffer_default_maker maker = maker_of(writer);

	return coffer_default_make(&maker, table, column, value_out, error);
}

coffer_status
coffer_writer_server_default(struct coffer_writer *writer, uint32_t table, uint16_t column,
			     coffer_value *value_out, coffer_error *error)
{
	const struct coffer_default_maker maker = maker_of(writer);

	return coffer_default_by_server(&maker, table, column, value_out, error);
}
