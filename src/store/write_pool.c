/*
 * Codes for texts in a write transaction: remembered, found in the pool, or given. A hash is never believed alone.
 *
 * A text keeps its code for ever, so that what one transaction knows is good for the next one: many are of a row or a few, and
 * would ask the pool for the same texts again and again. SPEC.md 8.
 */
#include "store/write.h"

#include "format/checksum.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct remembered_code {
	uint64_t hash;
	uint32_t code;    /* 0: empty */
	size_t size;      /* of its text */
	const char *text; /* in `texts`; NULL: not kept */
};

/* Of the state that a transaction has left. */
struct coffer_known_codes {
	uint64_t transaction;
	struct coffer_arena texts;
	struct remembered_code codes[COFFER_CODES_REMEMBERED];
};

/* ------------------------------------------------------------------ from transaction to transaction */

void
coffer_known_codes_free(struct coffer_known_codes *known)
{
	if (known)
		coffer_arena_release(&known->texts);
	free(known);
}

void
coffer_writer_take_codes(struct coffer_writer *writer)
{
	struct coffer_known_codes *known = atomic_exchange(&writer->store->known_codes, NULL);

	if (known && known->transaction + 1 == coffer_edit_transaction(writer->edit)) {
		writer->known = known;
		known->transaction++;
	} else {
		coffer_known_codes_free(known);
	}
}

/* Whoever began meanwhile began with none; what it has left makes room. */
void
coffer_writer_leave_codes(struct coffer_writer *writer, bool is_committed)
{
	struct coffer_known_codes *known = writer->known;

	writer->known = NULL;
	if (!known)
		return;
	known->transaction -= !is_committed;
	if ((is_committed || !writer->has_code) &&
	    known->texts.total < COFFER_TEXTS_REMEMBERED_MAX)
		known = atomic_exchange(&writer->store->known_codes, known);
	coffer_known_codes_free(known);
}

/* Memory for what is met, where nothing was left. */
static coffer_status
begin_known(struct coffer_writer *writer, coffer_error *error)
{
	if (writer->known)
		return COFFER_OK;
	if (!(writer->known = calloc(1, sizeof(*writer->known))))
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the codes");
	writer->known->transaction = coffer_edit_transaction(writer->edit);
	return COFFER_OK;
}

/* ------------------------------------------------------------------ codes */

/* The last code given: the pool's last key. */
static coffer_status
find_last_code(struct coffer_writer *writer, coffer_error *error)
{
	struct coffer_bytes key = {NULL, 0}, value;
	struct coffer_place *place;
	coffer_status status;

	if (writer->has_code)
		return COFFER_OK;
	status = coffer_place_open(writer->txn->snapshot, writer->txn->trees->pool, &place, error);
	if (status)
		return status;
	status = coffer_place_move(place, COFFER_MOVE_LAST, &key, &value, error);
	if (!status && key.size != COFFER_CODE_KEY_SIZE)
		status = coffer_error_set(error, COFFER_CORRUPT, "a key of pool has a wrong size");
	else if (!status)
		writer->code = coffer_key_get_code(key.data);
	coffer_place_close(place);
	if (status == COFFER_NOT_FOUND)
		status = COFFER_OK;
	writer->has_code = !status;
	return status;
}

/* Of one hash there may be 64 texts, no more. */
static coffer_status
check_room(struct coffer_writer *writer, const uint8_t hash[COFFER_HASH_SIZE], coffer_error *error)
{
	struct coffer_bytes key = {hash, COFFER_HASH_SIZE}, value;
	enum coffer_move move = COFFER_MOVE_SEEK;
	struct coffer_place *place;
	size_t equal = 0;
	coffer_status status =
		coffer_place_open(writer->txn->snapshot, writer->txn->trees->pool_hash, &place, error);

	if (status)
		return status;
	while (!(status = coffer_place_move(place, move, &key, &value, error)) &&
	       key.size == COFFER_POOL_HASH_KEY_SIZE && !memcmp(key.data, hash, COFFER_HASH_SIZE)) {
		equal++;
		move = COFFER_MOVE_NEXT;
	}
	coffer_place_close(place);
	if (status && status != COFFER_NOT_FOUND)
		return status;
	if (equal < COFFER_EQUAL_HASHES_MAX)
		return COFFER_OK;
	return coffer_error_set(error, COFFER_FULL, "more than %d texts of the pool have one hash",
				COFFER_EQUAL_HASHES_MAX);
}

