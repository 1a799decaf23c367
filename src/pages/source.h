/*
 * Where pages come from, and the pages of one state of a file.
 *
 * A source is bytes that are all there (mapped, or the caller's memory), or a descriptor that is read piece by piece. An
 * image is what one snapshot sees of it: page n stands at base + n * page_size as soon as it was asked for. What is mapped or
 * in memory is there at once; what is read is held in a cache until it has no room any more.
 *
 * Bytes in memory or mapped must not change while an image is open, but for what a writer that keeps LMDB's rules
 * changes; a mapped file that is cut meanwhile ends the process by SIGBUS. Who cannot accept either reads.
 *
 * A source that is read may be guarded, where nothing keeps a writer from the pages of the state that is read: such pages are
 * written over at the earliest by the third transaction behind the state's, so that bytes are good which were read before the
 * second one had committed.
 */
#ifndef COFFER_PAGES_SOURCE_H
#define COFFER_PAGES_SOURCE_H

#include "coffer.h"

struct coffer_page_source {
	const uint8_t *memory; /* NULL: read from `fd` */
	uint64_t size;
	int fd;                /* borrowed */
	uint64_t offset;       /* in `fd`, where the first page stands: a member of an archive */
	size_t cache_size_max; /* bytes of pages that an image keeps; more only where they are in use */
	bool is_mapped;        /* `memory` is a map of the source's own */
	bool is_guarded;       /* an image is of `transaction`, and a writer may be at the file: COFFER_BUSY when it got too far */
	uint64_t transaction;
};

/* Map the file behind `fd`, which may be closed then. COFFER_IO, COFFER_NO_MEMORY. */
COFFER_CHECKED coffer_status
coffer_page_source_map(int fd, struct coffer_page_source *source_out, coffer_error *error);
/* `size` bytes at `data`, borrowed until close. */
void
coffer_page_source_memory(const void *data, size_t size, struct coffer_page_source *source_out);
/* Read `size` bytes of `fd` from `offset` on; it is borrowed until close. */
void
coffer_page_source_part(int fd, uint64_t offset, uint64_t size, size_t cache_size_max,
			struct coffer_page_source *source_out);
/* Read all of `fd`, which is borrowed until close. COFFER_IO. */
COFFER_CHECKED coffer_status
coffer_page_source_read(int fd, size_t cache_size_max, struct coffer_page_source *source_out,
			coffer_error *error);
void
coffer_page_source_close(struct coffer_page_source *source);

/* Copy bytes; fewer where the source ends. COFFER_IO. */
COFFER_CHECKED coffer_status
coffer_page_source_copy(const struct coffer_page_source *source, uint64_t at, void *out,
			size_t size, size_t *size_out, coffer_error *error);

struct coffer_cache;

/* Mark with coffer_cache_pin all pages that somebody still looks at. */
typedef void (*coffer_cache_pins)(void *context, struct coffer_cache *cache);

struct coffer_image {
	const uint8_t *base;
	uint64_t
		page_count; /* that may be asked for: up to the last one in use, whole, in the file */
	uint32_t page_size;
	unsigned page_shift;
	uint64_t *checked;          /* a bit a page: found sound while it was there */
	struct coffer_cache *cache; /* NULL: all of it is there */
};

/* `checked` has zeroed bits for page_count pages and is borrowed. COFFER_NO_MEMORY. */
COFFER_CHECKED coffer_status
coffer_image_open(struct coffer_image *image, const struct coffer_page_source *source,
		  uint32_t page_size, uint64_t page_count, uint64_t *checked, coffer_error *error);
void
coffer_image_close(struct coffer_image *image);
/* Who is asked before pages leave the cache, if there is one. */
void
coffer_image_set_pins(struct coffer_image *image, coffer_cache_pins pins, void *context);

/* Words of so many bits. */
static inline size_t
coffer_image_words(uint64_t page_count)
{
	return (size_t)(page_count / 64 + 1);
}

/* Have the pages of a run in their place: `number` and `count` more lie within page_count. They stay until the next call, pinned
 * ones longer. COFFER_IO, COFFER_CORRUPT (the file was cut), COFFER_BUSY (of a guarded source). */
COFFER_CHECKED coffer_status
coffer_cache_load(struct coffer_cache *cache, struct coffer_image *image, uint64_t number,
		  uint64_t count, coffer_error *error);
/* Keep the pages of a run while room is made: called by the pins function. */
void
coffer_cache_pin(struct coffer_cache *cache, uint64_t number, uint64_t count);
/* Keep the pages of a run until the image is closed. */
void
coffer_cache_keep(struct coffer_cache *cache, uint64_t number, uint64_t count);

/* The page with this number, which is below page_count. */
static inline coffer_status
coffer_image_page(struct coffer_image *image, uint64_t number, const uint8_t **page_out,
		  coffer_error *error)
{
	*page_out = image->base + (number << image->page_shift);
	return image->cache ? coffer_cache_load(image->cache, image, number, 1, error) : COFFER_OK;
}

static inline bool
coffer_image_is_checked(const struct coffer_image *image, uint64_t number)
{
	return image->checked[number / 64] >> (number % 64) & 1;
}

static inline void
coffer_image_set_checked(struct coffer_image *image, uint64_t number)
{
	image->checked[number / 64] |= (uint64_t)1 << (number % 64);
}

/* The same, of an image without a cache, where other threads do so too; none asks meanwhile. */
static inline void
coffer_image_share_checked(struct coffer_image *image, uint64_t number)
{
	(void)__atomic_fetch_or(&image->checked[number / 64], (uint64_t)1 << (number % 64),
				__ATOMIC_RELAXED);
}

#endif
