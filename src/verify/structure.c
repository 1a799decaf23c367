/*
 * The file's structure, page by page, before its content.
 *
 *   metas --> main tree --> each tree it names --> free list --> pages that nobody has claimed
 *
 * Every page is taken once: that alone ends walks over pages that lead back to themselves, and shows the ones that two trees
 * share. Memory is a bit a page. SPEC.md 3.6 and 9.
 *
 * Of a large file several threads walk a tree each, without a word: mostly there is nothing to say. Where there is, one thread walks
 * them all anew, since which tree has taken a page that two have would be chance.
 */
#include "verify/structure.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
coffer_structure_report(struct coffer_tree_check *check, enum coffer_invariant invariant,
			uint64_t page, const char *format, ...)
{
	char message[256];
	va_list arguments;

	check->is_damaged = true;
	if (check->structure->is_trial)
		return;
	va_start(arguments, format);
	(void)vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	coffer_verifier_report(check->structure->verifier,
			       check->is_older ? COFFER_OLDER_META : invariant, COFFER_CORRUPT,
			       (struct coffer_spot){.base = check->tree.name, .page = page}, "%s",
			       message);
}

/* ------------------------------------------------------------------ claims */

bool
coffer_structure_claim(struct coffer_tree_check *check, uint64_t page)
{
	uint64_t bit = (uint64_t)1 << page % 64;
	bool is_taken;

	if (check->is_older)
		return true;
	is_taken = __atomic_fetch_or(&check->structure->claimed[page / 64], bit, __ATOMIC_RELAXED) & bit;
	if (is_taken)
		coffer_structure_report(check, COFFER_CLAIMS, page,
					check->tree.role == COFFER_ROLE_FREE
						? "the page is free twice, or free and in use"
						: "the page has been met elsewhere");
	return !is_taken;
}

static void
report_unclaimed(struct coffer_structure *structure, uint64_t first, uint64_t last)
{
	char place[64];

	(void)snprintf(place, sizeof(place), "page %" PRIu64, first);
	coffer_verifier_report(structure->verifier, COFFER_CLAIMS, COFFER_CORRUPT,
			       (struct coffer_spot){.base = place},
			       first == last ? "the page is neither in use nor free"
					     : "the pages from there to %" PRIu64
					       " are neither in use nor free",
			       last);
}

/* Where trees are damaged nothing can be said of what else may belong to them. */
void
coffer_structure_unclaimed(struct coffer_structure *structure)
{
	uint64_t first = 0, last = structure->meta->last_page;

	if (structure->is_damaged)
		return;
	for (uint64_t page = COFFER_PAGES_FIRST; page <= last; page++) {
		if (structure->claimed[page / 64] >> page % 64 & 1) {
			if (first)
				report_unclaimed(structure, first, page - 1);
			first = 0;
		} else if (!first) {
			first = page;
		}
	}
	if (first)
		report_unclaimed(structure, first, last);
}

/* ------------------------------------------------------------------ trees */

static bool
run_check(struct coffer_structure *structure, struct coffer_tree_check *check)
{
	if (structure->verifier->is_over)
		return false;
	coffer_structure_tree(check);
	structure->is_damaged = structure->is_damaged || check->is_damaged;
	return !check->is_damaged;
}

static bool
check_own(struct coffer_structure *structure, enum coffer_tree_role role)
{
	struct coffer_tree_check check = {
		.structure = structure,
		.meta = structure->meta,
		.tree = {.name = role == COFFER_ROLE_FREE ? "free list" : "main tree",
			 .role = role,
			 .record = role == COFFER_ROLE_FREE ? structure->meta->free
							    : structure->meta->main},
	};

	return run_check(structure, &check);
}

static void
check_named(struct coffer_structure *structure, uint32_t number)
{
	struct coffer_verifier *verifier = structure->verifier;
	struct coffer_tree_check check = {
		.structure = structure,
		.meta = structure->meta,
		.tree = {.name = coffer_disk_tree_name(verifier->disk, number),
			 .role = COFFER_ROLE_ENTRIES,
			 .record = structure->records[number]},
	};

	if (structure->is_there[number])
		verifier->damaged[number] = !run_check(structure, &check);
}

/* ------------------------------------------------------------------ trees, walked by several threads */

struct sized {
	uint64_t pages;
	uint32_t tree;
};

/* The largest come first, so that no thread is left with one. */
struct trial {
	const struct coffer_structure *whole;
	struct sized *trees;
	bool is_damaged;
};

struct trial_part {
	struct coffer_structure structure;
	const struct trial *trial;
};

