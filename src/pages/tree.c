/*
 * Records of trees, and walks over the two that the metas name: the main tree, which has the names of the others, and the
 * free list. SPEC.md 3.1 and 3.2.
 */
#include "pages/tree.h"

#include <inttypes.h>
#include <stdlib.h>

uint64_t
coffer_pages_count(const struct coffer_pages_state *state)
{
	uint64_t there = state->source.size / state->meta.page_size;

	return state->meta.last_page < there ? state->meta.last_page + 1 : there;
}

static coffer_status
fail_tree(const struct coffer_page_tree *tree, const char *message, coffer_error *error)
{
	(void)coffer_error_set(error, COFFER_CORRUPT, "%s", message);
	(void)coffer_error_at(error, "%s", tree->name);
	return COFFER_CORRUPT;
}

/* Nodes on a page when so many lie on so many pages; 0 when no page has room for as many. */
static unsigned
average(uint64_t nodes, uint64_t pages)
{
	return pages && nodes / pages < COFFER_PAGE_ENTRIES_MAX
		       ? (unsigned)((nodes + pages / 2) / pages)
		       : 0;
}

/* Each page but the root is the child of a branch. */
static void
set_averages(struct coffer_page_tree *tree)
{
	const struct coffer_tree_record *record = &tree->record;

	tree->leaf_nodes = average(record->entries, record->leaf_pages);
	tree->branch_nodes =
		average(record->leaf_pages + record->branch_pages, record->branch_pages);
}

coffer_status
coffer_page_tree_open(struct coffer_page_tree *tree, const char *name, struct coffer_bytes record,
		      uint64_t page_count, coffer_error *error)
{
	const char *message;

	*tree = (struct coffer_page_tree){.name = name, .role = COFFER_ROLE_ENTRIES};
	if (record.size != COFFER_TREE_RECORD_SIZE)
		return fail_tree(tree, "its record has a wrong size", error);
	coffer_tree_record_decode(record.data, &tree->record);
	if (tree->record.flags)
		return fail_tree(tree, "the tree is not a plain tree", error);
	set_averages(tree);
	message = coffer_tree_record_check(&tree->record, page_count);
	return message ? fail_tree(tree, message, error) : COFFER_OK;
}

coffer_status
coffer_page_tree_own(struct coffer_page_tree *tree, enum coffer_tree_role role,
		     const struct coffer_pages_meta *meta, uint64_t page_count, coffer_error *error)
{
	const char *message;

	*tree = (struct coffer_page_tree){
		.name = role == COFFER_ROLE_FREE ? "free list" : "main tree",
		.role = role,
		.record = role == COFFER_ROLE_FREE ? meta->free : meta->main,
	};
	set_averages(tree);
	message = coffer_tree_record_check(&tree->record, page_count);
	return message ? fail_tree(tree, message, error) : COFFER_OK;
}

/* ------------------------------------------------------------------ walks */

/* One of a state's own trees, its pages and a place in it. */
struct own_walk {
	struct coffer_page_walk walk;
	struct coffer_page_tree tree;
	struct coffer_page_place place;
	uint64_t *checked;
};

static coffer_status
open_own(struct own_walk *own, const struct coffer_pages_state *state, enum coffer_tree_role role,
	 coffer_error *error)
{
	uint64_t page_count = coffer_pages_count(state);
	coffer_status status;

	own->checked = calloc(coffer_image_words(page_count), sizeof(*own->checked));
	if (!own->checked)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory to read pages");
	if ((status = coffer_page_walk_open(&own->walk, state, own->checked, error)))
		return status;
	status = coffer_page_tree_own(&own->tree, role, &state->meta, page_count, error);
	if (!status)
		coffer_page_place_open(&own->place, &own->walk, &own->tree);
	return status;
}

static void
close_own(struct own_walk *own)
{
	coffer_page_walk_close(&own->walk);
	free(own->checked);
}

/* A name is the key without a NUL, and its record is that of a plain tree. */
static coffer_status
take_name(struct coffer_pages_names *names, size_t trees_max, struct coffer_arena *arena,
	  struct coffer_bytes key, struct coffer_bytes record, uint64_t page_count,
	  coffer_error *error)
{
	struct coffer_page_tree tree;
	const char *name;

	if (names->count == trees_max)
		return coffer_error_set(error, COFFER_CORRUPT,
					"more trees than the meta page says: %zu", trees_max);
	name = coffer_arena_text(arena, (const char *)key.data, key.size);
	if (!name)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a tree's name");
	if (strlen(name) != key.size)
		return coffer_error_set(error, COFFER_CORRUPT, "tree %.80s is not a plain tree",
					name);
	names->names[names->count++] = name;
	return coffer_page_tree_open(&tree, name, record, page_count, error);
}

