/*
 * Differences for programs: objects with every value whole.
 */
#include "differences_parts.h"

#include "transfer/ndjson_write.h"

#include <stdio.h>

static coffer_status
write_value(struct coffer_differences *differences, const coffer_column *column,
	    const coffer_value *value, coffer_error *error)
{
	coffer_buffer *written = &differences->written[0];
	coffer_status status;

	coffer_buffer_clear(written);
	status = coffer_ndjson_value(column, value, written, error);
	if (!status && written->is_failed)
		status = coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a value");
	if (!status)
		coffer_output_safe(differences->output, written->data, written->size);
	return status;
}

static coffer_status
write_member(struct coffer_differences *differences, const char *name, const coffer_table *table,
	     uint16_t column, const coffer_value *values, coffer_error *error)
{
	coffer_json_name(&differences->json, name);
	return write_value(differences, &table->columns[column], &values[column], error);
}

static coffer_status
write_key(struct coffer_differences *differences, const struct coffer_compared_row *row,
	  coffer_error *error)
{
	struct coffer_json *json = &differences->json;
	const struct coffer_naming naming = coffer_differences_name(row);
	coffer_status status = COFFER_OK;

	if (!naming.is_key)
		return COFFER_OK;
	coffer_json_open(json, "key", '{');
	for (size_t i = 0; !status && i < naming.count; i++)
		status = write_member(differences, naming.table->columns[naming.columns[i]].name,
				      naming.table, naming.columns[i], naming.values, error);
	coffer_json_close(json, '}');
	return status;
}

static coffer_status
write_changes(struct coffer_differences *differences, const struct coffer_compared_row *row,
	      coffer_error *error)
{
	struct coffer_json *json = &differences->json;
	const struct coffer_compared_table *table = row->table;
	coffer_status status = COFFER_OK;

	coffer_json_open(json, "columns", '{');
	for (size_t i = 0; !status && i < row->changed_count; i++) {
		const struct coffer_column_pair *pair = &table->pairs[row->changed[i]];

		coffer_json_open(json, table->left->columns[pair->left].name, '{');
		status = write_member(differences, differences->left.member, table->left,
				      pair->left, row->left, error);
		if (!status)
			status = write_member(differences, differences->right.member, table->right,
					      pair->right, row->right, error);
		coffer_json_close(json, '}');
	}
	coffer_json_close(json, '}');
	return status;
}

static coffer_status
write_whole(struct coffer_differences *differences, const coffer_table *table,
	    const coffer_value *values, coffer_error *error)
{
	struct coffer_json *json = &differences->json;
	coffer_status status = COFFER_OK;

	coffer_json_open(json, "row", '{');
	for (size_t i = 0; !status && i < table->column_count; i++)
		status = write_member(differences, table->columns[i].name, table, (uint16_t)i,
				      values, error);
	coffer_json_close(json, '}');
	return status;
}

coffer_status
coffer_differences_write_row(struct coffer_differences *differences,
			     const struct coffer_compared_row *row, coffer_error *error)
{
	struct coffer_json *json = &differences->json;
	const coffer_table *table = row->left ? row->table->left : row->table->right;
	const char *side = row->left ? differences->left.member : differences->right.member;
	char change[32] = "changed";
	coffer_status status;

	if (!row->left || !row->right)
		snprintf(change, sizeof(change), "only_%s", side);
	coffer_json_open_inline(json, NULL, '{');
	if (differences->is_ndjson)
		coffer_json_text(json, "table", table->name);
	coffer_json_text(json, "change", change);
	status = write_key(differences, row, error);
	if (!status && row->left && row->right)
		status = write_changes(differences, row, error);
	else if (!status)
		status = write_whole(differences, table, row->left ? row->left : row->right, error);
	coffer_json_close(json, '}');
	return status;
}

