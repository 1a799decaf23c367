/*
 * Property: of a file whose metas are accepted each page that it lacks stands in the file as a number, eight bytes that a
 * free list may be made of; and whatever the bytes are, an answer comes, with a message where it is no.
 *
 * Input: a file. The corpus has pages of 512 bytes.
 */
#include "fuzz/demand.h"

#include "disk/lmdb.h"

#include <sys/mman.h>
#include <unistd.h>

static bool
has_number(const uint8_t *data, size_t size, uint64_t number)
{
	for (size_t at = 0; at + 8 <= size; at++)
		if (coffer_little_u64(data + at) == number)
			return true;
	return false;
}

static void
check_accepted(const struct coffer_pages_meta metas[2], const uint8_t *data, size_t size)
{
	const struct coffer_pages_meta *meta = coffer_pages_newer(metas);

	demand(meta->page_size >= 512 && meta->page_size <= 32768);
	demand(metas[0].main.entries <= COFFER_TREES_MAX && metas[1].main.entries <= COFFER_TREES_MAX);
	for (uint64_t page = size / meta->page_size; page <= meta->last_page; page++)
		demand(has_number(data, size, page));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct coffer_pages_meta metas[2];
	coffer_error error = {0};
	coffer_status status;
	int fd;

	if (size > 1 << 18)
		return 0;
	fd = memfd_create("meta", MFD_CLOEXEC);
	demand(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	status = coffer_meta_read(fd, metas, &error);
	(void)close(fd);
	if (!status)
		check_accepted(metas, data, size);
	else
		demand(error.status == status && *error.message &&
		       (status == COFFER_CORRUPT || status == COFFER_NOT_A_COFFER));
	return 0;
}
