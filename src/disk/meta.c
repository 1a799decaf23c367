/*
 * The two meta pages, read and checked by ourselves before liblmdb maps the file: it believes their page size,
 * map size and roots without a look. The layout is that of LMDB 0.9, data format 1.
 */
#include "disk/bytes.h"
#include "disk/lmdb.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

enum {
	META_SIZE = 152,
	AT_FLAGS = 10,
	AT_MAGIC = 16,
	AT_VERSION = 20,
	AT_PAGE_SIZE = 40,
	AT_FREE_DEPTH = 46,
	AT_FREE_ROOT = 80,
	AT_MAIN_FLAGS = 92,
	AT_MAIN_ENTRIES = 120,
	AT_LAST_PAGE = 136,
	AT_TRANSACTION = 144,
	FLAG_META = 0x08,
	PAGE_SIZE_MIN = 512,
	PAGE_SIZE_MAX = 32768,
	DATA_FORMAT = 1,
	READ_TRIES_MAX = 100,
};

static const uint32_t magic = 0xBEEFC0DE;

/* Read one meta page; a short read leaves zeros, which fail the check of the magic number. */
static coffer_status
read_page(int fd, uint64_t offset, uint8_t page[META_SIZE], coffer_error *error)
{
	memset(page, 0, META_SIZE);
	if (pread(fd, page, META_SIZE, (off_t)offset) < 0)
		return coffer_error_set(error, COFFER_IO, "cannot read: %s", strerror(errno));
	return COFFER_OK;
}

static coffer_status
check_first(const uint8_t page[META_SIZE], coffer_error *error)
{
	uint32_t page_size = coffer_get_u32(page + AT_PAGE_SIZE);

	if (coffer_get_u32(page + AT_MAGIC) != magic)
		return coffer_error_set(error, COFFER_NOT_A_COFFER,
					"not a coffer store: no LMDB file begins like this");
	if (coffer_get_u32(page + AT_VERSION) != DATA_FORMAT)
		return coffer_error_set(error, COFFER_NOT_A_COFFER,
					"not a coffer store: an LMDB file of data format %" PRIu32
					", expected %d",
					coffer_get_u32(page + AT_VERSION), DATA_FORMAT);
	if (page_size < PAGE_SIZE_MIN || page_size > PAGE_SIZE_MAX || page_size & (page_size - 1))
		return coffer_error_set(error, COFFER_CORRUPT,
					"page size is %" PRIu32
					", expected a power of two from %d to %d",
					page_size, PAGE_SIZE_MIN, PAGE_SIZE_MAX);
	return COFFER_OK;
}

static coffer_status
check_each(const uint8_t page[META_SIZE], const uint8_t first[META_SIZE], int number,
	   coffer_error *error)
{
	if (coffer_get_u64(page) != (uint64_t)number || !(page[AT_FLAGS] & FLAG_META) ||
	    coffer_get_u32(page + AT_MAGIC) != magic ||
	    coffer_get_u32(page + AT_VERSION) != DATA_FORMAT ||
	    coffer_get_u32(page + AT_PAGE_SIZE) != coffer_get_u32(first + AT_PAGE_SIZE))
		return coffer_error_set(error, COFFER_CORRUPT, "meta page %d is damaged", number);
	if (page[AT_MAIN_FLAGS] || page[AT_MAIN_FLAGS + 1])
		return coffer_error_set(error, COFFER_CORRUPT,
					"meta page %d: the main tree is not a plain tree", number);
	if (coffer_get_u64(page + AT_MAIN_ENTRIES) > COFFER_TREES_MAX)
		return coffer_error_set(error, COFFER_CORRUPT,
					"meta page %d: %" PRIu64 " trees, expected at most %d",
					number, coffer_get_u64(page + AT_MAIN_ENTRIES),
					COFFER_TREES_MAX);
	return COFFER_OK;
}

/* The pages behind the end, if any, are free. The size is asked after the metas were read: the file only grows. */
static coffer_status
check_length(int fd, const struct coffer_meta *meta, coffer_error *error)
{
	struct stat facts;

	if (fstat(fd, &facts))
		return coffer_error_set(error, COFFER_IO, "cannot read: %s", strerror(errno));
	if (meta->last_page < (uint64_t)facts.st_size / meta->page_size)
		return COFFER_OK;
	return coffer_free_tail_check(fd, (uint64_t)facts.st_size, meta, error);
}

static coffer_status
read_pages(int fd, uint8_t pages[2][META_SIZE], coffer_error *error)
{
	coffer_status status;

	if ((status = read_page(fd, 0, pages[0], error)) ||
	    (status = check_first(pages[0], error)) ||
	    (status = read_page(fd, coffer_get_u32(pages[0] + AT_PAGE_SIZE), pages[1], error)) ||
	    (status = check_each(pages[0], pages[0], 0, error)))
		return status;
	return check_each(pages[1], pages[0], 1, error);
}

static void
take_facts(const uint8_t pages[2][META_SIZE], struct coffer_meta *meta_out)
{
	uint64_t first_count = coffer_get_u64(pages[0] + AT_MAIN_ENTRIES);
	uint64_t second_count = coffer_get_u64(pages[1] + AT_MAIN_ENTRIES);
	const uint8_t *newer = pages[coffer_get_u64(pages[1] + AT_TRANSACTION) >
				     coffer_get_u64(pages[0] + AT_TRANSACTION)];

	meta_out->page_size = coffer_get_u32(pages[0] + AT_PAGE_SIZE);
	meta_out->tree_count = first_count > second_count ? first_count : second_count;
	meta_out->last_page = coffer_get_u64(newer + AT_LAST_PAGE);
	meta_out->transaction = coffer_get_u64(newer + AT_TRANSACTION);
	meta_out->free_depth = coffer_get_u16(newer + AT_FREE_DEPTH);
	meta_out->free_root = coffer_get_u64(newer + AT_FREE_ROOT);
}

/*
 * A file that looks cut may be one that somebody writes at this moment, whose free list was not that of the meta any
 * more when it was read: then the metas have changed, and it is looked at again.
 */
coffer_status
coffer_meta_read(int fd, struct coffer_meta *meta_out, coffer_error *error)
{
	uint8_t pages[2][META_SIZE], again[2][META_SIZE];
	coffer_error cut = {0};
	coffer_status status = read_pages(fd, pages, error);

	memset(meta_out, 0, sizeof(*meta_out));
	for (int tries = 1; !status; tries++) {
		take_facts(pages, meta_out);
		status = check_length(fd, meta_out, &cut);
		if (!status)
			return COFFER_OK;
		if (status != COFFER_CORRUPT || tries == READ_TRIES_MAX)
			return coffer_error_set(error, status, "%s", cut.message);
		if ((status = read_pages(fd, again, error)))
			return status;
		if (!memcmp(pages, again, sizeof(pages)))
			return coffer_error_set(error, cut.status, "%s", cut.message);
		memcpy(pages, again, sizeof(pages));
		cut = (coffer_error){0};
	}
	return status;
}
