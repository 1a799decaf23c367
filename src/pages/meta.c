/*
 * Metas and records of trees, decoded from bytes. LMDB 0.9, data format 1, 64-bit, little-endian. SPEC.md 3.1.
 */
#include "pages/meta.h"

#include <inttypes.h>

enum {
	AT_MAGIC = 16,
	AT_FORMAT = 20,
	AT_ADDRESS = 24,
	AT_MAP_SIZE = 32,
	AT_FREE = 40,
	AT_MAIN = 88,
	AT_LAST_PAGE = 136,
	AT_TRANSACTION = 144,
	DATA_FORMAT = 1,
};

static const uint32_t magic = 0xBEEFC0DE;

void
coffer_tree_record_decode(const uint8_t bytes[COFFER_TREE_RECORD_SIZE],
			  struct coffer_tree_record *record_out)
{
	*record_out = (struct coffer_tree_record){
		.pad = coffer_little_u32(bytes),
		.flags = coffer_little_u16(bytes + 4),
		.depth = coffer_little_u16(bytes + 6),
		.branch_pages = coffer_little_u64(bytes + 8),
		.leaf_pages = coffer_little_u64(bytes + 16),
		.overflow_pages = coffer_little_u64(bytes + 24),
		.entries = coffer_little_u64(bytes + 32),
		.root = coffer_little_u64(bytes + 40),
	};
}

static const char *
check_empty(const struct coffer_tree_record *record)
{
	if (record->root != COFFER_NO_PAGE || record->depth || record->branch_pages ||
	    record->leaf_pages || record->overflow_pages || record->entries)
		return "its record is neither that of an empty tree nor that of another";
	return NULL;
}

const char *
coffer_tree_record_check(const struct coffer_tree_record *record, uint64_t page_count)
{
	if (!record->depth || record->root == COFFER_NO_PAGE)
		return check_empty(record);
	if (record->depth > COFFER_TREE_DEPTH_MAX)
		return "its record has too many levels";
	if (record->root < COFFER_PAGES_FIRST || record->root >= page_count)
		return "its root is outside of the file";
	if (record->branch_pages > page_count || record->leaf_pages > page_count ||
	    record->overflow_pages > page_count ||
	    record->branch_pages + record->leaf_pages + record->overflow_pages > page_count)
		return "its record has more pages than the file";
	if (record->entries > record->leaf_pages * COFFER_PAGE_ENTRIES_MAX)
		return "its record has more entries than its leaves have room for";
	return NULL;
}

coffer_status
coffer_pages_transaction(const struct coffer_page_source *source, uint32_t page_size,
			 unsigned number, uint64_t *transaction_out, coffer_error *error)
{
	uint8_t bytes[sizeof(uint64_t)];
	size_t got;
	coffer_status status =
		coffer_page_source_copy(source, (uint64_t)number * page_size + AT_TRANSACTION,
					bytes, sizeof(bytes), &got, error);

	*transaction_out = 0;
	if (!status && got < sizeof(bytes))
		status = coffer_error_set(error, COFFER_CORRUPT, "cut: it has no meta page %u", number);
	if (!status)
		*transaction_out = coffer_little_u64(bytes);
	return status;
}

static void
decode(const uint8_t bytes[COFFER_META_SIZE], struct coffer_pages_meta *meta_out)
{
	coffer_tree_record_decode(bytes + AT_FREE, &meta_out->free);
	coffer_tree_record_decode(bytes + AT_MAIN, &meta_out->main);
	meta_out->page_size = meta_out->free.pad;
	meta_out->address = coffer_little_u64(bytes + AT_ADDRESS);
	meta_out->map_size = coffer_little_u64(bytes + AT_MAP_SIZE);
	meta_out->last_page = coffer_little_u64(bytes + AT_LAST_PAGE);
	meta_out->transaction = coffer_little_u64(bytes + AT_TRANSACTION);
}

static bool
is_page_size(uint32_t size)
{
	return size >= COFFER_PAGE_SIZE_MIN && size <= COFFER_PAGE_SIZE_MAX && !(size & (size - 1));
}

/* Is all that tells a meta page of a store from other bytes there, but the magic number? */
static bool
is_meta_else(const uint8_t bytes[COFFER_META_SIZE])
{
	return !coffer_page_number(bytes) && coffer_page_type(bytes) == COFFER_PAGE_META &&
	       coffer_little_u32(bytes + AT_FORMAT) == DATA_FORMAT &&
	       is_page_size(coffer_little_u32(bytes + AT_FREE));
}

/* What the file's first page is tells what kind of file it is. */
static coffer_status
check_magic(const uint8_t bytes[COFFER_META_SIZE], unsigned number, coffer_error *error)
{
	uint32_t found = coffer_little_u32(bytes + AT_MAGIC);

	if (found == magic)
		return COFFER_OK;
	if (number)
		return coffer_error_set(error, COFFER_CORRUPT,
					"meta page %u: the magic number is 0x%08" PRIx32
					", expected 0x%08" PRIx32,
					number, found, magic);
	if (!is_meta_else(bytes))
		return coffer_error_set(error, COFFER_NOT_A_COFFER,
					"not a coffer store: no LMDB file begins like this; of one "
					"whose beginning is lost 'coffer recover' may find the rows");
	return coffer_error_set(error, COFFER_NOT_A_COFFER,
				"not a coffer store: the magic number, at byte %d, is 0x%08" PRIx32
				", expected 0x%08" PRIx32
				"; else it begins like one, which may be recovered",
				AT_MAGIC, found, magic);
}

