/*
 * A plan into the trees: for each row its texts into the pool, its long values, its record, and the entries of its indexes
 * that change. What stays as it was is not written; what changes in roll-ups is gathered for the commit. SPEC.md 4, 5, 6.6 and 8.
 */
#include "store/write.h"

#include "store/compress.h"
#include "store/frame.h"

#include "format/catalogue.h"
#include "format/checksum.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* One row while it is written. */
struct applied {
	struct coffer_writer *writer;
	struct coffer_table_writer *of;
	const struct coffer_change *change;
	const coffer_table *table;
	const struct coffer_table_trees *trees;
	uint64_t number;
	uint16_t *longs; /* columns whose values were long before */
	size_t long_count;
};

static struct coffer_bytes
bytes_of(const void *data, size_t size)
{
	return (struct coffer_bytes){data, size};
}

/* ------------------------------------------------------------------ long values */

static bool
was_long(const struct applied *row, uint16_t column)
{
	for (size_t i = 0; i < row->long_count; i++)
		if (row->longs[i] == column)
			return true;
	return false;
}

/* A store that nobody verified may hold one of a column that there is not. */
static coffer_status
note_long(struct applied *row, uint16_t column, coffer_error *error)
{
	if (column >= row->table->column_count || row->long_count == row->table->column_count)
		return coffer_error_set(error, COFFER_CORRUPT,
					"row %" PRIu64 " of table %s has a long value of no column; "
					"'coffer verify' says more",
					row->number, row->table->name);
	row->longs[row->long_count++] = column;
	return COFFER_OK;
}

/* Which columns have a value in the long tree: read before it is written to. */
static coffer_status
find_longs(struct applied *row, coffer_error *error)
{
	uint8_t least[COFFER_LONG_KEY_SIZE];
	struct coffer_bytes key = {least, sizeof(least)}, value;
	enum coffer_move move = COFFER_MOVE_SEEK;
	struct coffer_place *place;
	coffer_status status;

	coffer_key_put_long(least, row->number, 0);
	row->longs = coffer_arena_alloc(&row->writer->plan.arena,
					(row->table->column_count + 1) * sizeof(*row->longs));
	if (!row->longs)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a row");
	status = coffer_place_open(row->writer->txn->snapshot, row->trees->longs, &place, error);
	if (status)
		return status;
	while (!status && !(status = coffer_place_move(place, move, &key, &value, error)) &&
	       key.size == sizeof(least) && coffer_key_get_row(key.data) == row->number) {
		status = note_long(row, (uint16_t)(key.data[6] << 8 | key.data[7]), error);
		move = COFFER_MOVE_NEXT;
	}
	coffer_place_close(place);
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

/* A value that was long and that no set touched is there already; but another dictionary may make another frame of it. */
static coffer_status
put_long(void *context, uint16_t column, struct coffer_bytes key, struct coffer_bytes value,
	 coffer_error *error)
{
	const struct applied *row = context;
	const struct coffer_change *change = row->change;

	if (change->before.values && was_long(row, column) &&
	    !row->table->columns[column].is_compressed &&
	    change->before.values[column].text.data == change->after.values[column].text.data)
		return COFFER_OK;
	return coffer_writer_put(row->writer, row->trees->longs, key, value, error);
}

/* Drop the long values that the row no longer has; all of them when it goes. */
static coffer_status
drop_longs(const struct applied *row, bool is_going, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < row->long_count; i++) {
		uint8_t key[COFFER_LONG_KEY_SIZE];

		if (!is_going && coffer_encoder_is_long(&row->of->encoder, row->longs[i]))
			continue;
		coffer_key_put_long(key, row->number, row->longs[i]);
		status = coffer_writer_remove(row->writer, row->trees->longs, bytes_of(key, sizeof(key)),
					      error);
	}
	return status;
}

/* ------------------------------------------------------------------ indexes */

/* Of one hash there may be 64 entries, no more. */
static coffer_status
check_room(const struct applied *row, const coffer_index *index, uint32_t tree, const uint8_t *hash,
	   coffer_error *error)
{
	struct coffer_bytes key = {hash, COFFER_HASH_SIZE}, value;
	enum coffer_move move = COFFER_MOVE_SEEK;
	struct coffer_place *place;
	size_t equal = 0;
	coffer_status status = coffer_place_open(row->writer->txn->snapshot, tree, &place, error);

	if (status)
		return status;
	while (!(status = coffer_place_move(place, move, &key, &value, error)) &&
	       key.size == COFFER_HASH_KEY_SIZE && !memcmp(key.data, hash, COFFER_HASH_SIZE)) {
		equal++;
		move = COFFER_MOVE_NEXT;
	}
	coffer_place_close(place);
	if (status && status != COFFER_NOT_FOUND)
		return status;
	if (equal < COFFER_EQUAL_HASHES_MAX)
		return COFFER_OK;
	return coffer_error_set(error, COFFER_FULL, "more than %d rows of table %s have one hash in %s",
				COFFER_EQUAL_HASHES_MAX, row->table->name, index->name);
}

