/*
 * Dictionaries and frames. Every frame is expanded once, into memory that is kept; what its header and its blocks say is read
 * here, not by the reader that store/ uses. SPEC.md 4.11 and 8.4.
 */
#include "verify/verify.h"

#include "base/utf8.h"
#include "format/catalogue.h"
#include "format/checksum.h"
#include "format/feature.h"
#include "schema/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zdict.h>
#include <zstd.h>
#include <zstd_errors.h>

/* Frames are short: a call takes as long as their hash. */
#define XXH_INLINE_ALL
#include <xxhash.h>

enum {
	DICTIONARIES_MAX = 255,
	DICTIONARY_SIZE_MAX = 262144,
	MAGIC_SIZE = 4,
	RATIO_MAX = 1024,
	SEEN = 1 << 14, /* frames that are remembered, 16 bytes each */
	BLOCK_HEADER_SIZE = 3,
	BLOCK_SIZE_MAX = 131072, /* which libzstd does not ask of all */
	BLOCK_REPEATED = 1, /* types of blocks */
	BLOCK_RESERVED = 3,
	ENTRY_SIZE_MAX =
		COFFER_FRAMES_ENTRY_HEADER_MAX + COFFER_COLUMNS_MAX * COFFER_FRAMES_COLUMN_MAX,
};

struct coffer_verify_frames {
	ZSTD_DCtx *context;
	ZSTD_DDict
		*dictionaries[DICTIONARIES_MAX + 1]; /* by key; NULL: there is none, or a bad one */
	bool is_there[DICTIONARIES_MAX + 1];         /* whatever it is like */
	bool is_damaged;                             /* the pages of the tree: any may be there */
	XXH128_hash_t *seen; /* SEEN of them: sound frames, by their hashes; 0: none */
};

void
coffer_verify_frames_unshare(struct coffer_verifier *verifier)
{
	if (!verifier->frames)
		return;
	ZSTD_freeDCtx(verifier->frames->context);
	free(verifier->frames->seen);
	free(verifier->frames);
}

void
coffer_verify_frames_release(struct coffer_verifier *verifier)
{
	struct coffer_verify_frames *frames = verifier->frames;

	if (!frames)
		return;
	for (size_t i = 0; i <= DICTIONARIES_MAX; i++)
		ZSTD_freeDDict(frames->dictionaries[i]);
	coffer_verify_frames_unshare(verifier);
}

bool
coffer_verify_frames_share(struct coffer_verifier *verifier, const struct coffer_verifier *of)
{
	struct coffer_verify_frames *frames;

	if (!of->frames)
		return true;
	frames = malloc(sizeof(*frames));
	if (!frames)
		return false;
	*frames = *of->frames;
	frames->context = ZSTD_createDCtx();
	frames->seen = calloc(SEEN, sizeof(*frames->seen));
	verifier->frames = frames;
	return frames->context && frames->seen;
}

/* ------------------------------------------------------------------ the tree */

static void
report_dictionary(struct coffer_verifier *verifier, uint32_t key, const char *message)
{
	coffer_verifier_report(verifier, COFFER_DICTIONARIES, COFFER_CORRUPT,
			       (struct coffer_spot){.base = "dictionary", .row = key}, "%s",
			       message);
}

static void
check_bytes(struct coffer_verifier *verifier, uint32_t key, struct coffer_bytes bytes)
{
	struct coffer_verify_frames *frames = verifier->frames;
	size_t header = ZDICT_getDictHeaderSize(bytes.data, bytes.size);
	char message[96];

	if (bytes.size > DICTIONARY_SIZE_MAX) {
		(void)snprintf(message, sizeof(message), "it has %zu bytes, expected at most %d",
			       bytes.size, DICTIONARY_SIZE_MAX);
		report_dictionary(verifier, key, message);
	} else if (ZSTD_getDictID_fromDict(bytes.data, bytes.size) != key) {
		report_dictionary(verifier, key, "its bytes are no dictionary of this key");
	} else if (ZSTD_isError(header) &&
		   ZSTD_getErrorCode(header) != ZSTD_error_memory_allocation) {
		report_dictionary(verifier, key, ZSTD_getErrorName(header));
	} else if (!(frames->dictionaries[key] = ZSTD_createDDict(bytes.data, bytes.size))) {
		coffer_verifier_fail(verifier, COFFER_NO_MEMORY, "no memory for a dictionary");
	}
}

