/*
 * Looking through a damaged file, page by page.
 *
 *   metas, free list --> leaf pages in use --> nodes --> whose checksum is it? --> lists, sorted by key
 *
 * Nothing is believed but checksums: a node is taken as far as it lies in its page, a value as far as it lies in the file.
 * A page that is neither free nor a leaf is passed over; an overflow page passes over its run.
 */
#include "recover/salvage.h"

#include "base/little.h"
#include "format/catalogue.h"
#include "format/checksum.h"
#include "format/key.h"
#include "format/rollup.h"
#include "pages/page.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	TELL_EVERY = 4096, /* pages */
	UNKNOWN = -1,      /* no table yet */
};

/* What an entry was whose checksum is wrong. */
enum lost { LOST_ROW, LOST_LONG, LOST_TEXT, LOST_NOT }; /* LOST_TEXT: or a dictionary */

/* ------------------------------------------------------------------ pages in use */

static bool
mark_free(void *context, uint64_t transaction, const uint8_t *numbers, size_t count)
{
	struct coffer_salvage *salvage = context;

	(void)transaction;
	for (size_t i = 0; i < count; i++) {
		uint64_t number = coffer_little_u64(numbers + i * COFFER_PAGE_NUMBER_SIZE);

		if (number < salvage->page_count)
			salvage->free_pages[number / 64] |= UINT64_C(1) << (number % 64);
	}
	return true;
}

static bool
is_free(const struct coffer_salvage *salvage, uint64_t page)
{
	return salvage->free_pages[page / 64] >> (page % 64) & 1;
}

/* Take the free list of one state. A walk that ends early has marked pages that may be in use: they are unmarked. */
static bool
take_free_list(struct coffer_salvage *salvage, const struct coffer_pages_meta *meta)
{
	const struct coffer_pages_state state = {salvage->source, *meta};

	if (meta->page_size != salvage->page_size)
		return false;
	salvage->has_free_list = !coffer_pages_walk_free(&state, mark_free, salvage, NULL);
	if (salvage->has_free_list)
		salvage->meta = *meta;
	else
		memset(salvage->free_pages, 0, (salvage->page_count / 64 + 1) * sizeof(uint64_t));
	return salvage->has_free_list;
}

/* How many pages say of themselves where they stand, if pages have this size? */
static uint64_t
count_numbered(const struct coffer_page_source *source, uint64_t page_size)
{
	uint64_t count = 0, pages = source->size / page_size;

	for (uint64_t page = 1; page < pages; page++)
		count += coffer_little_u64(source->memory + page * page_size) == page;
	return count;
}

static uint32_t
guess_page_size(const struct coffer_page_source *source)
{
	uint64_t best = 0, count;
	uint32_t guess = 0;

	for (uint32_t size = COFFER_PAGE_SIZE_MIN; size <= COFFER_PAGE_SIZE_MAX; size *= 2)
		if ((count = count_numbered(source, size)) > best) {
			best = count;
			guess = size;
		}
	return guess;
}

/* The metas that can be read, the newer first; returns how many. The page size comes from the first page, or is guessed. */
static int
read_metas(struct coffer_salvage *salvage, struct coffer_pages_meta metas[2])
{
	const struct coffer_page_source *source = &salvage->source;
	int count = 0;

	if (source->size >= COFFER_META_SIZE &&
	    !coffer_pages_meta_decode(source->memory, 0, &metas[0], NULL))
		salvage->page_size = metas[count++].page_size;
	else
		salvage->page_size = guess_page_size(source);
	if (salvage->page_size && source->size >= (uint64_t)salvage->page_size + COFFER_META_SIZE &&
	    !coffer_pages_meta_decode(source->memory + salvage->page_size, 1, &metas[count],
				      NULL) &&
	    metas[count].page_size == salvage->page_size)
		count++;
	if (count == 2 && metas[1].transaction > metas[0].transaction) {
		struct coffer_pages_meta older = metas[0];

		metas[0] = metas[1];
		metas[1] = older;
	}
	return count;
}

/* Two metas as LMDB leaves them: transactions follow each other, and each stands on its own page. */
static bool
is_pair(const struct coffer_pages_meta metas[2], int count)
{
	return count == 2 && metas[0].transaction == metas[1].transaction + 1;
}

