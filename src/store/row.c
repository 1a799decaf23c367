/*
 * One row: its record is checked as a whole when it is loaded, its elements are found and decoded only as they
 * are asked for. SPEC.md 4.
 */
#include "store/store.h"

#include "format/checksum.h"
#include "store/frame.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum guess { GUESS_NONE, GUESS_WIDE, GUESS_NUMBER, GUESS_CODE };

enum {
	SCRATCH_SPARE_MAX = 1 << 20,
	AHEAD = 4, /* elements behind the one that is asked for are asked for next, mostly */
	SMALL_SIZE_MAX = 9, /* of an element that holds a number of eight bytes */
};

/* Expanded texts of the row. One that is too small for the next text stays until the row changes, since values
 * borrow from it. */
struct coffer_scratch {
	struct coffer_scratch *older;
	char memory[];
};

static uint8_t
guess_kind(const coffer_column *column)
{
	if (column->is_interned)
		return GUESS_CODE;
	if (column->kind >= COFFER_TEXT)
		return GUESS_NONE;
	return column->kind == COFFER_TIME || column->kind == COFFER_FLOAT ? GUESS_WIDE
									   : GUESS_NUMBER;
}

/* Columns are in the record's order by what they hold, so that those of a kind are neighbours. */
static void
set_guesses(struct coffer_row *row)
{
	struct coffer_row_guess *guesses = row->guesses;

	for (size_t i = 0; i < row->column_count; i++)
		guesses[row->description->columns[i].position].kind =
			guess_kind(&row->description->columns[i]);
	for (size_t at = row->column_count; at-- > 0;) {
		bool is_last =
			at + 1 == row->column_count || guesses[at + 1].kind != guesses[at].kind;
		unsigned behind = is_last ? 0 : guesses[at + 1].count;

		guesses[at].count = (uint8_t)(behind < UINT8_MAX ? behind + 1 : behind);
	}
}

/* All that a row has of its columns, in one piece: whoever looks up a row in a transaction of its own takes it each time. */
static bool
take_columns(struct coffer_row *row)
{
	size_t count = row->column_count + 1;

	row->texts = malloc(count * (sizeof(*row->texts) + sizeof(*row->columns) +
				     sizeof(*row->offsets) + sizeof(*row->guesses)));
	if (!row->texts)
		return false;
	row->columns = (struct coffer_row_column *)(row->texts + count);
	row->offsets = (uint32_t *)(row->columns + count);
	row->guesses = (struct coffer_row_guess *)(row->offsets + count);
	memset(row->texts, 0, count * sizeof(*row->texts));
	memset(row->guesses, 0, count * sizeof(*row->guesses));
	return true;
}

coffer_status
coffer_row_init(struct coffer_row *row, coffer_txn *txn, uint32_t table, coffer_error *error)
{
	const coffer_table *description = &txn->schema->tables[table];
	size_t count = description->column_count;

	*row = (struct coffer_row){
		.txn = txn,
		.description = description,
		.table = table,
		.column_count = count,
	};
	if (!take_columns(row))
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a row");
	for (size_t i = 0; i < count; i++)
		row->columns[i] = (struct coffer_row_column){
			.form = coffer_column_held(&description->columns[i], txn->features),
			.position = description->columns[i].position,
			.is_nullable = description->columns[i].is_nullable,
		};
	set_guesses(row);
	return COFFER_OK;
}

static void
drop_scratch(struct coffer_scratch *scratch)
{
	while (scratch) {
		struct coffer_scratch *older = scratch->older;

		free(scratch);
		scratch = older;
	}
}

void
coffer_row_release(struct coffer_row *row)
{
	drop_scratch(row->scratch);
	free(row->texts);
	row->scratch = NULL;
	row->texts = NULL;
}

/* Failures of a row say where: table[number]. */
static coffer_status
fail(const struct coffer_row *row, coffer_status status, const char *message, coffer_error *error)
{
	coffer_error_set(error, status, "%s", message);
	coffer_error_at(error, "%s[%" PRIu64 "]", row->description->name, row->number);
	return status;
}

