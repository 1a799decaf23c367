/*
 * Read transactions, what can be asked of a whole table, and the pool of interned texts.
 * SPEC.md 8.
 */
#include "store/store.h"

#include "format/checksum.h"
#include "store/frame.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ codes that are kept */

/* Codes for a transaction: those that the last one left, with their texts where it had the same state; else empty ones. NULL: no
 * memory, without which codes are expanded all the same. */
static struct coffer_kept_codes *
take_codes(const coffer_txn *txn)
{
	struct coffer_kept_codes *kept = NULL;

	if (txn->store)
		kept = atomic_exchange(&txn->store->kept_codes, NULL);
	if (!kept)
		kept = calloc(1, sizeof(*kept));
	else if (kept->transaction != txn->snapshot->transaction || kept->map != txn->snapshot->held.data)
		memset(kept, 0, sizeof(*kept));
	if (kept) {
		kept->transaction = txn->snapshot->transaction;
		kept->map = txn->snapshot->held.data;
	}
	return kept;
}

/* Leave the codes to the next transaction. Texts that die with this one, since no map holds them, are forgotten. */
static void
leave_codes(coffer_txn *txn)
{
	struct coffer_kept_codes *kept = txn->kept;

	if (kept && txn->store && kept->map && kept->transaction)
		kept = atomic_exchange(&txn->store->kept_codes, kept);
	free(kept);
}

/* ------------------------------------------------------------------ transactions */

coffer_status
coffer_txn_begin(coffer_store *store, coffer_txn **txn_out, coffer_error *error)
{
	coffer_txn *txn = calloc(1, sizeof(*txn));
	coffer_status status;

	*txn_out = NULL;
	if (!txn)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a transaction");
	txn->schema = store->schema;
	txn->trees = &store->trees;
	txn->seed = store->seed;
	txn->features = store->features;
	txn->dictionaries = store->dictionaries;
	txn->store = store;
	if ((status = coffer_disk_snapshot(store->disk, &txn->snapshot, error)))
		coffer_txn_end(txn);
	else
		*txn_out = txn;
	return status;
}

void
coffer_txn_rest(coffer_txn *txn)
{
	coffer_disk_rest(txn->store->disk, txn->snapshot);
}

coffer_status
coffer_txn_resume(coffer_txn *txn, bool *is_same_out, coffer_error *error)
{
	return coffer_disk_resume(txn->store->disk, txn->snapshot, is_same_out, error);
}

void
coffer_txn_end(coffer_txn *txn)
{
	if (!txn || txn->is_shared)
		return;
	leave_codes(txn);
	coffer_expander_leave(txn);
	if (txn->writer)
		coffer_writer_end(txn->writer);
	else
		coffer_snapshot_end(txn->snapshot);
	free(txn);
}

bool
coffer_txn_holds(const coffer_txn *txn, const void *data)
{
	const struct coffer_bytes *held = &txn->snapshot->held;

	return (uintptr_t)data - (uintptr_t)held->data < held->size;
}

coffer_status
coffer_table_count(coffer_txn *txn, uint32_t table, uint64_t *rows_out, coffer_error *error)
{
	struct coffer_tree_size size = {0};
	coffer_status status = COFFER_OK;

	*rows_out = 0;
	if (table >= txn->schema->table_count)
		return coffer_error_set(error, COFFER_INVALID, "no table has the number %" PRIu32, table);
	if (txn->schema->tables[table].id)
		status = coffer_snapshot_size(txn->snapshot, txn->trees->tables[table].rows, &size, error);
	*rows_out = size.entries;
	return status;
}

typedef void (*tree_function)(void *context, const char *name, uint64_t entries, uint64_t bytes);

static coffer_status
tell_tree(coffer_txn *txn, uint32_t tree, const char *name, tree_function function, void *context,
	  coffer_error *error)
{
	struct coffer_tree_size size;
	coffer_status status = coffer_snapshot_size(txn->snapshot, tree, &size, error);

	if (!status)
		function(context, name, size.entries, size.bytes);
	return status;
}

static coffer_status
tell_table(coffer_txn *txn, uint32_t number, tree_function function, void *context,
	   coffer_error *error)
{
	const struct coffer_table_trees *trees = &txn->trees->tables[number];
	const coffer_table *table = &txn->schema->tables[number];
	char name[COFFER_TREE_NAME_SIZE];
	coffer_status status;

	if (!table->id)
		return COFFER_OK;
	coffer_tree_name(name, "table", table->name, NULL);
	if ((status = tell_tree(txn, trees->rows, name, function, context, error)))
		return status;
	coffer_tree_name(name, "long", table->name, NULL);
	status = tell_tree(txn, trees->longs, name, function, context, error);
	for (size_t i = 0; !status && i < table->index_count; i++) {
		if (trees->indexes[i] == COFFER_NO_TREE)
			continue;
		coffer_tree_name(name, "index", table->name, table->indexes[i].name);
		status = tell_tree(txn, trees->indexes[i], name, function, context, error);
	}
	for (size_t i = 0; !status && i < table->rollup_count; i++) {
		coffer_tree_name(name, "rollups", table->name, table->rollups[i].name);
		status = tell_tree(txn, trees->rollups[i], name, function, context, error);
	}
	return status;
}