static coffer_status
find_pages_in_use(struct coffer_salvage *salvage, coffer_error *error)
{
	struct coffer_pages_meta metas[2];
	int count = read_metas(salvage, metas);

	if (!salvage->page_size)
		return coffer_error_set(error, COFFER_NOT_A_COFFER,
					"not a coffer store: no page of an LMDB file is in it");
	salvage->page_count = salvage->source.size / salvage->page_size;
	salvage->source_pages = salvage->page_count;
	salvage->last_page = count ? metas[0].last_page : 0;
	salvage->is_mixed = !is_pair(metas, count);
	salvage->free_pages = calloc((size_t)(salvage->page_count / 64 + 1), sizeof(uint64_t));
	if (!salvage->free_pages)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the free pages");
	for (int i = 0; i < count && !salvage->has_free_list; i++)
		salvage->is_mixed |= !take_free_list(salvage, &metas[i]);
	if (!salvage->has_free_list)
		salvage->is_mixed = true;
	/* Behind the last page of a state stands at most what a writer had begun. */
	if (!salvage->is_mixed && salvage->meta.last_page < salvage->page_count)
		salvage->page_count = salvage->meta.last_page + 1;
	return COFFER_OK;
}

/* ------------------------------------------------------------------ nodes */

/* One node of a leaf page: its key, its value, wherever that stands. */
struct node {
	struct coffer_bytes key, value;
	uint64_t page;
	bool is_tree; /* the record of a tree, in the main tree */
	bool is_left; /* in the free room of its page: it may have been deleted */
};

typedef coffer_status (*node_function)(struct coffer_salvage *salvage, const struct node *node,
				       coffer_error *error);

/* Find a value that stands on overflow pages. */
static bool
find_overflow(struct coffer_salvage *salvage, uint64_t page, uint64_t size,
	      struct coffer_bytes *out)
{
	uint64_t at;

	if (page < COFFER_PAGES_FIRST || page >= salvage->page_count)
		return false;
	at = page * salvage->page_size + COFFER_PAGE_HEADER_SIZE;
	if (size > salvage->source.size - at || size > salvage->overflow_left)
		return false;
	salvage->overflow_left -= size;
	*out = (struct coffer_bytes){salvage->source.memory + at, (size_t)size};
	return true;
}

/* Read the node in a slot as far as it lies in the page. */
static bool
read_node(struct coffer_salvage *salvage, const uint8_t *page, unsigned slot, struct node *out)
{
	size_t at = coffer_little_u16(page + COFFER_PAGE_HEADER_SIZE + (size_t)2 * slot);
	size_t left, key_size;
	uint32_t size;

	if (at < COFFER_PAGE_HEADER_SIZE || at + COFFER_NODE_HEADER_SIZE > salvage->page_size)
		return false;
	left = salvage->page_size - at - COFFER_NODE_HEADER_SIZE;
	key_size = coffer_little_u16(page + at + 6);
	if (key_size > left || !key_size || key_size > COFFER_PAGE_KEY_SIZE_MAX)
		return false;
	out->key = coffer_node_key(page + at);
	size = coffer_node_value_size(page + at);
	left -= key_size;
	out->is_tree = coffer_node_flags(page + at) & COFFER_NODE_TREE;
	if (coffer_node_flags(page + at) & COFFER_NODE_BIG)
		return left >= COFFER_PAGE_NUMBER_SIZE &&
		       find_overflow(salvage, coffer_little_u64(coffer_node_data(page + at)), size,
				     &out->value);
	out->value = (struct coffer_bytes){coffer_node_data(page + at), size};
	return size <= left;
}

static void
tell_lost(struct coffer_salvage *salvage, uint64_t page, const char *message)
{
	char place[64];

	(void)snprintf(place, sizeof(place), "page %" PRIu64, page);
	if (salvage->lost)
		salvage->lost(salvage->lost_context, place, message);
}

