/*
 * A place in one table: lookups by unique key, scans over the rows or over a range of an ordered index.
 * SPEC.md 5 and 7.
 */
#include "store/store.h"

#include "format/checksum.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const coffer_table *
table_of(const coffer_cursor *cursor)
{
	return &cursor->txn->schema->tables[cursor->table];
}

coffer_status
coffer_cursor_open(coffer_txn *txn, uint32_t table, coffer_cursor **cursor_out, coffer_error *error)
{
	coffer_cursor *cursor;
	coffer_status status;

	*cursor_out = NULL;
	if (table >= txn->schema->table_count || !txn->schema->tables[table].id)
		return coffer_error_set(error, COFFER_INVALID, "table %" PRIu32 " has no rows of its own",
					table);
	cursor = calloc(1, sizeof(*cursor));
	if (!cursor)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a cursor");
	cursor->txn = txn;
	cursor->table = table;
	cursor->indexes = calloc(table_of(cursor)->index_count + 1, sizeof(struct coffer_place *));
	if (!cursor->indexes)
		status = coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a cursor");
	else if (!(status = coffer_row_init(&cursor->row, txn, table, error)))
		status = coffer_place_open(txn->snapshot, txn->trees->tables[table].rows, &cursor->rows,
					   error);
	if (status)
		coffer_cursor_close(cursor);
	else
		*cursor_out = cursor;
	return status;
}

void
coffer_cursor_close(coffer_cursor *cursor)
{
	if (!cursor)
		return;
	for (size_t i = 0; cursor->indexes && i < table_of(cursor)->index_count; i++)
		coffer_place_close(cursor->indexes[i]);
	coffer_place_close(cursor->rows);
	coffer_row_release(&cursor->row);
	free(cursor->met.keys);
	free(cursor->checked.bits);
	free(cursor->indexes);
	free(cursor);
}

size_t
coffer_index_key_size(const coffer_table *table, const coffer_index *index)
{
	size_t size = COFFER_ROW_KEY_SIZE;

	if (index->tree == COFFER_TREE_HASHED)
		return COFFER_HASH_KEY_SIZE;
	for (size_t i = 0; i < index->key_column_count; i++) {
		const coffer_column *column = &table->columns[index->key_columns[i]];

		size += coffer_key_column_size(coffer_column_form(column), column->is_nullable);
	}
	return size;
}

static coffer_status
open_index(coffer_cursor *cursor, uint16_t index, coffer_tree_kind kind, coffer_error *error)
{
	const coffer_table *table = table_of(cursor);

	if (index >= table->index_count || table->indexes[index].tree != kind)
		return coffer_error_set(error, COFFER_INVALID, "table %s has no %s index number %u",
					table->name, kind == COFFER_TREE_HASHED ? "unique" : "ordered",
					index);
	if (cursor->indexes[index])
		return COFFER_OK;
	return coffer_place_open(cursor->txn->snapshot,
				 cursor->txn->trees->tables[cursor->table].indexes[index],
				 &cursor->indexes[index], error);
}

/*
 * Go to the row's record with the place that stays on its page. Rows of one time range were mostly written one after
 * the other, so that the record wanted is mostly the place's neighbour and costs no search at all.
 */
static coffer_status
fetch(coffer_cursor *cursor, uint64_t number, struct coffer_bytes *record_out, coffer_error *error)
{
	uint8_t wanted[COFFER_ROW_KEY_SIZE];
	struct coffer_bytes key = {wanted, sizeof(wanted)};
	enum coffer_move move = COFFER_MOVE_SEEK;
	coffer_status status;

	if (cursor->writes != cursor->txn->writes)
		cursor->rows_at = 0;
	cursor->writes = cursor->txn->writes;
	if (cursor->rows_at && number == cursor->rows_at + 1)
		move = COFFER_MOVE_NEXT;
	else if (cursor->rows_at && number == cursor->rows_at - 1)
		move = COFFER_MOVE_PREVIOUS;
	cursor->rows_at = 0;
	if (move == COFFER_MOVE_SEEK)
		coffer_key_put_row(wanted, number);
	status = coffer_place_move(cursor->rows, move, &key, record_out, error);
	if (!status && (key.size != sizeof(wanted) || coffer_key_get_row(key.data) != number))
		status = COFFER_NOT_FOUND;
	if (!status)
		cursor->rows_at = number;
	return status;
}

