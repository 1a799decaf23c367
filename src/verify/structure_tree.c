/*
 * One tree, from its root down, leaf by leaf, without recursion. What is wrong with a page is said once and what lies below
 * it left out; the pages beside it are still looked at. SPEC.md 3.6.
 */
#include "verify/structure.h"

#include <inttypes.h>

enum {
	TICKS = 1024,
	CACHE_LINE = 64,
};

static void
tick(struct coffer_structure *structure, const char *name)
{
	struct coffer_verifier *verifier = structure->verifier;
	const coffer_verify_options *options = verifier->options;

	if (structure->ticks++ % TICKS)
		return;
	if (verifier->lane) {
		coffer_lane_tick(verifier->lane);
		return;
	}
	if (!options->progress)
		return;
	if (!options->progress(options->progress_context, name, verifier->summary->rows,
			       verifier->summary->bytes))
		coffer_verifier_fail(verifier, COFFER_INTERRUPTED, "interrupted");
}

/* ------------------------------------------------------------------ pages */

static enum coffer_invariant
invariant_of(const struct coffer_page_problem *problem)
{
	switch (problem->fault) {
	case COFFER_PAGE_WRONG_TYPE:
		return problem->is == COFFER_PAGE_LEAF || problem->is == COFFER_PAGE_BRANCH
			       ? COFFER_DEPTH
			       : COFFER_PAGES;
	case COFFER_PAGE_NO_ORDER:
	case COFFER_PAGE_TOO_LOW:
	case COFFER_PAGE_TOO_HIGH:
		return COFFER_KEY_ORDER;
	default:
		return COFFER_PAGES;
	}
}

static void
report_problem(struct coffer_tree_check *check, uint64_t page,
	       const struct coffer_page_problem *problem)
{
	char text[160];

	coffer_page_describe(problem, text, sizeof(text));
	coffer_structure_report(check, invariant_of(problem), page, "%s", text);
}

/* The keys of the pages above that bound those of a page on `level`. */
static struct coffer_page_fence
fence_at(const struct coffer_tree_check *check, unsigned level)
{
	struct coffer_page_fence fence = {{NULL, 0}, {NULL, 0}};

	for (unsigned i = 0; i < level; i++) {
		const struct coffer_level *above = &check->path.levels[i];

		if (above->index)
			fence.low = coffer_node_key(coffer_page_node(above->page, above->index));
		if (above->index + 1 < above->count)
			fence.high =
				coffer_node_key(coffer_page_node(above->page, above->index + 1));
	}
	return fence;
}

/* I20, I21 and I22. False: nothing below it can be looked at. */
static bool
check_page(struct coffer_tree_check *check, unsigned level, uint64_t number, const uint8_t *page)
{
	struct coffer_image *image = &check->structure->walk->image;
	const struct coffer_page_site site = {
		.number = number,
		.page_count = image->page_count,
		.page_size = image->page_size,
		.is_leaf = level + 1 == check->tree.record.depth,
		.role = check->tree.role,
	};
	struct coffer_page_fence fence = fence_at(check, level);
	struct coffer_page_problem problem;

	if (!coffer_page_check(page, &site, &problem) ||
	    !coffer_page_check_fence(page, &site, &fence, &problem)) {
		report_problem(check, number, &problem);
		return false;
	}
	coffer_image_share_checked(image, number);
	return true;
}

static void
fail_read(struct coffer_tree_check *check, uint64_t page, coffer_status status,
	  const coffer_error *error)
{
	if (status == COFFER_CORRUPT)
		coffer_structure_report(check, COFFER_PAGES, page, "%s", error->message);
	else
		coffer_verifier_fail(check->structure->verifier, status, error->message);
	check->is_damaged = true;
}

/* Have the leaf behind the one on `level` come from memory while that is looked at. A hint only: it need not be there. */
static void
fetch_next(const struct coffer_tree_check *check, unsigned level)
{
	const struct coffer_image *image = &check->structure->walk->image;
	const struct coffer_level *above;
	uint64_t next;

	if (!level || level + 1 != check->tree.record.depth)
		return;
	above = &check->path.levels[level - 1];
	if (above->index + 1 == above->count)
		return;
	next = coffer_node_child(coffer_page_node(above->page, above->index + 1));
	for (uint32_t at = 0; next < image->page_count && at < image->page_size; at += CACHE_LINE)
		__builtin_prefetch(image->base + (next << image->page_shift) + at);
}

static bool
enter(struct coffer_tree_check *check, unsigned level, uint64_t number)
{
	struct coffer_level *entered = &check->path.levels[level];
	coffer_error error = {0};
	coffer_status status;

	check->path.depth = level;
	tick(check->structure, check->tree.name);
	if (!coffer_structure_claim(check, number))
		return false;
	status = coffer_image_page(&check->structure->walk->image, number, &entered->page, &error);
	if (status) {
		fail_read(check, number, status, &error);
		return false;
	}
	fetch_next(check, level);
	if (!check_page(check, level, number, entered->page))
		return false;
	entered->index = 0;
	entered->count = coffer_page_count(entered->page);
	check->path.depth = level + 1;
	if (level + 1 == check->tree.record.depth)
		check->leaf_pages++;
	else
		check->branch_pages++;
	return true;
}

/* ------------------------------------------------------------------ overflow runs */

/* I23: what is wrong with a run, or NULL. */
static const char *
check_run(const struct coffer_image *image, const uint8_t *page, uint64_t number, uint64_t size)
{
	uint64_t run = coffer_page_run(page);

	if (coffer_page_number(page) != number)
		return "the overflow page has another number";
	if (coffer_page_type(page) != COFFER_PAGE_OVERFLOW)
		return "the page of a value is no overflow page";
	if (run > image->page_count - number)
		return "the overflow pages reach out of the file";
	if (size > (run << image->page_shift) ||
	    size + COFFER_PAGE_HEADER_SIZE > (run << image->page_shift))
		return "the value is longer than its overflow pages";
	return NULL;
}