/* Every node of a leaf page. What is not to be read is told once a page, when `is_telling`. */
static coffer_status
walk_leaf(struct coffer_salvage *salvage, uint64_t number, node_function function, bool is_telling,
	  coffer_error *error)
{
	const uint8_t *page = salvage->source.memory + number * salvage->page_size;
	unsigned lower = coffer_little_u16(page + 12), upper = coffer_little_u16(page + 14);
	unsigned slots, unread = 0;
	size_t used =
		COFFER_PAGE_HEADER_SIZE; /* by nodes that were read: each has bytes of its own */
	struct node node = {.page = number};
	coffer_status status = COFFER_OK;
	char message[96];

	if (lower > salvage->page_size || lower < COFFER_PAGE_HEADER_SIZE)
		lower = salvage->page_size;
	slots = (lower - COFFER_PAGE_HEADER_SIZE) / 2;
	for (unsigned slot = 0; !status && slot < slots && used <= salvage->page_size; slot++) {
		if (read_node(salvage, page, slot, &node)) {
			used += COFFER_NODE_HEADER_SIZE + node.key.size + 2;
			node.is_left = node.key.data - COFFER_NODE_HEADER_SIZE - page < (ptrdiff_t)upper;
			status = function(salvage, &node, error);
		} else {
			unread++;
		}
	}
	if (unread && is_telling) {
		(void)snprintf(message, sizeof(message), "%u of its %u entries cannot be read",
			       unread, slots);
		tell_lost(salvage, number, message);
		salvage->pages_lost++;
	}
	return status;
}

/* The pages behind an overflow page's first are its own: whatever they look like. */
static uint64_t
next_page(const struct coffer_salvage *salvage, uint64_t number)
{
	const uint8_t *page = salvage->source.memory + number * salvage->page_size;
	uint64_t run = coffer_page_type(page) == COFFER_PAGE_OVERFLOW ? coffer_page_run(page) : 1;

	return run && run <= salvage->page_count - number ? number + run : number + 1;
}

static bool
is_known_type(unsigned type)
{
	return type == COFFER_PAGE_LEAF || type == COFFER_PAGE_BRANCH ||
	       type == COFFER_PAGE_OVERFLOW || type == COFFER_PAGE_META;
}

static coffer_status
tell_progress(const struct coffer_salvage *salvage, uint64_t page, coffer_error *error)
{
	if (page % TELL_EVERY || !salvage->progress ||
	    salvage->progress(salvage->progress_context, "pages", page, page * salvage->page_size))
		return COFFER_OK;
	return coffer_error_set(error, COFFER_INTERRUPTED, "interrupted");
}

/* A page in use without a type may have been a leaf: it is taken for one, since checksums decide. */
static coffer_status
walk_pages(struct coffer_salvage *salvage, node_function function, bool is_telling,
	   coffer_error *error)
{
	coffer_status status = COFFER_OK;

	salvage->overflow_left = 4 * salvage->source.size;
	salvage->tries_left = 64 * salvage->source.size;
	for (uint64_t page = COFFER_PAGES_FIRST; !status && page < salvage->page_count;
	     page = next_page(salvage, page)) {
		unsigned type =
			coffer_page_type(salvage->source.memory + page * salvage->page_size);

		if ((status = tell_progress(salvage, page, error)) || is_free(salvage, page))
			continue;
		if (type == COFFER_PAGE_LEAF)
			status = walk_leaf(salvage, page, function, is_telling, error);
		else if (!is_known_type(type)) {
			status = walk_leaf(salvage, page, function, false, error);
			if (is_telling && salvage->has_free_list &&
			    page <= salvage->meta.last_page) {
				tell_lost(salvage, page, "it is in use, and of no type");
				salvage->pages_lost++;
			}
		}
	}
	return status;
}

/* ------------------------------------------------------------------ lists */

static coffer_status
add(struct coffer_found_list *list, struct coffer_found found, coffer_error *error)
{
	size_t capacity = list->capacity ? list->capacity * 2 : 256;
	struct coffer_found *grown;

	if (list->count == list->capacity) {
		if (!(grown = realloc(list->list, capacity * sizeof(*grown))))
			return coffer_error_set(error, COFFER_NO_MEMORY,
						"no memory for what was found");
		list->list = grown;
		list->capacity = capacity;
	}
	list->list[list->count++] = found;
	return COFFER_OK;
}