static void
check_dictionary(struct coffer_verifier *verifier, const struct coffer_walk *walk)
{
	struct coffer_bytes payload;
	uint32_t key = 0;

	for (size_t i = 0; walk->key.size == COFFER_CODE_KEY_SIZE && i < walk->key.size; i++)
		key = key << 8 | walk->key.data[i];
	if (!key || key > DICTIONARIES_MAX) {
		report_dictionary(verifier, 0, "a key is not a number from 1 to 255 in 4 bytes");
		return;
	}
	verifier->frames->is_there[key] = true;
	if (coffer_verifier_unseal(verifier, COFFER_DICTIONARIES,
				   (struct coffer_spot){.base = "dictionary", .row = key},
				   COFFER_ID_DICTIONARY, walk->key, walk->value, &payload))
		check_bytes(verifier, key, payload);
}

void
coffer_verify_dictionaries(struct coffer_verifier *verifier)
{
	struct coffer_walk walk;

	if (!(verifier->features & COFFER_FEATURE_ZSTD))
		return;
	verifier->frames = calloc(1, sizeof(*verifier->frames));
	if (!verifier->frames || !(verifier->frames->context = ZSTD_createDCtx()) ||
	    !(verifier->frames->seen = calloc(SEEN, sizeof(*verifier->frames->seen)))) {
		coffer_verifier_fail(verifier, COFFER_NO_MEMORY, "no memory to expand values");
		return;
	}
	verifier->frames->is_damaged = verifier->dictionary == COFFER_NO_TREE;
	coffer_walk_open(&walk, verifier, verifier->dictionary, "dictionary");
	while (coffer_walk_next(&walk))
		check_dictionary(verifier, &walk);
	coffer_walk_close(&walk);
}

/* ------------------------------------------------------------------ the entries frames/<table> */

/* TEXT and JSON whose values are not codes, and are of no key and no relation. */
static bool
may_hold_frames(const coffer_table *table, uint16_t number)
{
	const coffer_column *column = &table->columns[number];
	bool is_used = column->is_interned;

	for (size_t i = 0; i < table->index_count; i++)
		is_used |= coffer_columns_have(table->indexes[i].key_columns,
					       table->indexes[i].key_column_count, number);
	for (size_t i = 0; i < table->relation_count; i++)
		is_used |= coffer_columns_have(table->relations[i].columns,
					       table->relations[i].column_count, number);
	return !is_used && (column->kind == COFFER_TEXT || column->kind == COFFER_JSON);
}

static const char *
mark_column(struct coffer_verifier *verifier, coffer_table *table,
	    const struct coffer_frames_column *of)
{
	const struct coffer_verify_frames *frames = verifier->frames;

	if (of->column >= table->column_count || !may_hold_frames(table, of->column))
		return "it names a column that holds no frames";
	table->columns[of->column].is_compressed = true;
	if (of->dictionary && !frames->is_there[of->dictionary] && !frames->is_damaged)
		return "it names a dictionary that is not there";
	return NULL;
}

const char *
coffer_verify_frames_entry(struct coffer_verifier *verifier, coffer_table *table,
			   struct coffer_bytes payload)
{
	struct coffer_frames_column columns[COFFER_COLUMNS_MAX];
	uint8_t again[ENTRY_SIZE_MAX];
	const char *message = NULL, *found;
	enum coffer_fault fault;
	size_t count;

	fault = coffer_frames_entry_decode(payload.data, payload.size, columns, &count);
	if (!fault && (coffer_frames_entry_encode(columns, count, again) != payload.size ||
		       memcmp(again, payload.data, payload.size)))
		fault = COFFER_FAULT_NOT_CANONICAL;
	if (fault)
		return coffer_fault_text(fault);
	for (size_t i = 0; i < count; i++)
		if ((found = mark_column(verifier, table, &columns[i])) && !message)
			message = found;
	return message;
}

/* ------------------------------------------------------------------ frames */

/* What stands in front of a frame's blocks: SPEC.md 4.11. */
struct head {
	size_t size; /* of it */
	uint64_t text_size;
	uint8_t dictionary; /* 0: none */
};

