/*
 * From a sample of a column's values to how they are best held: as they are, as frames, or as frames with a dictionary
 * that is made of the sample. What is measured are values that the dictionary was not made of.
 */
#ifndef COFFER_STORE_TRAIN_H
#define COFFER_STORE_TRAIN_H

#include "store/compress.h"

/* What a value gives to a sample at the most: its beginning. */
enum { COFFER_TRAIN_SIZE_MAX = 64 << 10 };

/* Values of one column, in the order of their rows. */
struct coffer_train_sample {
	coffer_text *texts;
	size_t count;
};

struct coffer_train_result {
	bool is_worth;        /* frames take a tenth less than the values */
	bool is_current;      /* best with the dictionary that there is */
	void *dictionary;     /* on the heap, best with this one; NULL: best without, or as is_current says */
	size_t dictionary_size;
};

/*
 * Judge a sample. `key` is the one that a new dictionary would have, 0 where it cannot have one; `current` is the
 * dictionary that the column has, or NULL. The same sample gives the same result.
 *
 * COFFER_NO_MEMORY
 */
COFFER_CHECKED coffer_status
coffer_train(const struct coffer_train_sample *sample, uint32_t key, const ZSTD_CDict *current,
	     struct coffer_train_result *result_out, coffer_error *error);

#endif