static coffer_status
check_format(const uint8_t bytes[COFFER_META_SIZE], unsigned number, coffer_error *error)
{
	uint32_t format = coffer_little_u32(bytes + AT_FORMAT);

	if (format == DATA_FORMAT)
		return COFFER_OK;
	if (number)
		return coffer_error_set(error, COFFER_CORRUPT,
					"meta page %u: the data format is %" PRIu32 ", expected %d",
					number, format, DATA_FORMAT);
	return coffer_error_set(error, COFFER_NOT_A_COFFER,
				"not a coffer store: an LMDB file of data format %" PRIu32
				", expected %d",
				format, DATA_FORMAT);
}

static coffer_status
check_page(const uint8_t bytes[COFFER_META_SIZE], unsigned number, coffer_error *error)
{
	if (coffer_page_number(bytes) != number)
		return coffer_error_set(error, COFFER_CORRUPT,
					"meta page %u: it says that it is page %" PRIu64, number,
					coffer_page_number(bytes));
	if (coffer_page_type(bytes) != COFFER_PAGE_META)
		return coffer_error_set(error, COFFER_CORRUPT,
					"meta page %u: it says that it is no meta page", number);
	return COFFER_OK;
}

coffer_status
coffer_pages_meta_decode(const uint8_t bytes[COFFER_META_SIZE], unsigned number,
			 struct coffer_pages_meta *meta_out, coffer_error *error)
{
	coffer_status status;

	*meta_out = (struct coffer_pages_meta){0};
	if ((status = check_magic(bytes, number, error)) ||
	    (status = check_format(bytes, number, error)))
		return status;
	decode(bytes, meta_out);
	if (!is_page_size(meta_out->page_size))
		return coffer_error_set(error, COFFER_CORRUPT,
					"page size is %" PRIu32
					", expected a power of two from %d to %d",
					meta_out->page_size, COFFER_PAGE_SIZE_MIN,
					COFFER_PAGE_SIZE_MAX);
	if ((status = check_page(bytes, number, error)))
		return status;
	if (meta_out->main.flags)
		return coffer_error_set(error, COFFER_CORRUPT,
					"meta page %u: the main tree is not a plain tree", number);
	return COFFER_OK;
}

/* Of the first page bytes that the source does not have are zeros, which fail the check of the magic number. */
static coffer_status
read_meta(const struct coffer_page_source *source, uint64_t at, unsigned number,
	  struct coffer_pages_meta *meta_out, coffer_error *error)
{
	uint8_t bytes[COFFER_META_SIZE] = {0};
	size_t size;
	coffer_status status =
		coffer_page_source_copy(source, at, bytes, sizeof(bytes), &size, error);

	if (!status && number && size < sizeof(bytes))
		return coffer_error_set(error, COFFER_CORRUPT, "cut: it ends before meta page %u does",
					number);
	return status ? status : coffer_pages_meta_decode(bytes, number, meta_out, error);
}

coffer_status
coffer_pages_metas(const struct coffer_page_source *source, struct coffer_pages_meta metas_out[2],
		   coffer_error *error)
{
	coffer_status status = read_meta(source, 0, 0, &metas_out[0], error);

	metas_out[1] = (struct coffer_pages_meta){0};
	if (!status)
		status = read_meta(source, metas_out[0].page_size, 1, &metas_out[1], error);
	if (!status && metas_out[0].page_size != metas_out[1].page_size)
		status = coffer_error_set(error, COFFER_CORRUPT,
					  "meta page 1: the page size is %" PRIu32
					  ", that of meta page 0 is %" PRIu32,
					  metas_out[1].page_size, metas_out[0].page_size);
	return status;
}

/* A new file has transaction 0 twice. */
coffer_status
coffer_pages_check_turns(const struct coffer_pages_meta metas[2], coffer_error *error)
{
	uint64_t first = metas[0].transaction, second = metas[1].transaction;

	if ((!first && !second) ||
	    ((first + 1 == second || second + 1 == first) && !(first % 2) && second % 2))
		return COFFER_OK;
	return coffer_error_set(error, COFFER_CORRUPT,
				"the meta pages have the transactions %" PRIu64 " and %" PRIu64
				", expected an even one and an odd one beside it",
				first, second);
}

coffer_status
coffer_pages_check_trees(const struct coffer_pages_meta metas[2], size_t trees_max,
			 coffer_error *error)
{
	for (int number = 0; number < 2; number++)
		if (metas[number].main.entries > trees_max)
			return coffer_error_set(error, COFFER_CORRUPT,
						"meta page %d: %" PRIu64
						" trees, expected at most %zu",
						number, metas[number].main.entries, trees_max);
	return COFFER_OK;
}
