/*
 * The pool and the tree that finds its texts again, in both directions. SPEC.md 8.
 */
#include "verify/verify.h"

#include "base/utf8.h"
#include "format/checksum.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct pool_check {
	struct coffer_verifier *verifier;
	struct coffer_sum texts, hashes;
	uint8_t hash[COFFER_HASH_SIZE];
	uint32_t equal[COFFER_EQUAL_HASHES_MAX]; /* codes of one hash, while they pass */
	size_t equal_count;
};

static struct coffer_spot
spot_of(const char *tree, uint32_t code)
{
	return (struct coffer_spot){.base = tree, .row = code};
}

static uint32_t
code_of(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

static void
hash_key(const struct coffer_verifier *verifier, const uint8_t code[COFFER_CODE_KEY_SIZE],
	 coffer_text text, uint8_t out[COFFER_POOL_HASH_KEY_SIZE])
{
	uint64_t hash = coffer_verify_hash(verifier->seed,
					   &(coffer_value){.kind = COFFER_TEXT, .text = text});

	for (size_t i = 0; i < COFFER_HASH_SIZE; i++)
		out[i] = (uint8_t)(hash >> (8 * (COFFER_HASH_SIZE - 1 - i)));
	memcpy(out + COFFER_HASH_SIZE, code, COFFER_CODE_KEY_SIZE);
}

/* ------------------------------------------------------------------ texts */

/* Codes up to here have a bit each, whatever the pool's size: 4 MiB. */
enum { CODES_ALWAYS = 1 << 25 };

/* A last code that is far beyond the number of texts would have room for all those that are not there. */
static bool
is_dense(struct coffer_verifier *verifier)
{
	struct coffer_tree_size size;

	return verifier->code_max <= CODES_ALWAYS ||
	       (!coffer_snapshot_size(verifier->snapshot, verifier->pool, &size, NULL) &&
		verifier->code_max / 64 <= size.entries);
}

/* Room for a bit of each code up to the last; where there are few codes for that, the pool is asked for each. */
static void
make_bits(struct coffer_verifier *verifier)
{
	struct coffer_place *place = coffer_verifier_place(verifier, verifier->pool);
	enum coffer_move move = COFFER_MOVE_LAST;
	struct coffer_bytes key = {NULL, 0};

	while (coffer_verifier_move(verifier, verifier->pool, place, move, &key)) {
		if (key.size == COFFER_CODE_KEY_SIZE) {
			verifier->code_max = code_of(key.data);
			break;
		}
		move = COFFER_MOVE_PREVIOUS;
	}
	coffer_place_close(place);
	if (!is_dense(verifier))
		return;
	verifier->codes = calloc(verifier->code_max / 64 + 1, sizeof(*verifier->codes));
	if (!verifier->codes)
		coffer_verifier_fail(verifier, COFFER_NO_MEMORY, "no memory for the pool's codes");
}

static void
check_text(struct pool_check *of, const struct coffer_walk *walk)
{
	struct coffer_verifier *verifier = of->verifier;
	uint8_t key[COFFER_POOL_HASH_KEY_SIZE];
	struct coffer_bytes payload;
	coffer_text text;
	uint32_t code = walk->key.size == COFFER_CODE_KEY_SIZE ? code_of(walk->key.data) : 0;

	verifier->summary->pool_texts++;
	if (!code) {
		coffer_verifier_report(verifier, COFFER_POOL, COFFER_CORRUPT, spot_of("pool", 0),
				       "a key has %zu bytes and the code %" PRIu32
				       ", expected %d bytes and a code from 1",
				       walk->key.size, code, COFFER_CODE_KEY_SIZE);
		return;
	}
	if (verifier->codes && code <= verifier->code_max)
		verifier->codes[code / 64] |= UINT64_C(1) << (code % 64);
	if (!coffer_verifier_unseal(verifier, COFFER_POOL, spot_of("pool", code), COFFER_ID_POOL,
				    walk->key, walk->value, &payload) &&
	    !payload.data)
		return;
	text = (coffer_text){(const char *)payload.data, payload.size};
	if (text.size > COFFER_VALUE_SIZE_MAX)
		coffer_verifier_report(verifier, COFFER_POOL, COFFER_CORRUPT, spot_of("pool", code),
				       "the text has %zu bytes, expected at most %d", text.size,
				       COFFER_VALUE_SIZE_MAX);
	else if (!coffer_utf8_is_valid(text.data, text.size))
		coffer_verifier_report(verifier, COFFER_POOL, COFFER_CORRUPT, spot_of("pool", code),
				       "%s", coffer_fault_text(COFFER_FAULT_TEXT));
	hash_key(verifier, walk->key.data, text, key);
	coffer_sum_add(&of->texts, verifier, key, sizeof(key));
}

/* ------------------------------------------------------------------ hashes */

static bool
is_same_text(struct coffer_verifier *verifier, uint32_t left, uint32_t right)
{
	coffer_text a, b;

	return coffer_verifier_text(verifier, left, &a) &&
	       coffer_verifier_text(verifier, right, &b) && a.size == b.size &&
	       (!a.size || !memcmp(a.data, b.data, a.size));
}

static void
check_twice(struct pool_check *of, const uint8_t *key)
{
	uint32_t code = code_of(key + COFFER_HASH_SIZE);

	if (!of->equal_count || memcmp(of->hash, key, COFFER_HASH_SIZE))
		of->equal_count = 0;
	for (size_t i = 0; i < of->equal_count; i++)
		if (is_same_text(of->verifier, of->equal[i], code))
			coffer_verifier_report(of->verifier, COFFER_POOL_HASHES, COFFER_CORRUPT,
					       spot_of("pool", code),
					       "the codes %" PRIu32 " and %" PRIu32
					       " have the same text",
					       of->equal[i], code);
	if (of->equal_count == COFFER_EQUAL_HASHES_MAX) {
		coffer_verifier_report(of->verifier, COFFER_POOL_HASHES, COFFER_CORRUPT,
				       spot_of("pool/hash", code),
				       "more than %d entries of one hash", COFFER_EQUAL_HASHES_MAX);
		return;
	}
	memcpy(of->hash, key, COFFER_HASH_SIZE);
	of->equal[of->equal_count++] = code;
}

static void
check_hash(struct pool_check *of, const struct coffer_walk *walk)
{
	if (walk->key.size != COFFER_POOL_HASH_KEY_SIZE) {
		coffer_verifier_report(of->verifier, COFFER_POOL_HASHES, COFFER_CORRUPT,
				       spot_of("pool/hash", 0), "a key has %zu bytes, expected %d",
				       walk->key.size, COFFER_POOL_HASH_KEY_SIZE);
		return;
	}
	if (walk->value.size)
		coffer_verifier_report(
			of->verifier, COFFER_POOL_HASHES, COFFER_CORRUPT,
			spot_of("pool/hash", code_of(walk->key.data + COFFER_HASH_SIZE)),
			"the entry has a value of %zu bytes, expected none", walk->value.size);
	coffer_sum_add(&of->hashes, of->verifier, walk->key.data, walk->key.size);
	check_twice(of, walk->key.data);
}

/* ------------------------------------------------------------------ locating */

static void
locate_missing(struct pool_check *of, const struct coffer_walk *walk)
{
	uint8_t key[COFFER_POOL_HASH_KEY_SIZE];
	struct coffer_bytes value;
	coffer_text text;

	if (walk->key.size != COFFER_CODE_KEY_SIZE || walk->value.size < COFFER_CHECKSUM_SIZE)
		return;
	text.data = (const char *)walk->value.data + COFFER_CHECKSUM_SIZE;
	text.size = walk->value.size - COFFER_CHECKSUM_SIZE;
	hash_key(of->verifier, walk->key.data, text, key);
	if (!coffer_verifier_get(of->verifier, of->verifier->pool_hash,
				 (struct coffer_bytes){key, sizeof(key)}, &value))
		coffer_verifier_report(of->verifier, COFFER_POOL_HASHES, COFFER_CORRUPT,
				       spot_of("pool", code_of(walk->key.data)),
				       "pool/hash has no entry for the text");
}

static void
locate_stale(struct pool_check *of, const struct coffer_walk *walk)
{
	uint8_t key[COFFER_POOL_HASH_KEY_SIZE];
	coffer_text text;
	uint32_t code;

	if (walk->key.size != sizeof(key))
		return;
	code = code_of(walk->key.data + COFFER_HASH_SIZE);
	if (!coffer_verifier_text(of->verifier, code, &text)) {
		coffer_verifier_report(of->verifier, COFFER_POOL_HASHES, COFFER_CORRUPT,
				       spot_of("pool/hash", code),
				       "the entry names a code that the pool does not have");
		return;
	}
	hash_key(of->verifier, walk->key.data + COFFER_HASH_SIZE, text, key);
	if (memcmp(key, walk->key.data, sizeof(key)))
		coffer_verifier_report(
			of->verifier, COFFER_POOL_HASHES, COFFER_CORRUPT,
			spot_of("pool/hash", code),
			"the entry has the hash %016" PRIx64 ", the text has %016" PRIx64,
			coffer_key_get_hash(walk->key.data), coffer_key_get_hash(key));
}

/* ------------------------------------------------------------------ both */

static void
walk_tree(struct pool_check *of, uint32_t tree, const char *name,
	  void (*check)(struct pool_check *of, const struct coffer_walk *walk))
{
	struct coffer_walk walk;

	coffer_walk_open(&walk, of->verifier, tree, name);
	while (coffer_walk_next(&walk))
		check(of, &walk);
	coffer_walk_close(&walk);
}

void
coffer_verify_pool(struct coffer_verifier *verifier)
{
	struct pool_check of = {.verifier = verifier};

	make_bits(verifier);
	walk_tree(&of, verifier->pool, "pool", check_text);
	walk_tree(&of, verifier->pool_hash, "pool/hash", check_hash);
	if (verifier->is_over || coffer_sum_is_equal(&of.texts, &of.hashes) ||
	    verifier->pool == COFFER_NO_TREE || verifier->pool_hash == COFFER_NO_TREE)
		return;
	walk_tree(&of, verifier->pool, "pool", locate_missing);
	walk_tree(&of, verifier->pool_hash, "pool/hash", locate_stale);
}
