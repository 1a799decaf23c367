/*
 * A table of chains over rows in the order in which they came. When there is no room for more, all are forgotten; and where few of
 * them came again until then, as when a join looks up other keys all the time, it is all in vain.
 */
#include "sql/memo.h"

#include <stdlib.h>
#include <string.h>

enum {
	ROOM_MAX = 8192,
	/* Rows of a larger table seldom come again while they are remembered. */
	ROWS_MAX = 4 * ROOM_MAX,
	ABSENT = 64, /* keys of no row that there is room for beside those of all rows */
	NO_COLUMN = 0xff,
};

struct coffer_sql_memo {
	struct coffer_sql_memo_row *rows;
	size_t count, room;
	size_t hits;       /* keys that came again since all was forgotten */
	bool is_in_vain;   /* too few did */
	uint32_t *heads;   /* one more than the place of the first row of a chain; 0: it has none */
	size_t head_count; /* a power of two */
	size_t value_count; /* columns that were asked for, the first of them */
	uint8_t columns[];  /* where the value of a column stands; NO_COLUMN: nowhere */
};

struct coffer_sql_memo *
coffer_sql_memo_make(uint64_t rows, size_t columns)
{
	struct coffer_sql_memo *memo;

	if (rows > ROWS_MAX || !(memo = malloc(sizeof(*memo) + columns)))
		return NULL;
	*memo = (struct coffer_sql_memo){.head_count = ABSENT};
	memo->room = rows + ABSENT < ROOM_MAX ? (size_t)rows + ABSENT : ROOM_MAX;
	while (memo->head_count < memo->room)
		memo->head_count *= 2;
	memset(memo->columns, NO_COLUMN, columns);
	memo->rows = malloc(memo->room * sizeof(*memo->rows));
	memo->heads = calloc(memo->head_count, sizeof(*memo->heads));
	if (memo->rows && memo->heads)
		return memo;
	coffer_sql_memo_free(memo);
	return NULL;
}

void
coffer_sql_memo_free(struct coffer_sql_memo *memo)
{
	if (!memo)
		return;
	free(memo->rows);
	free(memo->heads);
	free(memo);
}

void
coffer_sql_memo_forget(struct coffer_sql_memo *memo)
{
	if (!memo)
		return;
	memset(memo->heads, 0, memo->head_count * sizeof(*memo->heads));
	memo->count = memo->hits = 0;
}

/* ------------------------------------------------------------------ keys */

static uint64_t
hash_key(uint16_t index, const coffer_value *key, size_t count)
{
	uint64_t hash = index;

	for (size_t i = 0; i < count; i++) {
		uint64_t part = coffer_sql_has_text(&key[i]) ? coffer_sql_text_hash(key[i].text)
							     : (uint64_t)key[i].integer;

		hash = (hash ^ part) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 32;
	}
	return hash;
}

/* What is remembered of a key's value. Type 0: nothing can be. */
static struct coffer_sql_memo_value
key_value(struct coffer_sql_texts *texts, const coffer_value *value)
{
	struct coffer_sql_memo_value out = {.type = SQLITE_INTEGER, .integer = value->integer};
	coffer_text text;

	if (value->kind == COFFER_INT)
		return out;
	out.type = 0;
	if (value->kind != COFFER_TEXT)
		return out;
	/* An argument that is empty stands nowhere. */
	text = value->text.size ? value->text : (coffer_text){"", 0};
	if (!(out.text = coffer_sql_texts_keep(texts, text)))
		return out;
	out.type = SQLITE_TEXT;
	out.size = (uint32_t)text.size;
	return out;
}

static bool
is_equal(const struct coffer_sql_memo_value *known, const coffer_value *value)
{
	if (known->type == SQLITE_INTEGER)
		return value->kind == COFFER_INT && value->integer == known->integer;
	return value->kind == COFFER_TEXT && value->text.size == known->size &&
	       (!known->size || !memcmp(value->text.data, known->text, known->size));
}

