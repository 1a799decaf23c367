/*
 * Roll-ups of a model, in and out:
 *
 *   @coffer.rollup hour -> spend, total_tokens
 *   @coffer.rollup day team_id -> spend
 *
 * The unit of time, which is that of the model's @coffer.time, the field by which besides, and the fields that are summed.
 */
#include "schema/prisma.h"
#include "schema/settle.h"
#include "schema/write_prisma.h"

#include <string.h>

static bool
is_word(coffer_text text, const char *word)
{
	return strlen(word) == text.size && !memcmp(text.data, word, text.size);
}

/* The first word of [*at, end) and the blanks behind it are passed over. */
static coffer_text
first_word(const char **at, const char *end)
{
	const char *start = *at;
	coffer_text word;

	while (*at < end && !strchr(" \t\r", **at))
		++*at;
	word = (coffer_text){start, (size_t)(*at - start)};
	while (*at < end && strchr(" \t\r", **at))
		++*at;
	return word;
}

static bool
read_unit(coffer_text word, coffer_rollup *rollup)
{
	for (rollup->unit = COFFER_ROLLUP_HOUR; coffer_rollup_unit_name(rollup->unit); rollup->unit++)
		if (is_word(word, coffer_rollup_unit_name(rollup->unit)))
			return true;
	return false;
}

static bool
read_sums(struct coffer_prisma *prisma, const coffer_table *table, const char *at,
	  coffer_rollup *rollup)
{
	const char *end = at + strlen(at);
	bool is_known = true;

	rollup->sums = coffer_prisma_memory(prisma, COFFER_ROLLUP_SUMS_MAX * sizeof(*rollup->sums));
	while (rollup->sums && at < end && is_known && rollup->sum_count < COFFER_ROLLUP_SUMS_MAX) {
		uint16_t column =
			coffer_prisma_find_column(table, coffer_prisma_next_name(&at, end));

		is_known = column != COFFER_NO_COLUMN;
		rollup->sums[rollup->sum_count++] = column;
	}
	return is_known && at == end && rollup->sum_count;
}

/* Before the arrow: the unit, and the field where there is one. */
static bool
read_key(const coffer_table *table, const char *at, const char *arrow, coffer_rollup *rollup)
{
	bool has_unit = read_unit(first_word(&at, arrow), rollup);
	coffer_text name = coffer_prisma_next_name(&at, arrow);

	rollup->time_column = table->time_column;
	rollup->column = name.size ? coffer_prisma_find_column(table, name) : COFFER_NO_COLUMN;
	return has_unit && at == arrow && (!name.size || rollup->column != COFFER_NO_COLUMN);
}

static void
add_rollup(struct coffer_prisma *prisma, const struct coffer_prisma_block *block,
	   const struct coffer_prisma_reference *reference)
{
	coffer_table *table = &prisma->schema->tables[block->number];
	const char *arrow = strstr(reference->text, "->");
	coffer_rollup *rollup = coffer_table_add_rollup(prisma->schema, table);

	if (!rollup)
		coffer_prisma_fail_memory(prisma);
	else if (!arrow || !read_key(table, reference->text, arrow, rollup) ||
		 !read_sums(prisma, table, arrow + 2, rollup))
		coffer_prisma_fail(prisma, reference->position,
				   "\"hour\" or \"day\", a field or none, \"->\" and up to %d fields of %.80s "
				   "expected",
				   COFFER_ROLLUP_SUMS_MAX, block->name);
	else if (table->time_column == COFFER_NO_COLUMN)
		coffer_prisma_fail(prisma, reference->position, "%.80s has no field @coffer.time",
				   block->name);
}

void
coffer_prisma_rollups(struct coffer_prisma *prisma, const struct coffer_prisma_block *block)
{
	for (const struct coffer_prisma_reference *at = block->rollups; at && !prisma->status;
	     at = at->next)
		add_rollup(prisma, block, at);
}

/* One by another time than the table's has no words here. */
void
coffer_prisma_write_rollups(coffer_buffer *out, const coffer_table *table)
{
	for (size_t r = 0; r < table->rollup_count; r++) {
		const coffer_rollup *rollup = &table->rollups[r];

		if (rollup->time_column != table->time_column || !rollup->sum_count)
			continue;
		coffer_buffer_printf(out, "/// @coffer.rollup %s", coffer_rollup_unit_name(rollup->unit));
		if (rollup->column != COFFER_NO_COLUMN) {
			coffer_buffer_text(out, " ");
			coffer_prisma_write_field_name(out, table, rollup->column);
		}
		for (size_t i = 0; i < rollup->sum_count; i++) {
			coffer_buffer_text(out, i ? ", " : " -> ");
			coffer_prisma_write_field_name(out, table, rollup->sums[i]);
		}
		coffer_buffer_text(out, "\n");
	}
}
