/*
 * Sequences: their state is an entry of the catalogue and moves on with the transaction, so that a number of a transaction
 * that was dropped is given again. SPEC.md 6.
 */
#include "store/write.h"

#include "format/catalogue.h"
#include "value/default.h"

#include <inttypes.h>

static coffer_status
put_state(struct coffer_writer *writer, const coffer_sequence *sequence, int64_t last_value,
	  bool is_called, coffer_error *error)
{
	char name[COFFER_ENTRY_NAME_SIZE];
	uint8_t payload[COFFER_SEQUENCE_ENTRY_MAX];
	size_t size = coffer_sequence_entry_encode(last_value, is_called, payload);

	coffer_entry_name(name, "sequence/", sequence->name);
	return coffer_writer_put_entry(writer, name, payload, size, error);
}

coffer_status
coffer_writer_next_value(struct coffer_writer *writer, size_t number, int64_t *value_out,
			 coffer_error *error)
{
	const coffer_sequence *sequence = &writer->txn->schema->sequences[number];
	char name[COFFER_ENTRY_NAME_SIZE];
	struct coffer_bytes payload;
	coffer_error failure = {0};
	bool is_called;
	coffer_status status;

	coffer_entry_name(name, "sequence/", sequence->name);
	status = coffer_catalogue_entry(writer->txn, name, &payload, error);
	if (status && status != COFFER_NOT_FOUND)
		return status;
	if (status ||
	    coffer_sequence_entry_decode(payload.data, payload.size, value_out, &is_called))
		return coffer_error_set(error, COFFER_CORRUPT, "the entry %s is missing or damaged", name);
	if (!coffer_sequence_step(sequence, value_out, &is_called))
		return coffer_error_set(error, COFFER_LIMIT,
					"sequence %s is at its end, %" PRId64, sequence->name, *value_out);
	status = put_state(writer, sequence, *value_out, true, &failure);
	if (!status)
		return COFFER_OK;
	coffer_writer_fail(writer, status, &failure);
	return coffer_error_set(error, status, "%s", failure.message);
}

coffer_status
coffer_txn_set_sequence(coffer_txn *txn, size_t number, int64_t last_value, bool is_called,
			coffer_error *error)
{
	struct coffer_writer *writer;
	const coffer_sequence *sequence;
	coffer_error failure = {0};
	coffer_status status = coffer_writer_of(txn, &writer, error);

	if (status)
		return status;
	if (number >= txn->schema->sequence_count)
		return coffer_error_set(error, COFFER_INVALID, "no sequence has the number %zu", number);
	sequence = &txn->schema->sequences[number];
	if (last_value < sequence->minimum || last_value > sequence->maximum)
		return coffer_error_set(error, COFFER_INVALID,
					"%" PRId64 " is outside of sequence %s, %" PRId64 " to %" PRId64,
					last_value, sequence->name, sequence->minimum, sequence->maximum);
	status = put_state(writer, sequence, last_value, is_called, &failure);
	if (!status)
		return COFFER_OK;
	coffer_writer_fail(writer, status, &failure);
	return coffer_error_set(error, status, "%s", failure.message);
}
