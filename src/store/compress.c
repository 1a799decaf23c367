/*
 * Compressing values, one frame each. SPEC.md 4.11.
 *
 *   text --> zstd, with the column's dictionary --> without its magic number --> a frame, where it is shorter
 */
#include "store/compress.h"

#include <stdlib.h>
#include <zstd_errors.h>

enum {
	WINDOW_SIZE_USUAL = 1 << 19, /* of the level: a text up to here is one segment anyway */
	GAIN_MIN = 8,                /* one part in so many */
};

coffer_status
coffer_compressor_make(struct coffer_compressor **compressor_out, coffer_error *error)
{
	struct coffer_compressor *compressor = calloc(1, sizeof(*compressor));

	*compressor_out = compressor;
	if (compressor && (compressor->context = coffer_compress_context()))
		return COFFER_OK;
	free(compressor);
	*compressor_out = NULL;
	return coffer_error_set(error, COFFER_NO_MEMORY, "no memory to compress");
}

void
coffer_compressor_free(struct coffer_compressor *compressor)
{
	if (!compressor)
		return;
	for (size_t i = 0; i <= COFFER_DICTIONARIES_MAX; i++)
		ZSTD_freeCDict(compressor->dictionaries[i]);
	ZSTD_freeCCtx(compressor->context);
	free(compressor->memory);
	free(compressor);
}

ZSTD_CCtx *
coffer_compress_context(void)
{
	ZSTD_CCtx *context = ZSTD_createCCtx();

	if (context && ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel,
							   COFFER_COMPRESSION_LEVEL))) {
		ZSTD_freeCCtx(context);
		return NULL;
	}
	return context;
}

/* The window of a long text is all of it, so that its frame is one segment. */
static int
window_log(size_t size)
{
	int log = 0;

	if (size <= WINDOW_SIZE_USUAL)
		return 0;
	while (size > (size_t)1 << log)
		log++;
	return log;
}

coffer_status
coffer_compress(ZSTD_CCtx *context, const ZSTD_CDict *dictionary, coffer_text text, uint8_t *out,
		struct coffer_bytes *frame_out, coffer_error *error)
{
	struct coffer_frame frame;
	size_t size;

	*frame_out = (struct coffer_bytes){NULL, 0};
	if (text.size < COFFER_COMPRESS_SIZE_MIN)
		return COFFER_OK;
	/* What was refused before has left the context in the middle. */
	if (!ZSTD_isError(size = ZSTD_CCtx_reset(context, ZSTD_reset_session_only)) &&
	    !ZSTD_isError(size = ZSTD_CCtx_refCDict(context, dictionary)) &&
	    !ZSTD_isError(size = ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog,
							 window_log(text.size))))
		size = ZSTD_compress2(context, out, text.size - text.size / GAIN_MIN, text.data,
				      text.size);
	if (ZSTD_getErrorCode(size) == ZSTD_error_memory_allocation)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory to compress a value");
	if (ZSTD_isError(size) ||
	    coffer_frame_open(out + COFFER_FRAME_MAGIC_SIZE, size - COFFER_FRAME_MAGIC_SIZE, &frame))
		return COFFER_OK;
	*frame_out = (struct coffer_bytes){out + COFFER_FRAME_MAGIC_SIZE,
					   size - COFFER_FRAME_MAGIC_SIZE};
	return COFFER_OK;
}

static coffer_status
reserve(struct coffer_compressor *compressor, size_t size, coffer_error *error)
{
	if (size <= compressor->capacity)
		return COFFER_OK;
	free(compressor->memory);
	compressor->capacity = 0;
	if (!(compressor->memory = malloc(size + size / 4)))
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory to compress %zu bytes", size);
	compressor->capacity = size + size / 4;
	return COFFER_OK;
}

coffer_status
coffer_compress_row(struct coffer_compressor *compressor, const coffer_table *table,
		    const coffer_value *values, struct coffer_bytes *frames, coffer_error *error)
{
	size_t size = 0, used = 0;
	coffer_status status;

	for (size_t i = 0; i < table->column_count; i++) {
		frames[i] = (struct coffer_bytes){NULL, 0};
		if (table->columns[i].is_compressed && values[i].kind != COFFER_NULL)
			size += values[i].text.size;
	}
	if (!size || (status = reserve(compressor, size, error)))
		return size ? status : COFFER_OK;
	for (size_t i = 0; i < table->column_count; i++) {
		const coffer_column *column = &table->columns[i];
		coffer_text text = values[i].text;

		if (!column->is_compressed || values[i].kind == COFFER_NULL ||
		    (column->kind == COFFER_TEXT &&
		     coffer_text_packing(text, true).form != COFFER_ELEMENT_VALUE))
			continue;
		if ((status = coffer_compress(compressor->context,
					      compressor->dictionaries[column->dictionary], text,
					      compressor->memory + used, &frames[i], error)))
			return status;
		used += text.size;
	}
	return COFFER_OK;
}
