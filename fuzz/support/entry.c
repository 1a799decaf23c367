/*
 * The file is whole: nothing is checked here. Trees are walked with a list of pages to visit, branches before leaves.
 */
#include "fuzz/support/entry.h"

#include "format/checksum.h"

#include <stdlib.h>
#include <string.h>

enum {
	HEADER = 16,
	NODE_HEADER = 8,
	DEPTH_MAX = 32,
	BRANCH = 1,
	BIG = 1,
	META_FREE_ROOT = 80,
	META_MAIN_ROOT = 128,
	META_TRANSACTION = 144,
	RECORD_ROOT = 40,
	FREE_LIST = UINT32_MAX, /* as the number of a tree */
	MAIN_TREE = UINT32_MAX - 1,
};

static uint64_t
get(const uint8_t *bytes, unsigned count)
{
	uint64_t number = 0;

	for (unsigned i = count; i--;)
		number = number << 8 | bytes[i];
	return number;
}

/* Room for one more; false when there is no memory. */
static bool
grow(void **list, size_t count, size_t *capacity, size_t size)
{
	size_t wanted = *capacity ? 2 * *capacity : 256;
	void *larger;

	if (count < *capacity)
		return true;
	larger = realloc(*list, wanted * size);
	if (!larger)
		return false;
	*list = larger;
	*capacity = wanted;
	return true;
}

static bool
add_entry(struct entries *entries, const struct entry *entry)
{
	void *list = entries->entries;
	bool is_there = grow(&list, entries->count, &entries->capacity, sizeof(*entry));

	entries->entries = list;
	if (is_there)
		entries->entries[entries->count++] = *entry;
	return is_there;
}

static bool
add_free(const struct image *image, struct entries *entries, const struct entry *entry)
{
	uint64_t numbers = get(image->data + entry->value, 8);

	for (uint32_t i = 1; i <= numbers; i++) {
		void *list = entries->free_numbers;
		bool is_there =
			grow(&list, entries->free_count, &entries->free_capacity, sizeof(uint32_t));

		entries->free_numbers = list;
		if (!is_there)
			return false;
		entries->free_numbers[entries->free_count++] = entry->value + 8 * i;
	}
	return true;
}

static uint32_t
rollup_id_of(const coffer_schema *schema, const char *name, size_t size)
{
	for (size_t t = 0; t < schema->table_count; t++)
		for (size_t r = 0; r < schema->tables[t].rollup_count; r++) {
			const coffer_rollup *rollup = &schema->tables[t].rollups[r];
			size_t table_size = strlen(schema->tables[t].name);

			if (size == table_size + 1 + strlen(rollup->name) &&
			    name[table_size] == '/' &&
			    !memcmp(name, schema->tables[t].name, table_size) &&
			    !memcmp(name + table_size + 1, rollup->name, strlen(rollup->name)))
				return rollup->id;
		}
	return ENTRY_NOT_SEALED;
}

/* A tree's id in checksums, by its name. */
static uint32_t
id_of(const coffer_schema *schema, const char *name, size_t size)
{
	const char *slash = memchr(name, '/', size);

	if (size == 9 && !memcmp(name, "catalogue", 9))
		return COFFER_ID_CATALOGUE;
	if (size == 4 && !memcmp(name, "pool", 4))
		return COFFER_ID_POOL;
	if (size == 10 && !memcmp(name, "dictionary", 10))
		return COFFER_ID_DICTIONARY;
	if (size > 8 && !memcmp(name, "rollups/", 8))
		return rollup_id_of(schema, name + 8, size - 8);
	if (!slash || (memcmp(name, "table/", 6) != 0 && memcmp(name, "long/", 5) != 0))
		return ENTRY_NOT_SEALED;
	for (size_t i = 0; i < schema->table_count; i++) {
		const char *table = schema->tables[i].name;
		size_t left = size - (size_t)(slash + 1 - name);

		if (strlen(table) == left && !memcmp(table, slash + 1, left))
			return schema->tables[i].id;
	}
	return ENTRY_NOT_SEALED;
}

