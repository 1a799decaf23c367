/*
 * A store that is no file of its own: bytes in memory, or a part of a descriptor. Nobody writes to it, so there is no lock, no
 * liblmdb and nothing to share: the careful reader has it alone.
 */
#include "disk/lmdb.h"

#include <stdlib.h>
#include <unistd.h>

enum { CACHE_SIZE = 16 << 20 };

static void
take_source(struct coffer_disk *disk, const coffer_origin *origin)
{
	size_t cache_size = origin->cache_size_max ? origin->cache_size_max : CACHE_SIZE;

	if (origin->memory)
		coffer_page_source_memory(origin->memory, (size_t)origin->size, &disk->source);
	else
		coffer_page_source_part(origin->fd, origin->offset, origin->size, cache_size,
					&disk->source);
}

coffer_status
coffer_disk_open_origin(const coffer_origin *origin, struct coffer_disk **disk_out,
			coffer_error *error)
{
	coffer_status status = coffer_disk_count_forks(error);
	struct coffer_disk *disk;

	*disk_out = NULL;
	if (status)
		return status;
	if (!(disk = calloc(1, sizeof(*disk))))
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a store handle");
	disk->process = coffer_disk_process();
	disk->fd = -1;
	disk->lock.fd = -1;
	take_source(disk, origin);
	status = coffer_pages_open(&disk->source, COFFER_TREES_MAX, &disk->pages, error);
	if (status) {
		free(disk);
		return status;
	}
	disk->names = *coffer_pages_names(disk->pages);
	disk->page_size = coffer_pages_state(disk->pages)->meta.page_size;
	*disk_out = disk;
	return COFFER_OK;
}

void
coffer_disk_close_origin(struct coffer_disk *disk)
{
	coffer_pages_close(disk->pages);
	coffer_page_source_close(&disk->source);
	free(disk);
}