void
coffer_differences_write_column(struct coffer_differences *differences,
				const struct coffer_compared_table *table,
				const coffer_column *left, const coffer_column *right)
{
	struct coffer_json *json = &differences->json;
	const coffer_column *named = left ? left : right;
	coffer_json_open_inline(json, NULL, '{');
	if (differences->is_ndjson) {
		coffer_json_text(json, "table", table->left->name);
		coffer_json_text(json, "change", "column");
	}
	coffer_json_text(json, "column", named->name);
	coffer_json_text(json, differences->left.member, left ? left->type : NULL);
	coffer_json_text(json, differences->right.member, right ? right->type : NULL);
	coffer_json_close(json, '}');
}

static void
write_total(struct coffer_differences *differences, const char *name,
	    const struct coffer_total *total, const coffer_column *column)
{
	struct coffer_json *json = &differences->json;
	char text[COFFER_SCALAR_TEXT_SIZE];
	coffer_value ends[2] = {{.kind = COFFER_TIME, .time = total->least},
				{.kind = COFFER_TIME, .time = total->greatest}};

	coffer_json_name(json, name);
	if (!total->values) {
		coffer_output_text(json->output, "null");
	} else if (total->kind == COFFER_TOTAL_RANGE) {
		coffer_output_char(json->output, '[');
		(void)write_value(differences, column, &ends[0], NULL);
		coffer_output_char(json->output, ',');
		(void)write_value(differences, column, &ends[1], NULL);
		coffer_output_char(json->output, ']');
	} else {
		size_t size = coffer_total_print(total, column, text);
		const char *quote = text[size - 1] >= '0' && text[size - 1] <= '9' ? "" : "\"";

		coffer_output_format(json->output, "%s%s%s", quote, text, quote);
	}
}

static void
write_totals(struct coffer_differences *differences, const struct coffer_compared_table *table)
{
	struct coffer_json *json = &differences->json;

	coffer_json_open(json, "totals", '[');
	for (size_t i = 0; i < table->pair_count; i++) {
		const struct coffer_column_pair *pair = &table->pairs[i];

		if (table->left_totals[i].kind == COFFER_TOTAL_NONE)
			continue;
		coffer_json_open_inline(json, NULL, '{');
		coffer_json_text(json, "column", table->left->columns[pair->left].name);
		coffer_json_text(json, "total",
				 table->left_totals[i].kind == COFFER_TOTAL_SUM
					 ? "exact sum, rounded once"
					 : "least and greatest");
		write_total(differences, differences->left.member, &table->left_totals[i],
			    &table->left->columns[pair->left]);
		write_total(differences, differences->right.member, &table->right_totals[i],
			    &table->right->columns[pair->right]);
		coffer_json_close(json, '}');
	}
	coffer_json_close(json, ']');
}

static void
write_counts(struct coffer_differences *differences, const struct coffer_compared_table *table)
{
	struct coffer_json *json = &differences->json;
	uint64_t both = table->same + table->changed;
	char only[32];

	coffer_json_open_inline(json, "rows", '{');
	if (table->left)
		coffer_json_number(json, differences->left.member, both + table->only_left);
	if (table->right)
		coffer_json_number(json, differences->right.member, both + table->only_right);
	coffer_json_number(json, "same", table->same);
	coffer_json_number(json, "changed", table->changed);
	snprintf(only, sizeof(only), "only_%s", differences->left.member);
	coffer_json_number(json, only, table->only_left);
	snprintf(only, sizeof(only), "only_%s", differences->right.member);
	coffer_json_number(json, only, table->only_right);
	coffer_json_close(json, '}');
}

void
coffer_differences_write_table(struct coffer_differences *differences,
			       const struct coffer_compared_table *table)
{
	struct coffer_json *json = &differences->json;

	coffer_json_open_inline(json, "key", '[');
	for (size_t i = 0; table->key && i < table->key->key_column_count; i++)
		coffer_json_text(json, NULL, table->left->columns[table->key->key_columns[i]].name);
	coffer_json_close(json, ']');
	write_counts(differences, table);
	if (differences->is_reconciling)
		write_totals(differences, table);
	coffer_json_bool(json, "equal", coffer_compared_is_equal(table));
}