/* The value on overflow pages, each of them claimed. False: there is none. */
static bool
take_run(struct coffer_tree_check *check, const uint8_t *node, struct coffer_bytes *value_out)
{
	struct coffer_image *image = &check->structure->walk->image;
	uint64_t number = coffer_little_u64(coffer_node_data(node)), run;
	const struct coffer_level *leaf = &check->path.levels[check->path.depth - 1];
	const uint8_t *page;
	coffer_error error = {0};
	coffer_status status;
	const char *message;

	if (number < COFFER_PAGES_FIRST || number >= image->page_count) {
		coffer_structure_report(
			check, COFFER_OVERFLOWS, coffer_page_number(leaf->page),
			"a value's overflow page %" PRIu64 " is outside of the file", number);
		return false;
	}
	if ((status = coffer_image_page(image, number, &page, &error))) {
		fail_read(check, number, status, &error);
		return false;
	}
	message = check_run(image, page, number, coffer_node_value_size(node));
	if (message) {
		coffer_structure_report(check, COFFER_OVERFLOWS, number, "%s", message);
		return false;
	}
	run = coffer_page_run(page);
	if (image->cache && check->tree.role == COFFER_ROLE_FREE &&
	    (status = coffer_cache_load(image->cache, image, number, run, &error))) {
		fail_read(check, number, status, &error);
		return false;
	}
	for (uint64_t i = 0; i < run; i++)
		if (!coffer_structure_claim(check, number + i))
			return false;
	check->overflow_pages += run;
	*value_out =
		(struct coffer_bytes){page + COFFER_PAGE_HEADER_SIZE, coffer_node_value_size(node)};
	return true;
}

/* ------------------------------------------------------------------ leaves */

/* A name of the main tree and its record. */
static void
take_record(struct coffer_tree_check *check, struct coffer_bytes key, struct coffer_bytes value)
{
	struct coffer_structure *structure = check->structure;
	char name[COFFER_PAGE_KEY_SIZE_MAX + 1];
	uint32_t tree;

	memcpy(name, key.data, key.size);
	name[key.size] = '\0';
	tree = coffer_disk_tree_find(structure->verifier->disk, name);
	if (tree == COFFER_NO_TREE)
		return;
	coffer_tree_record_decode(value.data, &structure->records[tree]);
	structure->is_there[tree] = true;
}

static void
take_node(struct coffer_tree_check *check, const uint8_t *node)
{
	struct coffer_bytes value = {coffer_node_data(node), coffer_node_value_size(node)};

	if (check->tree.role != COFFER_ROLE_TREES && coffer_node_flags(node) == COFFER_NODE_BIG &&
	    !take_run(check, node, &value))
		return;
	if (check->tree.role == COFFER_ROLE_TREES)
		take_record(check, coffer_node_key(node), value);
	else if (check->tree.role == COFFER_ROLE_FREE)
		coffer_structure_free_record(check, coffer_node_key(node), value);
}

static void
take_leaf(struct coffer_tree_check *check)
{
	const struct coffer_level *leaf = &check->path.levels[check->path.depth - 1];

	check->entries += leaf->count;
	for (unsigned i = 0; i < leaf->count && !check->structure->verifier->is_over; i++)
		take_node(check, coffer_page_node(leaf->page, i));
}

/* ------------------------------------------------------------------ the walk */

/*
 * Depth first. A level's index is that of the child that is looked at; after a leaf, or a page that cannot be entered, the
 * nearest page above that has another child goes on.
 */
static void
walk_pages(struct coffer_tree_check *check)
{
	unsigned depth = check->tree.record.depth, level = 0;
	uint64_t number = check->tree.record.root;

	while (!check->structure->verifier->is_over) {
		struct coffer_level *at;
		bool is_entered = enter(check, level, number);

		if (is_entered && level + 1 < depth) {
			at = &check->path.levels[level++];
			number = coffer_node_child(coffer_page_node(at->page, 0));
			continue;
		}
		if (is_entered)
			take_leaf(check);
		do {
			if (!level)
				return;
			at = &check->path.levels[--level];
		} while (++at->index == at->count);
		number = coffer_node_child(coffer_page_node(at->page, at->index));
		level++;
	}
}

static void
check_count(struct coffer_tree_check *check, const char *what, uint64_t is, uint64_t expected)
{
	if (is != expected)
		coffer_structure_report(check, COFFER_COUNTS, 0,
					"%" PRIu64 " %s, its record says %" PRIu64, is, what,
					expected);
}

/* I26. */
static void
check_counts(struct coffer_tree_check *check)
{
	const struct coffer_tree_record *record = &check->tree.record;

	check_count(check, "entries", check->entries, record->entries);
	check_count(check, "branch pages", check->branch_pages, record->branch_pages);
	check_count(check, "leaf pages", check->leaf_pages, record->leaf_pages);
	check_count(check, "overflow pages", check->overflow_pages, record->overflow_pages);
}

void
coffer_structure_tree(struct coffer_tree_check *check)
{
	struct coffer_structure *structure = check->structure;
	const char *message =
		coffer_tree_record_check(&check->tree.record, structure->walk->image.page_count);

	if (message) {
		coffer_structure_report(check, COFFER_COUNTS, 0, "%s", message);
		return;
	}
	coffer_page_place_open(&check->path, structure->walk, &check->tree);
	if (check->tree.record.depth)
		walk_pages(check);
	coffer_page_place_close(&check->path);
	if (!check->is_damaged && !structure->verifier->is_over)
		check_counts(check);
}
