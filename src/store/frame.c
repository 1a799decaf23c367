/*
 * Expanding frames.
 *
 *   frame --> its dictionary, digested --> text
 *
 * Nothing is allocated for a frame: one context serves a transaction, and digested dictionaries stay. Their keys are never
 * given again, so that one is good for every later state of the file. SPEC.md 4.11 and 8.4.
 */
#include "store/frame.h"

#include "format/checksum.h"
#include "schema/layout.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <zdict.h>
#include <zstd.h>
#include <zstd_errors.h>

struct coffer_expander {
	ZSTD_DCtx *context;
};

struct coffer_dictionaries {
	_Atomic(ZSTD_DDict *) digested[COFFER_DICTIONARIES_MAX + 1]; /* by key; NULL: not yet */
	_Atomic(struct coffer_expander *) kept;                      /* NULL: none, or lent */
};

/* ------------------------------------------------------------------ columns */

bool
coffer_column_is_compressible(const coffer_table *table, uint16_t column)
{
	const coffer_column *of = &table->columns[column];

	if ((of->kind != COFFER_TEXT && of->kind != COFFER_JSON) || of->is_interned)
		return false;
	for (size_t i = 0; i < table->index_count; i++)
		if (coffer_columns_have(table->indexes[i].key_columns,
					table->indexes[i].key_column_count, column))
			return false;
	for (size_t i = 0; i < table->relation_count; i++)
		if (coffer_columns_have(table->relations[i].columns,
					table->relations[i].column_count, column))
			return false;
	return true;
}

/* ------------------------------------------------------------------ dictionaries */

coffer_status
coffer_dictionaries_make(struct coffer_dictionaries **dictionaries_out, coffer_error *error)
{
	*dictionaries_out = calloc(1, sizeof(**dictionaries_out));
	return *dictionaries_out
		       ? COFFER_OK
		       : coffer_error_set(error, COFFER_NO_MEMORY, "no memory for dictionaries");
}

static void
free_expander(struct coffer_expander *expander)
{
	if (expander)
		ZSTD_freeDCtx(expander->context);
	free(expander);
}

void
coffer_dictionaries_free(struct coffer_dictionaries *dictionaries)
{
	if (!dictionaries)
		return;
	for (size_t i = 0; i <= COFFER_DICTIONARIES_MAX; i++)
		ZSTD_freeDDict(atomic_load(&dictionaries->digested[i]));
	free_expander(atomic_load(&dictionaries->kept));
	free(dictionaries);
}

static coffer_status
fail_dictionary(uint32_t key, const char *message, coffer_error *error)
{
	return coffer_error_set(error, COFFER_CORRUPT, "the dictionary %" PRIu32 ": %s", key,
				message);
}

coffer_status
coffer_dictionary_read(coffer_txn *txn, uint32_t key, struct coffer_bytes *bytes_out,
		       coffer_error *error)
{
	uint8_t name[COFFER_CODE_KEY_SIZE];
	struct coffer_bytes value;
	enum coffer_fault fault;
	coffer_status status = COFFER_NOT_FOUND;

	coffer_key_put_code(name, key);
	if (txn->trees->dictionary != COFFER_NO_TREE)
		status = coffer_snapshot_get(txn->snapshot, txn->trees->dictionary,
					     (struct coffer_bytes){name, sizeof(name)}, &value,
					     error);
	if (status == COFFER_NOT_FOUND)
		return fail_dictionary(key, "it is missing", error);
	if (status)
		return status;
	fault = coffer_checksum_check(COFFER_ID_DICTIONARY, name, sizeof(name), value.data,
				      value.size);
	if (fault)
		return fail_dictionary(key, coffer_fault_text(fault), error);
	bytes_out->data = value.data + COFFER_CHECKSUM_SIZE;
	bytes_out->size = value.size - COFFER_CHECKSUM_SIZE;
	if (bytes_out->size > COFFER_DICTIONARY_SIZE_MAX)
		return fail_dictionary(key, "it is too long", error);
	if (ZSTD_getDictID_fromDict(bytes_out->data, bytes_out->size) != key)
		return fail_dictionary(key, "its bytes are of another one", error);
	return COFFER_OK;
}