coffer_status
coffer_store_trees(coffer_txn *txn, tree_function function, void *context, coffer_error *error)
{
	coffer_status status;

	if ((status = tell_tree(txn, txn->trees->catalogue, "catalogue", function, context, error)) ||
	    (status = tell_tree(txn, txn->trees->pool, "pool", function, context, error)) ||
	    (status = tell_tree(txn, txn->trees->pool_hash, "pool/hash", function, context, error)))
		return status;
	if (txn->trees->dictionary != COFFER_NO_TREE &&
	    (status = tell_tree(txn, txn->trees->dictionary, "dictionary", function, context, error)))
		return status;
	for (uint32_t table = 0; !status && table < txn->schema->table_count; table++)
		status = tell_table(txn, table, function, context, error);
	return status;
}

static coffer_status
read_text(coffer_txn *txn, uint32_t code, coffer_text *text_out, coffer_error *error)
{
	uint8_t key[COFFER_CODE_KEY_SIZE];
	struct coffer_bytes value;
	coffer_status status;
	enum coffer_fault fault;

	coffer_key_put_code(key, code);
	status = coffer_snapshot_get(txn->snapshot, txn->trees->pool,
				     (struct coffer_bytes){key, sizeof(key)}, &value, error);
	if (status == COFFER_NOT_FOUND)
		return coffer_error_set(error, COFFER_CORRUPT,
					"the pool has no text with the code %" PRIu32, code);
	if (status)
		return status;
	fault = coffer_checksum_check(COFFER_ID_POOL, key, sizeof(key), value.data, value.size);
	if (fault)
		return coffer_error_set(error, COFFER_CORRUPT, "pool text %" PRIu32 ": %s", code,
					coffer_fault_text(fault));
	text_out->data = (const char *)value.data + COFFER_CHECKSUM_SIZE;
	text_out->size = value.size - COFFER_CHECKSUM_SIZE;
	return COFFER_OK;
}

coffer_status
coffer_pool_text(coffer_txn *txn, uint32_t code, coffer_text *text_out, coffer_error *error)
{
	struct coffer_cached_code *cached;
	coffer_status status;

	if (!txn->codes && !txn->is_building) {
		txn->kept = take_codes(txn);
		txn->codes = txn->kept ? txn->kept->codes : NULL;
	}
	if (!txn->codes)
		return read_text(txn, code, text_out, error);
	cached = &txn->codes[code % COFFER_CODES_CACHED];
	if (cached->code != code || !code) {
		if ((status = read_text(txn, code, text_out, error)))
			return status;
		*cached = (struct coffer_cached_code){text_out->data, (uint32_t)text_out->size, code};
	}
	*text_out = (coffer_text){cached->text, cached->size};
	return COFFER_OK;
}

static coffer_status
fail_hash_key(coffer_error *error)
{
	return coffer_error_set(error, COFFER_CORRUPT, "a key of pool/hash has a wrong size");
}

/* Walk the texts of one hash until one is equal. */
static coffer_status
match_code(coffer_txn *txn, struct coffer_place *place, const uint8_t hash[COFFER_HASH_SIZE],
	   coffer_text text, uint32_t *code_out, coffer_error *error)
{
	struct coffer_bytes key = {hash, COFFER_HASH_SIZE}, value;
	enum coffer_move move = COFFER_MOVE_SEEK;
	coffer_text found;
	coffer_status status;

	for (int equal = 0; equal <= COFFER_EQUAL_HASHES_MAX; equal++, move = COFFER_MOVE_NEXT) {
		if ((status = coffer_place_move(place, move, &key, &value, error)))
			return status;
		if (key.size != COFFER_POOL_HASH_KEY_SIZE)
			return fail_hash_key(error);
		if (memcmp(key.data, hash, COFFER_HASH_SIZE))
			return COFFER_NOT_FOUND;
		if (equal == COFFER_EQUAL_HASHES_MAX)
			break;
		*code_out = coffer_key_get_code(key.data + COFFER_HASH_SIZE);
		if ((status = coffer_pool_text(txn, *code_out, &found, error)))
			return status;
		if (found.size == text.size && (!text.size || !memcmp(found.data, text.data, text.size)))
			return COFFER_OK;
	}
	return coffer_error_set(error, COFFER_CORRUPT, "more than %d pool texts have one hash",
				COFFER_EQUAL_HASHES_MAX);
}

coffer_status
coffer_pool_code(coffer_txn *txn, coffer_text text, uint32_t *code_out, coffer_error *error)
{
	uint8_t hash[COFFER_HASH_SIZE];
	struct coffer_place *place;
	coffer_status status;

	*code_out = 0;
	coffer_key_put_hash(hash, coffer_hash(text.data, text.size, txn->seed));
	status = coffer_place_open(txn->snapshot, txn->trees->pool_hash, &place, error);
	if (status)
		return status;
	status = match_code(txn, place, hash, text, code_out, error);
	coffer_place_close(place);
	if (status)
		*code_out = 0;
	return status;
}
