/*
 * Our own map of the file. liblmdb does not say where its own is, and it can be made anew only while nobody reads; ours is
 * replaced by a larger one whenever the file outgrows it, and goes when the last snapshot that began on it has ended.
 */
#include "disk/lmdb.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static void
unmap(struct coffer_window *window)
{
	void *map;

	memcpy(&map, &window->base, sizeof(map)); /* munmap knows no const */
	(void)munmap(map, window->size);
	free(window);
}

/* Room for a file that grows, if there is any; else for the file as it is. */
static coffer_status
map(const struct coffer_disk *disk, uint64_t file_size, struct coffer_window **window_out,
    coffer_error *error)
{
	struct coffer_window *window = calloc(1, sizeof(*window));
	void *map = MAP_FAILED;

	*window_out = window;
	if (!window || file_size > SIZE_MAX)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a map");
	window->file_size = file_size;
	window->size = coffer_map_size(file_size);
	map = mmap(NULL, window->size, PROT_READ, MAP_SHARED, disk->fd, 0);
	if (map == MAP_FAILED && window->size > file_size) {
		window->size = (size_t)file_size;
		map = mmap(NULL, window->size, PROT_READ, MAP_SHARED, disk->fd, 0);
	}
	if (map == MAP_FAILED)
		return coffer_error_set(error, errno == ENOMEM ? COFFER_NO_MEMORY : COFFER_IO,
					"cannot map the file: %s", strerror(errno));
	window->base = map;
	window->users = 1;
	return COFFER_OK;
}

static coffer_status
ask_size(const struct coffer_disk *disk, uint64_t *size_out, coffer_error *error)
{
	struct stat facts;

	if (fstat(disk->fd, &facts))
		return coffer_error_set(error, COFFER_IO, "cannot read: %s", strerror(errno));
	*size_out = (uint64_t)facts.st_size;
	return COFFER_OK;
}

coffer_status
coffer_window_open(struct coffer_disk *disk, coffer_error *error)
{
	struct coffer_window *window = NULL;
	uint64_t size = 0;
	coffer_status status = ask_size(disk, &size, error);

	if (!status)
		status = map(disk, size, &window, error);
	if (status)
		free(window);
	else
		disk->window = window;
	return status;
}

void
coffer_window_let(struct coffer_window *window)
{
	if (window && !--window->users)
		unmap(window);
}

/* The file grows only. */
coffer_status
coffer_window_follow(struct coffer_disk *disk, uint64_t size, coffer_error *error)
{
	struct coffer_window *window = disk->window, *larger = NULL;
	coffer_status status;

	if (size <= window->file_size)
		return COFFER_OK;
	if ((status = ask_size(disk, &size, error)))
		return status;
	if (size <= window->size) {
		window->file_size = size;
		return COFFER_OK;
	}
	if ((status = map(disk, size, &larger, error))) {
		free(larger);
		return status;
	}
	disk->window = larger;
	coffer_window_let(window);
	return COFFER_OK;
}

/* Whole at one moment as far as we can see to it: a writer may be at it. */
void
coffer_window_copy_meta(const struct coffer_window *window, uint32_t page_size, unsigned number,
			uint8_t bytes[COFFER_META_SIZE])
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	memcpy(bytes, window->base + (size_t)number * page_size, COFFER_META_SIZE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static uint64_t
read_transaction(const struct coffer_disk *disk)
{
	struct coffer_page_source source;
	struct coffer_pages_meta metas[2];

	if (coffer_page_source_read(disk->fd, 0, &source, NULL) ||
	    coffer_pages_metas(&source, metas, NULL))
		return 0;
	return coffer_pages_newer(metas)->transaction;
}

uint64_t
coffer_window_transaction(const struct coffer_disk *disk)
{
	uint8_t bytes[COFFER_META_SIZE];
	struct coffer_pages_meta meta;
	uint64_t transaction = 0;

	if (!disk->env)
		return read_transaction(disk);
	coffer_disk_hold();
	for (unsigned number = 0; number < 2; number++) {
		coffer_window_copy_meta(disk->window, disk->page_size, number, bytes);
		if (!coffer_pages_meta_decode(bytes, number, &meta, NULL) &&
		    meta.transaction > transaction)
			transaction = meta.transaction;
	}
	coffer_disk_let();
	return transaction;
}
