/*
 * Inside of source.h: pages that are read, in their places in a reserved range of addresses.
 */
#ifndef COFFER_PAGES_CACHE_H
#define COFFER_PAGES_CACHE_H

#include "pages/source.h"

/* Read, however often the system breaks off; fewer bytes where the file ends. COFFER_IO. */
COFFER_CHECKED coffer_status
coffer_cache_read(int fd, uint64_t at, void *out, size_t size, size_t *size_out,
		  coffer_error *error);

/* Sets the image's `cache` and `base`. COFFER_NO_MEMORY. */
COFFER_CHECKED coffer_status
coffer_cache_open(struct coffer_image *image, const struct coffer_page_source *source,
		  coffer_error *error);
void
coffer_cache_close(struct coffer_cache *cache);
void
coffer_cache_set_pins(struct coffer_cache *cache, coffer_cache_pins pins, void *context);

#endif
