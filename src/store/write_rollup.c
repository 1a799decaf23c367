/*
 * Roll-ups of the tables that a transaction writes to. Rows written together are often in the same groups: what they change is
 * gathered, and each group is read and written once, at the commit, or when somebody looks or there are too many.
 */
#include "store/write.h"

#include <string.h>

static struct coffer_bytes
bytes_of(const void *data, size_t size)
{
	return (struct coffer_bytes){data, size};
}

/* The group as it stands in the tree; an empty one where it does not. */
static coffer_status
read_group(struct coffer_writer *writer, uint32_t table, uint32_t tree,
	   const struct coffer_tally *tally, struct coffer_bytes key, struct coffer_totals *group_out,
	   coffer_error *error)
{
	struct coffer_bytes value;
	coffer_status status = coffer_snapshot_get(writer->txn->snapshot, tree, key, &value, error);

	*group_out = (struct coffer_totals){0};
	if (status)
		return status == COFFER_NOT_FOUND ? COFFER_OK : status;
	return coffer_totals_open(&writer->txn->schema->tables[table], tally->rollup, &tally->form, key,
				 value, group_out, error);
}

static bool
is_zero(const coffer_fixed *number)
{
	return !(number->low | number->middle | (uint64_t)number->high);
}

/* Nothing changes: a row was written as it was, or came and went. */
static bool
is_nothing(const struct coffer_totals *group, size_t sum_count)
{
	bool is = !group->rows;

	for (size_t i = 0; is && i < sum_count; i++)
		is = !group->sums[i].values && !group->sums[i].unfit && is_zero(&group->sums[i].total);
	return is;
}

/* Numbers that some rows may have. */
static bool
is_possible(const struct coffer_totals *group, size_t sum_count)
{
	bool is = group->rows >= 0;

	for (size_t i = 0; is && i < sum_count; i++) {
		const struct coffer_totals_sum *sum = &group->sums[i];

		is = sum->unfit >= 0 && sum->unfit <= sum->values && sum->values <= group->rows &&
		     (sum->unfit < sum->values || is_zero(&sum->total));
	}
	return is;
}

static coffer_status
change_group(struct coffer_writer *writer, uint32_t table, uint32_t tree,
	     const struct coffer_tally *tally, const uint8_t *key, const struct coffer_totals *change,
	     coffer_error *error)
{
	uint8_t value[COFFER_CHECKSUM_SIZE + COFFER_TOTALS_VALUE_MAX];
	struct coffer_bytes place = bytes_of(key, coffer_totals_key_size(&tally->form));
	struct coffer_totals group;
	coffer_status status;

	if (is_nothing(change, tally->form.sum_count))
		return COFFER_OK;
	if ((status = read_group(writer, table, tree, tally, place, &group, error)))
		return status;
	coffer_totals_add(&group, change, tally->form.sum_count);
	if (!is_possible(&group, tally->form.sum_count))
		return coffer_error_set(error, COFFER_CORRUPT,
					"roll-up %s of table %s lacks rows that it should have; 'coffer verify' says more",
					tally->rollup->name, writer->txn->schema->tables[table].name);
	if (!group.rows)
		return coffer_writer_remove(writer, tree, place, error);
	return coffer_writer_put(writer, tree, place,
				 bytes_of(value, coffer_tally_seal(tally, key, &group, value)), error);
}

static coffer_status
settle(struct coffer_writer *writer, uint32_t table, size_t number, coffer_error *error)
{
	struct coffer_tally *tally = &writer->tables[table].tallies.list[number];
	uint32_t tree = writer->txn->trees->tables[table].rollups[number];
	const struct coffer_totals *group;
	const uint8_t *key;
	coffer_status status = coffer_groups_finish(&tally->groups, error);

	while (!status && !(status = coffer_groups_next(&tally->groups, &key, &group, error)))
		status = change_group(writer, table, tree, tally, key, group, error);
	coffer_groups_clear(&tally->groups);
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

coffer_status
coffer_writer_settle_rollups(struct coffer_writer *writer, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (uint32_t table = 0; !status && table < writer->txn->schema->table_count; table++)
		for (size_t i = 0; !status && i < writer->tables[table].tallies.count; i++)
			status = settle(writer, table, i, error);
	return status;
}

/* A row is in two groups of each roll-up at the most. */
static coffer_status
make_room(struct coffer_writer *writer, uint32_t table, coffer_error *error)
{
	struct coffer_tallies *tallies = &writer->tables[table].tallies;
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < tallies->count; i++)
		if (tallies->list[i].groups.count + 2 > tallies->list[i].groups.capacity_max)
			status = settle(writer, table, i, error);
	return status;
}

coffer_status
coffer_writer_tally(struct coffer_writer *writer, uint32_t table, const struct coffer_image *before,
		    const struct coffer_image *after, coffer_error *error)
{
	struct coffer_tallies *tallies = &writer->tables[table].tallies;
	coffer_status status = make_room(writer, table, error);

	if (!status && before)
		status = coffer_tallies_add(tallies, before->values, before->codes, -1, error);
	if (!status && after)
		status = coffer_tallies_add(tallies, after->values, after->codes, 1, error);
	return status;
}