/* An index entry without its row is damage, not an answer. */
static coffer_status
fail_without_row(const coffer_cursor *cursor, uint16_t index, uint64_t number, coffer_error *error)
{
	return coffer_error_set(error, COFFER_CORRUPT,
				"index %s of table %s names row %" PRIu64 ", which does not exist",
				table_of(cursor)->indexes[index].name, table_of(cursor)->name, number);
}

static coffer_status
load(coffer_cursor *cursor, uint64_t number, coffer_error *error)
{
	struct coffer_bytes record;
	coffer_status status = fetch(cursor, number, &record, error);

	return status ? status : coffer_row_load(&cursor->row, number, record, error);
}

coffer_status
coffer_cursor_get_number(coffer_cursor *cursor, uint64_t number, const coffer_row **row_out,
			 coffer_error *error)
{
	coffer_status status;

	*row_out = NULL;
	cursor->is_scanning = false;
	if (!number || number > COFFER_ROW_NUMBER_MAX)
		return COFFER_NOT_FOUND;
	if (!(status = load(cursor, number, error)))
		*row_out = &cursor->row;
	return status;
}

/* An array of another shape than a list is held as its text. */
static bool
fits_key(const coffer_index *index, const coffer_column *column, coffer_kind kind)
{
	if (kind == COFFER_NULL)
		return index->nulls_not_distinct;
	return kind == column->kind || (kind == COFFER_OTHER && column->kind == COFFER_TEXT_ARRAY);
}

static coffer_status
check_key(const coffer_cursor *cursor, const coffer_index *index, const coffer_value *key,
	  uint64_t *hash_out, coffer_error *error)
{
	*hash_out = cursor->txn->seed;
	for (size_t i = 0; i < index->key_column_count; i++) {
		const coffer_column *column = &table_of(cursor)->columns[index->key_columns[i]];

		if (!fits_key(index, column, key[i].kind))
			return coffer_error_set(error, COFFER_INVALID,
						"the key's value for column %s is of another kind", column->name);
		*hash_out = coffer_key_hash(*hash_out, &key[i]);
	}
	return COFFER_OK;
}

static coffer_status
row_has_key(coffer_cursor *cursor, const coffer_index *index, const coffer_value *key,
	    bool *has_out, coffer_error *error)
{
	coffer_status status = COFFER_OK;
	coffer_value value;

	*has_out = true;
	for (size_t i = 0; !status && *has_out && i < index->key_column_count; i++) {
		status = coffer_row_get(&cursor->row, index->key_columns[i], &value, error);
		*has_out = !status && coffer_key_is_equal(&value, &key[i]);
	}
	return status;
}

/* Walk the entries of one hash, which ascend by row, until a row behind this one has the very key. `is_absent_out`: no entry has
 * the hash. */
static coffer_status
match_row(coffer_cursor *cursor, uint16_t index, const coffer_value *key,
	  const uint8_t hash[COFFER_HASH_SIZE], uint64_t behind, bool *is_absent_out,
	  coffer_error *error)
{
	struct coffer_bytes entry = {hash, COFFER_HASH_SIZE}, value;
	enum coffer_move move = COFFER_MOVE_SEEK;
	bool is_match = false;
	coffer_status status;
	uint64_t number;

	for (int equal = 0; equal <= COFFER_EQUAL_HASHES_MAX; equal++, move = COFFER_MOVE_NEXT) {
		status = coffer_place_move(cursor->indexes[index], move, &entry, &value, error);
		*is_absent_out = !equal && status == COFFER_NOT_FOUND;
		if (status)
			return status;
		if (entry.size != COFFER_HASH_KEY_SIZE)
			return coffer_error_set(error, COFFER_CORRUPT,
						"a key of index %s of table %s has a wrong size",
						table_of(cursor)->indexes[index].name, table_of(cursor)->name);
		if (memcmp(entry.data, hash, COFFER_HASH_SIZE)) {
			*is_absent_out = !equal;
			return COFFER_NOT_FOUND;
		}
		if (equal == COFFER_EQUAL_HASHES_MAX)
			break;
		number = coffer_key_get_row(entry.data + COFFER_HASH_SIZE);
		if (number <= behind)
			continue;
		status = load(cursor, number, error);
		if (status == COFFER_NOT_FOUND)
			return fail_without_row(cursor, index, number, error);
		if (!status)
			status = row_has_key(cursor, &table_of(cursor)->indexes[index], key, &is_match,
					     error);
		if (status || is_match)
			return status;
	}
	return coffer_error_set(error, COFFER_CORRUPT,
				"index %s of table %s has more than %d entries of one hash",
				table_of(cursor)->indexes[index].name, table_of(cursor)->name,
				COFFER_EQUAL_HASHES_MAX);
}

