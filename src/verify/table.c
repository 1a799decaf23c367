/*
 * One table: a single walk over its rows computes everything that is asked of them, and what each index and roll-up must
 * add up to. SPEC.md 9.
 */
#include "verify/verify.h"

#include "format/checksum.h"

#include <stdlib.h>
#include <string.h>

/* Column of each element. What the catalogue's decoder promises is not relied upon. */
static bool
order_columns(struct coffer_table_check *check)
{
	const coffer_table *table = check->table;

	memset(check->order, 0xff, table->column_count * sizeof(*check->order));
	for (uint16_t i = 0; i < table->column_count; i++) {
		uint16_t position = table->columns[i].position;

		if (position >= table->column_count || check->order[position] != COFFER_NO_COLUMN) {
			coffer_verifier_report(
				check->verifier, COFFER_CATALOGUE, COFFER_CORRUPT,
				(struct coffer_spot){.base = table->name,
						     .column = table->columns[i].name},
				"its position in a record, %u, is out of range or taken", position);
			return false;
		}
		check->order[position] = i;
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
	free(check->order);
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

	check->order = calloc(columns, sizeof(*check->order));
	check->forms = calloc(columns, sizeof(*check->forms));
	check->elements = calloc(columns, sizeof(*check->elements));
	check->held = calloc(columns, sizeof(*check->held));
	check->longs = calloc(columns, sizeof(*check->longs));
	check->long_columns = calloc(columns, sizeof(*check->long_columns));
	check->sums = calloc(check->table->index_count + 1, sizeof(*check->sums));
	check->key_sizes = calloc(check->table->index_count + 1, sizeof(*check->key_sizes));
	if (!check->order || !check->forms || !check->elements || !check->held || !check->longs ||
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

static void
check_rows(struct coffer_table_check *check)
{
	char name[COFFER_TREE_NAME_SIZE], long_name[COFFER_TREE_NAME_SIZE];
	struct coffer_walk rows;

	coffer_tree_name(name, "table", check->table->name, NULL);
	coffer_tree_name(long_name, "long", check->table->name, NULL);
	coffer_walk_open(&rows, check->verifier, check->trees->rows, name);
	coffer_walk_open(&check->long_walk, check->verifier, check->trees->longs, long_name);
	check->has_long = coffer_walk_next(&check->long_walk);
	while (coffer_walk_next(&rows))
		check_row(check, &rows);
	coffer_check_gather_longs(check, UINT64_MAX);
	coffer_walk_close(&rows);
	coffer_walk_close(&check->long_walk);
}

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
		for (uint16_t i = 0; i < check.table->index_count; i++)
			if (check.table->indexes[i].tree != COFFER_TREE_NONE)
				coffer_check_index(&check, i);
		for (size_t i = 0; i < check.rollup_count && !verifier->is_over; i++)
			coffer_check_rollup(&check, i);
	}
	release(&check);
}