static coffer_status
fail_column(const struct coffer_row *row, uint16_t column, enum coffer_fault fault,
	    coffer_error *error)
{
	coffer_status status = fault == COFFER_FAULT_LATER ? COFFER_UNSUPPORTED : COFFER_CORRUPT;

	coffer_error_set(error, status, "%s", coffer_fault_text(fault));
	coffer_error_at(error, "%s[%" PRIu64 "].%s", row->description->name, row->number,
			row->description->columns[column].name);
	return status;
}

coffer_status
coffer_row_open(struct coffer_row *row, uint64_t number, struct coffer_bytes value,
		coffer_error *error)
{
	enum coffer_fault fault = COFFER_FAULT_CUT;
	size_t header;

	row->number = number;
	row->scratch_size = 0;
	row->loads++;
	if (row->scratch) {
		drop_scratch(row->scratch->older);
		row->scratch->older = NULL;
	}
	if (value.size >= COFFER_CHECKSUM_SIZE) {
		row->payload = value.data + COFFER_CHECKSUM_SIZE;
		row->size = value.size - COFFER_CHECKSUM_SIZE;
		fault = coffer_record_open(row->payload, row->size, row->column_count, &header);
	}
	if (fault)
		return fail(row, COFFER_CORRUPT, coffer_fault_text(fault), error);
	row->offsets[0] = (uint32_t)header;
	row->found = 0;
	return COFFER_OK;
}

coffer_status
coffer_row_load(struct coffer_row *row, uint64_t number, struct coffer_bytes value,
		coffer_error *error)
{
	enum coffer_fault fault = coffer_checksum_check_row(row->description->id, number,
							    value.data, value.size);

	if (!fault)
		return coffer_row_open(row, number, value, error);
	row->number = number;
	return fail(row, COFFER_CORRUPT, coffer_fault_text(fault), error);
}

coffer_status
coffer_row_fetch(struct coffer_row *row, uint64_t number, coffer_error *error)
{
	uint8_t key[COFFER_ROW_KEY_SIZE];
	struct coffer_bytes value;
	coffer_status status;

	coffer_key_put_row(key, number);
	status = coffer_snapshot_get(row->txn->snapshot, row->txn->trees->tables[row->table].rows,
				     (struct coffer_bytes){key, sizeof(key)}, &value, error);
	return status ? status : coffer_row_load(row, number, value, error);
}

/* Numbers and times mostly take eight bytes, behind cb or cf. */
static inline size_t
find_wide(const uint8_t *payload, uint32_t *offsets, size_t count)
{
	uint32_t at = *offsets, size;
	size_t found = 0;

	while (found < count) {
		if ((payload[at] | 4) == 0xcf)
			at += SMALL_SIZE_MAX;
		else if ((size = coffer_element_small_sizes[payload[at]]))
			at += size;
		else
			break;
		offsets[++found] = at;
	}
	return found;
}

/* One that is not small has the size 0 here, and so have those behind it then. */
static inline size_t
find_numbers(const uint8_t *payload, uint32_t *offsets, size_t count)
{
	uint32_t at = *offsets, size = 0;

	for (size_t i = 1; i <= count; i++) {
		size = coffer_element_small_sizes[payload[at]];
		offsets[i] = at += size;
	}
	return size ? count : 0;
}

/* Three codes of two bytes each. */
static inline bool
are_codes(const uint8_t *bytes)
{
	return (coffer_load_u64be(bytes) & UINT64_C(0xff0000ff0000ff00)) ==
	       UINT64_C(0xcd0000cd0000cd00);
}

static inline size_t
find_codes(const uint8_t *payload, uint32_t *offsets, size_t count)
{
	uint32_t at = *offsets, size;
	size_t found = 0;

	while (found < count) {
		if (found + 3 <= count && are_codes(payload + at)) {
			offsets[++found] = at + 3;
			offsets[++found] = at + 6;
			at += 9;
		} else if ((size = coffer_element_small_sizes[payload[at]])) {
			at += size;
		} else {
			break;
		}
		offsets[++found] = at;
	}
	return found;
}

