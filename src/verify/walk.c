/*
 * Walks over whole trees, and single reads, after the structure was checked: what is damaged was said then, and is passed over.
 * That keys ascend is known too. Everything else that goes wrong ends the run.
 */
#include "verify/verify.h"

#include <string.h>

enum { TICKS = 8192 };

/* For the next read: one error for all, since it takes longer to clear one than to read an entry. */
static coffer_error *
fresh_error(struct coffer_verifier *verifier)
{
	verifier->read_error.status = COFFER_OK;
	verifier->read_error.message[0] = '\0';
	return &verifier->read_error;
}

static void
read_failed(struct coffer_verifier *verifier, const char *name, coffer_status status)
{
	const char *message = verifier->read_error.message;

	if (status == COFFER_CORRUPT)
		coffer_verifier_report(verifier, COFFER_PAGES, COFFER_CORRUPT,
				       (struct coffer_spot){.base = name}, "%s", message);
	else
		coffer_verifier_fail(verifier, status, message);
}

void
coffer_walk_open(struct coffer_walk *walk, struct coffer_verifier *verifier, uint32_t tree,
		 const char *name)
{
	coffer_status status;

	*walk = (struct coffer_walk){.verifier = verifier, .name = name, .move = COFFER_MOVE_NEXT};
	if (tree == COFFER_NO_TREE || verifier->is_over)
		return;
	status = coffer_place_open(verifier->snapshot, tree, &walk->place, fresh_error(verifier));
	if (status)
		read_failed(verifier, name, status);
}

void
coffer_walk_close(struct coffer_walk *walk)
{
	coffer_place_close(walk->place);
	walk->place = NULL;
}

static void
tick(struct coffer_walk *walk)
{
	struct coffer_verifier *verifier = walk->verifier;
	const coffer_verify_options *options = verifier->options;

	verifier->summary->bytes += walk->key.size + walk->value.size;
	if (verifier->ticks++ % TICKS)
		return;
	if (verifier->lane) {
		coffer_lane_tick(verifier->lane);
		return;
	}
	if (!options->progress)
		return;
	if (!options->progress(options->progress_context, walk->name, verifier->summary->rows,
			       verifier->summary->bytes))
		coffer_verifier_fail(verifier, COFFER_INTERRUPTED, "interrupted");
}

void
coffer_walk_within(struct coffer_walk *walk, const struct coffer_range *range)
{
	walk->range = range;
	if (!range->has_from)
		return;
	walk->move = COFFER_MOVE_SEEK;
	walk->key = (struct coffer_bytes){range->from, sizeof(range->from)};
}

/* A key, be it malformed, that comes before the end of the range. */
static bool
is_within(const struct coffer_walk *walk)
{
	const struct coffer_range *range = walk->range;
	size_t size = walk->key.size < sizeof(range->until) ? walk->key.size : sizeof(range->until);
	int order;

	if (!range || !range->has_until)
		return true;
	order = memcmp(walk->key.data, range->until, size);
	return order < 0 || (!order && walk->key.size < sizeof(range->until));
}

bool
coffer_walk_next(struct coffer_walk *walk)
{
	coffer_status status;

	if (!walk->place || walk->verifier->is_over)
		return false;
	status = coffer_place_move(walk->place, walk->move, &walk->key, &walk->value,
				   fresh_error(walk->verifier));
	walk->move = COFFER_MOVE_NEXT;
	if (!status && !is_within(walk))
		status = COFFER_NOT_FOUND;
	if (!status) {
		tick(walk);
		return !walk->verifier->is_over;
	}
	if (status != COFFER_NOT_FOUND)
		read_failed(walk->verifier, walk->name, status);
	coffer_walk_close(walk);
	return false;
}

bool
coffer_verifier_get(struct coffer_verifier *verifier, uint32_t tree, struct coffer_bytes key,
		    struct coffer_bytes *value_out)
{
	coffer_status status;

	*value_out = (struct coffer_bytes){NULL, 0};
	if (tree == COFFER_NO_TREE)
		return false;
	status = coffer_snapshot_get(verifier->snapshot, tree, key, value_out,
				     fresh_error(verifier));
	if (status < 0)
		read_failed(verifier, coffer_disk_tree_name(verifier->disk, tree), status);
	return !status;
}

struct coffer_place *
coffer_verifier_place(struct coffer_verifier *verifier, uint32_t tree)
{
	struct coffer_place *place = NULL;
	coffer_status status;

	if (tree == COFFER_NO_TREE)
		return NULL;
	status = coffer_place_open(verifier->snapshot, tree, &place, fresh_error(verifier));
	if (status)
		read_failed(verifier, coffer_disk_tree_name(verifier->disk, tree), status);
	return place;
}

bool
coffer_verifier_move(struct coffer_verifier *verifier, uint32_t tree, struct coffer_place *place,
		     enum coffer_move move, struct coffer_bytes *key)
{
	struct coffer_bytes value;
	coffer_status status;

	if (!place || verifier->is_over)
		return false;
	status = coffer_place_move(place, move, key, &value, fresh_error(verifier));
	if (status < 0)
		read_failed(verifier, coffer_disk_tree_name(verifier->disk, tree), status);
	return !status;
}
