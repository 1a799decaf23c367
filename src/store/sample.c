/*
 * The first rows of a table, looked at to find the columns of texts and of short documents that repeat: those are
 * held as codes of the pool from the first row on. SPEC.md 8.1.
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
	coffer_kind kind = table->columns[column].kind;

	return (kind == COFFER_TEXT || kind == COFFER_JSON) && !table->columns[column].is_interned &&
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

bool
coffer_sample_is_full(const struct coffer_sample *sample)
{
	return sample->count == COFFER_SAMPLE_ROWS_MAX ||
	       sample->arena.total >= COFFER_SAMPLE_SIZE_MAX;
}

coffer_status
coffer_sample_add(struct coffer_sample *sample, uint64_t number, const coffer_value *values,
		  size_t count, bool *is_full_out, coffer_error *error)
{
	coffer_value *row = coffer_arena_alloc(&sample->arena, count * sizeof(*row) + 1);

	if (!sample->rows)
		sample->rows = calloc(COFFER_SAMPLE_ROWS_MAX, sizeof(*sample->rows));
	if (!sample->numbers)
		sample->numbers = calloc(COFFER_SAMPLE_ROWS_MAX, sizeof(*sample->numbers));
	if (!row || !sample->rows || !sample->numbers)
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
	sample->numbers[sample->count] = number;
	sample->rows[sample->count++] = row;
	*is_full_out = coffer_sample_is_full(sample);
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

/*
 * Documents that are `{}` take no more bytes than a code does and say nothing: those that come later may be of another kind.
 * A gateway begins to keep its prompts one day, or had those of old rows emptied, and the pool is no place for them. So JSON
 * has to be short, and longer than a code.
 */
static bool
is_counted(const coffer_value *value)
{
	return value->kind != COFFER_NULL &&
	       (value->kind != COFFER_JSON || value->text.size >= COFFER_SAMPLE_JSON_SIZE_MIN);
}

enum verdict { SAYS_NOTHING, REPEATS, DIFFERS };

/* Texts are counted by their hashes: a collision would only make the guess a little worse. */
static enum verdict
judge(const struct coffer_sample *sample, size_t column, uint64_t *hashes)
{
	size_t count = 0, distinct = 0;

	for (size_t i = 0; i < sample->count; i++) {
		const coffer_value *value = &sample->rows[i][column];

		if (!is_counted(value))
			continue;
		if (value->kind == COFFER_JSON && value->text.size > COFFER_SAMPLE_JSON_SIZE_MAX)
			return DIFFERS;
		hashes[count++] = coffer_hash(value->text.data, value->text.size, 0);
	}
	if (count < COFFER_SAMPLE_VALUES_MIN)
		return SAYS_NOTHING;
	qsort(hashes, count, sizeof(*hashes), compare);
	for (size_t i = 0; i < count; i++)
		distinct += !i || hashes[i] != hashes[i - 1];
	return count >= COFFER_SAMPLE_REPEATS_MIN * distinct ? REPEATS : DIFFERS;
}

static coffer_status
make_hashes(const struct coffer_sample *sample, uint64_t **hashes_out, coffer_error *error)
{
	*hashes_out = malloc((sample->count + 1) * sizeof(**hashes_out));
	return *hashes_out ? COFFER_OK
			   : coffer_error_set(error, COFFER_NO_MEMORY,
					      "no memory for a sample of rows");
}

coffer_status
coffer_sample_judge(const struct coffer_sample *sample, coffer_table *table, coffer_error *error)
{
	uint64_t *hashes;
	coffer_status status;

	if (sample->count < COFFER_SAMPLE_VALUES_MIN)
		return COFFER_OK;
	if ((status = make_hashes(sample, &hashes, error)))
		return status;
	for (size_t column = 0; column < table->column_count; column++)
		if (is_candidate(table, column) && judge(sample, column, hashes) == REPEATS)
			table->columns[column].is_interned = true;
	free(hashes);
	return COFFER_OK;
}

coffer_status
coffer_sample_unmark(const struct coffer_sample *sample, const coffer_table *demanded,
		     coffer_table *table, coffer_error *error)
{
	uint64_t *hashes;
	coffer_status status;

	if ((status = make_hashes(sample, &hashes, error)))
		return status;
	for (size_t column = 0; column < table->column_count; column++) {
		coffer_column *marked = &table->columns[column];

		if (marked->is_interned && !demanded->columns[column].is_interned &&
		    judge(sample, column, hashes) == DIFFERS)
			marked->is_interned = false;
	}
	free(hashes);
	return COFFER_OK;
}

void
coffer_sample_release(struct coffer_sample *sample)
{
	coffer_arena_release(&sample->arena);
	free(sample->rows);
	free(sample->numbers);
	sample->rows = NULL;
	sample->numbers = NULL;
	sample->count = 0;
}