/*
 * Find some of the elements up to the one at `position`, or a few more, at once, where the columns let one guess what they are.
 * Returns how many; 0 says nothing. None of them may reach beyond the end.
 */
static inline size_t
find_guessed(const struct coffer_row *row, size_t position)
{
	uint32_t *offsets = row->offsets + row->found;
	const struct coffer_row_guess *guess = row->guesses + row->found;
	size_t count = position + 1 + AHEAD - row->found;

	if (count > guess->count)
		count = guess->count;
	if (row->size - *offsets < count * SMALL_SIZE_MAX)
		return 0;
	switch (guess->kind) {
	case GUESS_WIDE:
		return find_wide(row->payload, offsets, count);
	case GUESS_NUMBER:
		return find_numbers(row->payload, offsets, count);
	case GUESS_CODE:
		return find_codes(row->payload, offsets, count);
	default:
		return 0;
	}
}

/*
 * Find the elements up to the one at `position`. Where each begins is known when the one before was looked at, which takes
 * longer than all else that is done with it; so as much as can be guessed is not waited for.
 */
static coffer_status
find(struct coffer_row *row, size_t position, coffer_error *error)
{
	size_t count, size;
	uint32_t *offset;

	for (; row->found <= position; row->found += count) {
		if ((count = find_guessed(row, position)))
			continue;
		offset = row->offsets + row->found;
		size = coffer_element_size(row->payload + *offset, row->size - *offset);
		if (!size)
			return fail(row, COFFER_CORRUPT,
				    "the record ends in the middle of an element", error);
		offset[1] = *offset + (uint32_t)size;
		count = 1;
	}
	return COFFER_OK;
}

/* Memory for expanded texts; what was given before stays where it is. */
static char *
take_scratch(struct coffer_row *row, size_t size)
{
	if (row->scratch_capacity - row->scratch_size < size) {
		size_t spare = row->scratch_capacity * 2 + 256;
		/* Of a long value no more than it takes: a short frame may say that it is one. */
		size_t capacity = size + (spare < SCRATCH_SPARE_MAX ? spare : SCRATCH_SPARE_MAX);
		struct coffer_scratch *fresh = malloc(sizeof(*fresh) + capacity);

		if (!fresh)
			return NULL;
		fresh->older = row->scratch;
		row->scratch = fresh;
		row->scratch_capacity = capacity;
		row->scratch_size = 0;
	}
	row->scratch_size += size;
	return row->scratch->memory + row->scratch_size - size;
}

/* What was expanded of a column before stays until the row changes: a key is asked for when it is compared with what was looked
 * for, and by who found the row. False: nothing was. */
static inline bool
find_expanded(const struct coffer_row *row, uint16_t column, coffer_text *text_out)
{
	const struct coffer_row_text *expanded = &row->texts[column];

	if (expanded->load != row->loads)
		return false;
	*text_out = expanded->text;
	return true;
}

static inline void
keep_expanded(struct coffer_row *row, uint16_t column, coffer_text text)
{
	row->texts[column] = (struct coffer_row_text){row->loads, text};
}

static coffer_status
expand_text(struct coffer_row *row, uint16_t column, enum coffer_element_form form,
	    coffer_value *value, coffer_error *error)
{
	size_t size;
	char *text;

	if (find_expanded(row, column, &value->text))
		return COFFER_OK;
	size = coffer_text_expanded_size(form, value->text);
	text = take_scratch(row, size);
	if (!text)
		return fail(row, COFFER_NO_MEMORY, "no memory for a value", error);
	coffer_text_expand(form, value->text, text);
	value->text = (coffer_text){text, size};
	keep_expanded(row, column, value->text);
	return COFFER_OK;
}

