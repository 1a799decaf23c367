/*
 * Pages are found as a tree leads to them, in a file that is whole but for what the recipe has done to it before.
 */
#include "tests/support/recipe_page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
	HEADER = 16,
	NODE_HEADER = 8,
	RECORD_ROOT = 40,
	META_FREE = 40, /* begins with the size of a page */
	META_MAIN = 88,
	META_TRANSACTION = 144,
	NODE_BIG = 1,
	NAME_SIZE = 512,
};

struct file {
	const char *place;
	uint8_t *data;
	size_t size, page_size;
};

/* A number in the file. */
struct field {
	uint8_t *at;
	unsigned bytes;
};

/* ------------------------------------------------------------------ numbers */

static uint64_t
get(const uint8_t *bytes, unsigned count)
{
	uint64_t number = 0;

	for (unsigned i = count; i--;)
		number = number << 8 | bytes[i];
	return number;
}

static void
put(struct field field, uint64_t number)
{
	for (unsigned i = 0; i < field.bytes; i++)
		field.at[i] = (uint8_t)(number >> (8 * i));
}

/* ------------------------------------------------------------------ the file */

static struct file
load(const char *path, const char *place)
{
	FILE *stream = fopen(path, "re");
	struct file file = {.place = place};

	assert_non_null(stream);
	assert_int_equal(fseek(stream, 0, SEEK_END), 0);
	file.size = (size_t)ftell(stream);
	rewind(stream);
	file.data = malloc(file.size);
	assert_non_null(file.data);
	assert_int_equal(fread(file.data, 1, file.size, stream), file.size);
	(void)fclose(stream);
	file.page_size = get(file.data + META_FREE, 4);
	return file;
}

static void
save(const char *path, struct file *file)
{
	FILE *stream = fopen(path, "r+e");

	assert_non_null(stream);
	assert_int_equal(fwrite(file->data, 1, file->size, stream), file->size);
	assert_int_equal(fclose(stream), 0);
	free(file->data);
}

static uint8_t *
page_at(const struct file *file, uint64_t number)
{
	if (number >= file->size / file->page_size)
		fail_msg("%s: there is no page %llu", file->place, (unsigned long long)number);
	return file->data + number * file->page_size;
}

static uint8_t *
meta_of(const struct file *file, bool is_newer)
{
	uint8_t *first = page_at(file, 0), *second = page_at(file, 1);
	bool is_second = get(second + META_TRANSACTION, 8) > get(first + META_TRANSACTION, 8);

	return is_second == is_newer ? second : first;
}

static uint8_t *
node_of(const struct file *file, uint8_t *page, unsigned long number)
{
	if (number >= (get(page + 12, 2) - HEADER) / 2)
		fail_msg("%s: the page has no node %lu", file->place, number);
	return page + get(page + HEADER + 2 * number, 2);
}

static uint8_t *
data_of(uint8_t *node)
{
	return node + NODE_HEADER + get(node + 6, 2);
}

/* ------------------------------------------------------------------ trees and paths */

/* The main tree of these files is one leaf. */
static uint8_t *
record_of(const struct file *file, const char *tree)
{
	uint8_t *meta = meta_of(file, true), *page;

	if (!strcmp(tree, "main"))
		return meta + META_MAIN;
	if (!strcmp(tree, "free"))
		return meta + META_FREE;
	page = page_at(file, get(meta + META_MAIN + RECORD_ROOT, 8));
	for (unsigned long i = 0; i < (get(page + 12, 2) - HEADER) / 2; i++) {
		uint8_t *node = node_of(file, page, i);

		if (get(node + 6, 2) == strlen(tree) &&
		    !memcmp(node + NODE_HEADER, tree, strlen(tree)))
			return data_of(node);
	}
	fail_msg("%s: there is no tree %s", file->place, tree);
	return NULL;
}

/* "root", or children's numbers from there: "2/0". ":5" behind it is the first overflow page of node 5. */
static uint8_t *
page_of(const struct file *file, const char *tree, const char *path)
{
	uint8_t *page = page_at(file, get(record_of(file, tree) + RECORD_ROOT, 8));
	const char *at = strncmp(path, "root", 4) ? path : path + 4;
	char *end;

	while (*at && *at != ':') {
		uint8_t *node = node_of(file, page, strtoul(at, &end, 10));

		page = page_at(file, get(node, 6));
		at = *end == '/' ? end + 1 : end;
	}
	if (*at == ':') {
		uint8_t *node = node_of(file, page, strtoul(at + 1, NULL, 10));

		if (get(node + 4, 2) != NODE_BIG)
			fail_msg("%s: the value is not on overflow pages", file->place);
		page = page_at(file, get(data_of(node), 8));
	}
	return page;
}

