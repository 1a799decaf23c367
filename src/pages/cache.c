/*
 * Pages that are read one by one, for whoever cannot accept a map.
 *
 * The whole file has its addresses, so that a page lies where it would in a map and runs are contiguous; only what was read
 * has memory behind them. When more is there than the bound allows, all goes but what is pinned or kept. What goes was
 * perhaps checked: it is checked again when it is read again, since the file may be another by then.
 */
#include "pages/cache.h"

#include "pages/meta.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGES_MIN = 256 }; /* so that what is made room for outweighs the making */

struct coffer_cache {
	struct coffer_page_source source;
	uint8_t *base;
	size_t size; /* of the range of addresses */
	size_t unit; /* of the system's memory */
	uint64_t loaded_count;
	uint64_t loaded_min,
		loaded_max; /* room is made above the latter, which is not below the former */
	uint64_t *loaded;   /* a bit a page, as of the next ones */
	uint64_t *kept;     /* until the end */
	uint64_t *pinned;   /* only while room is made */
	coffer_cache_pins pins;
	void *context;
};

static bool
has_bit(const uint64_t *bits, uint64_t at)
{
	return bits[at / 64] >> (at % 64) & 1;
}

static void
set_bits(uint64_t *bits, uint64_t at, uint64_t count)
{
	for (uint64_t end = at + count; at < end; at++)
		bits[at / 64] |= (uint64_t)1 << (at % 64);
}

coffer_status
coffer_cache_read(int fd, uint64_t at, void *out, size_t size, size_t *size_out,
		  coffer_error *error)
{
	uint8_t *bytes = out;

	for (*size_out = 0; *size_out < size;) {
		ssize_t got =
			pread(fd, bytes + *size_out, size - *size_out, (off_t)(at + *size_out));

		if (!got)
			break;
		if (got < 0 && errno != EINTR)
			return coffer_error_set(error, COFFER_IO, "cannot read: %s",
						strerror(errno));
		if (got > 0)
			*size_out += (size_t)got;
	}
	return COFFER_OK;
}