/* `value` holds the frame, and is NULL after a failure. */
static __attribute__((noinline)) coffer_status
expand_frame(struct coffer_row *row, uint16_t column, coffer_value *value, coffer_error *error)
{
	struct coffer_bytes bytes = {(const uint8_t *)value->text.data, value->text.size};
	struct coffer_frame frame;
	enum coffer_fault fault;
	coffer_status status;
	char *text;

	if (find_expanded(row, column, &value->text))
		return COFFER_OK;
	value->kind = COFFER_NULL;
	if ((fault = coffer_frame_open(bytes.data, bytes.size, &frame)))
		return fail_column(row, column, fault, error);
	if (!(text = take_scratch(row, coffer_frame_room(&frame, bytes.size))))
		return fail(row, COFFER_NO_MEMORY, "no memory for a value", error);
	row->scratch_size -= coffer_frame_room(&frame, bytes.size) - frame.text_size;
	if ((status = coffer_frame_expand(row->txn, &frame, bytes, text, error))) {
		coffer_error_at(error, "%s[%" PRIu64 "].%s", row->description->name, row->number,
				row->description->columns[column].name);
		return status;
	}
	*value = (coffer_value){.kind = row->columns[column].form.kind, .text = {text, frame.text_size}};
	keep_expanded(row, column, value->text);
	return COFFER_OK;
}

static coffer_status
get_long(struct coffer_row *row, uint16_t column, struct coffer_bytes *element_out,
	 coffer_error *error)
{
	const coffer_table *table = row->description;
	uint8_t key[COFFER_LONG_KEY_SIZE];
	struct coffer_bytes value;
	enum coffer_fault fault;
	coffer_status status;

	coffer_key_put_long(key, row->number, column);
	status = coffer_snapshot_get(row->txn->snapshot, row->txn->trees->tables[row->table].longs,
				     (struct coffer_bytes){key, sizeof(key)}, &value, error);
	if (status == COFFER_NOT_FOUND) {
		status = coffer_error_set(error, COFFER_CORRUPT, "its long value is missing");
		coffer_error_at(error, "%s[%" PRIu64 "].%s", table->name, row->number,
				table->columns[column].name);
	}
	if (status)
		return status;
	fault = coffer_checksum_check(table->id, key, sizeof(key), value.data, value.size);
	if (fault)
		return fail_column(row, column, fault, error);
	element_out->data = value.data + COFFER_CHECKSUM_SIZE;
	element_out->size = value.size - COFFER_CHECKSUM_SIZE;
	return COFFER_OK;
}

/* Decode any element, fetching it from the long tree where it was moved there. */
static coffer_status
decode_any(struct coffer_row *row, uint16_t column, struct coffer_element *element,
	   coffer_error *error)
{
	struct coffer_form form = row->columns[column].form;
	size_t position = row->columns[column].position;
	struct coffer_bytes bytes = {
		.data = row->payload + row->offsets[position],
		.size = row->offsets[position + 1] - row->offsets[position],
	};
	enum coffer_fault fault = coffer_element_decode(form, bytes.data, bytes.size, element);
	coffer_status status;

	if (!fault && element->form == COFFER_ELEMENT_LONG) {
		if ((status = get_long(row, column, &bytes, error)))
			return status;
		fault = coffer_element_decode(form, bytes.data, bytes.size, element);
		if (!fault && (element->form == COFFER_ELEMENT_LONG ||
			       (element->form == COFFER_ELEMENT_VALUE && element->value.kind == COFFER_NULL)))
			fault = COFFER_FAULT_FORM;
	}
	return fault ? fail_column(row, column, fault, error) : COFFER_OK;
}

uint64_t
coffer_row_number(const coffer_row *row)
{
	return row->number;
}

/* A code that is not among those met lately. */
static coffer_status
expand_code(struct coffer_row *row, uint16_t column, uint32_t code, coffer_value *value,
	    coffer_error *error)
{
	coffer_status status = coffer_pool_text(row->txn, code, &value->text, error);

	if (status)
		coffer_error_at(error, "%s[%" PRIu64 "].%s", row->description->name, row->number,
				row->description->columns[column].name);
	value->kind = status ? COFFER_NULL : row->columns[column].form.kind;
	return status;
}

