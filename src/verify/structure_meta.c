/*
 * The metas and the free list. SPEC.md 3.6.
 *
 * The state that is verified is held in place; the other meta may be that of the state before it, which is held too, or
 * one that somebody has written since, which is none of our business.
 */
#include "verify/structure.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

COFFER_PRINTF(3, 4)
static void
report(struct coffer_structure *structure, unsigned number, const char *format, ...)
{
	char place[32], message[256];
	va_list arguments;

	(void)snprintf(place, sizeof(place), "meta page %u", number);
	va_start(arguments, format);
	(void)vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	coffer_verifier_report(structure->verifier, COFFER_METAS, COFFER_CORRUPT,
			       (struct coffer_spot){.base = place}, "%s", message);
}

/* ------------------------------------------------------------------ metas */

/* The size of the map is that which the last writer had: it may be in no unit, but has room for every page. */
static void
check_sizes(struct coffer_structure *structure, unsigned number,
	    const struct coffer_pages_meta *meta)
{
	if (meta->address)
		report(structure, number, "it asks for a map at an address");
	if (!meta->last_page)
		report(structure, number, "the last page in use is 0, expected at least 1");
	if (meta->last_page >= meta->map_size / meta->page_size)
		report(structure, number,
		       "the map has %" PRIu64 " bytes, expected room for %" PRIu64
		       " pages of %" PRIu32,
		       meta->map_size, meta->last_page, meta->page_size);
	if ((meta->free.flags & ~COFFER_FREE_FLAG_FILE) != COFFER_FREE_FLAGS)
		report(structure, number, "the flags of the free list are %#x, expected %#x",
		       (unsigned)meta->free.flags, COFFER_FREE_FLAGS);
}

/* I19. */
static void
check_meta(struct coffer_structure *structure, unsigned number,
	   const struct coffer_pages_meta *meta)
{
	const char *message;

	check_sizes(structure, number, meta);
	if (meta->transaction && meta->transaction % 2 != number)
		report(structure, number, "it has transaction %" PRIu64 ", which the other one has",
		       meta->transaction);
	if ((message = coffer_tree_record_check(&meta->main, meta->last_page + 1)))
		report(structure, number, "main tree: %s", message);
	if ((message = coffer_tree_record_check(&meta->free, meta->last_page + 1)))
		report(structure, number, "free list: %s", message);
}

static bool
is_older_sound(struct coffer_structure *structure, const struct coffer_pages_meta *meta)
{
	struct coffer_tree_check check = {
		.structure = structure,
		.meta = meta,
		.is_older = true,
		.tree = {.name = "older free list", .role = COFFER_ROLE_FREE, .record = meta->free},
	};

	coffer_structure_tree(&check);
	return !check.is_damaged;
}

/*
 * I27. Where nothing holds the states in place, the older one is lost with the first commit behind the newer: what looks like
 * damage is that only if there was none.
 */
static void
check_older(struct coffer_structure *structure, const struct coffer_pages_meta *meta)
{
	struct coffer_structure trial = *structure;
	struct coffer_disk_facts facts;

	trial.is_trial = true;
	if (structure->walk->image.cache) {
		if (is_older_sound(&trial, meta))
			return;
		coffer_disk_describe(structure->verifier->disk, &facts);
		if (facts.transaction != structure->meta->transaction)
			return;
	}
	(void)is_older_sound(structure, meta);
}

/* False: it cannot be decoded, or is being written at this moment. */
static bool
read_meta(struct coffer_structure *structure, unsigned number, struct coffer_pages_meta *meta_out)
{
	uint8_t bytes[COFFER_META_SIZE];
	const uint8_t *page;
	coffer_error error = {0};
	coffer_status status = coffer_image_page(&structure->walk->image, number, &page, &error);

	if (!status) {
		memcpy(bytes, page, sizeof(bytes));
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		if (memcmp(bytes, page, sizeof(bytes)) != 0)
			return false;
		status = coffer_pages_meta_decode(bytes, number, meta_out, &error);
	}
	if (status == COFFER_CORRUPT || status == COFFER_NOT_A_COFFER)
		report(structure, number, "%s", error.message);
	else if (status)
		coffer_verifier_fail(structure->verifier, status, error.message);
	return !status;
}

void
coffer_structure_metas(struct coffer_structure *structure)
{
	uint64_t transaction = structure->meta->transaction;
	struct coffer_pages_meta meta;

	for (unsigned number = 0; number < 2; number++) {
		if (!read_meta(structure, number, &meta) || meta.transaction > transaction)
			continue;
		check_meta(structure, number, &meta);
		if (meta.transaction == transaction)
			continue;
		if (meta.transaction + 1 != transaction)
			report(structure, number,
			       "it has transaction %" PRIu64 ", the other one %" PRIu64
			       ", expected one less",
			       meta.transaction, transaction);
		check_older(structure, &meta);
	}
}

/* ------------------------------------------------------------------ the free list */

/* I25, or of an older state I27: pages in descending order, each of the file, freed by a transaction that has been. */
void
coffer_structure_free_record(struct coffer_tree_check *check, struct coffer_bytes key,
			     struct coffer_bytes value)
{
	uint64_t transaction = coffer_little_u64(key.data), count = 0, before = UINT64_MAX;

	if (value.size >= COFFER_PAGE_NUMBER_SIZE)
		count = coffer_little_u64(value.data);
	/* A record of none liblmdb takes for one that it has not read yet, and gives its pages out twice. */
	if (!transaction || transaction > check->meta->transaction)
		coffer_structure_report(check, COFFER_FREE_LIST, 0,
					"transaction %" PRIu64
					" has freed pages, the last was %" PRIu64,
					transaction, check->meta->transaction);
	if (count >= value.size / COFFER_PAGE_NUMBER_SIZE) {
		coffer_structure_report(check, COFFER_FREE_LIST, 0,
					"the record of transaction %" PRIu64
					" has %zu bytes, too few for %" PRIu64 " pages",
					transaction, value.size, count);
		return;
	}
	for (uint64_t i = 1; i <= count; i++) {
		uint64_t page = coffer_little_u64(value.data + i * COFFER_PAGE_NUMBER_SIZE);

		if (page < COFFER_PAGES_FIRST || page > check->meta->last_page || page >= before) {
			coffer_structure_report(check, COFFER_FREE_LIST, 0,
						"the record of transaction %" PRIu64
						" has page %" PRIu64 " out of range or order",
						transaction, page);
			return;
		}
		(void)coffer_structure_claim(check, page);
		before = page;
	}
}
