/*
 * A trace is a chain of hashes: of each value given, each number, each status that is not OK. Reading goes on after a failure
 * with the next scan, as a caller might.
 */
#include "fuzz/support/reading.h"

#include "format/checksum.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	KEY_VALUES_MAX = 4,
	RELATED_ROWS = 12, /* of each table, whose relations are followed */
	REFERRERS_MAX = 20,
};

struct known_key {
	uint32_t table;
	uint16_t index;
	size_t count;
	coffer_value values[KEY_VALUES_MAX]; /* with texts of their own */
};

struct reader {
	coffer_store *store;
	const coffer_schema *schema;
	coffer_txn *txn;
	const struct reading_options *options;
	struct reading *reading;
};

/* ------------------------------------------------------------------ hashes */

static bool
find(const struct hash_set *set, uint64_t hash, size_t *slot_out)
{
	size_t slot = (size_t)hash & (set->capacity - 1);

	while (set->slots[slot] && set->slots[slot] != hash)
		slot = (slot + 1) & (set->capacity - 1);
	*slot_out = slot;
	return set->slots[slot] == hash;
}

static bool
grow(struct hash_set *set)
{
	struct hash_set larger = {.capacity = set->capacity ? 2 * set->capacity : 1024};
	size_t slot;

	larger.slots = calloc(larger.capacity, sizeof(*larger.slots));
	if (!larger.slots)
		return false;
	for (size_t i = 0; i < set->capacity; i++) {
		if (!set->slots[i])
			continue;
		(void)find(&larger, set->slots[i], &slot);
		larger.slots[slot] = set->slots[i];
	}
	larger.count = set->count;
	free(set->slots);
	*set = larger;
	return true;
}

static bool
add(struct hash_set *set, uint64_t hash)
{
	size_t slot;

	if (2 * set->count >= set->capacity && !grow(set))
		return false;
	if (!find(set, hash | 1, &slot)) {
		set->slots[slot] = hash | 1;
		set->count++;
	}
	return true;
}

static bool
has(const struct hash_set *set, uint64_t hash)
{
	size_t slot;

	return set->capacity && find(set, hash | 1, &slot);
}

static uint64_t
hash_value(const coffer_value *value, uint64_t seed)
{
	uint64_t bits = 0;

	seed = coffer_hash(&value->kind, sizeof(value->kind), seed);
	switch (value->kind) {
	case COFFER_NULL:
		return seed;
	case COFFER_BOOL:
		bits = value->boolean;
		break;
	case COFFER_INT:
	case COFFER_TIME:
	case COFFER_FLOAT:
		memcpy(&bits, &value->integer, sizeof(bits));
		break;
	default:
		return coffer_hash(value->text.data, value->text.size, seed);
	}
	return coffer_hash(&bits, sizeof(bits), seed);
}

static uint64_t
hash_place(uint32_t table, uint64_t row, uint16_t column)
{
	uint64_t place[] = {table, row, column};

	return coffer_hash(place, sizeof(place), 0);
}

static void
note(struct reading *reading, uint64_t number)
{
	reading->trace = coffer_hash(&number, sizeof(number), reading->trace);
}

static void
note_value(struct reading *reading, const coffer_value *value)
{
	reading->trace = hash_value(value, reading->trace);
}

/* True when it is an answer. NOT_FOUND is one. */
static bool
note_status(struct reading *reading, coffer_status status, const coffer_error *error)
{
	note(reading, (uint64_t)(int64_t)status);
	if (status >= 0)
		return status == COFFER_OK;
	if (!reading->failures++)
		(void)snprintf(reading->failure, sizeof(reading->failure), "%.80s: %.160s",
			       error->place, error->message);
	return false;
}

static void
note_stranger(struct reading *reading, const char *table, uint64_t row, const char *what)
{
	if (!reading->strangers++)
		(void)snprintf(reading->stranger, sizeof(reading->stranger), "%s[%" PRIu64 "].%s",
			       table, row, what);
}

/* ------------------------------------------------------------------ rows */

static bool
is_known(const struct reader *reader, uint32_t table, uint64_t row, uint16_t column,
	 const coffer_value *value)
{
	const struct knowledge *known = reader->options->known;

	if (!known)
		return true;
	if (reader->options->is_renumbered)
		return has(&known->loose, hash_value(value, hash_place(table, 0, column)));
	return has(&known->placed, hash_value(value, hash_place(table, row, column)));
}