static coffer_status
get_any(struct coffer_row *row, uint16_t column, coffer_value *value_out, coffer_error *error)
{
	struct coffer_element element;
	coffer_status status;

	value_out->kind = row->columns[column].form.kind;
	/* A long frame need not be fetched again. */
	if (find_expanded(row, column, &value_out->text))
		return COFFER_OK;
	value_out->kind = COFFER_NULL;
	if ((status = decode_any(row, column, &element, error)))
		return status;
	if (element.form == COFFER_ELEMENT_CODE)
		return expand_code(row, column, element.code, value_out, error);
	*value_out = element.value;
	if (element.form == COFFER_ELEMENT_FRAME)
		return expand_frame(row, column, value_out, error);
	return element.form < COFFER_ELEMENT_HEX ? COFFER_OK
						 : expand_text(row, column, element.form, value_out,
							       error);
}

/* Where all is as it mostly is nothing is called: the element was found with another one before, and its code was met. */
static inline coffer_status
get_found(struct coffer_row *row, uint16_t column, coffer_value *value_out, coffer_error *error)
{
	struct coffer_row_column how = row->columns[column];
	const uint8_t *element = row->payload + row->offsets[how.position];
	enum coffer_element_form form;
	uint32_t code;

	if (!coffer_element_decode_usual(how.form, element, &form, &code, value_out))
		return get_any(row, column, value_out, error);
	if (form == COFFER_ELEMENT_CODE && !coffer_pool_find(row->txn, code, &value_out->text))
		return expand_code(row, column, code, value_out, error);
	if (form == COFFER_ELEMENT_FRAME)
		return expand_frame(row, column, value_out, error);
	return form < COFFER_ELEMENT_HEX ? COFFER_OK : expand_text(row, column, form, value_out, error);
}

static __attribute__((noinline)) coffer_status
find_and_get(struct coffer_row *row, uint16_t column, coffer_value *value_out, coffer_error *error)
{
	coffer_status status;

	value_out->kind = COFFER_NULL;
	if (column >= row->column_count)
		return coffer_error_set(error, COFFER_INVALID, "no column has the number %u", column);
	status = find(row, row->columns[column].position, error);
	return status ? status : get_found(row, column, value_out, error);
}

static inline coffer_status
get(struct coffer_row *row, uint16_t column, coffer_value *value_out, coffer_error *error)
{
	if (column < row->column_count && row->columns[column].position < row->found)
		return get_found(row, column, value_out, error);
	return find_and_get(row, column, value_out, error);
}

/* What a row has found so far is a cache behind a const handle. */
static struct coffer_row *
mutable_row(const coffer_row *row)
{
	struct coffer_row *out;

	memcpy(&out, &row, sizeof(out));
	return out;
}

coffer_status
coffer_row_get(const coffer_row *row, uint16_t column, coffer_value *value_out, coffer_error *error)
{
	return get(mutable_row(row), column, value_out, error);
}

coffer_status
coffer_row_get_code(const coffer_row *row, uint16_t column, uint32_t *code_out, coffer_error *error)
{
	struct coffer_element element;
	const uint8_t *bytes;
	coffer_status status;

	*code_out = 0;
	if (column >= row->column_count || !row->columns[column].form.is_interned)
		return coffer_error_set(error, COFFER_INVALID, "column %u is not interned", column);
	if ((status = find(mutable_row(row), row->columns[column].position, error)))
		return status;
	bytes = row->payload + row->offsets[row->columns[column].position];
	if (*bytes == 0xc0 || coffer_element_code(bytes, code_out))
		return COFFER_OK;
	*code_out = 0;
	return decode_any(mutable_row(row), column, &element, error);
}

coffer_status
coffer_row_key_hash(struct coffer_row *row, const coffer_index *index, uint64_t *hash_out,
		    coffer_error *error)
{
	coffer_value value;
	coffer_status status;

	*hash_out = row->txn->seed;
	for (size_t i = 0; i < index->key_column_count; i++) {
		if ((status = get(row, index->key_columns[i], &value, error)))
			return status;
		if (value.kind == COFFER_NULL && !index->nulls_not_distinct)
			return COFFER_NOT_FOUND;
		*hash_out = coffer_key_hash(*hash_out, &value);
	}
	return COFFER_OK;
}
