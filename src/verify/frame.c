/*
 * Dictionaries and frames. Every frame is expanded once, into memory that is kept; what its header says is asked of libzstd,
 * not of the reader that store/ uses. SPEC.md 4.11 and 8.4.
 */
#include "verify/verify.h"

#include "base/utf8.h"
#include "format/catalogue.h"
#include "format/checksum.h"
#include "format/feature.h"
#include "schema/layout.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zdict.h>
#include <zstd.h>
#include <zstd_errors.h>

enum {
	DICTIONARIES_MAX = 255,
	DICTIONARY_SIZE_MAX = 262144,
	MAGIC_SIZE = 4,
	RATIO_MAX = 1024,
	ENTRY_SIZE_MAX =
		COFFER_FRAMES_ENTRY_HEADER_MAX + COFFER_COLUMNS_MAX * COFFER_FRAMES_COLUMN_MAX,
};

struct coffer_verify_frames {
	ZSTD_DCtx *context;
	ZSTD_DDict
		*dictionaries[DICTIONARIES_MAX + 1]; /* by key; NULL: there is none, or a bad one */
	bool is_there[DICTIONARIES_MAX + 1];         /* whatever it is like */
	bool is_damaged;                             /* the pages of the tree: any may be there */
};

void
coffer_verify_frames_release(struct coffer_verifier *verifier)
{
	struct coffer_verify_frames *frames = verifier->frames;

	if (!frames)
		return;
	for (size_t i = 0; i <= DICTIONARIES_MAX; i++)
		ZSTD_freeDDict(frames->dictionaries[i]);
	ZSTD_freeDCtx(frames->context);
	free(frames);
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
	verifier->frames = frames;
	return frames->context;
}

void
coffer_verify_frames_unshare(struct coffer_verifier *verifier)
{
	if (verifier->frames)
		ZSTD_freeDCtx(verifier->frames->context);
	free(verifier->frames);
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
	if (!verifier->frames || !(verifier->frames->context = ZSTD_createDCtx())) {
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

/* A frame as zstd has it, in memory behind room for its text; NULL where it is none that may stand here. */
static const uint8_t *
make_whole(struct coffer_verifier *verifier, coffer_text stored, struct coffer_expansion *expansion,
	   size_t *text_size_out)
{
	static const uint8_t magic[MAGIC_SIZE] = {0x28, 0xb5, 0x2f, 0xfd};
	uint8_t head[MAGIC_SIZE + 14] = {0};
	size_t size = stored.size < 14 ? stored.size : 14;
	unsigned long long text_size;
	char *whole;

	memcpy(head, magic, sizeof(magic));
	memcpy(head + MAGIC_SIZE, stored.data, size);
	text_size = ZSTD_getFrameContentSize(head, MAGIC_SIZE + size);
	if (!size || (head[MAGIC_SIZE] & 0x3e) != 0x20 || head[MAGIC_SIZE] >> 6 == 3 ||
	    (head[MAGIC_SIZE] & 1 && size > 1 && !head[MAGIC_SIZE + 1]) || !text_size ||
	    text_size > COFFER_VALUE_SIZE_MAX || text_size > RATIO_MAX * stored.size)
		return NULL;
	*text_size_out = (size_t)text_size;
	whole = coffer_verifier_room(verifier, expansion, text_size + MAGIC_SIZE + stored.size);
	if (!whole)
		return NULL;
	memcpy(whole + text_size, magic, sizeof(magic));
	memcpy(whole + text_size + MAGIC_SIZE, stored.data, stored.size);
	return (const uint8_t *)whole + text_size;
}

const char *
coffer_verifier_expand(struct coffer_verifier *verifier, coffer_text stored,
		       struct coffer_expansion *expansion, coffer_text *text_out)
{
	struct coffer_verify_frames *frames = verifier->frames;
	size_t size = MAGIC_SIZE + stored.size, text_size = 0, found;
	const uint8_t *whole = make_whole(verifier, stored, expansion, &text_size);
	unsigned key;

	*text_out = (coffer_text){NULL, 0};
	if (!whole || ZSTD_findFrameCompressedSize(whole, size) != size)
		return verifier->is_over ? NULL : coffer_fault_text(COFFER_FAULT_FRAME);
	key = ZSTD_getDictID_fromFrame(whole, size);
	if (key > DICTIONARIES_MAX || (key && !frames->is_there[key]))
		return frames->is_damaged ? NULL : "the frame's dictionary is not there";
	if (key && !frames->dictionaries[key])
		return NULL;
	found = ZSTD_decompress_usingDDict(frames->context, expansion->data, text_size, whole, size,
					   frames->dictionaries[key]);
	if (found != text_size)
		return ZSTD_isError(found) ? ZSTD_getErrorName(found)
					   : "the frame has another size than it says";
	*text_out = (coffer_text){expansion->data, text_size};
	return coffer_utf8_is_valid(expansion->data, text_size)
		       ? NULL
		       : coffer_fault_text(COFFER_FAULT_TEXT);
}