/* ------------------------------------------------------------------ fields */

static const struct name {
	const char *name;
	unsigned at, bytes;
} page_fields[] = {{"number", 0, 8},
		   {"type", 10, 2},
		   {"lower", 12, 2},
		   {"upper", 14, 2},
		   {"run", 12, 4}},
  node_fields[] = {{"size", 0, 4}, {"child", 0, 6}, {"flags", 4, 2}, {"key-size", 6, 2}},
  record_fields[] = {{"flags", 4, 2},     {"depth", 6, 2},    {"branch", 8, 8}, {"leaf", 16, 8},
		     {"overflow", 24, 8}, {"entries", 32, 8}, {"root", 40, 8}},
  meta_fields[] = {{"address", 24, 8}, {"map", 32, 8}, {"last", 136, 8}, {"transaction", 144, 8}};

/* `at` is NULL when no field is called so. */
static struct field
find(const struct name *fields, size_t count, const char *name, uint8_t *base)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(fields[i].name, name))
			return (struct field){base + fields[i].at, fields[i].bytes};
	return (struct field){NULL, 0};
}

#define FIND(fields, name, base) find(fields, sizeof(fields) / sizeof((fields)[0]), name, base)

/* "key:3:0" is the first byte of node 3's key, "data:3:8" eight bytes in what stands behind it, "slot:3" its slot. */
static struct field
find_in_node(const struct file *file, uint8_t *page, const char *field)
{
	const char *colon = strchr(field, ':');
	char name[16] = "", *end;
	unsigned long number, offset;
	uint8_t *node;

	if (!colon || (size_t)(colon - field) >= sizeof(name))
		return (struct field){NULL, 0};
	memcpy(name, field, (size_t)(colon - field));
	number = strtoul(colon + 1, &end, 10);
	offset = *end == ':' ? strtoul(end + 1, NULL, 10) : 0;
	node = node_of(file, page, number);
	if (!strcmp(name, "slot"))
		return (struct field){page + HEADER + 2 * number, 2};
	if (!strcmp(name, "key"))
		return (struct field){node + NODE_HEADER + offset, 1};
	if (!strcmp(name, "data"))
		return (struct field){data_of(node) + offset, 8};
	return FIND(node_fields, name, node);
}

/* "5", "+1", "-1" of what is there, or "page:TREE:PATH", the number of that page. */
static uint64_t
value_of(const struct file *file, struct field field, char *value)
{
	uint64_t old = get(field.at, field.bytes);

	if (!strncmp(value, "page:", 5)) {
		char *colon = strchr(value + 5, ':');

		assert_non_null(colon);
		*colon = '\0';
		return get(page_of(file, value + 5, colon + 1), 8);
	}
	if (*value == '+')
		return old + strtoull(value + 1, NULL, 10);
	if (*value == '-')
		return old - strtoull(value + 1, NULL, 10);
	return strtoull(value, NULL, 0);
}

/* ------------------------------------------------------------------ commands */

static void
set(const struct file *file, struct field field, const char *name, char *value)
{
	if (!field.at)
		fail_msg("%s: no field is called %s", file->place, name);
	put(field, value_of(file, field, value));
}

void
recipe_page(const char *path, const char *place, char **words)
{
	struct file file = load(path, place);
	struct field field;

	if (!strcmp(words[1], "record")) {
		field = FIND(record_fields, words[2], record_of(&file, words[0]));
	} else {
		uint8_t *page = page_of(&file, words[0], words[1]);

		field = FIND(page_fields, words[2], page);
		if (!field.at)
			field = find_in_node(&file, page, words[2]);
	}
	set(&file, field, words[2], words[3]);
	save(path, &file);
}

void
recipe_meta(const char *path, const char *place, char **words)
{
	struct file file = load(path, place);
	uint8_t *meta = meta_of(&file, !strcmp(words[0], "newer"));
	struct field field;

	if (!strncmp(words[1], "free-", 5))
		field = FIND(record_fields, words[1] + 5, meta + META_FREE);
	else if (!strncmp(words[1], "main-", 5))
		field = FIND(record_fields, words[1] + 5, meta + META_MAIN);
	else
		field = FIND(meta_fields, words[1], meta);
	set(&file, field, words[1], words[2]);
	save(path, &file);
}
