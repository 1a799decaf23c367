/*
 * Interning: text --> hash --> slot --> the pool's text compared --> code.
 *
 * A hash is never believed alone. Slots are probed in line; a slot of the same hash whose text differs is passed over,
 * at most 64 of them.
 */
#include "store/intern.h"

#include "format/checksum.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	SLOTS_MIN = 1024,
	SORT_MEMORY = 8 << 20,
};

void
coffer_intern_init(struct coffer_intern *intern, struct coffer_build *build, coffer_txn *reader,
		   struct coffer_sort_scratch *sort_scratch, const char *path)
{
	*intern = (struct coffer_intern){
		.build = build,
		.reader = reader,
		.slot_count_max = COFFER_INTERN_SLOTS_MAX,
		.sort_scratch = sort_scratch,
		.path = path,
	};
}

static void
drop_table(struct coffer_intern *intern)
{
	free(intern->slots);
	free(intern->texts);
	intern->slots = NULL;
	intern->texts = NULL;
	intern->slot_count = intern->used = 0;
	intern->texts_size = intern->texts_capacity = 0;
}

void
coffer_intern_release(struct coffer_intern *intern)
{
	drop_table(intern);
	free(intern->scratch);
	intern->scratch = NULL;
}

static struct coffer_intern_slot *
first_slot(const struct coffer_intern *intern, uint64_t hash)
{
	return &intern->slots[hash & (intern->slot_count - 1)];
}

static struct coffer_intern_slot *
next_slot(const struct coffer_intern *intern, struct coffer_intern_slot *slot)
{
	return ++slot == intern->slots + intern->slot_count ? intern->slots : slot;
}

static struct coffer_intern_slot *
free_slot(const struct coffer_intern *intern, uint64_t hash)
{
	struct coffer_intern_slot *slot = first_slot(intern, hash);

	while (slot->code)
		slot = next_slot(intern, slot);
	return slot;
}

/*
 * Twice as many slots, without the memory of both tables. Texts move one by one, from behind a free slot round to it: between a
 * text's first slot and its place then lie only such as have moved, so that no line of slots is broken later.
 */
static coffer_status
grow(struct coffer_intern *intern, coffer_error *error)
{
	size_t old = intern->slot_count, count = old ? old * 2 : SLOTS_MIN, start = 0;
	struct coffer_intern_slot *slots = realloc(intern->slots, count * sizeof(*slots));

	if (!slots)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the pool's table");
	memset(slots + old, 0, (count - old) * sizeof(*slots));
	intern->slots = slots;
	intern->slot_count = count;
	while (start < old && slots[start].code)
		start++;
	for (size_t i = 0; i < old; i++) {
		struct coffer_intern_slot *slot = &slots[(start + i) & (old - 1)], moved = *slot;

		slot->code = 0;
		if (moved.code)
			*free_slot(intern, moved.hash) = moved;
	}
	return COFFER_OK;
}