static int
compare(const void *left, const void *right)
{
	const struct coffer_found *a = left, *b = right;

	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	if (a->column != b->column)
		return a->column < b->column ? -1 : 1;
	return (a->at > b->at) - (a->at < b->at);
}

/* In order, each key once: of former states, where there is no free list, the one that stands last in the file. */
static void
sort(struct coffer_found_list *list)
{
	size_t kept = 0;

	if (list->count)
		qsort(list->list, list->count, sizeof(*list->list), compare);
	for (size_t i = 0; i < list->count; i++) {
		if (kept && list->list[kept - 1].number == list->list[i].number &&
		    list->list[kept - 1].column == list->list[i].column)
			kept--;
		list->list[kept++] = list->list[i];
	}
	list->count = kept;
}

const struct coffer_found *
coffer_found_get(const struct coffer_found_list *list, uint64_t number, uint32_t column)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct coffer_found *found = &list->list[middle];

		if (found->number == number && found->column == column)
			return found;
		if (found->number < number || (found->number == number && found->column < column))
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static struct coffer_found
found_at(const struct coffer_salvage *salvage, const struct node *node, uint64_t number,
	 uint32_t column)
{
	return (struct coffer_found){
		.number = number,
		.column = column,
		.size = (uint32_t)node->value.size,
		.at = (uint64_t)(node->value.data - salvage->source.memory),
		.page = node->page,
	};
}

/* ------------------------------------------------------------------ damaged entries */

/* An entry that belongs nowhere: something in it is damaged. */
static coffer_status
lose(struct coffer_salvage *salvage, const struct node *node, enum lost what, coffer_error *error)
{
	uint64_t number = what == LOST_TEXT ? coffer_key_get_code(node->key.data)
					    : coffer_key_get_row(node->key.data);

	return add(&salvage->damaged, found_at(salvage, node, number, what), error);
}

static int
compare_places(const void *left, const void *right)
{
	const struct coffer_found *a = left, *b = right;

	return (a->at > b->at) - (a->at < b->at);
}

/* A tree has it: it is a row, long value or text that its reader will miss. */
static void
forget_damaged(struct coffer_salvage *salvage, const struct coffer_found *of_tree)
{
	struct coffer_found *found = NULL;

	if (salvage->damaged.count)
		found = bsearch(of_tree, salvage->damaged.list, salvage->damaged.count,
				sizeof(*found), compare_places);
	if (found)
		found->column = LOST_NOT;
}

void
coffer_salvage_tell_lost(struct coffer_salvage *salvage)
{
	static const char *const names[] = {"row", "a long value of row", "the text or dictionary"};
	char message[96];

	for (size_t i = 0; i < salvage->damaged.count; i++) {
		const struct coffer_found *found = &salvage->damaged.list[i];

		if (found->column == LOST_NOT)
			continue;
		(void)snprintf(message, sizeof(message), "%s %" PRIu64 " is damaged",
			       names[found->column], found->number);
		tell_lost(salvage, found->page, message);
		salvage->entries_lost++;
	}
}

/* ------------------------------------------------------------------ the catalogue */

static bool
is_sealed(const struct node *node, uint32_t id)
{
	return !coffer_checksum_check(id, node->key.data, node->key.size, node->value.data,
				      node->value.size);
}

static bool
is_key(const struct node *node, const char *name)
{
	return node->key.size == strlen(name) && !memcmp(node->key.data, name, node->key.size);
}

static void
take_payload(const struct node *node, struct coffer_bytes *out)
{
	*out = (struct coffer_bytes){node->value.data + COFFER_CHECKSUM_SIZE,
				     node->value.size - COFFER_CHECKSUM_SIZE};
}

/* An entry that is lost may still prove which schema it was. */
static void
note_seal(struct coffer_salvage *salvage, const struct node *node)
{
	if (is_key(node, "schema") && salvage->schema_seal_count < COFFER_SCHEMA_SEALS_MAX)
		salvage->schema_seals[salvage->schema_seal_count++] =
			coffer_little_u64(node->value.data);
}

