/*
 * The three sources, and an image over any of them.
 */
#include "pages/source.h"

#include "pages/cache.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static coffer_status
ask_size(int fd, uint64_t *size_out, coffer_error *error)
{
	struct stat facts;

	if (fstat(fd, &facts))
		return coffer_error_set(error, COFFER_IO, "cannot read: %s", strerror(errno));
	*size_out = (uint64_t)facts.st_size;
	return COFFER_OK;
}

coffer_status
coffer_page_source_map(int fd, struct coffer_page_source *source_out, coffer_error *error)
{
	coffer_status status;
	void *map;

	*source_out = (struct coffer_page_source){.fd = -1};
	if ((status = ask_size(fd, &source_out->size, error)) || !source_out->size)
		return status;
	map = source_out->size > SIZE_MAX
		      ? MAP_FAILED
		      : mmap(NULL, (size_t)source_out->size, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return coffer_error_set(error, errno == ENOMEM ? COFFER_NO_MEMORY : COFFER_IO,
					"cannot map the file: %s", strerror(errno));
	source_out->memory = map;
	source_out->is_mapped = true;
	return COFFER_OK;
}

void
coffer_page_source_memory(const void *data, size_t size, struct coffer_page_source *source_out)
{
	static const uint8_t nothing[1];

	*source_out = (struct coffer_page_source){
		.memory = size ? data : nothing,
		.size = size,
		.fd = -1,
	};
}

coffer_status
coffer_page_source_read(int fd, size_t cache_size_max, struct coffer_page_source *source_out,
			coffer_error *error)
{
	coffer_page_source_part(fd, 0, 0, cache_size_max, source_out);
	return ask_size(fd, &source_out->size, error);
}

void
coffer_page_source_part(int fd, uint64_t offset, uint64_t size, size_t cache_size_max,
			struct coffer_page_source *source_out)
{
	*source_out = (struct coffer_page_source){
		.fd = fd,
		.offset = offset,
		.size = size,
		.cache_size_max = cache_size_max,
	};
}

void
coffer_page_source_close(struct coffer_page_source *source)
{
	void *map;

	if (source->is_mapped) {
		memcpy(&map, &source->memory, sizeof(map)); /* munmap knows no const */
		(void)munmap(map, (size_t)source->size);
	}
	*source = (struct coffer_page_source){.fd = -1};
}

coffer_status
coffer_page_source_copy(const struct coffer_page_source *source, uint64_t at, void *out,
			size_t size, size_t *size_out, coffer_error *error)
{
	*size_out = 0;
	if (at >= source->size)
		return COFFER_OK;
	if (size > source->size - at)
		size = (size_t)(source->size - at);
	if (!source->memory)
		return coffer_cache_read(source->fd, source->offset + at, out, size, size_out,
					 error);
	memcpy(out, source->memory + at, size);
	*size_out = size;
	return COFFER_OK;
}

coffer_status
coffer_image_open(struct coffer_image *image, const struct coffer_page_source *source,
		  uint32_t page_size, uint64_t page_count, uint64_t *checked, coffer_error *error)
{
	*image = (struct coffer_image){
		.base = source->memory,
		.page_count = page_count,
		.page_size = page_size,
		.page_shift = (unsigned)__builtin_ctz(page_size),
		.checked = checked,
	};
	if (source->memory)
		return COFFER_OK;
	return coffer_cache_open(image, source, error);
}

void
coffer_image_close(struct coffer_image *image)
{
	coffer_cache_close(image->cache);
	image->cache = NULL;
}

void
coffer_image_set_pins(struct coffer_image *image, coffer_cache_pins pins, void *context)
{
	if (image->cache)
		coffer_cache_set_pins(image->cache, pins, context);
}