static bool
is_same(struct coffer_bytes left, struct coffer_bytes right)
{
	return left.size == right.size && !memcmp(left.data, right.data, left.size);
}

static coffer_status
write_index(const struct applied *row, uint16_t number, coffer_error *error)
{
	const coffer_index *index = &row->table->indexes[number];
	const struct coffer_encoder *encoder = &row->of->encoder;
	uint32_t tree = row->trees->indexes[number];
	uint8_t before[COFFER_KEY_SIZE_MAX], after[COFFER_KEY_SIZE_MAX];
	size_t before_size = 0, after_size = 0;
	coffer_status status = COFFER_OK;

	if (row->change->before.values)
		before_size = coffer_encoder_key(encoder, index, row->number, row->change->before.values,
						 row->change->before.codes, before);
	if (row->change->after.values)
		after_size = coffer_encoder_key(encoder, index, row->number, row->change->after.values,
						encoder->codes, after);
	if (is_same(bytes_of(before, before_size), bytes_of(after, after_size)))
		return COFFER_OK;
	if (before_size)
		status = coffer_writer_remove(row->writer, tree, bytes_of(before, before_size), error);
	if (!status && after_size && index->tree == COFFER_TREE_HASHED)
		status = check_room(row, index, tree, after, error);
	if (!status && after_size)
		status = coffer_writer_put(row->writer, tree, bytes_of(after, after_size),
					   bytes_of(NULL, 0), error);
	return status;
}

static coffer_status
write_indexes(const struct applied *row, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (uint16_t i = 0; !status && i < row->table->index_count; i++)
		if (row->table->indexes[i].tree != COFFER_TREE_NONE)
			status = write_index(row, i, error);
	return status;
}

/* ------------------------------------------------------------------ rows */

/* Codes that the row had stay; texts that are new to it are looked for. */
static coffer_status
find_codes(const struct applied *row, coffer_error *error)
{
	const struct coffer_image *after = &row->change->after;
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < row->table->column_count; i++) {
		uint32_t *code = &row->of->encoder.codes[i];

		*code = 0;
		if (!row->table->columns[i].is_interned || after->values[i].kind == COFFER_NULL)
			continue;
		*code = after->codes[i];
		if (!*code)
			status = coffer_writer_code(row->writer, after->values[i].text, code, error);
	}
	return status;
}

/* The dictionary that a column's values are compressed with, digested. */
static coffer_status
find_dictionary(const struct applied *row, struct coffer_compressor *compressor, uint32_t key,
		coffer_error *error)
{
	struct coffer_bytes bytes;
	coffer_status status;

	if (!key || compressor->dictionaries[key])
		return COFFER_OK;
	if ((status = coffer_dictionary_read(row->writer->txn, key, &bytes, error)))
		return status;
	compressor->dictionaries[key] =
		ZSTD_createCDict(bytes.data, bytes.size, COFFER_COMPRESSION_LEVEL);
	return compressor->dictionaries[key] ? COFFER_OK : coffer_dictionary_fail(bytes, key, error);
}

/* One thread writes to a store at a time: what compresses is kept with it. */
static coffer_status
find_frames(const struct applied *row, coffer_error *error)
{
	struct coffer_compressor **compressor = &row->writer->store->compressor;
	coffer_status status = COFFER_OK;
	bool is_compressed = false;

	for (size_t i = 0; !status && i < row->table->column_count; i++) {
		const coffer_column *column = &row->table->columns[i];

		if (!column->is_compressed)
			continue;
		is_compressed = true;
		if (*compressor || !(status = coffer_compressor_make(compressor, error)))
			status = find_dictionary(row, *compressor, column->dictionary, error);
	}
	if (status || !is_compressed)
		return status;
	return coffer_compress_row(*compressor, row->table, row->change->after.values,
				   row->of->encoder.frames, error);
}

