/*
 * Row numbers: the last that a row has, and the highest that was ever given. SPEC.md 4.1 and 6.6.
 */
#include "store/store.h"

#include "format/catalogue.h"
#include "store/catalogue.h"

coffer_status
coffer_rows_last(coffer_txn *txn, uint32_t table, uint64_t *number_out, coffer_error *error)
{
	struct coffer_bytes key = {NULL, 0}, value;
	struct coffer_place *place;
	coffer_status status = coffer_place_open(txn->snapshot, txn->trees->tables[table].rows,
						 &place, error);

	*number_out = 0;
	if (status)
		return status;
	status = coffer_place_move(place, COFFER_MOVE_LAST, &key, &value, error);
	if (!status && key.size != COFFER_ROW_KEY_SIZE)
		status = coffer_error_set(error, COFFER_CORRUPT, "a key of table %s has a wrong size",
					  txn->schema->tables[table].name);
	else if (!status)
		*number_out = coffer_key_get_row(key.data);
	coffer_place_close(place);
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

/* The highest row number ever given is the last key or the entry, whichever is higher. */
coffer_status
coffer_rows_highest(coffer_txn *txn, uint32_t table, uint64_t *number_out, coffer_error *error)
{
	char name[COFFER_ENTRY_NAME_SIZE];
	struct coffer_bytes payload;
	uint64_t given = 0;
	coffer_status status = coffer_rows_last(txn, table, number_out, error);

	if (status)
		return status;
	coffer_entry_name(name, "row/", txn->schema->tables[table].name);
	status = coffer_catalogue_entry(txn, name, &payload, error);
	if (status)
		return status == COFFER_NOT_FOUND ? COFFER_OK : status;
	if (coffer_row_entry_decode(payload.data, payload.size, &given))
		return coffer_error_set(error, COFFER_CORRUPT, "the entry %s is damaged", name);
	if (given > *number_out)
		*number_out = given;
	return COFFER_OK;
}
