/*
 * The roll-ups of a table that is loaded: added up while its rows pass, written when they are over, in order of the keys.
 */
#include "store/load.h"

/* What all roll-ups of a table may take of the memory for sorting, which they do not lessen: one part in so many. */
enum { MEMORY_PART = 16 };

coffer_status
coffer_load_begin_rollups(coffer_load *load, const coffer_table *table, coffer_error *error)
{
	size_t memory = load->options.memory_size ? load->options.memory_size : COFFER_LOAD_MEMORY;
	struct coffer_table_trees *trees = &load->trees.tables[load->table];
	char name[COFFER_TREE_NAME_SIZE];
	coffer_status status = COFFER_OK;

	trees->rollups = coffer_schema_memory(load->schema,
					      (table->rollup_count + 1) * sizeof(*trees->rollups));
	if (!trees->rollups)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the trees");
	for (size_t i = 0; !status && i < table->rollup_count; i++) {
		coffer_tree_name(name, "rollups", table->name, table->rollups[i].name);
		status = coffer_build_tree(load->build, name, &trees->rollups[i], error);
	}
	if (status)
		return status;
	return coffer_tallies_init(&load->tallies, table, memory / MEMORY_PART, &load->sort_scratch,
				   load->path, error);
}

static coffer_status
write_rollup(coffer_load *load, struct coffer_tally *tally, uint32_t tree, coffer_error *error)
{
	uint8_t value[COFFER_CHECKSUM_SIZE + COFFER_TOTALS_VALUE_MAX];
	size_t key_size = coffer_totals_key_size(&tally->form);
	const struct coffer_totals *group;
	const uint8_t *key;
	coffer_status status = coffer_groups_finish(&tally->groups, error);

	while (!status && !(status = coffer_groups_next(&tally->groups, &key, &group, error))) {
		size_t size = coffer_tally_seal(tally, key, group, value);

		status = coffer_build_append(load->build, tree, (struct coffer_bytes){key, key_size},
					     (struct coffer_bytes){value, size}, error);
	}
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

coffer_status
coffer_load_finish_rollups(coffer_load *load, coffer_error *error)
{
	const uint32_t *trees = load->trees.tables[load->table].rollups;
	coffer_status status = coffer_tallies_settle(&load->tallies, error);

	for (size_t i = 0; !status && i < load->tallies.count; i++) {
		status = write_rollup(load, &load->tallies.list[i], trees[i], error);
		coffer_groups_release(&load->tallies.list[i].groups);
	}
	return status;
}
