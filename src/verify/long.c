/*
 * Long values. The tree is walked beside the rows, so that both directions are checked in constant memory: each
 * entry belongs to a row that says so, and each row has what it says. SPEC.md 4.4.
 */
#include "pages/tree.h"
#include "verify/verify.h"

#include <inttypes.h>
#include <string.h>

static struct coffer_spot
spot_of(const struct coffer_table_check *check, uint64_t row, uint16_t column)
{
	return (struct coffer_spot){
		.base = check->table->name,
		.row = row,
		.column = column < check->table->column_count ? check->table->columns[column].name
							      : NULL,
	};
}

/* ------------------------------------------------------------------ the tree */

static bool
check_long_key(struct coffer_table_check *check, uint64_t *row_out, uint16_t *column_out)
{
	struct coffer_bytes key = check->long_walk.key;
	struct coffer_spot spot = {.base = check->long_walk.name};

	*row_out = 0;
	if (key.size != COFFER_LONG_KEY_SIZE) {
		coffer_verifier_report(check->verifier, COFFER_LONGS, COFFER_CORRUPT, spot,
				       "a key has %zu bytes, expected %d", key.size,
				       COFFER_LONG_KEY_SIZE);
		return false;
	}
	*row_out = coffer_verify_row_number(key.data);
	*column_out = (uint16_t)(key.data[6] << 8 | key.data[7]);
	if (*column_out < check->table->column_count)
		return true;
	spot.row = *row_out;
	coffer_verifier_report(check->verifier, COFFER_LONGS, COFFER_CORRUPT, spot,
			       "the column's number is %u, the table has %zu columns", *column_out,
			       check->table->column_count);
	return false;
}

static void
next_long(struct coffer_table_check *check)
{
	check->has_long = coffer_walk_next(&check->long_walk);
}

/* Values of a file that is read die when the walk moves on, but the row wants all of its own. False: no memory. */
static bool
keep_bytes(struct coffer_table_check *check, struct coffer_bytes *element)
{
	uint8_t *copy;

	if (!coffer_pages_walk(check->verifier->snapshot)->image.cache)
		return true;
	copy = coffer_arena_alloc(&check->long_memory, element->size);
	if (!copy) {
		coffer_verifier_fail(check->verifier, COFFER_NO_MEMORY,
				     "no memory for a long value");
		return false;
	}
	memcpy(copy, element->data, element->size);
	element->data = copy;
	return true;
}

static void
keep_long(struct coffer_table_check *check, uint64_t row, uint16_t column)
{
	struct coffer_bytes element;

	check->verifier->summary->long_values++;
	if (!coffer_verifier_unseal(check->verifier, COFFER_CHECKSUMS, spot_of(check, row, column),
				    check->table->id, check->long_walk.key, check->long_walk.value,
				    &element) &&
	    !element.data)
		return;
	if (!keep_bytes(check, &element))
		return;
	check->longs[column] = element;
	check->long_columns[check->long_count++] = column;
}

void
coffer_check_gather_longs(struct coffer_table_check *check, uint64_t row)
{
	uint64_t of;
	uint16_t column;

	if (check->long_count)
		coffer_arena_reset(&check->long_memory);
	while (check->long_count)
		check->longs[check->long_columns[--check->long_count]].data = NULL;
	for (; check->has_long; next_long(check)) {
		if (!check_long_key(check, &of, &column)) {
			if (of > row)
				return;
			continue;
		}
		if (of > row)
			return;
		if (of == row)
			keep_long(check, row, column);
		else
			coffer_verifier_report(check->verifier, COFFER_LONGS, COFFER_CORRUPT,
					       spot_of(check, of, column),
					       "%s has a value for it, but there is no such row",
					       check->long_walk.name);
	}
}

/* ------------------------------------------------------------------ the rule */

static bool
is_movable(const struct coffer_table_check *check, uint16_t column)
{
	const struct coffer_element *element = &check->elements[column];

	if (element->form >= COFFER_ELEMENT_FRAME)
		return true;
	return element->form == COFFER_ELEMENT_VALUE && element->value.kind >= COFFER_TEXT;
}

/* The largest value that may still move; COFFER_NO_COLUMN when none is left. */
static uint16_t
find_largest(const struct coffer_table_check *check, const bool *is_moved)
{
	uint16_t largest = COFFER_NO_COLUMN;
	uint32_t size = COFFER_ELEMENT_SIZE_LONG;

	for (size_t p = 0; p < check->table->column_count; p++) {
		uint16_t column = check->slots[p].column;

		if (!is_moved[column] && check->held[column].size > size &&
		    is_movable(check, column)) {
			largest = column;
			size = check->held[column].size;
		}
	}
	return largest;
}

/* A value in the long tree of which its own record says nothing. */
static void
check_unused(struct coffer_table_check *check)
{
	for (size_t i = 0; i < check->long_count; i++) {
		uint16_t column = check->long_columns[i];

		if (check->longs[column].data)
			coffer_verifier_report(check->verifier, COFFER_LONGS, COFFER_CORRUPT,
					       spot_of(check, check->row, column),
					       "%s has a value for it, but the record has its own",
					       check->long_walk.name);
	}
}

static void
check_rule(struct coffer_table_check *check, size_t whole)
{
	bool is_moved[COFFER_COLUMNS_MAX] = {false};
	size_t size = whole;
	uint16_t column;

	while (size > COFFER_RECORD_SIZE_LONG &&
	       (column = find_largest(check, is_moved)) != COFFER_NO_COLUMN) {
		is_moved[column] = true;
		size -= check->held[column].size - 1;
	}
	for (uint16_t i = 0; i < check->table->column_count; i++)
		if (is_moved[i] != check->held[i].is_long)
			coffer_verifier_report(
				check->verifier, COFFER_LONGS, COFFER_CORRUPT,
				spot_of(check, check->row, i),
				"%" PRIu32 " of the record's %zu bytes: it %s", check->held[i].size,
				whole,
				is_moved[i] ? "stands in the record, expected in the long tree"
					    : "is in the long tree, expected in the record");
}

/* Most rows are short and have nothing in the long tree. */
void
coffer_check_long_rule(struct coffer_table_check *check, size_t header, size_t size)
{
	size_t whole = header;

	check_unused(check);
	if (!check->has_moved && size <= COFFER_RECORD_SIZE_LONG)
		return;
	for (size_t i = 0; i < check->table->column_count; i++)
		whole += check->held[i].size;
	check_rule(check, whole);
}
