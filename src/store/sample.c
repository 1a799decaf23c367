/*
 * The first rows of a table, looked at to find the text columns that repeat: those are held as codes of the
 * pool from the first row on. SPEC.md 8.1.
 */
#include "store/load.h"

#include "format/checksum.h"

#include <stdlib.h>
#include <string.h>

static bool
is_key_member(const coffer_table *table, size_t column)
{
	for (size_t i = 0; i < table->index_count; i++) {
		const coffer_index *index = &table->indexes[i];

		for (size_t k = 0; index->is_unique && k < index->column_count; k++)
			if (index->columns[k] == column)
				return true;
	}
	return false;
}

static bool
is_candidate(const coffer_table *table, size_t column)
{
	return table->columns[column].kind == COFFER_TEXT && !table->columns[column].is_interned &&
	       !is_key_member(table, column);
}

bool
coffer_sample_is_wanted(const coffer_table *table)
{
	for (size_t column = 0; column < table->column_count; column++)
		if (is_candidate(table, column))
			return true;
	return false;
}

coffer_status
coffer_sample_add(struct coffer_sample *sample, const coffer_value *values, size_t count,
		  bool *is_full_out, coffer_error *error)
{
	coffer_value *row = coffer_arena_alloc(&sample->arena, count * sizeof(*row) + 1);

	if (!sample->rows)
		sample->rows = calloc(COFFER_SAMPLE_ROWS_MAX, sizeof(*sample->rows));
	if (!row || !sample->rows)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a sample of rows");
	for (size_t i = 0; i < count; i++) {
		row[i] = values[i];
		if (values[i].kind < COFFER_TEXT)
			continue;
		row[i].text.data =
			coffer_arena_text(&sample->arena, values[i].text.data, values[i].text.size);
		if (!row[i].text.data)
			return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a sample of rows");
	}
	sample->rows[sample->count++] = row;
	*is_full_out = sample->count == COFFER_SAMPLE_ROWS_MAX ||
		       sample->arena.total >= COFFER_SAMPLE_SIZE_MAX;
	return COFFER_OK;
}

static int
compare(const void *left, const void *right)
{
	uint64_t a, b;

	memcpy(&a, left, sizeof(a));
	memcpy(&b, right, sizeof(b));
	return (a > b) - (a < b);
}

/* Texts are counted by their hashes: a collision would only make the guess a little worse. */
static bool
repeats(const struct coffer_sample *sample, size_t column, uint64_t *hashes)
{
	size_t count = 0, distinct = 0;

	for (size_t i = 0; i < sample->count; i++) {
		const coffer_value *value = &sample->rows[i][column];

		if (value->kind != COFFER_NULL)
			hashes[count++] = coffer_hash(value->text.data, value->text.size, 0);
	}
	if (count < COFFER_SAMPLE_VALUES_MIN)
		return false;
	qsort(hashes, count, sizeof(*hashes), compare);
	for (size_t i = 0; i < count; i++)
		distinct += !i || hashes[i] != hashes[i - 1];
	return count >= COFFER_SAMPLE_REPEATS_MIN * distinct;
}

coffer_status
coffer_sample_judge(const struct coffer_sample *sample, coffer_table *table, coffer_error *error)
{
	uint64_t *hashes;

	if (sample->count < COFFER_SAMPLE_VALUES_MIN)
		return COFFER_OK;
	hashes = malloc(sample->count * sizeof(*hashes));
	if (!hashes)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a sample of rows");
	for (size_t column = 0; column < table->column_count; column++)
		if (is_candidate(table, column) && repeats(sample, column, hashes))
			table->columns[column].is_interned = true;
	free(hashes);
	return COFFER_OK;
}

void
coffer_sample_release(struct coffer_sample *sample)
{
	coffer_arena_release(&sample->arena);
	free(sample->rows);
	sample->rows = NULL;
	sample->count = 0;
}