/* Write the tree pool/hash from the table and free the table. */
static coffer_status
write_tree(struct coffer_intern *intern, coffer_error *error)
{
	struct coffer_sorter sorter;
	coffer_status status = COFFER_OK;
	const uint8_t *key;

	coffer_sorter_init(&sorter, COFFER_POOL_HASH_KEY_SIZE, SORT_MEMORY, intern->sort_scratch,
			   intern->path);
	for (size_t i = 0; !status && i < intern->slot_count; i++) {
		uint8_t *slot;

		if (!intern->slots[i].code)
			continue;
		if ((status = coffer_sorter_add(&sorter, &slot, error)))
			break;
		coffer_key_put_hash(slot, intern->slots[i].hash);
		coffer_key_put_code(slot + COFFER_HASH_SIZE, intern->slots[i].code);
	}
	drop_table(intern);
	if (!status)
		status = coffer_sorter_finish(&sorter, error);
	while (!status && !(status = coffer_sorter_next(&sorter, &key, error)))
		status = coffer_build_append(intern->build, intern->reader->trees->pool_hash,
					     (struct coffer_bytes){key, COFFER_POOL_HASH_KEY_SIZE},
					     (struct coffer_bytes){NULL, 0}, error);
	coffer_sorter_release(&sorter);
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

coffer_status
coffer_intern_finish(struct coffer_intern *intern, coffer_error *error)
{
	return intern->is_in_tree ? COFFER_OK : write_tree(intern, error);
}

/* Keep a copy of the text while there is room; its place, or 0. */
static uint32_t
keep_text(struct coffer_intern *intern, coffer_text text)
{
	uint64_t size = text.size;
	size_t need, at = intern->texts_size;

	if (text.size > COFFER_INTERN_TEXT_MAX)
		return 0;
	need = sizeof(size) + ((text.size + 7) & ~(size_t)7);
	if (need > COFFER_INTERN_TEXTS_MAX - at)
		return 0;
	if (need > intern->texts_capacity - at) {
		size_t capacity = intern->texts_capacity ? intern->texts_capacity * 2 : 16384;
		uint8_t *texts = realloc(intern->texts, capacity);

		if (!texts)
			return 0;
		intern->texts = texts;
		intern->texts_capacity = capacity;
	}
	memcpy(intern->texts + at, &size, sizeof(size));
	if (text.size)
		memcpy(intern->texts + at + sizeof(size), text.data, text.size);
	intern->texts_size += need;
	return (uint32_t)(at / 8 + 1);
}

static coffer_status
is_text_of(struct coffer_intern *intern, const struct coffer_intern_slot *slot, coffer_text text,
	   bool *is_out, coffer_error *error)
{
	coffer_text found;
	coffer_status status;

	if (slot->at) {
		const uint8_t *kept = intern->texts + (size_t)(slot->at - 1) * 8;
		uint64_t size;

		memcpy(&size, kept, sizeof(size));
		*is_out = size == text.size &&
			  (!size || !memcmp(kept + sizeof(size), text.data, text.size));
		return COFFER_OK;
	}
	if ((status = coffer_pool_text(intern->reader, slot->code, &found, error)))
		return status;
	*is_out = found.size == text.size && (!text.size || !memcmp(found.data, text.data, text.size));
	return COFFER_OK;
}

static bool
reserve_scratch(struct coffer_intern *intern, size_t size)
{
	uint8_t *scratch;

	if (intern->scratch_size >= size)
		return true;
	scratch = realloc(intern->scratch, size * 2);
	if (scratch) {
		intern->scratch = scratch;
		intern->scratch_size = size * 2;
	}
	return scratch != NULL;
}

/* Give the next code to a new text and put it into the pool. */
static coffer_status
add_text(struct coffer_intern *intern, coffer_text text, uint32_t *code_out, coffer_error *error)
{
	size_t size = COFFER_CHECKSUM_SIZE + text.size;
	uint8_t key[COFFER_CODE_KEY_SIZE];

	if (intern->code == UINT32_MAX)
		return coffer_error_set(error, COFFER_FULL, "the pool has no code left");
	if (!reserve_scratch(intern, size))
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a text");
	*code_out = ++intern->code;
	coffer_key_put_code(key, *code_out);
	if (text.size)
		memcpy(intern->scratch + COFFER_CHECKSUM_SIZE, text.data, text.size);
	coffer_checksum_seal(COFFER_ID_POOL, key, sizeof(key), intern->scratch, size);
	return coffer_build_append(intern->build, intern->reader->trees->pool,
				   (struct coffer_bytes){key, sizeof(key)},
				   (struct coffer_bytes){intern->scratch, size}, error);
}

static coffer_status
code_in_tree(struct coffer_intern *intern, uint64_t hash, coffer_text text, uint32_t *code_out,
	     coffer_error *error)
{
	uint8_t key[COFFER_POOL_HASH_KEY_SIZE];
	coffer_status status = coffer_pool_code(intern->reader, text, code_out, error);

	if (status != COFFER_NOT_FOUND)
		return status;
	if ((status = add_text(intern, text, code_out, error)))
		return status;
	coffer_key_put_hash(key, hash);
	coffer_key_put_code(key + COFFER_HASH_SIZE, *code_out);
	return coffer_build_put(intern->build, intern->reader->trees->pool_hash,
				(struct coffer_bytes){key, sizeof(key)}, (struct coffer_bytes){NULL, 0},
				error);
}

/* Find the text's slot, or the free one where it goes. */
static coffer_status
find_slot(struct coffer_intern *intern, uint64_t hash, coffer_text text,
	  struct coffer_intern_slot **slot_out, coffer_error *error)
{
	struct coffer_intern_slot *slot = first_slot(intern, hash);
	bool is_found = false;
	int equal = 0;

	for (; slot->code; slot = next_slot(intern, slot)) {
		coffer_status status;

		if (slot->hash != hash)
			continue;
		if ((status = is_text_of(intern, slot, text, &is_found, error)))
			return status;
		if (is_found)
			break;
		if (++equal == COFFER_EQUAL_HASHES_MAX)
			return coffer_error_set(error, COFFER_FULL,
						"more than %d texts of the pool have one hash",
						COFFER_EQUAL_HASHES_MAX);
	}
	*slot_out = slot;
	return COFFER_OK;
}

/* Room for one more slot at three quarters full, or the table given up. */
static coffer_status
make_room(struct coffer_intern *intern, coffer_error *error)
{
	if (intern->used < intern->slot_count / 4 * 3)
		return COFFER_OK;
	if (intern->slot_count < intern->slot_count_max)
		return grow(intern, error);
	intern->is_in_tree = true;
	return write_tree(intern, error);
}

coffer_status
coffer_intern_code(struct coffer_intern *intern, coffer_text text, uint32_t *code_out,
		   coffer_error *error)
{
	uint64_t hash = coffer_hash(text.data, text.size, intern->reader->seed);
	struct coffer_intern_slot *slot = NULL;
	coffer_status status;

	if (!intern->is_in_tree && (status = make_room(intern, error)))
		return status;
	if (intern->is_in_tree)
		return code_in_tree(intern, hash, text, code_out, error);
	if ((status = find_slot(intern, hash, text, &slot, error)))
		return status;
	if (!slot->code) {
		if ((status = add_text(intern, text, code_out, error)))
			return status;
		*slot = (struct coffer_intern_slot){hash, *code_out, keep_text(intern, text)};
		intern->used++;
	}
	*code_out = slot->code;
	return COFFER_OK;
}