/* One segment, no checksum, at most one byte of a dictionary, up to four of the text's size. False: nothing that may stand there. */
static bool
read_head(coffer_text stored, struct head *head_out)
{
	const uint8_t *at = (const uint8_t *)stored.data;
	size_t width, dictionary;

	if (!stored.size || (*at & 0x3e) != 0x20 || *at >> 6 == 3)
		return false;
	dictionary = *at & 1;
	width = (size_t)1 << (*at >> 6);
	*head_out = (struct head){.size = 1 + dictionary + width};
	if (stored.size < head_out->size || (dictionary && !at[1]))
		return false;
	if (dictionary)
		head_out->dictionary = at[1];
	for (size_t i = 0; i < width; i++)
		head_out->text_size |= (uint64_t)at[1 + dictionary + i] << (8 * i);
	if (width == 2)
		head_out->text_size += 256;
	return head_out->text_size && head_out->text_size <= COFFER_VALUE_SIZE_MAX &&
	       head_out->text_size <= RATIO_MAX * (uint64_t)stored.size;
}

/* The blocks end where the frame does: zstd would take what is behind it for another frame, or for none. */
static bool
is_one_frame(coffer_text stored, size_t at)
{
	const uint8_t *bytes = (const uint8_t *)stored.data;
	bool is_last = false;

	while (!is_last && stored.size - at >= BLOCK_HEADER_SIZE) {
		uint32_t header = bytes[at] | (uint32_t)bytes[at + 1] << 8 |
				  (uint32_t)bytes[at + 2] << 16;
		uint32_t type = header >> 1 & 3, size = type == BLOCK_REPEATED ? 1 : header >> 3;

		at += BLOCK_HEADER_SIZE;
		if (type == BLOCK_RESERVED || header >> 3 > BLOCK_SIZE_MAX || size > stored.size - at)
			return false;
		at += size;
		is_last = header & 1;
	}
	return is_last && at == stored.size;
}

/* A frame as zstd has it, in memory behind room for its text; NULL: no memory. */
static const uint8_t *
make_whole(struct coffer_verifier *verifier, coffer_text stored, size_t text_size,
	   struct coffer_expansion *expansion)
{
	static const uint8_t magic[MAGIC_SIZE] = {0x28, 0xb5, 0x2f, 0xfd};
	char *whole = coffer_verifier_room(verifier, expansion,
					   text_size + MAGIC_SIZE + stored.size);

	if (!whole)
		return NULL;
	memcpy(whole + text_size, magic, sizeof(magic));
	memcpy(whole + text_size + MAGIC_SIZE, stored.data, stored.size);
	return (const uint8_t *)whole + text_size;
}

/* With a dictionary that is there, or none. */
static const char *
expand(struct coffer_verifier *verifier, coffer_text stored, const struct head *head,
       struct coffer_expansion *expansion)
{
	struct coffer_verify_frames *frames = verifier->frames;
	size_t text_size = (size_t)head->text_size, found;
	const uint8_t *whole = make_whole(verifier, stored, text_size, expansion);

	if (!whole)
		return NULL;
	found = ZSTD_decompress_usingDDict(frames->context, expansion->data, text_size, whole,
					   MAGIC_SIZE + stored.size,
					   frames->dictionaries[head->dictionary]);
	if (ZSTD_isError(found))
		return ZSTD_getErrorName(found);
	if (found != text_size)
		return "the frame has another size than it says";
	return coffer_utf8_is_valid(expansion->data, text_size)
		       ? NULL
		       : coffer_fault_text(COFFER_FAULT_TEXT);
}

/* Where the hash of a frame is kept, under the run's secret: no file can be made to fool it. */
static XXH128_hash_t *
find_seen(const struct coffer_verifier *verifier, coffer_text stored, XXH128_hash_t *hash_out)
{
	*hash_out = XXH3_128bits_withSecret(stored.data, stored.size, verifier->secret,
					    sizeof(verifier->secret));
	return &verifier->frames->seen[hash_out->low64 % SEEN];
}

/* Logs repeat themselves: a frame that was found sound a while ago is not expanded again. */
const char *
coffer_verifier_check_frame(struct coffer_verifier *verifier, coffer_text stored,
			    struct coffer_expansion *expansion)
{
	struct coffer_verify_frames *frames = verifier->frames;
	XXH128_hash_t hash, *seen = find_seen(verifier, stored, &hash);
	const char *message;
	struct head head;

	if (seen->low64 == hash.low64 && seen->high64 == hash.high64)
		return NULL;
	if (!read_head(stored, &head) || !is_one_frame(stored, head.size))
		return coffer_fault_text(COFFER_FAULT_FRAME);
	if (head.dictionary && !frames->is_there[head.dictionary])
		return frames->is_damaged ? NULL : "the frame's dictionary is not there";
	if (head.dictionary && !frames->dictionaries[head.dictionary])
		return NULL;
	message = expand(verifier, stored, &head, expansion);
	if (!message && !verifier->is_over)
		*seen = hash;
	return message;
}