struct walk {
	const struct image *image;
	const coffer_schema *schema;
	struct entries *entries;
	uint32_t trees; /* met so far */
};

static bool
walk_tree(struct walk *walk, uint64_t root, uint32_t tree, uint32_t id);

static bool
take_leaf_node(struct walk *walk, uint32_t node, uint32_t tree, uint32_t id)
{
	const uint8_t *data = walk->image->data;
	struct entry entry = {
		.tree = tree,
		.id = id,
		.node = node,
		.key = node + NODE_HEADER,
		.key_size = (uint32_t)get(data + node + 6, 2),
		.value_size = (uint32_t)get(data + node, 4),
	};

	entry.value = entry.key + entry.key_size;
	if (get(data + node + 4, 2) & BIG)
		entry.value =
			(uint32_t)get(data + entry.value, 8) * walk->image->page_size + HEADER;
	if (tree == FREE_LIST)
		return add_free(walk->image, walk->entries, &entry);
	if (tree != MAIN_TREE)
		return add_entry(walk->entries, &entry);
	return walk_tree(walk, get(data + entry.value + RECORD_ROOT, 8), walk->trees++,
			 id_of(walk->schema, (const char *)data + entry.key, entry.key_size));
}

/* Down to the leaves: a tree of trees is two of these deep at the most. */
static bool
walk_tree(struct walk *walk, uint64_t root, uint32_t tree, uint32_t id)
{
	struct {
		uint32_t page, slot;
	} path[DEPTH_MAX] = {{0, 0}};
	const struct image *image = walk->image;
	unsigned depth = root != UINT64_MAX;

	path[0].page = (uint32_t)root * (depth ? image->page_size : 0);
	while (depth) {
		uint32_t page = path[depth - 1].page, slot = path[depth - 1].slot++, node;

		if (HEADER + 2 * slot >= get(image->data + page + 12, 2)) {
			depth--;
			continue;
		}
		node = page + (uint32_t)get(image->data + page + HEADER + 2 * slot, 2);
		if (get(image->data + page + 10, 2) & BRANCH) {
			path[depth].page = (uint32_t)get(image->data + node, 4) * image->page_size;
			path[depth++].slot = 0;
		} else if (!take_leaf_node(walk, node, tree, id)) {
			return false;
		}
	}
	return true;
}

bool
entries_list(const struct image *image, const coffer_schema *schema, struct entries *entries_out)
{
	struct walk walk = {.image = image, .schema = schema, .entries = entries_out};
	const uint8_t *meta = image->data, *other = image->data + image->page_size;

	*entries_out = (struct entries){0};
	if (get(other + META_TRANSACTION, 8) > get(meta + META_TRANSACTION, 8))
		meta = other;
	if (walk_tree(&walk, get(meta + META_FREE_ROOT, 8), FREE_LIST, ENTRY_NOT_SEALED) &&
	    walk_tree(&walk, get(meta + META_MAIN_ROOT, 8), MAIN_TREE, ENTRY_NOT_SEALED))
		return true;
	entries_free(entries_out);
	return false;
}

void
entries_free(struct entries *entries)
{
	free(entries->entries);
	free(entries->free_numbers);
	*entries = (struct entries){0};
}

size_t
entries_seal(const struct entries *entries, const struct image *whole, struct image *image)
{
	size_t sealed = 0;

	for (size_t i = 0; i < entries->count; i++) {
		const struct entry *entry = &entries->entries[i];
		uint8_t *key = image->data + entry->key, *value = image->data + entry->value;

		if (entry->id == ENTRY_NOT_SEALED ||
		    (size_t)entry->key + entry->key_size > image->size ||
		    (size_t)entry->value + entry->value_size > image->size)
			continue;
		if (!memcmp(key, whole->data + entry->key, entry->key_size) &&
		    !memcmp(value, whole->data + entry->value, entry->value_size))
			continue;
		coffer_checksum_seal(entry->id, key, entry->key_size, value, entry->value_size);
		sealed++;
	}
	return sealed;
}