static bool
begins_with(const struct node *node, const char *prefix)
{
	size_t size = strlen(prefix);

	return node->key.size > size && !memcmp(node->key.data, prefix, size);
}

/* An entry whose name is told by its place in the source, for who knows which names there can be. */
static struct coffer_found
entry_at(const struct coffer_salvage *salvage, const struct node *node)
{
	return found_at(salvage, node, (uint64_t)(node->key.data - salvage->source.memory),
			(uint32_t)node->key.size);
}

static coffer_status
take_entry(struct coffer_salvage *salvage, const struct node *node, coffer_error *error)
{
	if (node->value.size < COFFER_CHECKSUM_SIZE)
		return COFFER_OK;
	if (!is_sealed(node, COFFER_ID_CATALOGUE))
		note_seal(salvage, node);
	else if (is_key(node, "format"))
		take_payload(node, &salvage->format_entry);
	else if (is_key(node, "schema"))
		take_payload(node, &salvage->schema_entry);
	else if (is_key(node, "source"))
		take_payload(node, &salvage->source_entry);
	else if (begins_with(node, "sequence/"))
		return add(&salvage->sequences, entry_at(salvage, node), error);
	else if (begins_with(node, "frames/") || begins_with(node, "rollups/"))
		return add(&salvage->entries, entry_at(salvage, node), error);
	return COFFER_OK;
}

coffer_status
coffer_salvage_open(struct coffer_salvage *salvage, const struct coffer_page_source *source,
		    coffer_error *error)
{
	coffer_status status;

	salvage->source = *source;
	status = find_pages_in_use(salvage, error);
	return status ? status : walk_pages(salvage, take_entry, false, error);
}

/* The number and column that a key says; false for a key of another size. */
static bool
read_key(struct coffer_bytes key, bool has_column, struct coffer_found *out)
{
	if (has_column && key.size == COFFER_LONG_KEY_SIZE)
		out->column = (uint32_t)(key.data[6] << 8 | key.data[7]);
	else if (has_column ||
		 (key.size != COFFER_ROW_KEY_SIZE && key.size != COFFER_CODE_KEY_SIZE))
		return false;
	out->number = key.size == COFFER_CODE_KEY_SIZE ? coffer_key_get_code(key.data)
						       : coffer_key_get_row(key.data);
	return true;
}

static coffer_status
walk(struct coffer_salvage *salvage, struct coffer_place *place, bool has_column,
     struct coffer_found_list *list, coffer_error *error)
{
	struct coffer_bytes key = {NULL, 0}, value;
	enum coffer_move move = COFFER_MOVE_FIRST;
	coffer_status status;

	for (; !(status = coffer_place_move(place, move, &key, &value, NULL));
	     move = COFFER_MOVE_NEXT) {
		struct coffer_found found = {
			.size = (uint32_t)value.size,
			.at = (uint64_t)(value.data - salvage->source.memory),
		};

		if (!read_key(key, has_column, &found))
			return COFFER_CORRUPT;
		found.page = found.at / salvage->page_size;
		if ((status = add(list, found, error)))
			return status;
	}
	return status == COFFER_NOT_FOUND ? COFFER_OK : COFFER_CORRUPT;
}

coffer_status
coffer_salvage_walk(struct coffer_salvage *salvage, struct coffer_snapshot *snapshot, uint32_t tree,
		    bool has_column, struct coffer_found_list *list, coffer_error *error)
{
	struct coffer_found_list walked = {0};
	struct coffer_place *place = NULL;
	coffer_status status = coffer_place_open(snapshot, tree, &place, NULL);

	if (status == COFFER_NO_MEMORY)
		return coffer_error_set(error, status, "no memory for a place in a tree");
	if (!status)
		status = walk(salvage, place, has_column, &walked, error);
	coffer_place_close(place);
	if (status) {
		free(walked.list);
		return status == COFFER_NO_MEMORY ? status : COFFER_NOT_FOUND;
	}
	for (size_t i = 0; i < walked.count; i++)
		forget_damaged(salvage, &walked.list[i]);
	free(list->list);
	*list = walked;
	return COFFER_OK;
}

