/*
 * The reading interface over places. The record of a tree is looked up in the main tree when the tree is first asked for.
 */
#include "pages/tree.h"

#include <inttypes.h>
#include <stdlib.h>

struct coffer_pages_memory {
	uint64_t transaction, page_count;
	size_t tree_count;
	struct coffer_arena arena;       /* of the trees */
	struct coffer_page_tree **trees; /* NULL: not asked for so far */
	uint64_t checked[];              /* a bit a page; the array of trees is behind them */
};

struct pages_snapshot {
	struct coffer_snapshot snapshot;
	struct coffer_page_walk walk;
	struct coffer_pages_meta meta;
	struct coffer_page_tree main;
	const struct coffer_pages_names *names;
	struct coffer_pages_memory *memory;
	void (*ended)(void *context, struct coffer_pages_memory *memory);
	void *context;
};

/* ------------------------------------------------------------------ memory */

uint64_t
coffer_pages_memory_transaction(const struct coffer_pages_memory *memory)
{
	return memory->transaction;
}

void
coffer_pages_memory_free(struct coffer_pages_memory *memory)
{
	if (!memory)
		return;
	coffer_arena_release(&memory->arena);
	free(memory);
}

static struct coffer_pages_memory *
new_memory(uint64_t transaction, uint64_t page_count, size_t tree_count)
{
	size_t words = coffer_image_words(page_count);
	struct coffer_pages_memory *memory =
		calloc(1, sizeof(*memory) + words * sizeof(*memory->checked) +
				  tree_count * sizeof(struct coffer_page_tree *));

	if (!memory)
		return NULL;
	memory->transaction = transaction;
	memory->page_count = page_count;
	memory->tree_count = tree_count;
	memory->trees = (struct coffer_page_tree **)(memory->checked + words);
	return memory;
}

/* What was remembered, where it is of this very state; else all is to be found out. What is read may be another file's. */
static struct coffer_pages_memory *
remember(struct coffer_pages_memory *memory, const struct coffer_pages_state *state,
	 size_t tree_count)
{
	uint64_t page_count = coffer_pages_count(state);

	if (memory && memory->transaction == state->meta.transaction &&
	    memory->page_count == page_count && memory->tree_count == tree_count &&
	    state->source.memory)
		return memory;
	coffer_pages_memory_free(memory);
	return new_memory(state->meta.transaction, page_count, tree_count);
}

/* ------------------------------------------------------------------ trees */

static coffer_status
open_tree(struct pages_snapshot *pages, uint32_t number, struct coffer_page_tree *tree,
	  coffer_error *error)
{
	const char *name = pages->names->names[number];
	struct coffer_bytes key = {(const uint8_t *)name, strlen(name)}, record;
	struct coffer_page_place place;
	coffer_status status;

	coffer_page_place_open(&place, &pages->walk, &pages->main);
	status = coffer_page_place_find(&place, key, &record, error);
	if (status == COFFER_NOT_FOUND)
		status = coffer_error_set(error, COFFER_CORRUPT, "the tree %.80s is missing", name);
	else if (!status)
		status = coffer_page_tree_open(tree, name, record, pages->walk.image.page_count,
					       error);
	coffer_page_place_close(&place);
	return status;
}

static coffer_status
find_tree(struct pages_snapshot *pages, uint32_t number, struct coffer_page_tree **tree_out,
	  coffer_error *error)
{
	struct coffer_page_tree *known = pages->memory->trees[number], tree;
	coffer_status status;

	*tree_out = known;
	if (known)
		return COFFER_OK;
	if ((status = open_tree(pages, number, &tree, error)))
		return status;
	known = coffer_arena_alloc(&pages->memory->arena, sizeof(*known));
	if (!known)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a tree");
	*known = tree;
	*tree_out = pages->memory->trees[number] = known;
	return COFFER_OK;
}

/* ------------------------------------------------------------------ the interface */

/* What get gives stays until the end. */
static void
keep(struct coffer_page_place *place)
{
	struct coffer_cache *cache = place->walk->image.cache;
	const struct coffer_level *leaf = &place->levels[place->depth - 1];

	if (place->run_count)
		coffer_cache_keep(cache, place->run, place->run_count);
	else
		coffer_cache_keep(cache, coffer_page_number(leaf->page), 1);
}

static coffer_status
get(struct coffer_snapshot *snapshot, uint32_t tree, struct coffer_bytes key,
    struct coffer_bytes *value_out, coffer_error *error)
{
	struct pages_snapshot *pages = (struct pages_snapshot *)snapshot;
	struct coffer_page_tree *found;
	struct coffer_page_place place;
	coffer_status status = find_tree(pages, tree, &found, error);

	if (status)
		return status;
	coffer_page_place_open(&place, &pages->walk, found);
	status = coffer_page_place_find(&place, key, value_out, error);
	if (!status && pages->walk.image.cache)
		keep(&place);
	coffer_page_place_close(&place);
	return status;
}

static coffer_status
size_of(struct coffer_snapshot *snapshot, uint32_t tree, struct coffer_tree_size *size_out,
	coffer_error *error)
{
	struct pages_snapshot *pages = (struct pages_snapshot *)snapshot;
	struct coffer_page_tree *found;
	coffer_status status = find_tree(pages, tree, &found, error);

	if (status)
		return status;
	size_out->entries = found->record.entries;
	size_out->bytes = (found->record.branch_pages + found->record.leaf_pages +
			   found->record.overflow_pages) *
			  pages->walk.image.page_size;
	return COFFER_OK;
}