coffer_status
coffer_dictionary_fail(struct coffer_bytes bytes, uint32_t key, coffer_error *error)
{
	size_t header = ZDICT_getDictHeaderSize(bytes.data, bytes.size);

	if (ZSTD_isError(header) && ZSTD_getErrorCode(header) != ZSTD_error_memory_allocation)
		return fail_dictionary(key, ZSTD_getErrorName(header), error);
	return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a dictionary");
}

/* Two transactions may digest one at the same time: the second throws its own away. */
static coffer_status
digest(coffer_txn *txn, uint32_t key, ZSTD_DDict **digested_out, coffer_error *error)
{
	ZSTD_DDict *none = NULL;
	struct coffer_bytes bytes;
	coffer_status status = coffer_dictionary_read(txn, key, &bytes, error);

	if (status)
		return status;
	*digested_out = ZSTD_createDDict(bytes.data, bytes.size);
	if (!*digested_out)
		return coffer_dictionary_fail(bytes, key, error);
	if (!atomic_compare_exchange_strong(&txn->dictionaries->digested[key], &none,
					    *digested_out)) {
		ZSTD_freeDDict(*digested_out);
		*digested_out = none;
	}
	return COFFER_OK;
}

/* ------------------------------------------------------------------ expanding */

static coffer_status
take_expander(coffer_txn *txn, coffer_error *error)
{
	struct coffer_expander *expander = atomic_exchange(&txn->dictionaries->kept, NULL);

	if (!expander && (expander = calloc(1, sizeof(*expander))) &&
	    !(expander->context = ZSTD_createDCtx())) {
		free(expander);
		expander = NULL;
	}
	txn->expander = expander;
	return expander ? COFFER_OK
			: coffer_error_set(error, COFFER_NO_MEMORY, "no memory to expand values");
}

void
coffer_expander_leave(coffer_txn *txn)
{
	if (!txn->expander)
		return;
	free_expander(atomic_exchange(&txn->dictionaries->kept, txn->expander));
	txn->expander = NULL;
}

/* What is needed at a transaction's first frame, or at a dictionary's. */
static coffer_status
make_ready(coffer_txn *txn, uint32_t key, ZSTD_DDict **digested_out, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	if (!txn->dictionaries)
		return fail_dictionary(key, "it is missing", error);
	if (!txn->expander && (status = take_expander(txn, error)))
		return status;
	*digested_out =
		atomic_load_explicit(&txn->dictionaries->digested[key], memory_order_acquire);
	return key && !*digested_out ? digest(txn, key, digested_out, error) : COFFER_OK;
}

coffer_status
coffer_frame_expand(coffer_txn *txn, const struct coffer_frame *frame, struct coffer_bytes bytes,
		    char *out, coffer_error *error)
{
	char *whole = out + frame->text_size;
	ZSTD_DDict *dictionary = NULL;
	coffer_status status;
	size_t size;

	if ((status = make_ready(txn, frame->dictionary, &dictionary, error)))
		return status;
	memcpy(whole, coffer_frame_magic, COFFER_FRAME_MAGIC_SIZE);
	memcpy(whole + COFFER_FRAME_MAGIC_SIZE, bytes.data, bytes.size);
	size = ZSTD_decompress_usingDDict(txn->expander->context, out, frame->text_size, whole,
					  COFFER_FRAME_MAGIC_SIZE + bytes.size, dictionary);
	if (size == frame->text_size)
		return COFFER_OK;
	return coffer_error_set(error, COFFER_CORRUPT, "the compressed value is damaged: %s",
				ZSTD_isError(size) ? ZSTD_getErrorName(size) : "it is too short");
}
