/*
 * One table: a single walk over its rows computes everything that is asked of them, and what each index and roll-up must
 * add up to. SPEC.md 9.
 */
#include "verify/verify.h"

#include "format/checksum.h"

#include <stdlib.h>
#include <string.h>

enum { RANGES_MAX = 256 };

/* Column of each element. What the catalogue's decoder promises is not relied upon. */
static bool
order_columns(struct coffer_table_check *check)
{
	const coffer_table *table = check->table;

	for (size_t i = 0; i < table->column_count; i++)
		check->slots[i].column = COFFER_NO_COLUMN;
	for (uint16_t i = 0; i < table->column_count; i++) {
		uint16_t position = table->columns[i].position;

		if (position >= table->column_count || check->slots[position].column != COFFER_NO_COLUMN) {
			coffer_verifier_report(
				check->verifier, COFFER_CATALOGUE, COFFER_CORRUPT,
				(struct coffer_spot){.base = table->name,
						     .column = table->columns[i].name},
				"its position in a record, %u, is out of range or taken", position);
			return false;
		}
		check->slots[position] = (struct coffer_slot){
			.form = check->forms[i],
			.column = i,
			.is_nullable = table->columns[i].is_nullable,
		};
	}
	return true;
}

static void
release(struct coffer_table_check *check)
{
	coffer_check_references_close(check);
	coffer_check_rollups_close(check);
	coffer_walk_close(&check->long_walk);
	coffer_arena_release(&check->long_memory);
	free(check->expansion.data);
	free(check->expansion_other.data);
	free(check->slots);
	free(check->forms);
	free(check->elements);
	free(check->held);
	free(check->longs);
	free(check->long_columns);
	free(check->sums);
	free(check->key_sizes);
}

static bool
init(struct coffer_table_check *check)
{
	size_t columns = check->table->column_count + 1;

	check->slots = calloc(columns, sizeof(*check->slots));
	check->forms = calloc(columns, sizeof(*check->forms));
	check->elements = calloc(columns, sizeof(*check->elements));
	check->held = calloc(columns, sizeof(*check->held));
	check->longs = calloc(columns, sizeof(*check->longs));
	check->long_columns = calloc(columns, sizeof(*check->long_columns));
	check->sums = calloc(check->table->index_count + 1, sizeof(*check->sums));
	check->key_sizes = calloc(check->table->index_count + 1, sizeof(*check->key_sizes));
	if (!check->slots || !check->forms || !check->elements || !check->held || !check->longs ||
	    !check->long_columns || !check->sums || !check->key_sizes ||
	    !coffer_check_references_open(check) || !coffer_check_rollups_open(check)) {
		coffer_verifier_fail(check->verifier, COFFER_NO_MEMORY, "no memory for a table");
		return false;
	}
	for (size_t i = 0; i < check->table->column_count; i++)
		check->forms[i] = coffer_verify_form(check->verifier, &check->table->columns[i]);
	for (size_t i = 0; i < check->table->index_count; i++)
		check->key_sizes[i] =
			coffer_verify_key_size(check->table, &check->table->indexes[i]);
	return order_columns(check);
}

static void
add_keys(struct coffer_table_check *check)
{
	uint8_t key[COFFER_KEY_SIZE_MAX];

	for (size_t i = 0; i < check->table->index_count; i++) {
		const coffer_index *index = &check->table->indexes[i];

		if (check->key_sizes[i] && index->tree != COFFER_TREE_NONE &&
		    coffer_verifier_key(check->verifier, check->table, index, check->elements,
					check->row, &check->expansion, key) == COFFER_KEY_MADE)
			coffer_sum_add(&check->sums[i], check->verifier, key, check->key_sizes[i]);
	}
}

static bool
check_row_key(struct coffer_table_check *check, const struct coffer_walk *rows)
{
	check->row = 0;
	if (rows->key.size == COFFER_ROW_KEY_SIZE)
		check->row = coffer_verify_row_number(rows->key.data);
	if (check->row)
		return true;
	coffer_verifier_report(
		check->verifier, COFFER_ROW_KEYS, COFFER_CORRUPT,
		(struct coffer_spot){.base = rows->name},
		rows->key.size == COFFER_ROW_KEY_SIZE
			? "a row has the number 0 in %zu bytes, expected 1 or more in %d"
			: "a key has %zu bytes, expected %d",
		rows->key.size, COFFER_ROW_KEY_SIZE);
	return false;
}

