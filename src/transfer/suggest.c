/*
 * The nearest name by edit distance, in which a swap of two neighbours counts as one and case as
 * nothing. A name is near when a third of its letters or less is wrong, or when it begins with the word.
 */
#include "transfer/suggest.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

enum { WORD_SIZE_MAX = 64 };

static char
lower(char letter)
{
	return (char)(letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter);
}

static size_t
least(size_t left, size_t right)
{
	return left < right ? left : right;
}

/* One row of the table of distances from the two rows above it. */
static void
fill_row(size_t *row, const size_t *above, const size_t *above_that, const char *word, size_t at,
	 const char *name, size_t name_size)
{
	row[0] = at;
	for (size_t i = 1; i <= name_size; i++) {
		size_t is_other = lower(word[at - 1]) != lower(name[i - 1]);

		row[i] = least(least(above[i], row[i - 1]) + 1, above[i - 1] + is_other);
		if (at > 1 && i > 1 && lower(word[at - 1]) == lower(name[i - 2]) &&
		    lower(word[at - 2]) == lower(name[i - 1]))
			row[i] = least(row[i], above_that[i - 2] + 1);
	}
}

static size_t
distance_of(const char *word, const char *name)
{
	size_t rows[3][WORD_SIZE_MAX + 1];
	size_t word_size = strlen(word), name_size = strlen(name);

	if (word_size > WORD_SIZE_MAX || name_size > WORD_SIZE_MAX)
		return SIZE_MAX;
	for (size_t i = 0; i <= name_size; i++)
		rows[0][i] = i;
	for (size_t at = 1; at <= word_size; at++)
		fill_row(rows[at % 3], rows[(at + 2) % 3], rows[(at + 1) % 3], word, at, name,
			 name_size);
	return rows[word_size % 3][name_size];
}

void
coffer_suggestion_offer(struct coffer_suggestion *suggestion, const char *name)
{
	size_t distance = distance_of(suggestion->word, name), size = strlen(suggestion->word);

	if (distance > (size + 2) / 3) {
		if (size < 3 || strncasecmp(suggestion->word, name, size))
			return;
		distance = size;
	}
	if (!suggestion->best || distance < suggestion->distance) {
		suggestion->best = name;
		suggestion->distance = distance;
	}
}