/* A state may be a former one where the list of free pages is lost; a sequence does not go back. */
static bool
is_further(const coffer_sequence *sequence, int64_t last_value, bool is_called)
{
	if (last_value == sequence->last_value)
		return is_called && !sequence->is_called;
	return (last_value > sequence->last_value) == (sequence->increment > 0);
}

static bool
is_named(const struct coffer_salvage *salvage, const struct coffer_found *found, const char *name)
{
	return found->column == strlen(name) &&
	       !memcmp(salvage->source.memory + found->number, name, found->column);
}

bool
coffer_salvage_entry(const struct coffer_salvage *salvage, const char *name,
		     struct coffer_bytes *payload_out)
{
	bool is_found = false;

	for (size_t i = 0; i < salvage->entries.count; i++) {
		struct coffer_bytes value = coffer_found_value(salvage, &salvage->entries.list[i]);

		if (!is_named(salvage, &salvage->entries.list[i], name))
			continue;
		*payload_out = (struct coffer_bytes){value.data + COFFER_CHECKSUM_SIZE,
						     value.size - COFFER_CHECKSUM_SIZE};
		is_found = true;
	}
	return is_found;
}

bool
coffer_salvage_sequence(struct coffer_salvage *salvage, coffer_sequence *sequence)
{
	char entry[COFFER_ENTRY_NAME_SIZE];
	bool is_found = false, is_called;
	int64_t last_value;

	coffer_entry_name(entry, "sequence/", sequence->name);
	for (size_t i = 0; i < salvage->sequences.count; i++) {
		const struct coffer_found *found = &salvage->sequences.list[i];
		struct coffer_bytes value = coffer_found_value(salvage, found);

		if (!is_named(salvage, found, entry) ||
		    coffer_sequence_entry_decode(value.data + COFFER_CHECKSUM_SIZE,
						 value.size - COFFER_CHECKSUM_SIZE, &last_value,
						 &is_called) ||
		    (is_found && !is_further(sequence, last_value, is_called)))
			continue;
		sequence->last_value = last_value;
		sequence->is_called = is_called;
		is_found = true;
	}
	return is_found;
}

/* ------------------------------------------------------------------ rows, long values, texts */

/* A group of a roll-up whose key has the size of a long value's: it is made anew. */
static bool
is_group(struct coffer_salvage *salvage, const struct node *node)
{
	size_t size = node->value.size;

	for (size_t t = 0; t < salvage->schema->table_count; t++) {
		const coffer_table *table = &salvage->schema->tables[t];

		for (size_t i = 0; i < table->rollup_count; i++) {
			if (table->rollups[i].column != COFFER_NO_COLUMN)
				continue;
			if (size > COFFER_CHECKSUM_SIZE + COFFER_TOTALS_VALUE_MAX ||
			    size > salvage->tries_left)
				return false;
			salvage->tries_left -= size;
			if (is_sealed(node, table->rollups[i].id))
				return true;
		}
	}
	return false;
}

/* The table whose checksum it is. A page's entries are all of one. */
static int
find_owner(struct coffer_salvage *salvage, const struct node *node)
{
	const coffer_schema *schema = salvage->schema;
	size_t last = salvage->owner;

	if (last < schema->table_count && schema->tables[last].id &&
	    is_sealed(node, schema->tables[last].id))
		return (int)last;
	for (size_t i = 0; i < schema->table_count; i++) {
		if (node->value.size > salvage->tries_left)
			return UNKNOWN;
		salvage->tries_left -= node->value.size;
		if (!schema->tables[i].id || !is_sealed(node, schema->tables[i].id))
			continue;
		salvage->owner = i;
		return (int)i;
	}
	return UNKNOWN;
}

/* A record of the free list: a transaction, and as many page numbers as it says. */
static bool
is_free_record(const struct node *node)
{
	return node->key.size == COFFER_FREE_KEY_SIZE &&
	       node->value.size >= COFFER_PAGE_NUMBER_SIZE &&
	       coffer_little_u64(node->value.data) ==
		       node->value.size / COFFER_PAGE_NUMBER_SIZE - 1;
}