static void
check_row(struct coffer_table_check *check, const struct coffer_walk *rows)
{
	struct coffer_bytes payload;

	check->verifier->summary->rows++;
	if (!check_row_key(check, rows)) {
		check->has_unread_rows = true;
		return;
	}
	coffer_check_gather_longs(check, check->row);
	if (!coffer_verifier_unseal(
		    check->verifier, COFFER_CHECKSUMS,
		    (struct coffer_spot){.base = check->table->name, .row = check->row},
		    check->table->id, rows->key, rows->value, &payload) ||
	    !coffer_check_record(check, payload)) {
		check->has_unread_rows = true;
		return;
	}
	add_keys(check);
	coffer_check_rollups_add(check);
	coffer_check_references(check);
}

/* ------------------------------------------------------------------ a thread's own check */

/* What threads share: a check of the whole table, which theirs are added to. */
struct table_work {
	struct coffer_table_check *whole;
	uint64_t first, last; /* numbers of rows */
	size_t ranges;        /* that these are cut into */
};

/* The check that a thread works with, which is the whole one where there is but one. */
struct table_part {
	struct coffer_table_check check, *used;
	const struct table_work *work;
};

static void
free_part(struct table_part *part)
{
	if (part->used == &part->check)
		release(&part->check);
	free(part);
}

static bool
begin_part(void *context, struct coffer_verifier *verifier, void **own_out)
{
	const struct table_work *work = context;
	const struct coffer_table_check *whole = work->whole;
	struct table_part *part = calloc(1, sizeof(*part));

	if (!part) {
		coffer_verifier_fail(verifier, COFFER_NO_MEMORY, "no memory for a table");
		return false;
	}
	*own_out = part;
	part->work = work;
	part->used = work->whole;
	if (verifier == whole->verifier)
		return true;
	part->used = &part->check;
	part->check.verifier = verifier;
	part->check.table = whole->table;
	part->check.number = whole->number;
	part->check.trees = whole->trees;
	if (init(&part->check))
		return true;
	free_part(part);
	*own_out = NULL;
	return false;
}

/* Sums of numbers of the rows, which may be added in any order. */
static void
join(struct coffer_table_check *check, const struct coffer_table_check *other)
{
	for (size_t i = 0; i < check->table->index_count; i++)
		coffer_sum_join(&check->sums[i], &other->sums[i]);
	coffer_check_rollups_join(check, other);
	check->has_unread_rows |= other->has_unread_rows;
}

/* ------------------------------------------------------------------ rows */

/* Equal parts of the numbers in use, of which most mostly are; keys that are no numbers lie in one of them too. */
static struct coffer_range
range_of(const struct table_work *work, size_t number)
{
	uint64_t span = work->last - work->first + 1;
	struct coffer_range range = {.has_from = number > 0, .has_until = number + 1 < work->ranges};

	coffer_key_put_row(range.from, work->first + span * number / work->ranges);
	coffer_key_put_row(range.until, work->first + span * (number + 1) / work->ranges);
	return range;
}

static void
check_range(void *own, size_t number)
{
	const struct table_part *part = own;
	struct coffer_table_check *check = part->used;
	struct coffer_range range = range_of(part->work, number);
	char name[COFFER_TREE_NAME_SIZE], long_name[COFFER_TREE_NAME_SIZE];
	struct coffer_walk rows;

	coffer_tree_name(name, "table", check->table->name, NULL);
	coffer_tree_name(long_name, "long", check->table->name, NULL);
	coffer_walk_open(&rows, check->verifier, check->trees->rows, name);
	coffer_walk_open(&check->long_walk, check->verifier, check->trees->longs, long_name);
	coffer_walk_within(&rows, &range);
	coffer_walk_within(&check->long_walk, &range);
	check->has_long = coffer_walk_next(&check->long_walk);
	while (coffer_walk_next(&rows))
		check_row(check, &rows);
	coffer_check_gather_longs(check, UINT64_MAX);
	coffer_walk_close(&rows);
	coffer_walk_close(&check->long_walk);
}