static void
read_row(struct reader *reader, uint32_t table, const coffer_row *row)
{
	const coffer_table *model = &reader->schema->tables[table];
	uint64_t number = coffer_row_number(row);
	coffer_value value;

	reader->reading->rows++;
	note(reader->reading, number);
	for (uint16_t column = 0; column < model->column_count; column++) {
		coffer_error error = {0};

		if (!note_status(reader->reading, coffer_row_get(row, column, &value, &error),
				 &error))
			continue;
		note_value(reader->reading, &value);
		if (!is_known(reader, table, number, column, &value))
			note_stranger(reader->reading, model->name, number,
				      model->columns[column].name);
	}
}

/* The values that were asked for stand in the row. */
static void
check_asked(struct reader *reader, uint32_t table, const coffer_row *row, const uint16_t *columns,
	    const coffer_value *values, size_t count)
{
	const coffer_table *model = &reader->schema->tables[table];
	coffer_value value;

	for (size_t i = 0; i < count; i++)
		if (!coffer_row_get(row, columns[i], &value, NULL) &&
		    hash_value(&value, 0) != hash_value(&values[i], 0))
			note_stranger(reader->reading, model->name, coffer_row_number(row),
				      "(not what was asked for)");
}

static bool
open_cursor(struct reader *reader, uint32_t table, coffer_cursor **cursor_out)
{
	coffer_error error = {0};

	return note_status(reader->reading,
			   coffer_cursor_open(reader->txn, table, cursor_out, &error), &error);
}

static void
read_scan(struct reader *reader, coffer_cursor *cursor, uint32_t table, const coffer_scan *scan)
{
	const coffer_index *index =
		scan->equal_count ? &reader->schema->tables[table].indexes[scan->index] : NULL;
	const coffer_row *row;
	coffer_error error = {0};
	coffer_status status = coffer_cursor_scan(cursor, scan, &error);

	while (!status && !(status = coffer_cursor_next(cursor, &row, &error))) {
		if (index)
			check_asked(reader, table, row, index->key_columns, scan->equal,
				    scan->equal_count);
		read_row(reader, table, row);
	}
	(void)note_status(reader->reading, status, &error);
}

static void
read_both_ways(struct reader *reader, coffer_cursor *cursor, uint32_t table, uint16_t index)
{
	coffer_scan scan = {.index = index};

	read_scan(reader, cursor, table, &scan);
	scan.is_reverse = true;
	read_scan(reader, cursor, table, &scan);
}

/* The rows that have the same value as one of them, by an index. */
static void
read_equal(struct reader *reader, uint32_t table, const coffer_row *row, coffer_cursor *cursor)
{
	const coffer_table *model = &reader->schema->tables[table];
	coffer_value value;

	for (uint16_t i = 0; i < model->index_count; i++) {
		coffer_scan scan = {.index = i, .equal = &value, .equal_count = 1};

		if (model->indexes[i].tree == COFFER_TREE_ORDERED &&
		    !coffer_row_get(row, model->indexes[i].key_columns[0], &value, NULL))
			read_scan(reader, cursor, table, &scan);
	}
}

/* ------------------------------------------------------------------ relations */

static void
read_relation(struct reader *reader, uint32_t table, const coffer_row *row, uint16_t number)
{
	const coffer_relation *relation = &reader->schema->tables[table].relations[number];
	coffer_cursor *target = NULL, *source = NULL;
	const coffer_row *found;
	coffer_error error = {0};

	if (relation->target_table == COFFER_NO_TABLE || relation->index == COFFER_NO_INDEX ||
	    !reader->schema->tables[relation->target_table].id)
		return;
	if (open_cursor(reader, relation->target_table, &target) &&
	    note_status(reader->reading, coffer_row_follow(row, number, target, &found, &error),
			&error)) {
		read_row(reader, relation->target_table, found);
		error = (coffer_error){0};
		if (open_cursor(reader, table, &source) &&
		    note_status(reader->reading,
				coffer_row_referrers(found, source, number, false, &error), &error))
			for (int i = 0;
			     i < REFERRERS_MAX &&
			     note_status(reader->reading,
					 coffer_cursor_next(source, &found, &error), &error);
			     i++)
				read_row(reader, table, found);
	}
	coffer_cursor_close(source);
	coffer_cursor_close(target);
}

static void
read_related(struct reader *reader, uint32_t table)
{
	const coffer_table *model = &reader->schema->tables[table];
	const coffer_scan scan = {.index = COFFER_NO_INDEX};
	coffer_cursor *cursor = NULL, *other = NULL;
	const coffer_row *row;

	if (open_cursor(reader, table, &cursor) && open_cursor(reader, table, &other) &&
	    !coffer_cursor_scan(cursor, &scan, NULL))
		for (int i = 0; i < RELATED_ROWS && !coffer_cursor_next(cursor, &row, NULL); i++) {
			read_equal(reader, table, row, other);
			for (uint16_t j = 0; j < model->relation_count; j++)
				read_relation(reader, table, row, j);
		}
	coffer_cursor_close(other);
	coffer_cursor_close(cursor);
}

