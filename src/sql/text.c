/*
 * Texts that many rows share, with a NUL behind each: SQLite takes such a one as it is, where it would copy one that stands in
 * the file. A text is known by where it stands, which holds as long as the snapshot; it is kept when it comes again.
 */
#include "sql/internal.h"

#include <stdlib.h>
#include <string.h>

enum {
	PLACES = 1024,
	TEXT_MAX = 255,
	BLOCK_SIZE = 16 << 10,
	BLOCKS_MAX = 64,
	MISSES_MAX = 8,
};

struct place {
	coffer_text text; /* that came here last */
	const char *kept; /* NULL: it came once */
	unsigned misses;  /* of others that would have its place, since it came last */
};

struct block {
	struct block *older;
	char memory[BLOCK_SIZE];
};

struct coffer_sql_texts {
	struct place places[PLACES]; /* by where a text stands */
	struct place copies[PLACES]; /* by what a text is, which stands nowhere */
	struct block *block;
	size_t used; /* of the block */
	unsigned blocks;
};

struct coffer_sql_texts *
coffer_sql_texts_make(void)
{
	return calloc(1, sizeof(struct coffer_sql_texts));
}

void
coffer_sql_texts_free(struct coffer_sql_texts *texts)
{
	while (texts && texts->block) {
		struct block *older = texts->block->older;

		free(texts->block);
		texts->block = older;
	}
	free(texts);
}

bool
coffer_sql_texts_are_full(const struct coffer_sql_texts *texts)
{
	return texts && texts->blocks == BLOCKS_MAX;
}

/* Texts of the pool stand some way apart. */
static struct place *
place_of(struct coffer_sql_texts *texts, const char *data)
{
	uint64_t mixed = (uint64_t)(uintptr_t)data * UINT64_C(0x9e3779b97f4a7c15);

	return &texts->places[mixed >> 54];
}

/* Room for a text and its NUL; NULL: there is none any more. */
static char *
take(struct coffer_sql_texts *texts, size_t size)
{
	struct block *block;

	if (!texts->block || BLOCK_SIZE - texts->used < size) {
		if (texts->blocks == BLOCKS_MAX || !(block = malloc(sizeof(*block))))
			return NULL;
		block->older = texts->block;
		texts->block = block;
		texts->blocks++;
		texts->used = 0;
	}
	texts->used += size;
	return texts->block->memory + texts->used - size;
}

/* One that has a NUL of its own, as only damage has, is no text for SQLite. */
static const char *
keep(struct coffer_sql_texts *texts, coffer_text text)
{
	char *copy;

	if (memchr(text.data, 0, text.size) || !(copy = take(texts, text.size + 1)))
		return NULL;
	memcpy(copy, text.data, text.size);
	copy[text.size] = '\0';
	return copy;
}

uint64_t
coffer_sql_text_hash(coffer_text text)
{
	uint64_t mixed = text.size, part;

	for (size_t at = 0; at < text.size; at += sizeof(part)) {
		size_t rest = text.size - at;

		part = 0;
		memcpy(&part, text.data + at, rest < sizeof(part) ? rest : sizeof(part));
		mixed = ((mixed ^ part) + (mixed >> 29)) * UINT64_C(0x9e3779b97f4a7c15);
	}
	return mixed;
}

const char *
coffer_sql_texts_keep(struct coffer_sql_texts *texts, coffer_text text)
{
	struct place *place;

	if (text.size > TEXT_MAX || texts->blocks == BLOCKS_MAX)
		return NULL;
	place = &texts->copies[coffer_sql_text_hash(text) >> 54];
	if (!place->kept || place->text.size != text.size ||
	    memcmp(place->kept, text.data, text.size)) {
		place->kept = keep(texts, text);
		place->text.size = text.size;
	}
	return place->kept;
}

const char *
coffer_sql_texts_find(struct coffer_sql_texts *texts, coffer_text text)
{
	struct place *place = place_of(texts, text.data);

	if (place->text.data != text.data || place->text.size != text.size) {
		/* One that comes often is not lost to those that come once. */
		if (text.size && text.size <= TEXT_MAX &&
		    (!place->kept || ++place->misses == MISSES_MAX))
			*place = (struct place){.text = text};
		return NULL;
	}
	place->misses = 0;
	if (!place->kept)
		place->kept = keep(texts, text);
	return place->kept;
}