static coffer_status
list(struct own_walk *own, struct coffer_arena *arena, struct coffer_pages_names *names_out,
     coffer_error *error)
{
	size_t trees_max = (size_t)own->tree.record.entries;
	struct coffer_bytes key = {NULL, 0}, record;
	coffer_status status;

	names_out->names = coffer_arena_alloc(arena, (trees_max + 1) * sizeof(*names_out->names));
	if (!names_out->names)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the trees");
	while (!(status = coffer_page_place_move(&own->place, COFFER_MOVE_NEXT, &key, &record,
						 error)) &&
	       !(status = take_name(names_out, trees_max, arena, key, record,
				    own->walk.image.page_count, error)))
		continue;
	if (status == COFFER_NOT_FOUND && names_out->count < trees_max)
		return coffer_error_set(error, COFFER_CORRUPT,
					"fewer trees than the meta page says: %zu, expected %zu",
					names_out->count, trees_max);
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

coffer_status
coffer_pages_list(const struct coffer_pages_state *state, size_t trees_max,
		  struct coffer_arena *arena, struct coffer_pages_names *names_out,
		  coffer_error *error)
{
	struct own_walk own = {.checked = NULL};
	coffer_status status;

	*names_out = (struct coffer_pages_names){0};
	if (state->meta.main.entries > trees_max)
		return coffer_error_set(error, COFFER_CORRUPT,
					"%" PRIu64 " trees, expected at most %zu",
					state->meta.main.entries, trees_max);
	if (!(status = open_own(&own, state, COFFER_ROLE_TREES, error)))
		status = list(&own, arena, names_out, error);
	close_own(&own);
	return status;
}

/* ------------------------------------------------------------------ the free list */

static coffer_status
fail_record(struct own_walk *own, uint64_t transaction, coffer_error *error)
{
	(void)coffer_error_set(error, COFFER_CORRUPT,
			       "a record is shorter than what it says it has");
	(void)coffer_error_at(error, "%s[%" PRIu64 "]", own->tree.name, transaction);
	return COFFER_CORRUPT;
}

coffer_status
coffer_pages_walk_free(const struct coffer_pages_state *state,
		       bool (*record)(void *context, uint64_t transaction, const uint8_t *numbers,
				      size_t count),
		       void *context, coffer_error *error)
{
	struct own_walk own = {.checked = NULL};
	struct coffer_bytes key = {NULL, 0}, value;
	coffer_status status = open_own(&own, state, COFFER_ROLE_FREE, error);

	while (!status && !(status = coffer_page_place_move(&own.place, COFFER_MOVE_NEXT, &key,
							    &value, error))) {
		uint64_t transaction = coffer_little_u64(key.data), count = 0;

		if (value.size >= COFFER_PAGE_NUMBER_SIZE)
			count = coffer_little_u64(value.data);
		if (count >= value.size / COFFER_PAGE_NUMBER_SIZE)
			status = fail_record(&own, transaction, error);
		else if (!record(context, transaction, value.data + COFFER_PAGE_NUMBER_SIZE,
				 (size_t)count))
			break;
	}
	close_own(&own);
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

/* The pages that a source lacks, and those of them that were not found in the free list so far. */
struct tail {
	uint64_t first, last, missing;
	uint64_t *found;
};

static bool
take_free(void *context, uint64_t transaction, const uint8_t *numbers, size_t count)
{
	struct tail *tail = context;

	(void)transaction;
	for (size_t i = 0; i < count; i++) {
		uint64_t number = coffer_little_u64(numbers + i * COFFER_PAGE_NUMBER_SIZE), bit;

		if (number < tail->first || number > tail->last)
			continue;
		number -= tail->first;
		bit = (uint64_t)1 << number % 64;
		tail->missing -= !(tail->found[number / 64] & bit);
		tail->found[number / 64] |= bit;
	}
	return true;
}

static coffer_status
fail_cut(const struct coffer_pages_state *state, coffer_error *error)
{
	return coffer_error_set(
		error, COFFER_CORRUPT,
		"cut: the file has %" PRIu64 " bytes, expected %" PRIu64 " pages of %" PRIu32,
		state->source.size, state->meta.last_page + 1, state->meta.page_size);
}

/* Each missing page takes a number in the file, so that a list of them cannot be longer than it. */
coffer_status
coffer_pages_check_length(const struct coffer_pages_state *state, coffer_error *error)
{
	struct tail tail = {
		.first = state->source.size / state->meta.page_size,
		.last = state->meta.last_page,
	};
	coffer_error damage = {0};
	coffer_status status;

	if (tail.last < tail.first)
		return COFFER_OK;
	tail.missing = tail.last - tail.first + 1;
	if (!tail.missing || tail.missing > state->source.size / COFFER_PAGE_NUMBER_SIZE)
		return fail_cut(state, error);
	tail.found = calloc(coffer_image_words(tail.missing), sizeof(*tail.found));
	if (!tail.found)
		return coffer_error_set(error, COFFER_NO_MEMORY,
					"no memory for a walk of the free list");
	status = coffer_pages_walk_free(state, take_free, &tail, &damage);
	free(tail.found);
	if (status && status != COFFER_CORRUPT)
		return coffer_error_set(error, status, "%s", damage.message);
	return status || tail.missing ? fail_cut(state, error) : COFFER_OK;
}