/* ------------------------------------------------------------------ roll-ups */

static void
read_group(struct reading *reading, const coffer_rollup *rollup, const coffer_rollup_group *group)
{
	note_value(reading, &group->time);
	note_value(reading, &group->value);
	note(reading, group->rows);
	for (size_t i = 0; i < rollup->sum_count; i++) {
		note(reading, group->sums[i].values);
		note(reading, group->sums[i].unfit);
		note(reading, group->sums[i].total.low);
		note(reading, group->sums[i].total.middle);
		note(reading, (uint64_t)group->sums[i].total.high);
	}
}

static void
read_rollup(struct reader *reader, uint32_t table, uint16_t number)
{
	const coffer_rollup_scan all = {NULL, NULL, NULL};
	const coffer_rollup *rollup = &reader->schema->tables[table].rollups[number];
	const coffer_rollup_group *group;
	coffer_rollup_cursor *cursor;
	coffer_error error = {0};

	if (!note_status(reader->reading,
			 coffer_rollup_open(reader->txn, table, number, &cursor, &error), &error))
		return;
	if (note_status(reader->reading, coffer_rollup_seek(cursor, &all, &error), &error))
		while (note_status(reader->reading, coffer_rollup_next(cursor, &group, &error),
				   &error))
			read_group(reader->reading, rollup, group);
	coffer_rollup_close(cursor);
}

/* ------------------------------------------------------------------ all of it */

static void
read_table(struct reader *reader, uint32_t table)
{
	const coffer_table *model = &reader->schema->tables[table];
	coffer_cursor *cursor;
	coffer_error error = {0};
	uint64_t rows = 0;

	(void)note_status(reader->reading, coffer_table_count(reader->txn, table, &rows, &error),
			  &error);
	note(reader->reading, rows);
	if (!open_cursor(reader, table, &cursor))
		return;
	read_both_ways(reader, cursor, table, COFFER_NO_INDEX);
	for (uint16_t i = 0; i < model->index_count; i++)
		if (model->indexes[i].tree == COFFER_TREE_ORDERED)
			read_both_ways(reader, cursor, table, i);
	coffer_cursor_close(cursor);
	for (uint16_t i = 0; i < model->rollup_count; i++)
		read_rollup(reader, table, i);
	if (!reader->options->is_brief)
		read_related(reader, table);
}

/* A schema that was forged may not have what the key is of. */
static bool
fits(const coffer_schema *schema, const struct known_key *key)
{
	const coffer_table *table = &schema->tables[key->table];

	return key->table < schema->table_count && table->id && key->index < table->index_count &&
	       table->indexes[key->index].tree == COFFER_TREE_HASHED &&
	       table->indexes[key->index].key_column_count == key->count;
}

static void
read_keys(struct reader *reader)
{
	const struct knowledge *known = reader->options->known;
	coffer_cursor *cursor = NULL;
	uint32_t table = COFFER_NO_TABLE;

	for (size_t i = 0; i < known->key_count; i++) {
		const struct known_key *key = &known->keys[i];
		const coffer_row *row;
		coffer_error error = {0};

		if (!fits(reader->schema, key))
			continue;
		if (key->table != table) {
			coffer_cursor_close(cursor);
			cursor = NULL;
			table = open_cursor(reader, key->table, &cursor) ? key->table
									 : COFFER_NO_TABLE;
		}
		if (!cursor ||
		    !note_status(reader->reading,
				 coffer_cursor_get(cursor, key->index, key->values, &row, &error),
				 &error))
			continue;
		check_asked(reader, table, row,
			    reader->schema->tables[table].indexes[key->index].key_columns,
			    key->values, key->count);
		read_row(reader, table, row);
	}
	coffer_cursor_close(cursor);
}

static void
read_digest(struct reader *reader)
{
	uint8_t digest[COFFER_DIGEST_SIZE] = {0};
	coffer_error error = {0};

	(void)note_status(reader->reading, coffer_store_digest(reader->txn, digest, &error),
			  &error);
	reader->reading->trace = coffer_hash(digest, sizeof(digest), reader->reading->trace);
}

static void
read_all(struct reader *reader)
{
	for (uint32_t table = 0; table < reader->schema->table_count; table++)
		if (reader->schema->tables[table].id)
			read_table(reader, table);
	if (reader->options->known)
		read_keys(reader);
	if (!reader->options->is_brief)
		read_digest(reader);
}

void
reading_make(coffer_store *store, const struct reading_options *options,
	     struct reading *reading_out)
{
	struct reader reader = {
		.store = store,
		.schema = coffer_store_schema(store),
		.options = options,
		.reading = reading_out,
	};
	coffer_error error = {0};