/* A key that was looked up lately. False says nothing; else the status is the answer. */
static bool
find_met(coffer_cursor *cursor, uint16_t index, const coffer_value *key, uint64_t hash,
	 coffer_status *status_out, coffer_error *error)
{
	const struct coffer_met_key *met;
	bool is_match = false;

	if (!cursor->met.keys)
		return false;
	met = coffer_met_place(&cursor->met, index, hash);
	if (met->hash != hash || met->index != index + 1u)
		return false;
	*status_out = COFFER_NOT_FOUND;
	if (!met->record)
		return true;
	*status_out = coffer_row_load(&cursor->row, met->number,
				      (struct coffer_bytes){met->record, met->size}, error);
	if (!*status_out)
		*status_out = row_has_key(cursor, &table_of(cursor)->indexes[index], key, &is_match,
					  error);
	return *status_out || is_match;
}

/* Make room for keys once there were some lookups, where that is of use: not in a transaction that writes, nor a large table. */
static void
make_met(coffer_cursor *cursor)
{
	uint64_t rows;

	if (cursor->met.lookups == COFFER_MET_BEHIND || ++cursor->met.lookups < COFFER_MET_BEHIND)
		return;
	if (!cursor->txn->writer && !cursor->txn->is_building &&
	    !coffer_table_count(cursor->txn, cursor->table, &rows, NULL) &&
	    rows <= COFFER_MET_ROWS_MAX)
		cursor->met.keys = calloc(COFFER_MET_KEYS, sizeof(*cursor->met.keys));
}

/* Remember what a search has found, or (`has_row`: false) that no entry has the hash. Of a file that is mapped: there a record
 * stays where it is as long as the snapshot does. */
static void
remember_met(const coffer_cursor *cursor, uint16_t index, uint64_t hash, bool has_row)
{
	const struct coffer_row *row = &cursor->row;
	struct coffer_met_key met = {.hash = hash, .index = index + 1u};

	if (has_row && !coffer_txn_holds(cursor->txn, row->payload))
		return;
	if (has_row) {
		met.number = row->number;
		met.record = row->payload - COFFER_CHECKSUM_SIZE;
		met.size = (uint32_t)(row->size + COFFER_CHECKSUM_SIZE);
	}
	*coffer_met_place(&cursor->met, index, hash) = met;
}

coffer_status
coffer_cursor_get(coffer_cursor *cursor, uint16_t index, const coffer_value *key,
		  const coffer_row **row_out, coffer_error *error)
{
	return coffer_cursor_get_behind(cursor, index, key, 0, row_out, error);
}

coffer_status
coffer_cursor_get_behind(coffer_cursor *cursor, uint16_t index, const coffer_value *key,
			  uint64_t behind, const coffer_row **row_out, coffer_error *error)
{
	uint8_t bytes[COFFER_HASH_SIZE];
	coffer_status status;
	bool is_absent;
	uint64_t hash;

	*row_out = NULL;
	cursor->is_scanning = false;
	if ((status = open_index(cursor, index, COFFER_TREE_HASHED, error)) ||
	    (status = check_key(cursor, &table_of(cursor)->indexes[index], key, &hash, error)))
		return status;
	if (behind || !find_met(cursor, index, key, hash, &status, error)) {
		coffer_key_put_hash(bytes, hash);
		status = match_row(cursor, index, key, bytes, behind, &is_absent, error);
		if (!cursor->met.keys)
			make_met(cursor);
		if (cursor->met.keys && !behind && (!status || is_absent))
			remember_met(cursor, index, hash, !status);
	}
	if (!status)
		*row_out = &cursor->row;
	return status;
}

/* Append one column of a bound. A text that the pool does not have makes the scan empty. */
static coffer_status
write_bound(coffer_cursor *cursor, uint16_t number, const coffer_value *value, uint8_t *key,
	    size_t *size, coffer_error *error)
{
	const coffer_column *column = &table_of(cursor)->columns[number];
	uint32_t code = 0;
	coffer_status status = COFFER_OK;

	if (value->kind != COFFER_NULL && value->kind != column->kind)
		return coffer_error_set(error, COFFER_INVALID,
					"the value for column %s is of another kind", column->name);
	if (column->is_interned && value->kind != COFFER_NULL)
		status = coffer_pool_code(cursor->txn, value->text, &code, error);
	if (status == COFFER_NOT_FOUND)
		cursor->is_empty = true;
	else if (status)
		return status;
	*size += coffer_key_column_write(coffer_column_form(column), column->is_nullable, value, code,
					 key + *size);
	return COFFER_OK;
}

