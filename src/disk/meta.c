/*
 * The two meta pages and the file's length, checked before liblmdb sees the file: it believes the page size, the size of
 * the map and the number of pages without a look. SPEC.md 3.1.
 */
#include "disk/lmdb.h"

#include <string.h>

enum {
	READ_TRIES_MAX = 100,
	CACHE_SIZE_MAX = 1 << 20,
};

/* `is_torn_out`: what is wrong may be a writer's doing who came between two looks. */
static coffer_status
read_once(int fd, struct coffer_pages_state *state_out, struct coffer_pages_meta metas_out[2],
	  bool *is_torn_out, coffer_error *error)
{
	coffer_status status;

	*is_torn_out = false;
	if ((status = coffer_page_source_read(fd, CACHE_SIZE_MAX, &state_out->source, error)) ||
	    (status = coffer_pages_metas(&state_out->source, metas_out, error)) ||
	    (status = coffer_pages_check_trees(metas_out, COFFER_TREES_MAX, error)))
		return status;
	state_out->meta = *coffer_pages_newer(metas_out);
	if (!(status = coffer_pages_check_turns(metas_out, error)))
		status = coffer_pages_check_length(state_out, error);
	*is_torn_out = status == COFFER_CORRUPT;
	return status;
}

static bool
is_same(const struct coffer_pages_meta left[2], const struct coffer_pages_meta right[2])
{
	return left[0].transaction == right[0].transaction &&
	       left[1].transaction == right[1].transaction;
}

/*
 * A file that looks cut, or has metas of different times, may be one that somebody writes at this moment: then the metas have
 * changed, or the size, and it is looked at again.
 */
coffer_status
coffer_meta_read(int fd, struct coffer_pages_meta metas_out[2], coffer_error *error)
{
	struct coffer_pages_meta before[2];
	struct coffer_pages_state state;
	uint64_t size = 0;
	bool is_torn = true;
	coffer_status status = COFFER_OK;

	memset(metas_out, 0, 2 * sizeof(*metas_out));
	for (int tries = 0; is_torn && tries < READ_TRIES_MAX; tries++) {
		coffer_error found = {0};

		memcpy(before, metas_out, sizeof(before));
		status = read_once(fd, &state, metas_out, &is_torn, &found);
		if (!is_torn || (is_same(before, metas_out) && size == state.source.size))
			return status ? coffer_error_set(error, status, "%s", found.message)
				      : COFFER_OK;
		size = state.source.size;
	}
	return coffer_error_set(error, COFFER_BUSY,
				"in use: the file changes while it is looked at");
}