coffer_status
coffer_cache_open(struct coffer_image *image, const struct coffer_page_source *source,
		  coffer_error *error)
{
	struct coffer_cache *cache = calloc(1, sizeof(*cache));
	size_t words = coffer_image_words(image->page_count);
	void *range = MAP_FAILED;

	if (cache && image->page_count <= SIZE_MAX >> image->page_shift) {
		cache->size = (size_t)(image->page_count << image->page_shift);
		range = mmap(NULL, cache->size, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		cache->base = range == MAP_FAILED ? NULL : range;
		cache->loaded = calloc(3 * words, sizeof(*cache->loaded));
	}
	if (!cache || !cache->base || !cache->loaded) {
		coffer_cache_close(cache);
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory to read pages");
	}
	cache->kept = cache->loaded + words;
	cache->pinned = cache->kept + words;
	cache->source = *source;
	cache->unit = (size_t)sysconf(_SC_PAGESIZE);
	cache->loaded_min = source->cache_size_max >> image->page_shift;
	if (cache->loaded_min < PAGES_MIN)
		cache->loaded_min = PAGES_MIN;
	cache->loaded_max = cache->loaded_min;
	image->cache = cache;
	image->base = cache->base;
	return COFFER_OK;
}

void
coffer_cache_close(struct coffer_cache *cache)
{
	if (!cache)
		return;
	if (cache->base)
		(void)munmap(cache->base, cache->size);
	free(cache->loaded);
	free(cache);
}

void
coffer_cache_set_pins(struct coffer_cache *cache, coffer_cache_pins pins, void *context)
{
	cache->pins = pins;
	cache->context = context;
}

void
coffer_cache_pin(struct coffer_cache *cache, uint64_t number, uint64_t count)
{
	set_bits(cache->pinned, number, count);
}

void
coffer_cache_keep(struct coffer_cache *cache, uint64_t number, uint64_t count)
{
	set_bits(cache->kept, number, count);
}

/* Give memory back: what lies whole in the range, as pages of the system may be larger. */
static void
give_back(const struct coffer_cache *cache, size_t from, size_t to)
{
	from = (from + cache->unit - 1) / cache->unit * cache->unit;
	to = to / cache->unit * cache->unit;
	if (from < to)
		(void)madvise(cache->base + from, to - from, MADV_DONTNEED);
}

/* Pages of a word of bits: those that neither anybody looks at nor was promised to. */
static void
drop_word(struct coffer_cache *cache, struct coffer_image *image, size_t word)
{
	uint64_t gone = cache->loaded[word] & ~(cache->kept[word] | cache->pinned[word]);
	size_t base = (word * 64) << image->page_shift;

	cache->loaded[word] &= ~gone;
	image->checked[word] &= ~gone;
	cache->loaded_count -= (uint64_t)__builtin_popcountll(gone);
	for (unsigned first = 0, end; first < 64; first = end) {
		end = first + 1;
		if (!(gone >> first & 1))
			continue;
		while (end < 64 && gone >> end & 1)
			end++;
		give_back(cache, base + ((size_t)first << image->page_shift),
			  base + ((size_t)end << image->page_shift));
	}
}

/* Where most of what is there is in use, there is more room until the next time. */
static void
make_room(struct coffer_cache *cache, struct coffer_image *image)
{
	size_t words = coffer_image_words(image->page_count);

	memset(cache->pinned, 0, words * sizeof(*cache->pinned));
	if (cache->pins)
		cache->pins(cache->context, cache);
	for (size_t word = 0; word < words; word++)
		if (cache->loaded[word])
			drop_word(cache, image, word);
	cache->loaded_max = cache->loaded_count * 2;
	if (cache->loaded_max < cache->loaded_min)
		cache->loaded_max = cache->loaded_min;
}

/* What was read a moment ago is the state's, as long as its meta is there: the second commit behind it is what takes that. */
static coffer_status
check_guard(const struct coffer_cache *cache, const struct coffer_image *image, coffer_error *error)
{
	const struct coffer_page_source *source = &cache->source;
	uint64_t found;
	coffer_status status = coffer_pages_transaction(source, image->page_size,
							source->transaction & 1, &found, error);

	if (status || found == source->transaction)
		return status;
	return coffer_error_set(error, COFFER_BUSY,
				"in use: somebody writes to it, and with its lock file closed to this user "
				"nothing holds in place what is read; try again, or read what 'coffer copy' "
				"makes");
}

static coffer_status
load_run(struct coffer_cache *cache, struct coffer_image *image, uint64_t number, uint64_t count,
	 coffer_error *error)
{
	size_t got, size = (size_t)(count << image->page_shift);
	uint64_t at = number << image->page_shift;
	coffer_status status = coffer_cache_read(cache->source.fd, cache->source.offset + at,
						 cache->base + at, size, &got, error);

	if (!status && cache->source.is_guarded)
		status = check_guard(cache, image, error);
	if (!status && got < size)
		status = coffer_error_set(error, COFFER_CORRUPT,
					  "cut: the file ends before a page that was there");
	if (status)
		return status;
	set_bits(cache->loaded, number, count);
	cache->loaded_count += count;
	return COFFER_OK;
}

/* The first page of a run that is not there; its end when all are. */
static uint64_t
first_absent(const struct coffer_cache *cache, uint64_t number, uint64_t end)
{
	while (number < end && has_bit(cache->loaded, number))
		number++;
	return number;
}

coffer_status
coffer_cache_load(struct coffer_cache *cache, struct coffer_image *image, uint64_t number,
		  uint64_t count, coffer_error *error)
{
	coffer_status status = COFFER_OK;
	uint64_t end = number + count;

	if (first_absent(cache, number, end) == end)
		return COFFER_OK;
	if (cache->loaded_count >= cache->loaded_max)
		make_room(cache, image);
	while (!status && (number = first_absent(cache, number, end)) < end) {
		for (count = 1; number + count < end && !has_bit(cache->loaded, number + count);)
			count++;
		status = load_run(cache, image, number, count, error);
	}
	return status;
}