/* Append the columns that must equal. Behind a column that is never NULL there is no row for NULL, whose bytes
 * there would be those of its least value. */
static coffer_status
write_equal(coffer_cursor *cursor, const coffer_index *index, const coffer_scan *scan, uint8_t *key,
	    size_t *size, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < scan->equal_count; i++) {
		uint16_t number = index->key_columns[i];

		if (scan->equal[i].kind == COFFER_NULL && !table_of(cursor)->columns[number].is_nullable)
			cursor->is_empty = true;
		status = write_bound(cursor, number, &scan->equal[i], key, size, error);
	}
	return status;
}

/* Make `key` the least key above all that begin with it; false when there is none. */
static bool
step_past(uint8_t *key, size_t *size)
{
	while (*size && key[*size - 1] == UINT8_MAX)
		--*size;
	if (*size)
		key[*size - 1]++;
	return *size > 0;
}

/* The bounds of the column behind the equal ones. With an upper bound alone NULL is not below it. */
static coffer_status
write_range(coffer_cursor *cursor, const coffer_index *index, const coffer_scan *scan,
	    coffer_error *error)
{
	const coffer_column *column;
	coffer_status status = COFFER_OK;
	uint16_t number;

	if (scan->equal_count >= index->key_column_count)
		return coffer_error_set(error, COFFER_INVALID,
					"index %s has no column behind the equal ones for a range",
					index->name);
	number = index->key_columns[scan->equal_count];
	column = &table_of(cursor)->columns[number];
	if (column->is_interned)
		return coffer_error_set(error, COFFER_INVALID,
					"column %s: a text index answers equality, not ranges", column->name);
	if (scan->from)
		status = write_bound(cursor, number, scan->from, cursor->low, &cursor->low_size, error);
	else if (column->is_nullable)
		cursor->low[cursor->low_size++] = 1;
	if (status || !scan->to)
		return status;
	cursor->high_size = 0;
	status = write_equal(cursor, index, scan, cursor->high, &cursor->high_size, error);
	cursor->has_high = true;
	return status ? status
		      : write_bound(cursor, number, scan->to, cursor->high, &cursor->high_size, error);
}

static coffer_status
write_bounds(coffer_cursor *cursor, const coffer_scan *scan, coffer_error *error)
{
	const coffer_index *index = &table_of(cursor)->indexes[scan->index];
	coffer_status status;

	if (scan->equal_count > index->key_column_count)
		return coffer_error_set(error, COFFER_INVALID, "index %s has %zu columns, not %zu",
					index->name, index->key_column_count, scan->equal_count);
	if ((status = write_equal(cursor, index, scan, cursor->low, &cursor->low_size, error)))
		return status;
	memcpy(cursor->high, cursor->low, cursor->low_size);
	cursor->high_size = cursor->low_size;
	cursor->has_high = step_past(cursor->high, &cursor->high_size);
	return scan->from || scan->to ? write_range(cursor, index, scan, error) : COFFER_OK;
}

coffer_status
coffer_cursor_scan(coffer_cursor *cursor, const coffer_scan *scan, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	cursor->is_scanning = cursor->is_started = cursor->has_high = cursor->is_empty = false;
	cursor->low_size = cursor->high_size = 0;
	cursor->rows_at = cursor->number = 0;
	cursor->ahead_at = cursor->ahead_count = cursor->ahead_next = 0;
	cursor->writes = cursor->txn->writes;
	cursor->is_reverse = scan->is_reverse;
	cursor->index = scan->index;
	if (scan->index == COFFER_NO_INDEX) {
		if (scan->equal_count || scan->from || scan->to)
			return coffer_error_set(error, COFFER_INVALID,
						"a scan of all rows takes no bounds: name an index");
	} else {
		if ((status = open_index(cursor, scan->index, COFFER_TREE_ORDERED, error)) ||
		    (status = write_bounds(cursor, scan, error)))
			return status;
		cursor->key_size = coffer_index_key_size(table_of(cursor),
							 &table_of(cursor)->indexes[scan->index]);
	}
	cursor->is_scanning = true;
	return COFFER_OK;
}