static void
end_rows(void *context, void *own)
{
	const struct table_work *work = context;
	struct table_part *part = own;

	if (part->used != work->whole)
		join(work->whole, part->used);
	free_part(part);
}

/* The first or the last number of a row; of a key that is none, what its first bytes are. */
static uint64_t
row_at_end(struct coffer_verifier *verifier, uint32_t tree, enum coffer_move end)
{
	struct coffer_place *place = coffer_verifier_place(verifier, tree);
	uint8_t number[COFFER_ROW_KEY_SIZE] = {0};
	struct coffer_bytes key = {NULL, 0};

	if (coffer_verifier_move(verifier, tree, place, end, &key))
		memcpy(number, key.data, key.size < sizeof(number) ? key.size : sizeof(number));
	coffer_place_close(place);
	return coffer_verify_row_number(number);
}

static uint64_t
bytes_of(const struct coffer_verifier *verifier, uint32_t tree)
{
	struct coffer_tree_size size;

	return tree == COFFER_NO_TREE ||
			       coffer_snapshot_size(verifier->snapshot, tree, &size, NULL)
		       ? 0
		       : size.bytes;
}

static void
check_rows(struct coffer_table_check *check)
{
	struct coffer_verifier *verifier = check->verifier;
	struct table_work work = {.whole = check};
	char name[COFFER_TREE_NAME_SIZE];
	struct coffer_shared_work shared = {
		.name = name,
		.bytes = bytes_of(verifier, check->trees->rows) + bytes_of(verifier, check->trees->longs),
		.context = &work,
		.begin = begin_part,
		.piece = check_range,
		.end = end_rows,
	};

	coffer_tree_name(name, "table", check->table->name, NULL);
	work.first = row_at_end(verifier, check->trees->rows, COFFER_MOVE_FIRST);
	work.last = row_at_end(verifier, check->trees->rows, COFFER_MOVE_LAST);
	work.ranges = 1 + shared.bytes / coffer_verify_piece_size;
	if (work.ranges > RANGES_MAX)
		work.ranges = RANGES_MAX;
	shared.pieces = work.ranges;
	coffer_verifier_share(verifier, &shared);
}

/* ------------------------------------------------------------------ indexes and roll-ups, each a piece */

static bool
begin_trees(void *context, struct coffer_verifier *verifier, void **own_out)
{
	const struct table_work *work = context;
	struct table_part *part;

	if (!begin_part(context, verifier, own_out))
		return false;
	part = *own_out;
	if (part->used != work->whole)
		join(part->used, work->whole);
	return true;
}

static void
check_tree(void *own, size_t number)
{
	struct coffer_table_check *check = ((const struct table_part *)own)->used;
	const coffer_table *table = check->table;

	if (number >= table->index_count)
		coffer_check_rollup(check, number - table->index_count);
	else if (table->indexes[number].tree != COFFER_TREE_NONE)
		coffer_check_index(check, (uint16_t)number);
}

static void
end_trees(void *context, void *own)
{
	(void)context;
	free_part(own);
}

static void
check_trees(struct coffer_table_check *check)
{
	struct table_work work = {.whole = check};
	char name[COFFER_TREE_NAME_SIZE];
	struct coffer_shared_work shared = {
		.name = name,
		.pieces = check->table->index_count + check->rollup_count,
		.context = &work,
		.begin = begin_trees,
		.piece = check_tree,
		.end = end_trees,
	};

	coffer_tree_name(name, "index", check->table->name, NULL);
	for (size_t i = 0; i < check->table->index_count; i++)
		shared.bytes += bytes_of(check->verifier, check->trees->indexes[i]);
	for (size_t i = 0; i < check->rollup_count; i++)
		shared.bytes += bytes_of(check->verifier, check->trees->rollups[i]);
	coffer_verifier_share(check->verifier, &shared);
}

/* ------------------------------------------------------------------ the whole table */

void
coffer_verify_table(struct coffer_verifier *verifier, uint32_t number)
{
	struct coffer_table_check check = {
		.verifier = verifier,
		.table = &verifier->schema->tables[number],
		.number = number,
		.trees = &verifier->tables[number],
	};

	if (check.trees->is_unreadable)
		return;
	verifier->summary->tables++;
	if (init(&check)) {
		check_rows(&check);
		if (!verifier->is_over)
			check_trees(&check);
	}
	release(&check);
}
