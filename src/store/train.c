/*
 * Training dictionaries. SPEC.md 8.4.
 *
 *   values --> seven of eight --> zstd's cover of their common pieces --> dictionary
 *         \--> the eighth -----> compressed with it, without it, with the one before --> what is shortest
 *
 * The cover runs once, with parameters that were measured: looking for better ones takes it ten times as long and gains a
 * part in fifty. A new dictionary has to win by what it takes itself.
 */
#define ZDICT_STATIC_LINKING_ONLY
#include "store/train.h"

#include "store/frame.h"

#include <stdlib.h>
#include <string.h>
#include <zdict.h>
#include <zstd_errors.h>

enum {
	HELD_OUT_EVERY = 8,
	HELD_OUT_MAX = 1024,       /* values that are measured */
	VALUES_MIN = 16,
	BYTES_MIN = 16 << 10,
	DICTIONARY_PART = 16,      /* of the sample: so much of it a dictionary may take */
	DICTIONARY_SIZE_MIN = 1 << 10,
	DICTIONARY_SIZE_MAX = 128 << 10,
	PIECE_SIZE_MIN = 512,      /* of what is taken into the dictionary at once: about a value */
	PIECE_SIZE_MAX = 8192,
	PIECES_MIN = 2,
	MATCH_SIZE = 8,
	TABLE_LOG = 20,
	WORTH_OF_TEN = 9,          /* what is left of ten bytes that are worth it */
};

struct training {
	const struct coffer_train_sample *sample;
	char *memory;        /* what is trained on, one behind the other */
	size_t *sizes;
	size_t count, total; /* of it */
	ZSTD_CCtx *context;
	uint8_t *out;        /* room for the longest value that is measured */
	size_t out_size;
};

static coffer_text
value_of(const struct training *training, size_t number)
{
	coffer_text text = training->sample->texts[number];

	if (text.size > COFFER_TRAIN_SIZE_MAX)
		text.size = COFFER_TRAIN_SIZE_MAX;
	return text;
}

static bool
is_held_out(size_t number)
{
	return number % HELD_OUT_EVERY == HELD_OUT_EVERY - 1;
}

static size_t
total_size(const struct training *training)
{
	size_t total = 0;

	for (size_t i = 0; i < training->sample->count; i++)
		total += value_of(training, i).size;
	return total;
}

static coffer_status
make_room(struct training *training, size_t total, coffer_error *error)
{
	training->memory = malloc(total + 1);
	training->sizes = calloc(training->sample->count + 1, sizeof(*training->sizes));
	training->out = malloc(COFFER_TRAIN_SIZE_MAX);
	training->context = coffer_compress_context();
	if (training->memory && training->sizes && training->out && training->context)
		return COFFER_OK;
	return coffer_error_set(error, COFFER_NO_MEMORY, "no memory to train a dictionary");
}

static void
gather(struct training *training)
{
	for (size_t i = 0; i < training->sample->count; i++) {
		coffer_text text = value_of(training, i);

		if (is_held_out(i) || !text.size)
			continue;
		memcpy(training->memory + training->total, text.data, text.size);
		training->sizes[training->count++] = text.size;
		training->total += text.size;
	}
}

/* What the values that were held out take. */
static coffer_status
measure(const struct training *training, const ZSTD_CDict *dictionary, bool is_compressed,
	size_t *size_out, coffer_error *error)
{
	coffer_status status = COFFER_OK;
	size_t left = HELD_OUT_MAX;

	*size_out = 0;
	for (size_t i = HELD_OUT_EVERY - 1; !status && left-- && i < training->sample->count;
	     i += HELD_OUT_EVERY) {
		coffer_text text = value_of(training, i);
		struct coffer_bytes frame = {NULL, 0};

		if (is_compressed)
			status = coffer_compress(training->context, dictionary, text, training->out,
						 &frame, error);
		*size_out += frame.size ? frame.size : text.size;
	}
	return status;
}

/* A value that is taken whole brings what is the same in all of its kind in the order in which it stands there. */
static unsigned
piece_size(const struct training *training, size_t capacity)
{
	size_t size = training->total / training->count;

	if (size < PIECE_SIZE_MIN)
		size = PIECE_SIZE_MIN;
	if (size > PIECE_SIZE_MAX)
		size = PIECE_SIZE_MAX;
	return (unsigned)(size < capacity / PIECES_MIN ? size : capacity / PIECES_MIN);
}