static const struct coffer_snapshot_operations operations;

static coffer_status
place_open(struct coffer_snapshot *snapshot, uint32_t tree, struct coffer_place **place_out,
	   coffer_error *error)
{
	struct pages_snapshot *pages = (struct pages_snapshot *)snapshot;
	struct coffer_page_tree *found;
	struct coffer_page_place *place;
	coffer_status status = find_tree(pages, tree, &found, error);

	*place_out = NULL;
	if (status)
		return status;
	place = malloc(sizeof(*place));
	if (!place)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a cursor");
	place->place.operations = &operations;
	coffer_page_place_open(place, &pages->walk, found);
	*place_out = &place->place;
	return COFFER_OK;
}

static coffer_status
place_move(struct coffer_place *place, enum coffer_move move, struct coffer_bytes *key,
	   struct coffer_bytes *value_out, coffer_error *error)
{
	return coffer_page_place_move((struct coffer_page_place *)place, move, key, value_out,
				      error);
}

static size_t
place_skip(struct coffer_place *place, enum coffer_move move, size_t key_size,
	   struct coffer_bytes bound, size_t max, const uint8_t **keys_out)
{
	return coffer_page_place_skip((struct coffer_page_place *)place, move, key_size, bound, max,
				      keys_out);
}

static void
place_close(struct coffer_place *place)
{
	coffer_page_place_close((struct coffer_page_place *)place);
	free(place);
}

static void
end(struct coffer_snapshot *snapshot)
{
	struct pages_snapshot *pages = (struct pages_snapshot *)snapshot;

	coffer_page_walk_close(&pages->walk);
	if (pages->ended)
		pages->ended(pages->context, pages->memory);
	else
		coffer_pages_memory_free(pages->memory);
	free(pages);
}

static const struct coffer_snapshot_operations operations = {
	.get = get,
	.size = size_of,
	.place_open = place_open,
	.place_move = place_move,
	.place_skip = place_skip,
	.place_close = place_close,
	.end = end,
};

struct coffer_page_walk *
coffer_pages_walk(struct coffer_snapshot *snapshot)
{
	return &((struct pages_snapshot *)snapshot)->walk;
}

void *
coffer_pages_context(const struct coffer_snapshot *snapshot)
{
	return ((const struct pages_snapshot *)snapshot)->context;
}

const struct coffer_pages_meta *
coffer_pages_meta(const struct coffer_snapshot *snapshot)
{
	return &((const struct pages_snapshot *)snapshot)->meta;
}

static coffer_status
open_snapshot(struct pages_snapshot *pages, const struct coffer_pages_state *state,
	      coffer_error *error)
{
	coffer_status status;

	if (!pages->memory)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a snapshot");
	status = coffer_page_walk_open(&pages->walk, state, pages->memory->checked, error);
	pages->snapshot.transaction = state->meta.transaction;
	if (!status && !pages->walk.image.cache)
		pages->snapshot.held = (struct coffer_bytes){
			pages->walk.image.base,
			(size_t)pages->walk.image.page_count << pages->walk.image.page_shift};
	return status ? status
		      : coffer_page_tree_own(&pages->main, COFFER_ROLE_TREES, &state->meta,
					     pages->memory->page_count, error);
}

coffer_status
coffer_pages_begin(const struct coffer_pages_state *state, const struct coffer_pages_names *names,
		   const struct coffer_pages_owner *owner, struct coffer_snapshot **snapshot_out,
		   coffer_error *error)
{
	struct coffer_pages_memory *memory = owner ? owner->memory : NULL;
	struct pages_snapshot *pages = calloc(1, sizeof(*pages));
	coffer_status status;

	*snapshot_out = NULL;
	if (!pages) {
		coffer_pages_memory_free(memory);
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a snapshot");
	}
	pages->snapshot.operations = &operations;
	pages->meta = state->meta;
	pages->names = names;
	pages->memory = remember(memory, state, names->count);
	if ((status = open_snapshot(pages, state, error))) {
		end(&pages->snapshot);
		return status;
	}
	if (owner) {
		pages->ended = owner->ended;
		pages->context = owner->context;
	}
	*snapshot_out = &pages->snapshot;
	return COFFER_OK;
}

/* Trees that were asked for are known to both; what is asked for later each finds out by itself. */
coffer_status
coffer_pages_share(const struct coffer_snapshot *snapshot, struct coffer_snapshot **snapshot_out,
		   coffer_error *error)
{
	const struct pages_snapshot *of = (const struct pages_snapshot *)snapshot;
	const struct coffer_pages_memory *known = of->memory;
	struct pages_snapshot *pages;

	*snapshot_out = NULL;
	if (of->walk.image.cache)
		return COFFER_NOT_FOUND;
	pages = malloc(sizeof(*pages));
	if (pages) {
		*pages = *of;
		pages->ended = NULL;
		pages->memory = new_memory(known->transaction, 0, known->tree_count);
	}
	if (!pages || !pages->memory) {
		free(pages);
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a snapshot");
	}
	memcpy(pages->memory->trees, known->trees, known->tree_count * sizeof(*known->trees));
	*snapshot_out = &pages->snapshot;
	return COFFER_OK;
}
