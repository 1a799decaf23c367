/*
 * A consistent copy of a store that others may be writing to: every entry of one snapshot, in order, into a new file. The
 * same rows under the same numbers and codes; no free pages, and so nothing of what was deleted.
 */
#include "store/store.h"

#include "disk/disk.h"

enum { TELL_EVERY = 65536 };

struct copy {
	coffer_store *store;
	const coffer_copy_options *options;
	struct coffer_snapshot *snapshot;
	struct coffer_build *build;
	uint64_t entries;
};

static coffer_status
tell(const struct copy *copy, const char *what, coffer_error *error)
{
	if (!copy->options || !copy->options->progress ||
	    copy->options->progress(copy->options->progress_context, what, copy->entries,
				    coffer_build_size(copy->build)))
		return COFFER_OK;
	return coffer_error_set(error, COFFER_INTERRUPTED, "interrupted");
}

static coffer_status
copy_entries(struct copy *copy, struct coffer_place *place, uint32_t tree, const char *name,
	     coffer_error *error)
{
	struct coffer_bytes key = {NULL, 0}, value;
	enum coffer_move move = COFFER_MOVE_FIRST;
	coffer_status status;

	for (; !(status = coffer_place_move(place, move, &key, &value, error)) &&
	       !(status = coffer_build_append(copy->build, tree, key, value, error));
	     move = COFFER_MOVE_NEXT)
		if (!(++copy->entries % TELL_EVERY) && (status = tell(copy, name, error)))
			return status;
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

static coffer_status
copy_tree(struct copy *copy, uint32_t from, coffer_error *error)
{
	const char *name = coffer_disk_tree_name(copy->store->disk, from);
	struct coffer_place *place = NULL;
	uint32_t to;
	coffer_status status = coffer_build_tree(copy->build, name, &to, error);

	if (!status)
		status = coffer_place_open(copy->snapshot, from, &place, error);
	if (!status)
		status = copy_entries(copy, place, to, name, error);
	coffer_place_close(place);
	return status;
}

static coffer_status
copy_trees(struct copy *copy, const char *path, coffer_error *error)
{
	size_t count = coffer_disk_tree_count(copy->store->disk);
	coffer_status status = coffer_build_begin(path, copy->options && copy->options->is_forced, count,
						  &copy->build, error);

	if (!status && copy->options && copy->options->transaction)
		coffer_build_replace(copy->build, copy->options->transaction);
	for (uint32_t tree = 0; !status && tree < count; tree++)
		status = copy_tree(copy, tree, error);
	if (!status)
		status = tell(copy, "sync", error);
	return status;
}

coffer_status
coffer_store_copy(coffer_store *store, const char *path, const coffer_copy_options *options,
		  coffer_error *error)
{
	struct copy copy = {.store = store, .options = options};
	coffer_status status = coffer_disk_snapshot(store->disk, &copy.snapshot, error);

	if (!status)
		status = copy_trees(&copy, path, error);
	coffer_snapshot_end(copy.snapshot);
	if (!status)
		status = coffer_build_finish(copy.build, error);
	else
		coffer_build_abort(copy.build);
	if (status && error && !error->place[0])
		coffer_error_at(error, "%s", path);
	return status;
}
