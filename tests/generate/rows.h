/*
 * Helpers for tests that look at generated rows: columns by name, sets of texts.
 */
#ifndef COFFER_TESTS_GENERATE_ROWS_H
#define COFFER_TESTS_GENERATE_ROWS_H

#include "generate/gateway.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static uint32_t
column_of(uint32_t table, const char *name)
{
	const char *lists[2] = {coffer_gateway_tables[table].columns,
				coffer_gateway_tables[table].added};
	const char *names;
	uint32_t column = 0, list;

	for (list = 0; list < 2; list++) {
		for (names = lists[list]; names && *names; column++) {
			size_t size = strcspn(names, " ");

			if (size == strlen(name) && memcmp(names, name, size) == 0)
				return column;
			names += size + (names[size] == ' ');
		}
	}
	fail_msg("no column %s", name);
	return 0;
}

static void
open_gateway(struct coffer_gateway *gateway, uint64_t rows, uint64_t seed)
{
	const coffer_generate_options options = {.rows = rows, .seed = seed};
	coffer_error error = {0};

	assert_int_equal(coffer_gateway_init(gateway, &options, &error), COFFER_OK);
}

/* ------------------------------------------------------------------ sets of texts */

/* Texts sorted, to find doubles and members. */
struct texts {
	char **items;
	size_t count, capacity;
};

static void
texts_add(struct texts *texts, const coffer_value *values, const uint32_t *columns, size_t count)
{
	size_t size = 1, i;
	char *item;

	for (i = 0; i < count; i++)
		size += values[columns[i]].text.size + 1;
	item = malloc(size);
	assert_non_null(item);
	for (i = 0, size = 0; i < count; i++) {
		memcpy(item + size, values[columns[i]].text.data, values[columns[i]].text.size);
		size += values[columns[i]].text.size;
		item[size++] = '\x1f';
	}
	item[size] = '\0';
	if (texts->count == texts->capacity) {
		texts->capacity = texts->capacity ? texts->capacity * 2 : 1024;
		texts->items = realloc(texts->items, texts->capacity * sizeof *texts->items);
		assert_non_null(texts->items);
	}
	texts->items[texts->count++] = item;
}

static int
compare_texts(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

static void
texts_sort(struct texts *texts)
{
	if (texts->count)
		qsort(texts->items, texts->count, sizeof *texts->items, compare_texts);
}

/* How many different ones; the texts are sorted. */
static size_t
texts_distinct(const struct texts *texts)
{
	size_t distinct = texts->count > 0, i;

	for (i = 1; i < texts->count; i++)
		distinct += strcmp(texts->items[i - 1], texts->items[i]) != 0;
	return distinct;
}

static void
texts_release(struct texts *texts)
{
	while (texts->count)
		free(texts->items[--texts->count]);
	free(texts->items);
	*texts = (struct texts){NULL, 0, 0};
}

#endif