static bool
has_key(const struct coffer_sql_memo_row *row, uint16_t index, const coffer_value *key,
	size_t count)
{
	bool has = row->index == index;

	for (size_t i = 0; has && i < count; i++)
		has = is_equal(&row->key[i], &key[i]);
	return has;
}

struct coffer_sql_memo_row *
coffer_sql_memo_find(struct coffer_sql_memo *memo, uint16_t index, const coffer_value *key,
		     size_t count)
{
	struct coffer_sql_memo_row *row;
	uint64_t hash;
	uint32_t at;

	if (count > COFFER_SQL_MEMO_KEYS)
		return NULL;
	hash = hash_key(index, key, count);
	for (at = memo->heads[hash & (memo->head_count - 1)]; at; at = row->next) {
		row = &memo->rows[at - 1];
		if (row->hash == hash && has_key(row, index, key, count)) {
			memo->hits++;
			return row;
		}
	}
	return NULL;
}

struct coffer_sql_memo_row *
coffer_sql_memo_add(struct coffer_sql_memo *memo, struct coffer_sql_texts *texts, uint16_t index,
		    const coffer_value *key, size_t count, uint64_t number)
{
	struct coffer_sql_memo_row *row;
	uint32_t *head;

	if (memo->count == memo->room) {
		memo->is_in_vain = memo->hits < memo->room / 2;
		coffer_sql_memo_forget(memo);
	}
	if (memo->is_in_vain || count > COFFER_SQL_MEMO_KEYS)
		return NULL;
	row = &memo->rows[memo->count];
	*row = (struct coffer_sql_memo_row){.number = number, .index = index};
	for (size_t i = 0; i < count; i++)
		if (!(row->key[i] = key_value(texts, &key[i])).type)
			return NULL;
	row->hash = hash_key(index, key, count);
	head = &memo->heads[row->hash & (memo->head_count - 1)];
	row->next = *head;
	*head = (uint32_t)++memo->count;
	return row;
}

bool
coffer_sql_memo_is_in_vain(const struct coffer_sql_memo *memo)
{
	return memo->is_in_vain;
}

/* ------------------------------------------------------------------ values */

bool
coffer_sql_memo_give(const struct coffer_sql_memo *memo, const struct coffer_sql_memo_row *row,
		     size_t column, sqlite3_context *context)
{
	const struct coffer_sql_memo_value *value;

	if (memo->columns[column] == NO_COLUMN)
		return false;
	value = &row->values[memo->columns[column]];
	switch (value->type) {
	case SQLITE_NULL:
		sqlite3_result_null(context);
		break;
	case SQLITE_INTEGER:
		sqlite3_result_int64(context, value->integer);
		break;
	case SQLITE_FLOAT:
		sqlite3_result_double(context, value->real);
		break;
	case SQLITE_TEXT:
		sqlite3_result_text(context, value->text, -1, SQLITE_STATIC);
		break;
	default:
		return false;
	}
	return true;
}

static struct coffer_sql_memo_value
given_for(const coffer_value *value, const char *text)
{
	switch (value->kind) {
	case COFFER_NULL:
		return (struct coffer_sql_memo_value){.type = SQLITE_NULL};
	case COFFER_BOOL:
		return (struct coffer_sql_memo_value){.type = SQLITE_INTEGER,
						      .integer = value->boolean};
	case COFFER_INT:
		return (struct coffer_sql_memo_value){.type = SQLITE_INTEGER,
						      .integer = value->integer};
	case COFFER_FLOAT:
		return (struct coffer_sql_memo_value){.type = SQLITE_FLOAT,
						      .real = value->real + 0.0};
	default:
		return (struct coffer_sql_memo_value){.type = text ? SQLITE_TEXT : 0, .text = text};
	}
}

void
coffer_sql_memo_keep(struct coffer_sql_memo *memo, struct coffer_sql_memo_row *row, size_t column,
		     const coffer_value *value, const char *text)
{
	uint8_t *at = &memo->columns[column];

	if (*at == NO_COLUMN && memo->value_count < COFFER_SQL_MEMO_VALUES)
		*at = (uint8_t)memo->value_count++;
	if (*at != NO_COLUMN)
		row->values[*at] = given_for(value, text);
}