static bool
begin_part(void *context, struct coffer_verifier *verifier, void **own_out)
{
	const struct trial *trial = context;
	struct trial_part *part = malloc(sizeof(*part));

	*own_out = part;
	if (!part) {
		coffer_verifier_fail(verifier, COFFER_NO_MEMORY, "no memory to verify");
		return false;
	}
	part->structure = *trial->whole;
	part->structure.verifier = verifier;
	part->structure.is_trial = true;
	part->trial = trial;
	return true;
}

static void
check_part(void *own, size_t number)
{
	struct trial_part *part = own;

	check_named(&part->structure, part->trial->trees[number].tree);
}

static void
end_part(void *context, void *own)
{
	struct trial *trial = context;
	struct trial_part *part = own;

	trial->is_damaged |= part->structure.is_damaged;
	free(part);
}

static int
compare_sizes(const void *left, const void *right)
{
	uint64_t a = ((const struct sized *)left)->pages, b = ((const struct sized *)right)->pages;

	return (a < b) - (a > b);
}

/* Sets `is_done_out` where they were walked. False: there is something to say. */
static bool
check_together(struct coffer_structure *structure, bool *is_done_out)
{
	size_t count = coffer_disk_tree_count(structure->verifier->disk);
	struct trial trial = {structure, calloc(count + 1, sizeof(*trial.trees)), false};
	const struct coffer_shared_work work = {
		.name = "pages",
		.pieces = count,
		.bytes = structure->walk->image.page_count << structure->walk->image.page_shift,
		.context = &trial,
		.begin = begin_part,
		.piece = check_part,
		.end = end_part,
	};
	bool is_shared = trial.trees && coffer_verifier_may_share(structure->verifier, &work);

	*is_done_out = is_shared;
	for (uint32_t tree = 0; is_shared && tree < count; tree++) {
		const struct coffer_tree_record *record = &structure->records[tree];

		trial.trees[tree] = (struct sized){
			record->branch_pages + record->leaf_pages + record->overflow_pages, tree};
	}
	if (is_shared) {
		qsort(trial.trees, count, sizeof(*trial.trees), compare_sizes);
		coffer_verifier_share(structure->verifier, &work);
	}
	free(trial.trees);
	return !trial.is_damaged;
}

/* ------------------------------------------------------------------ the whole file */

static void
check_trees(struct coffer_structure *structure)
{
	size_t trees = coffer_disk_tree_count(structure->verifier->disk);
	size_t words = coffer_image_words(structure->meta->last_page + 1);
	bool is_done, is_sound = check_together(structure, &is_done);

	if ((is_done && is_sound) || structure->verifier->is_over)
		return;
	if (is_done) {
		memset(structure->claimed, 0, words * sizeof(*structure->claimed));
		(void)check_own(structure, COFFER_ROLE_TREES);
	}
	for (uint32_t tree = 0; tree < trees; tree++)
		check_named(structure, tree);
}

static void
check_all(struct coffer_structure *structure)
{
	coffer_structure_metas(structure);
	if (!check_own(structure, COFFER_ROLE_TREES)) {
		if (structure->verifier->is_over)
			return;
		coffer_verifier_fail(
			structure->verifier, COFFER_CORRUPT,
			"the main tree is damaged: what else there is cannot be known");
		return;
	}
	check_trees(structure);
	(void)check_own(structure, COFFER_ROLE_FREE);
	coffer_structure_unclaimed(structure);
}

static bool
make_memory(struct coffer_structure *structure)
{
	size_t trees = coffer_disk_tree_count(structure->verifier->disk) + 1;

	structure->claimed = calloc(coffer_image_words(structure->meta->last_page + 1),
				    sizeof(*structure->claimed));
	structure->records = calloc(trees, sizeof(*structure->records));
	structure->is_there = calloc(trees, sizeof(*structure->is_there));
	structure->verifier->damaged = calloc(trees, sizeof(*structure->verifier->damaged));
	return structure->claimed && structure->records && structure->is_there &&
	       structure->verifier->damaged;
}

void
coffer_verify_structure(struct coffer_verifier *verifier)
{
	struct coffer_structure structure = {
		.verifier = verifier,
		.walk = coffer_pages_walk(verifier->snapshot),
		.meta = coffer_pages_meta(verifier->snapshot),
	};

	if (make_memory(&structure))
		check_all(&structure);
	else
		coffer_verifier_fail(verifier, COFFER_NO_MEMORY, "no memory to verify");
	free(structure.claimed);
	free(structure.records);
	free(structure.is_there);
}
