/*
 * The file's structure, page by page, before its content.
 *
 *   metas --> main tree --> each tree it names --> free list --> pages that nobody has claimed
 *
 * Every page is taken once: that alone ends walks over pages that lead back to themselves, and shows the ones that two trees
 * share. Memory is a bit a page. SPEC.md 3.6 and 9.
 */
#include "verify/structure.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void
coffer_structure_report(struct coffer_tree_check *check, enum coffer_invariant invariant,
			uint64_t page, const char *format, ...)
{
	char message[256];
	va_list arguments;

	check->is_damaged = true;
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
	uint64_t *word, bit = (uint64_t)1 << page % 64;
	bool is_taken;

	if (check->is_older)
		return true;
	word = &check->structure->claimed[page / 64];
	is_taken = *word & bit;
	*word |= bit;
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

static void
check_all(struct coffer_structure *structure)
{
	size_t trees = coffer_disk_tree_count(structure->verifier->disk);

	coffer_structure_metas(structure);
	if (!check_own(structure, COFFER_ROLE_TREES)) {
		coffer_verifier_fail(
			structure->verifier, COFFER_CORRUPT,
			"the main tree is damaged: what else there is cannot be known");
		return;
	}
	for (uint32_t tree = 0; tree < trees; tree++)
		check_named(structure, tree);
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
