/*
 * Opening a store for writing.
 */
#include "writing.h"

#include "interrupt.h"

coffer_status
coffer_writing_open(struct coffer_writing *writing, const char *path, coffer_error *error)
{
	coffer_status status;

	*writing = (struct coffer_writing){0};
	status = coffer_store_open_to_write(path, &writing->store, error);
	if (status)
		coffer_error_in(error, path);
	if (!status)
		writing->schema = coffer_store_schema(writing->store);
	return status;
}

void
coffer_writing_close(struct coffer_writing *writing)
{
	coffer_txn_end(writing->txn);
	coffer_store_close(writing->store);
	*writing = (struct coffer_writing){0};
}

coffer_status
coffer_writing_begin(struct coffer_writing *writing, coffer_error *error)
{
	coffer_status status;

	coffer_interrupt_let(true);
	status = coffer_txn_begin_write(writing->store, &writing->txn, error);
	coffer_interrupt_let(false);
	return status;
}

coffer_status
coffer_writing_commit(struct coffer_writing *writing, coffer_error *error)
{
	coffer_effects effects;
	coffer_status status;

	coffer_txn_effects(writing->txn, &effects);
	status = coffer_txn_commit(writing->txn, error);
	writing->txn = NULL;
	if (status)
		return status;
	writing->effects.inserted += effects.inserted;
	writing->effects.updated += effects.updated;
	writing->effects.deleted += effects.deleted;
	writing->effects.bytes += effects.bytes;
	return COFFER_OK;
}