static coffer_status
write_row(struct applied *row, coffer_error *error)
{
	uint8_t key[COFFER_ROW_KEY_SIZE];
	struct coffer_bytes record;
	coffer_status status;

	if ((row->change->before.values && (status = find_longs(row, error))) ||
	    (status = find_codes(row, error)) || (status = find_frames(row, error)) ||
	    (status = coffer_encoder_record(&row->of->encoder, row->number, row->change->after.values,
					    put_long, row, &record, error)))
		return status;
	coffer_key_put_row(key, row->number);
	if ((status = coffer_writer_put(row->writer, row->trees->rows, bytes_of(key, sizeof(key)), record,
					error)) ||
	    (status = drop_longs(row, false, error)))
		return status;
	return write_indexes(row, error);
}

static coffer_status
remove_row(struct applied *row, coffer_error *error)
{
	uint8_t key[COFFER_ROW_KEY_SIZE];
	coffer_status status;

	coffer_key_put_row(key, row->number);
	if ((status = find_longs(row, error)) || (status = drop_longs(row, true, error)) ||
	    (status = write_indexes(row, error)))
		return status;
	return coffer_writer_remove(row->writer, row->trees->rows, bytes_of(key, sizeof(key)), error);
}

static coffer_status
give_number(struct coffer_change *change, struct coffer_table_writer *of, const coffer_table *table,
	    coffer_error *error)
{
	if (of->last == COFFER_ROW_NUMBER_MAX)
		return coffer_error_set(error, COFFER_LIMIT, "table %s has no row number left",
					table->name);
	change->number = ++of->last;
	return COFFER_OK;
}

/* The encoder has the codes of what the row is now. */
static coffer_status
tally(const struct applied *row, coffer_error *error)
{
	const struct coffer_change *change = row->change;
	const struct coffer_image after = {change->after.values, row->of->encoder.codes};

	return coffer_writer_tally(row->writer, change->table,
				   change->before.values ? &change->before : NULL,
				   change->after.values ? &after : NULL, error);
}

static coffer_status
apply(struct coffer_writer *writer, struct coffer_change *change, coffer_error *error)
{
	struct applied row = {
		.writer = writer,
		.change = change,
		.table = &writer->txn->schema->tables[change->table],
		.trees = &writer->txn->trees->tables[change->table],
	};
	coffer_status status = coffer_writer_table(writer, change->table, &row.of, error);

	if (status)
		return status;
	row.of->is_touched = true;
	if (!change->before.values && (status = give_number(change, row.of, row.table, error)))
		return status;
	row.number = change->number;
	writer->effects.inserted += !change->before.values;
	writer->effects.deleted += !change->after.values;
	writer->effects.updated += change->before.values && change->after.values;
	status = change->after.values ? write_row(&row, error) : remove_row(&row, error);
	return status || !row.table->rollup_count ? status : tally(&row, error);
}

/* What waits for the end knows its row by number, which a new row has only now. */
static coffer_status
pend_waits(struct coffer_writer *writer, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < writer->plan.wait_count; i++) {
		const struct coffer_wait *wait = &writer->plan.waits[i];

		status = coffer_writer_pend(
			writer,
			(struct coffer_pending){
				.reference = wait->reference,
				.table = wait->reference ? wait->reference->table
							 : wait->change->table,
				.index = wait->index,
				.number = wait->change ? wait->change->number : wait->number,
			},
			error);
	}
	return status;
}

coffer_status
coffer_plan_apply(struct coffer_writer *writer, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < writer->plan.count; i++)
		status = apply(writer, writer->plan.changes[i], error);
	return status ? status : pend_waits(writer, error);
}

/* ------------------------------------------------------------------ row/<table> */

static coffer_status
settle_rows(struct coffer_writer *writer, uint32_t table, coffer_error *error)
{
	char name[COFFER_ENTRY_NAME_SIZE];
	uint8_t payload[COFFER_ROW_ENTRY_MAX];
	uint64_t last;
	coffer_status status = coffer_rows_last(writer->txn, table, &last, error);

	if (status)
		return status;
	coffer_entry_name(name, "row/", writer->txn->schema->tables[table].name);
	if (last == writer->tables[table].last)
		return coffer_writer_remove_entry(writer, name, error);
	return coffer_writer_put_entry(writer, name, payload,
				       coffer_row_entry_encode(writer->tables[table].last, payload),
				       error);
}

coffer_status
coffer_writer_settle_rows(struct coffer_writer *writer, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (uint32_t table = 0; !status && table < writer->txn->schema->table_count; table++)
		if (writer->tables[table].is_touched)
			status = settle_rows(writer, table, error);
	return status;
}
