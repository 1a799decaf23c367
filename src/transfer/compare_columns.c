/*
 * Which columns of two tables belong together, what of them is a key, and what they come to.
 */
#include "transfer/compare_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ totals */

/* Is the column part of a key or a relation, or counted by a sequence? Then its sum says nothing. */
static bool
is_identifier(const coffer_table *table, uint16_t number)
{
	const coffer_column *column = &table->columns[number];

	for (size_t i = 0; i < table->index_count; i++)
		for (size_t k = 0;
		     table->indexes[i].is_unique && k < table->indexes[i].column_count; k++)
			if (table->indexes[i].columns[k] == number)
				return true;
	for (size_t i = 0; i < table->relation_count; i++)
		for (size_t k = 0; k < table->relations[i].column_count; k++)
			if (table->relations[i].columns[k] == number)
				return true;
	return column->identity || (column->default_sql && strstr(column->default_sql, "nextval("));
}

static enum coffer_total_kind
total_kind(const coffer_table *table, uint16_t number)
{
	switch (table->columns[number].kind) {
	case COFFER_INT:
	case COFFER_FLOAT:
		return is_identifier(table, number) ? COFFER_TOTAL_NONE : COFFER_TOTAL_SUM;
	case COFFER_TIME:
		return COFFER_TOTAL_RANGE;
	default:
		return COFFER_TOTAL_NONE;
	}
}

static void
add(struct coffer_total *total, const coffer_value *value)
{
	if (total->kind == COFFER_TOTAL_NONE || value->kind == COFFER_NULL)
		return;
	if (value->kind == COFFER_FLOAT)
		coffer_exact_add(&total->real, value->real);
	else if (value->kind == COFFER_INT)
		total->whole += value->integer;
	else if (!total->values || value->time < total->least)
		total->least = value->time;
	if (value->kind == COFFER_TIME && (!total->values || value->time > total->greatest))
		total->greatest = value->time;
	total->values++;
}

void
coffer_compare_add_left(struct coffer_compare_run *run)
{
	for (size_t i = 0; i < run->table.pair_count; i++)
		add(&run->table.left_totals[i], &run->left[run->table.pairs[i].left]);
}

void
coffer_compare_add_right(struct coffer_compare_run *run, const coffer_value *right)
{
	for (size_t i = 0; i < run->table.pair_count; i++)
		add(&run->table.right_totals[i], &right[run->table.pairs[i].right]);
}

/* Digits of a number of up to 39 of them. */
static size_t
print_whole(__int128 number, char out[COFFER_SCALAR_TEXT_SIZE])
{
	unsigned __int128 rest =
		number < 0 ? -(unsigned __int128)number : (unsigned __int128)number;
	char digits[COFFER_SCALAR_TEXT_SIZE];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + (int)(rest % 10));
		rest /= 10;
	} while (rest);
	if (number < 0)
		digits[--at] = '-';
	memcpy(out, digits + at, sizeof(digits) - at);
	out[sizeof(digits) - at] = '\0';
	return sizeof(digits) - at;
}

size_t
coffer_total_print(const struct coffer_total *total, const coffer_column *column,
		   char out[COFFER_SCALAR_TEXT_SIZE])
{
	if (column->kind == COFFER_FLOAT)
		return coffer_float_print(coffer_exact_round(&total->real), 8, out);
	return print_whole(total->whole, out);
}

/* ------------------------------------------------------------------ pairs */

/* A column of one side alone, or of another type. */
static void
tell_column(struct coffer_compare_run *run, const coffer_column *left, const coffer_column *right)
{
	run->table.column_differences++;
	if (run->options->column)
		run->options->column(run->options->context, &run->table, left, right);
}

/* Tell left columns without a partner or of another type, and keep those that can be compared. */
static void
pair_columns(struct coffer_compare_run *run, const coffer_table *left, const coffer_table *right)
{
	struct coffer_compared_table *table = &run->table;

	for (size_t i = 0; i < left->column_count; i++) {
		const coffer_column *mine = &left->columns[i], *other;
		uint16_t partner = coffer_table_find_column(right, mine->name);

		if (partner == COFFER_NO_COLUMN) {
			tell_column(run, mine, NULL);
			continue;
		}
		other = &right->columns[partner];
		if (strcmp(mine->type, other->type) != 0)
			tell_column(run, mine, other);
		if (mine->kind == other->kind)
			table->pairs[table->pair_count++] =
				(struct coffer_column_pair){(uint16_t)i, partner};
	}
}

static void
tell_unpaired(struct coffer_compare_run *run, const coffer_table *left, const coffer_table *right)
{
	for (size_t i = 0; i < right->column_count; i++)
		if (coffer_table_find_column(left, right->columns[i].name) == COFFER_NO_COLUMN)
			tell_column(run, NULL, &right->columns[i]);
}

static uint16_t
partner_of(const struct coffer_compared_table *table, uint16_t left)
{
	for (size_t i = 0; i < table->pair_count; i++)
		if (table->pairs[i].left == left)
			return table->pairs[i].right;
	return COFFER_NO_COLUMN;
}

/* The primary key serves when the other side has its columns too. An array may have a value that no key has. */
static void
choose_key(struct coffer_compare_run *run)
{
	const coffer_table *left = run->table.left;
	const coffer_index *key =
		left->primary == COFFER_NO_INDEX ? NULL : &left->indexes[left->primary];

	for (size_t i = 0; key && i < key->key_column_count; i++) {
		run->key_columns[i] = partner_of(&run->table, key->key_columns[i]);
		if (run->key_columns[i] == COFFER_NO_COLUMN ||
		    left->columns[key->key_columns[i]].kind == COFFER_TEXT_ARRAY)
			key = NULL;
	}
	if (key && key->tree == COFFER_TREE_HASHED)
		run->table.key = key;
}

coffer_status
coffer_compare_columns(struct coffer_compare_run *run, coffer_error *error)
{
	struct coffer_compared_table *table = &run->table;
	size_t count;

	if (!table->left || !table->right)
		return COFFER_OK;
	count = table->left->column_count + 1;
	table->pairs = calloc(count, sizeof(*table->pairs));
	table->left_totals = calloc(count, sizeof(*table->left_totals));
	table->right_totals = calloc(count, sizeof(*table->right_totals));
	run->changed = calloc(count, sizeof(*run->changed));
	if (!table->pairs || !table->left_totals || !table->right_totals || !run->changed)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for columns");
	pair_columns(run, table->left, table->right);
	tell_unpaired(run, table->left, table->right);
	choose_key(run);
	for (size_t i = 0; i < table->pair_count; i++)
		table->left_totals[i].kind = table->right_totals[i].kind =
			total_kind(table->left, table->pairs[i].left);
	return COFFER_OK;
}

void
coffer_compare_columns_release(struct coffer_compare_run *run)
{
	free(run->table.pairs);
	free(run->table.left_totals);
	free(run->table.right_totals);
	free(run->changed);
	run->changed = NULL;
}