static coffer_status
add_text(struct coffer_writer *writer, uint64_t hash, coffer_text text, uint32_t *code_out,
	 coffer_error *error)
{
	static const char room[COFFER_CHECKSUM_SIZE];
	uint8_t key[COFFER_CODE_KEY_SIZE], hashed[COFFER_POOL_HASH_KEY_SIZE];
	coffer_buffer *sealed = &writer->sealed;
	coffer_status status;

	coffer_key_put_hash(hashed, hash);
	if ((status = find_last_code(writer, error)) || (status = check_room(writer, hashed, error)))
		return status;
	if (writer->code == UINT32_MAX)
		return coffer_error_set(error, COFFER_FULL,
					"the pool has no code left; 'coffer compact' writes the store anew");
	coffer_buffer_clear(sealed);
	coffer_buffer_append(sealed, room, sizeof(room));
	if (text.size)
		coffer_buffer_append(sealed, text.data, text.size);
	if (sealed->is_failed)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a text");
	*code_out = ++writer->code;
	coffer_key_put_code(key, *code_out);
	coffer_key_put_code(hashed + COFFER_HASH_SIZE, *code_out);
	coffer_checksum_seal(COFFER_ID_POOL, key, sizeof(key), (uint8_t *)sealed->data, sealed->size);
	status = coffer_writer_put(writer, writer->txn->trees->pool,
				   (struct coffer_bytes){key, sizeof(key)},
				   (struct coffer_bytes){(uint8_t *)sealed->data, sealed->size}, error);
	return status ? status
		      : coffer_writer_put(writer, writer->txn->trees->pool_hash,
					  (struct coffer_bytes){hashed, sizeof(hashed)},
					  (struct coffer_bytes){NULL, 0}, error);
}

/* Texts are kept beside their codes: to ask the pool for one is a search and a checksum. */
static void
remember(struct coffer_known_codes *known, struct remembered_code *remembered, uint64_t hash,
	 coffer_text text, uint32_t code)
{
	*remembered = (struct remembered_code){.hash = hash, .code = code, .size = text.size};
	if (text.size <= COFFER_TEXT_REMEMBERED_MAX &&
	    known->texts.total < COFFER_TEXTS_REMEMBERED_MAX)
		remembered->text = coffer_arena_text(&known->texts, text.data, text.size);
}

/* Is the code that was remembered for the hash this text's? */
static coffer_status
is_remembered(struct coffer_writer *writer, const struct remembered_code *remembered,
	      uint64_t hash, coffer_text text, bool *is_out, coffer_error *error)
{
	coffer_text found = {remembered->text, remembered->size};
	coffer_status status = COFFER_OK;

	*is_out = false;
	if (!remembered->code || remembered->hash != hash)
		return COFFER_OK;
	if (!remembered->text)
		status = coffer_pool_text(writer->txn, remembered->code, &found, error);
	*is_out = !status && found.size == text.size &&
		  (!text.size || !memcmp(found.data, text.data, text.size));
	return status;
}

coffer_status
coffer_writer_code(struct coffer_writer *writer, coffer_text text, uint32_t *code_out,
		   coffer_error *error)
{
	uint64_t hash = coffer_hash(text.data, text.size, writer->txn->seed);
	struct remembered_code *remembered;
	bool is_known;
	coffer_status status;

	*code_out = 0;
	if ((status = begin_known(writer, error)))
		return status;
	remembered = &writer->known->codes[hash % COFFER_CODES_REMEMBERED];
	if ((status = is_remembered(writer, remembered, hash, text, &is_known, error)))
		return status;
	if (is_known) {
		*code_out = remembered->code;
		return COFFER_OK;
	}
	status = coffer_pool_code(writer->txn, text, code_out, error);
	if (status == COFFER_NOT_FOUND)
		status = add_text(writer, hash, text, code_out, error);
	if (!status)
		remember(writer->known, remembered, hash, text, *code_out);
	return status;
}
