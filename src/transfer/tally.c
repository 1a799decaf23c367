/*
 * A hash table in a mapping, doubled when it is half full. The file's bytes are allotted before they are mapped: a full
 * disk is an error there and would be a signal later.
 */
#include "transfer/tally.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
	CAPACITY_MIN = 1024,
	MEMORY_SIZE = 64 << 20,
};

void
coffer_tally_init(struct coffer_tally *tally, size_t memory_size)
{
	*tally = (struct coffer_tally){.memory_size = memory_size ? memory_size : MEMORY_SIZE};
}

static void
unmap(struct coffer_tally_slot *slots, size_t capacity)
{
	if (slots)
		(void)munmap(slots, capacity * sizeof(*slots));
}

void
coffer_tally_release(struct coffer_tally *tally)
{
	unmap(tally->slots, tally->capacity);
	*tally = (struct coffer_tally){0};
}

static int
open_nameless(void)
{
	const char *folder = getenv("TMPDIR");
	char *name = NULL;
	int file;

	folder = folder && *folder ? folder : "/tmp";
	file = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (file >= 0 || asprintf(&name, "%s/coffer.XXXXXX", folder) < 0)
		return file;
	file = mkostemp(name, O_CLOEXEC);
	if (file >= 0)
		(void)unlink(name);
	free(name);
	return file;
}

/* The mapping keeps the file. Returns an errno. */
static int
map_file(size_t size, void **map_out)
{
	int file = open_nameless(), number;

	*map_out = MAP_FAILED;
	if (file < 0)
		return errno;
	number = posix_fallocate(file, 0, (off_t)size);
	if (!number)
		*map_out = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (!number && *map_out == MAP_FAILED)
		number = errno;
	(void)close(file);
	return number;
}

static coffer_status
map(const struct coffer_tally *tally, size_t size, void **map_out, coffer_error *error)
{
	int number;

	if (size <= tally->memory_size) {
		*map_out = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
				0);
		if (*map_out == MAP_FAILED)
			return coffer_error_set(error, COFFER_NO_MEMORY,
						"no memory to compare rows");
		return COFFER_OK;
	}
	number = map_file(size, map_out);
	if (!number)
		return COFFER_OK;
	return coffer_error_set(
		error,
		number == ENOSPC || number == EDQUOT || number == EFBIG ? COFFER_FULL : COFFER_IO,
		"cannot make a temporary file: %s", strerror(number));
}

/* The slot of this hash, or the empty one where it goes. */
static struct coffer_tally_slot *
find(struct coffer_tally_slot *slots, size_t capacity, const uint8_t *hash)
{
	size_t mask = capacity - 1, at;

	memcpy(&at, hash, sizeof(at));
	for (at &= mask; slots[at].is_used; at = (at + 1) & mask)
		if (memcmp(slots[at].hash, hash, COFFER_TALLY_HASH_SIZE) == 0)
			break;
	return &slots[at];
}

static coffer_status
grow(struct coffer_tally *tally, coffer_error *error)
{
	size_t capacity = tally->capacity ? tally->capacity * 2 : CAPACITY_MIN;
	struct coffer_tally_slot *slots;
	coffer_status status;
	void *memory;

	if ((status = map(tally, capacity * sizeof(*slots), &memory, error)))
		return status;
	slots = memory;
	for (size_t i = 0; i < tally->capacity; i++)
		if (tally->slots[i].is_used)
			*find(slots, capacity, tally->slots[i].hash) = tally->slots[i];
	unmap(tally->slots, tally->capacity);
	tally->slots = slots;
	tally->capacity = capacity;
	return COFFER_OK;
}

coffer_status
coffer_tally_add(struct coffer_tally *tally, const uint8_t hash[COFFER_TALLY_HASH_SIZE],
		 coffer_error *error)
{
	struct coffer_tally_slot *slot;
	coffer_status status;

	if (tally->used >= tally->capacity / 2 && (status = grow(tally, error)))
		return status;
	slot = find(tally->slots, tally->capacity, hash);
	if (!slot->is_used) {
		memcpy(slot->hash, hash, COFFER_TALLY_HASH_SIZE);
		slot->is_used = true;
		tally->used++;
	}
	slot->count++;
	tally->total++;
	return COFFER_OK;
}

bool
coffer_tally_take(struct coffer_tally *tally, const uint8_t hash[COFFER_TALLY_HASH_SIZE])
{
	struct coffer_tally_slot *slot =
		tally->capacity ? find(tally->slots, tally->capacity, hash) : NULL;

	if (!slot || !slot->count)
		return false;
	slot->count--;
	tally->total--;
	return true;
}