	*reading_out = (struct reading){0};
	if (!note_status(reading_out, coffer_txn_begin(store, &reader.txn, &error), &error))
		return;
	read_all(&reader);
	coffer_txn_end(reader.txn);
}

/* ------------------------------------------------------------------ learning */

static bool
copy_value(struct knowledge *known, const coffer_value *value, coffer_value *out)
{
	bool is_text = value->kind >= COFFER_TEXT;
	char *copy;

	*out = *value;
	if (!is_text)
		return true;
	if (value->text.size > known->value_size_max)
		known->value_size_max = value->text.size;
	copy = malloc(value->text.size + 1);
	if (copy && value->text.size)
		memcpy(copy, value->text.data, value->text.size);
	out->text.data = copy;
	return copy != NULL;
}

/* A key without NULL is found by it. */
static coffer_status
learn_key(struct knowledge *known, uint32_t table, uint16_t number, const coffer_index *index,
	  const coffer_row *row)
{
	struct known_key key = {.table = table, .index = number, .count = index->key_column_count};
	struct known_key *larger;
	coffer_value values[KEY_VALUES_MAX];
	uint64_t hash = hash_place(table, 0, number);
	coffer_status status;

	if (index->tree != COFFER_TREE_HASHED || key.count > KEY_VALUES_MAX)
		return COFFER_OK;
	for (size_t i = 0; i < key.count; i++) {
		if ((status = coffer_row_get(row, index->key_columns[i], &values[i], NULL)) ||
		    values[i].kind == COFFER_NULL)
			return status;
		hash = hash_value(&values[i], hash);
	}
	if (has(&known->keyed, hash))
		return COFFER_OK;
	if (!add(&known->keyed, hash))
		return COFFER_NO_MEMORY;
	larger = realloc(known->keys, (known->key_count + 1) * sizeof(*larger));
	if (!larger)
		return COFFER_NO_MEMORY;
	known->keys = larger;
	larger += known->key_count++;
	*larger = key;
	for (size_t i = 0; i < key.count; i++)
		if (!copy_value(known, &values[i], &larger->values[i]))
			return COFFER_NO_MEMORY;
	return COFFER_OK;
}

static coffer_status
learn_row(struct knowledge *known, const coffer_schema *schema, uint32_t table,
	  const coffer_row *row)
{
	const coffer_table *model = &schema->tables[table];
	coffer_status status = COFFER_OK;
	coffer_value value;

	for (uint16_t i = 0; !status && i < model->column_count; i++) {
		if ((status = coffer_row_get(row, i, &value, NULL)))
			return status;
		if (value.kind >= COFFER_TEXT && value.text.size > known->value_size_max)
			known->value_size_max = value.text.size;
		if (!add(&known->placed,
			 hash_value(&value, hash_place(table, coffer_row_number(row), i))) ||
		    !add(&known->loose, hash_value(&value, hash_place(table, 0, i))))
			return COFFER_NO_MEMORY;
	}
	for (uint16_t i = 0; !status && i < model->index_count; i++)
		status = learn_key(known, table, i, &model->indexes[i], row);
	return status;
}

static coffer_status
learn_table(struct knowledge *known, const coffer_schema *schema, coffer_txn *txn, uint32_t table)
{
	const coffer_scan scan = {.index = COFFER_NO_INDEX};
	const coffer_row *row;
	coffer_cursor *cursor;
	coffer_status status = coffer_cursor_open(txn, table, &cursor, NULL);

	if (!status)
		status = coffer_cursor_scan(cursor, &scan, NULL);
	while (!status && !(status = coffer_cursor_next(cursor, &row, NULL)))
		status = learn_row(known, schema, table, row);
	coffer_cursor_close(cursor);
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

coffer_status
knowledge_learn(struct knowledge *known, coffer_store *store)
{
	const coffer_schema *schema = coffer_store_schema(store);
	coffer_txn *txn;
	coffer_status status = coffer_txn_begin(store, &txn, NULL);

	if (status)
		return status;
	for (uint32_t table = 0; !status && table < schema->table_count; table++)
		if (schema->tables[table].id)
			status = learn_table(known, schema, txn, table);
	coffer_txn_end(txn);
	return status;
}

static void
free_text(const coffer_value *value)
{
	char *text;

	if (value->kind < COFFER_TEXT)
		return;
	memcpy(&text, &value->text.data, sizeof(text)); /* free knows no const */
	free(text);
}

void
knowledge_free(struct knowledge *known)
{
	for (size_t i = 0; i < known->key_count; i++)
		for (size_t j = 0; j < known->keys[i].count; j++)
			free_text(&known->keys[i].values[j]);
	free(known->keys);
	free(known->placed.slots);
	free(known->loose.slots);
	free(known->keyed.slots);
	*known = (struct knowledge){0};
}