/* Whole, or lost by a name that is as long as a row's key. */
static bool
is_catalogue_entry(const struct node *node)
{
	return is_key(node, "format") || is_key(node, "schema") || is_key(node, "source") ||
	       is_sealed(node, COFFER_ID_CATALOGUE);
}

/* What is whole, wherever it stands. */
static coffer_status
keep(struct coffer_salvage *salvage, struct coffer_found_list *list, const struct node *node,
     uint64_t number, uint32_t column, coffer_error *error)
{
	salvage->is_mixed |= node->is_left;
	return add(list, found_at(salvage, node, number, column), error);
}

static coffer_status
take_node(struct coffer_salvage *salvage, const struct node *node, coffer_error *error)
{
	size_t size = node->key.size;
	int owner;

	if (node->value.size < COFFER_CHECKSUM_SIZE || node->is_tree)
		return COFFER_OK; /* an entry of an index, of the main tree, or of nothing */
	if (size == COFFER_CODE_KEY_SIZE) {
		if (is_sealed(node, COFFER_ID_DICTIONARY))
			return keep(salvage, &salvage->dictionaries, node,
				    coffer_key_get_code(node->key.data), 0, error);
		if (!is_sealed(node, COFFER_ID_POOL))
			return lose(salvage, node, LOST_TEXT, error);
		return keep(salvage, &salvage->pool, node, coffer_key_get_code(node->key.data), 0,
			    error);
	}
	if (size != COFFER_ROW_KEY_SIZE && size != COFFER_LONG_KEY_SIZE)
		return COFFER_OK;
	owner = find_owner(salvage, node);
	if (owner == UNKNOWN &&
	    (is_free_record(node) || is_catalogue_entry(node) || is_group(salvage, node)))
		return COFFER_OK;
	if (owner == UNKNOWN)
		return lose(salvage, node, size == COFFER_ROW_KEY_SIZE ? LOST_ROW : LOST_LONG,
			    error);
	if (size == COFFER_ROW_KEY_SIZE)
		return keep(salvage, &salvage->tables[owner].rows, node,
			    coffer_key_get_row(node->key.data), 0, error);
	return keep(salvage, &salvage->tables[owner].longs, node,
		    coffer_key_get_row(node->key.data),
		    (uint32_t)(node->key.data[6] << 8 | node->key.data[7]), error);
}

/* Pages that a state has and the file does not. */
static void
tell_cut(struct coffer_salvage *salvage)
{
	char message[96];

	if (salvage->last_page < salvage->source_pages)
		return;
	(void)snprintf(message, sizeof(message),
		       "the file was cut: pages %" PRIu64 " to %" PRIu64 " are missing",
		       salvage->source_pages, salvage->last_page);
	tell_lost(salvage, salvage->source_pages, message);
	salvage->pages_lost += salvage->last_page - salvage->source_pages + 1;
}

coffer_status
coffer_salvage_scan(struct coffer_salvage *salvage, const coffer_schema *schema,
		    coffer_error *error)
{
	coffer_status status;

	salvage->schema = schema;
	salvage->tables = calloc(schema->table_count + 1, sizeof(*salvage->tables));
	if (!salvage->tables)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the tables");
	tell_cut(salvage);
	if ((status = walk_pages(salvage, take_node, true, error)))
		return status;
	if (salvage->damaged.count)
		qsort(salvage->damaged.list, salvage->damaged.count, sizeof(struct coffer_found),
		      compare_places);
	sort(&salvage->pool);
	sort(&salvage->dictionaries);
	for (size_t i = 0; i < schema->table_count; i++) {
		sort(&salvage->tables[i].rows);
		sort(&salvage->tables[i].longs);
	}
	return COFFER_OK;
}

void
coffer_salvage_release(struct coffer_salvage *salvage)
{
	for (size_t i = 0; salvage->tables && i < salvage->schema->table_count; i++) {
		free(salvage->tables[i].rows.list);
		free(salvage->tables[i].longs.list);
	}
	free(salvage->tables);
	free(salvage->pool.list);
	free(salvage->dictionaries.list);
	free(salvage->entries.list);
	free(salvage->sequences.list);
	free(salvage->damaged.list);
	free(salvage->free_pages);
	*salvage = (struct coffer_salvage){0};
}