/* Mostly the first eight bytes say it. */
static inline int
compare(struct coffer_bytes key, const uint8_t *bound, size_t size)
{
	uint64_t left, right;
	int order;

	if (key.size >= sizeof(left) && size >= sizeof(right)) {
		left = coffer_load_u64be(key.data);
		right = coffer_load_u64be(bound);
		if (left != right)
			return left > right ? 1 : -1;
	}
	order = memcmp(key.data, bound, key.size < size ? key.size : size);
	return order ? order : (key.size > size) - (key.size < size);
}

/* The first entry of the scan in its direction. */
static coffer_status
start(coffer_cursor *cursor, struct coffer_place *place, struct coffer_bytes *key,
      struct coffer_bytes *value, coffer_error *error)
{
	coffer_status status;

	cursor->is_started = true;
	if (!cursor->is_reverse) {
		*key = (struct coffer_bytes){cursor->low, cursor->low_size};
		return coffer_place_move(place, cursor->low_size ? COFFER_MOVE_SEEK : COFFER_MOVE_FIRST,
					 key, value, error);
	}
	if (!cursor->has_high)
		return coffer_place_move(place, COFFER_MOVE_LAST, key, value, error);
	*key = (struct coffer_bytes){cursor->high, cursor->high_size};
	status = coffer_place_move(place, COFFER_MOVE_SEEK, key, value, error);
	if (status && status != COFFER_NOT_FOUND)
		return status;
	return coffer_place_move(place, status ? COFFER_MOVE_LAST : COFFER_MOVE_PREVIOUS, key, value,
				 error);
}

static coffer_status
advance(coffer_cursor *cursor, struct coffer_place *place, struct coffer_bytes *key,
	struct coffer_bytes *value, coffer_error *error)
{
	coffer_status status;

	if (!cursor->is_scanning || cursor->is_empty)
		return COFFER_NOT_FOUND;
	if (!cursor->is_started)
		status = start(cursor, place, key, value, error);
	else
		status = coffer_place_move(place,
					   cursor->is_reverse ? COFFER_MOVE_PREVIOUS : COFFER_MOVE_NEXT, key,
					   value, error);
	if (!status && cursor->is_reverse && compare(*key, cursor->low, cursor->low_size) < 0)
		status = COFFER_NOT_FOUND;
	if (!status && !cursor->is_reverse && cursor->has_high &&
	    compare(*key, cursor->high, cursor->high_size) >= 0)
		status = COFFER_NOT_FOUND;
	if (status)
		cursor->is_scanning = false;
	return status;
}

/* Step over entries that follow the one that the scan stands on, as place_skip does. */
static size_t
skip(coffer_cursor *cursor, struct coffer_place *place, size_t key_size, size_t max,
     const uint8_t **keys_out)
{
	struct coffer_bytes bound = {NULL, 0};

	if (cursor->is_reverse && cursor->low_size)
		bound = (struct coffer_bytes){cursor->low, cursor->low_size};
	else if (!cursor->is_reverse && cursor->has_high)
		bound = (struct coffer_bytes){cursor->high, cursor->high_size};
	return coffer_place_skip(place, cursor->is_reverse ? COFFER_MOVE_PREVIOUS : COFFER_MOVE_NEXT,
				 key_size, bound, max, keys_out);
}

/* Have entries that follow in the index at hand: one by one they would take ten times as long. More each time, since a scan may end
 * soon. */
static void
look_ahead(coffer_cursor *cursor)
{
	cursor->ahead_at = 0;
	cursor->ahead_count = skip(cursor, cursor->indexes[cursor->index], cursor->key_size,
				   cursor->ahead_next, cursor->ahead);
	cursor->ahead_next = 2 * cursor->ahead_next + 2;
	if (cursor->ahead_next > COFFER_AHEAD_MAX)
		cursor->ahead_next = COFFER_AHEAD_MAX;
}

