/*
 * The two meta pages, read and checked by ourselves before liblmdb maps the file: it believes their page size,
 * map size and roots without a look. The layout is that of LMDB 0.9, data format 1.
 */
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
	AT_MAIN_FLAGS = 92,
	AT_MAIN_ENTRIES = 120,
	AT_LAST_PAGE = 136,
	AT_TRANSACTION = 144,
	FLAG_META = 0x08,
	PAGE_SIZE_MIN = 512,
	PAGE_SIZE_MAX = 32768,
	DATA_FORMAT = 1,
};

static const uint32_t magic = 0xBEEFC0DE;

static uint32_t
get_u32(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

static uint64_t
get_u64(const uint8_t *bytes)
{
	return get_u32(bytes) | (uint64_t)get_u32(bytes + 4) << 32;
}

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
	uint32_t page_size = get_u32(page + AT_PAGE_SIZE);

	if (get_u32(page + AT_MAGIC) != magic)
		return coffer_error_set(error, COFFER_NOT_A_COFFER,
					"not a coffer store: no LMDB file begins like this");
	if (get_u32(page + AT_VERSION) != DATA_FORMAT)
		return coffer_error_set(error, COFFER_NOT_A_COFFER,
					"not a coffer store: an LMDB file of data format %" PRIu32
					", expected %d",
					get_u32(page + AT_VERSION), DATA_FORMAT);
	if (page_size < PAGE_SIZE_MIN || page_size > PAGE_SIZE_MAX || page_size & (page_size - 1))
		return coffer_error_set(error, COFFER_CORRUPT,
					"page size is %" PRIu32 ", expected a power of two from %d to %d",
					page_size, PAGE_SIZE_MIN, PAGE_SIZE_MAX);
	return COFFER_OK;
}

static coffer_status
check_each(const uint8_t page[META_SIZE], const uint8_t first[META_SIZE], int number,
	   coffer_error *error)
{
	if (get_u64(page) != (uint64_t)number || !(page[AT_FLAGS] & FLAG_META) ||
	    get_u32(page + AT_MAGIC) != magic || get_u32(page + AT_VERSION) != DATA_FORMAT ||
	    get_u32(page + AT_PAGE_SIZE) != get_u32(first + AT_PAGE_SIZE))
		return coffer_error_set(error, COFFER_CORRUPT, "meta page %d is damaged", number);
	if (page[AT_MAIN_FLAGS] || page[AT_MAIN_FLAGS + 1])
		return coffer_error_set(error, COFFER_CORRUPT,
					"meta page %d: the main tree is not a plain tree", number);
	if (get_u64(page + AT_MAIN_ENTRIES) > COFFER_TREES_MAX)
		return coffer_error_set(error, COFFER_CORRUPT,
					"meta page %d: %" PRIu64 " trees, expected at most %d", number,
					get_u64(page + AT_MAIN_ENTRIES), COFFER_TREES_MAX);
	return COFFER_OK;
}

static coffer_status
check_length(int fd, const struct coffer_meta *meta, coffer_error *error)
{
	struct stat facts;

	if (fstat(fd, &facts))
		return coffer_error_set(error, COFFER_IO, "cannot read: %s", strerror(errno));
	if (meta->last_page >= (uint64_t)facts.st_size / meta->page_size)
		return coffer_error_set(error, COFFER_CORRUPT,
					"cut: the file has %" PRIu64 " bytes, expected %" PRIu64
					" pages of %" PRIu32,
					(uint64_t)facts.st_size, meta->last_page + 1, meta->page_size);
	return COFFER_OK;
}

coffer_status
coffer_meta_read(int fd, struct coffer_meta *meta_out, coffer_error *error)
{
	uint8_t pages[2][META_SIZE];
	const uint8_t *newer;
	coffer_status status;

	memset(meta_out, 0, sizeof(*meta_out));
	if ((status = read_page(fd, 0, pages[0], error)) || (status = check_first(pages[0], error)))
		return status;
	meta_out->page_size = get_u32(pages[0] + AT_PAGE_SIZE);
	if ((status = read_page(fd, meta_out->page_size, pages[1], error)) ||
	    (status = check_each(pages[0], pages[0], 0, error)) ||
	    (status = check_each(pages[1], pages[0], 1, error)))
		return status;
	newer = pages[get_u64(pages[1] + AT_TRANSACTION) > get_u64(pages[0] + AT_TRANSACTION)];
	meta_out->last_page = get_u64(newer + AT_LAST_PAGE);
	meta_out->tree_count = get_u64(pages[0] + AT_MAIN_ENTRIES);
	if (meta_out->tree_count < get_u64(pages[1] + AT_MAIN_ENTRIES))
		meta_out->tree_count = get_u64(pages[1] + AT_MAIN_ENTRIES);
	return check_length(fd, meta_out, error);
}