/* Bytes of a new dictionary in `result`; none where zstd finds nothing to put into one. */
static coffer_status
make_dictionary(const struct training *training, uint32_t key, struct coffer_train_result *result,
		coffer_error *error)
{
	ZDICT_fastCover_params_t parameters = {
		.d = MATCH_SIZE,
		.f = TABLE_LOG,
		.accel = 1,
		.splitPoint = 1,
		.zParams = {.compressionLevel = COFFER_COMPRESSION_LEVEL, .dictID = key},
	};
	size_t capacity = training->total / DICTIONARY_PART, size;

	if (capacity < DICTIONARY_SIZE_MIN)
		return COFFER_OK;
	if (capacity > DICTIONARY_SIZE_MAX)
		capacity = DICTIONARY_SIZE_MAX;
	parameters.k = piece_size(training, capacity);
	if (!(result->dictionary = malloc(capacity)))
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a dictionary");
	size = ZDICT_trainFromBuffer_fastCover(result->dictionary, capacity, training->memory,
					       training->sizes, (unsigned)training->count, parameters);
	if (!ZDICT_isError(size)) {
		result->dictionary_size = size;
		return COFFER_OK;
	}
	free(result->dictionary);
	result->dictionary = NULL;
	if (ZSTD_getErrorCode(size) != ZSTD_error_memory_allocation)
		return COFFER_OK;
	return coffer_error_set(error, COFFER_NO_MEMORY, "no memory to train a dictionary");
}

/* What the values take with the new dictionary; that is part of the price, as far as the sample goes. */
static coffer_status
measure_new(const struct training *training, uint32_t key, struct coffer_train_result *result,
	    size_t *size_out, coffer_error *error)
{
	struct coffer_bytes bytes = {result->dictionary, result->dictionary_size};
	ZSTD_CDict *dictionary = ZSTD_createCDict(bytes.data, bytes.size, COFFER_COMPRESSION_LEVEL);
	coffer_status status;

	if (!dictionary)
		return coffer_dictionary_fail(bytes, key, error);
	status = measure(training, dictionary, true, size_out, error);
	ZSTD_freeCDict(dictionary);
	*size_out += bytes.size / HELD_OUT_EVERY;
	return status;
}

static coffer_status
judge(struct training *training, uint32_t key, const ZSTD_CDict *current,
      struct coffer_train_result *result, coffer_error *error)
{
	size_t plain, without, with = SIZE_MAX, fresh = SIZE_MAX, best;
	coffer_status status;

	if ((status = measure(training, NULL, false, &plain, error)) ||
	    (status = measure(training, NULL, true, &without, error)) ||
	    (current && (status = measure(training, current, true, &with, error))) ||
	    (key && (status = make_dictionary(training, key, result, error))) ||
	    (result->dictionary &&
	     (status = measure_new(training, key, result, &fresh, error))))
		return status;
	best = without < with ? without : with;
	/* A tenth better than what there is, or it is not worth its place. */
	if (result->dictionary && fresh >= best / 10 * WORTH_OF_TEN) {
		free(result->dictionary);
		result->dictionary = NULL;
	}
	result->is_current = !result->dictionary && with < without;
	if (result->dictionary)
		best = fresh;
	result->is_worth = best < plain / 10 * WORTH_OF_TEN;
	return COFFER_OK;
}

coffer_status
coffer_train(const struct coffer_train_sample *sample, uint32_t key, const ZSTD_CDict *current,
	     struct coffer_train_result *result_out, coffer_error *error)
{
	struct training training = {.sample = sample};
	coffer_status status;
	size_t total = total_size(&training);

	*result_out = (struct coffer_train_result){0};
	if (sample->count < VALUES_MIN || total < BYTES_MIN)
		return COFFER_OK;
	if (!(status = make_room(&training, total, error))) {
		gather(&training);
		status = judge(&training, key, current, result_out, error);
	}
	if (status || !result_out->is_worth) {
		free(result_out->dictionary);
		result_out->dictionary = NULL;
	}
	free(training.memory);
	free(training.sizes);
	free(training.out);
	ZSTD_freeCCtx(training.context);
	return status;
}