/* A number, key and record of an entry that was sought are the cursor's until it moves on. */
static __attribute__((noinline)) coffer_status
seek_entry(coffer_cursor *cursor, coffer_error *error)
{
	bool is_indexed = cursor->index != COFFER_NO_INDEX;
	size_t size = is_indexed ? cursor->key_size : COFFER_ROW_KEY_SIZE;
	struct coffer_place *place;
	coffer_status status;

	cursor->number = 0;
	if (!cursor->is_scanning)
		return COFFER_NOT_FOUND;
	if (cursor->writes != cursor->txn->writes)
		return coffer_error_set(error, COFFER_INVALID, "a write has ended the scan");
	place = is_indexed ? cursor->indexes[cursor->index] : cursor->rows;
	if ((status = advance(cursor, place, &cursor->entry, &cursor->record, error)))
		return status;
	if (cursor->entry.size != size)
		return coffer_error_set(error, COFFER_CORRUPT, "a key of table %s has a wrong size",
					table_of(cursor)->name);
	cursor->number = coffer_key_get_row(cursor->entry.data + size - COFFER_ROW_KEY_SIZE);
	if (is_indexed)
		look_ahead(cursor);
	return COFFER_OK;
}

static inline coffer_status
next_entry(coffer_cursor *cursor, coffer_error *error)
{
	if (cursor->ahead_at == cursor->ahead_count || !cursor->is_scanning ||
	    cursor->writes != cursor->txn->writes)
		return seek_entry(cursor, error);
	cursor->entry.data = cursor->ahead[cursor->ahead_at++];
	cursor->number = coffer_key_get_row(cursor->entry.data + cursor->key_size -
					    COFFER_ROW_KEY_SIZE);
	return COFFER_OK;
}

/* One column of the key that the row has. */
static coffer_status
write_own(coffer_cursor *cursor, uint16_t number, uint8_t *key, size_t *size, coffer_error *error)
{
	const coffer_column *column = &table_of(cursor)->columns[number];
	coffer_value value = {.kind = column->kind}; /* of an interned column 0 is NULL's code */
	uint32_t code = 0;
	coffer_status status;

	status = column->is_interned ? coffer_row_get_code(&cursor->row, number, &code, error)
				     : coffer_row_get(&cursor->row, number, &value, error);
	if (!status)
		*size += coffer_key_column_write(coffer_column_form(column), column->is_nullable,
						 &value, code, key + *size);
	return status;
}

/* One column of the entry against the row's. */
static coffer_status
holds_own(coffer_cursor *cursor, uint16_t number, const uint8_t *part, size_t *size_out,
	  bool *holds_out, coffer_error *error)
{
	uint8_t own[COFFER_KEY_COLUMN_SIZE_MAX];
	coffer_status status;

	*size_out = 0;
	status = write_own(cursor, number, own, size_out, error);
	*holds_out = !status && !memcmp(own, part, *size_out);
	return status;
}

/*
 * The same where the entry says a code, or a number or time of eight bytes, and it is the row's, as it mostly is: nothing is
 * written then. What the row has not come to yet is left to it. False says nothing.
 */
static inline bool
holds_usual(const struct coffer_row *row, uint16_t number, const uint8_t *part, size_t *size_out)
{
	const struct coffer_row_column *how = &row->columns[number];
	const uint8_t *element;
	uint32_t code;

	if (how->position > row->found ||
	    row->size - row->offsets[how->position] < COFFER_ELEMENT_HEADER_MAX)
		return false;
	element = row->payload + row->offsets[how->position];
	if (how->form.is_interned) {
		*size_out = COFFER_CODE_KEY_SIZE;
		return coffer_element_code(element, &code) && code == coffer_key_get_code(part);
	}
	if (*element != 0xcf || (how->form.kind != COFFER_TIME && how->form.kind != COFFER_INT))
		return false;
	*size_out = sizeof(uint64_t) + how->is_nullable;
	return (!how->is_nullable || *part == 1) &&
	       coffer_key_bits((int64_t)coffer_load_u64be(element + 1)) ==
		       coffer_load_u64be(part + how->is_nullable);
}

/* No checksum binds an entry to its row: it may be another row's by now, or may always have been. */
static coffer_status
check_entry(coffer_cursor *cursor, coffer_error *error)
{
	const coffer_index *index = &table_of(cursor)->indexes[cursor->index];
	const uint8_t *entry = cursor->entry.data; /* of the size that these columns have, and a row number's */
	coffer_status status = COFFER_OK;
	bool is_same = true;
	size_t size;

	for (size_t i = 0; !status && is_same && i < index->key_column_count; i++) {
		if (!holds_usual(&cursor->row, index->key_columns[i], entry, &size))
			status = holds_own(cursor, index->key_columns[i], entry, &size, &is_same, error);
		entry += size;
	}
	if (status || is_same)
		return status;
	return coffer_error_set(error, COFFER_CORRUPT,
				"index %s of table %s names row %" PRIu64 ", which has other values",
				index->name, table_of(cursor)->name, cursor->number);
}

coffer_status
coffer_cursor_next_number(coffer_cursor *cursor, uint64_t *number_out, coffer_error *error)
{
	coffer_status status = next_entry(cursor, error);

	*number_out = cursor->number;
	return status;
}

coffer_status
coffer_cursor_pass(coffer_cursor *cursor, uint64_t *count_out, coffer_error *error)
{
	bool is_indexed = cursor->index != COFFER_NO_INDEX;

	*count_out = 0;
	if (!cursor->is_scanning || !cursor->number)
		return coffer_error_set(error, COFFER_INVALID, "the scan stands on no entry");
	if (cursor->writes != cursor->txn->writes)
		return coffer_error_set(error, COFFER_INVALID, "a write has ended the scan");
	*count_out = cursor->ahead_count - cursor->ahead_at;
	cursor->ahead_at = cursor->ahead_count;
	*count_out += skip(cursor, is_indexed ? cursor->indexes[cursor->index] : cursor->rows,
			   is_indexed ? cursor->key_size : COFFER_ROW_KEY_SIZE, SIZE_MAX, NULL);
	if (*count_out)
		cursor->number = 0;
	return COFFER_OK;
}

/*
 * Make room for the rows of the table once some were read, in a file that is mapped: there a record stays what it is as long as the
 * snapshot does, as none does where something is written. Without memory each row is checked each time.
 */
static __attribute__((noinline)) void
make_checked(coffer_cursor *cursor)
{
	uint64_t rows, last;

	if (cursor->checked.behind == COFFER_CHECKED_BEHIND ||
	    ++cursor->checked.behind < COFFER_CHECKED_BEHIND)
		return;
	if (!coffer_txn_holds(cursor->txn, cursor->row.payload) ||
	    coffer_table_count(cursor->txn, cursor->table, &rows, NULL) ||
	    coffer_rows_last(cursor->txn, cursor->table, &last, NULL) ||
	    last / COFFER_CHECKED_SPREAD_MAX > rows)
		return;
	cursor->checked.bits = calloc(last / 64 + 1, sizeof(*cursor->checked.bits));
	if (cursor->checked.bits)
		cursor->checked.count = last + 1;
}

static coffer_status
load_unchecked(coffer_cursor *cursor, struct coffer_bytes record, coffer_error *error)
{
	coffer_status status = coffer_row_load(&cursor->row, cursor->number, record, error);

	if (status)
		return status;
	if (!cursor->checked.bits)
		make_checked(cursor);
	coffer_checked_add(&cursor->checked, cursor->number);
	return COFFER_OK;
}

/* The row of the entry that the scan stands on. */
static coffer_status
load_entry(coffer_cursor *cursor, const coffer_row **row_out, coffer_error *error)
{
	bool is_indexed = cursor->index != COFFER_NO_INDEX;
	struct coffer_bytes record = cursor->record;
	coffer_status status = COFFER_OK;

	if (is_indexed)
		status = fetch(cursor, cursor->number, &record, error);
	if (status == COFFER_NOT_FOUND)
		status = fail_without_row(cursor, cursor->index, cursor->number, error);
	if (status)
		return status;
	if (coffer_checked_has(&cursor->checked, cursor->number))
		status = coffer_row_open(&cursor->row, cursor->number, record, error);
	else
		status = load_unchecked(cursor, record, error);
	if (!status && is_indexed)
		status = check_entry(cursor, error);
	if (!status)
		*row_out = &cursor->row;
	return status;
}

coffer_status
coffer_cursor_row(coffer_cursor *cursor, const coffer_row **row_out, coffer_error *error)
{
	*row_out = NULL;
	if (!cursor->is_scanning || !cursor->number)
		return coffer_error_set(error, COFFER_INVALID, "the scan stands on no entry");
	if (cursor->writes != cursor->txn->writes)
		return coffer_error_set(error, COFFER_INVALID, "a write has ended the scan");
	return load_entry(cursor, row_out, error);
}

coffer_status
coffer_cursor_next(coffer_cursor *cursor, const coffer_row **row_out, coffer_error *error)
{
	coffer_status status = next_entry(cursor, error);

	*row_out = NULL;
	return status ? status : load_entry(cursor, row_out, error);
}
