/*
 * coffer info: what a store says of itself, and how large its parts are.
 */
#include "info.h"
#include "interrupt.h"
#include "reading.h"
#include "report.h"

#include <stdio.h>
#include <stdlib.h>

/* A tree's name as it begins for a table: '%' and '/' of the name are escaped (SPEC.md 3). */
static void
write_prefix(char out[COFFER_TREE_PREFIX_SIZE], const char *kind, const char *name)
{
	size_t size = (size_t)snprintf(out, COFFER_TREE_PREFIX_SIZE, "%s/", kind);

	for (; *name && size + 4 < COFFER_TREE_PREFIX_SIZE; name++) {
		if (*name == '%' || *name == '/')
			size += (size_t)snprintf(out + size, 4, "%%%02X", (unsigned)*name);
		else
			out[size++] = *name;
	}
	out[size] = '\0';
}

uint64_t
coffer_info_bytes(const struct coffer_info *info, const char *kind, const char *table)
{
	char prefix[COFFER_TREE_PREFIX_SIZE];
	uint64_t bytes = 0;
	size_t size;

	write_prefix(prefix, kind, table);
	size = strlen(prefix);
	for (size_t i = 0; i < info->tree_count; i++) {
		const char *name = info->trees[i].name;

		if (!strncmp(name, prefix, size) && (name[size] == '\0' || name[size] == '/'))
			bytes += info->trees[i].bytes;
	}
	return bytes;
}

static void
add_tree(void *context, const char *name, uint64_t entries, uint64_t bytes)
{
	struct coffer_info *info = context;
	struct coffer_tree *larger;

	if (info->tree_count == info->tree_capacity) {
		info->tree_capacity = info->tree_capacity * 2 + 64;
		larger = realloc(info->trees, info->tree_capacity * sizeof(*larger));
		if (!larger) {
			info->is_failed = true;
			info->tree_capacity = info->tree_count;
			return;
		}
		info->trees = larger;
	}
	info->trees[info->tree_count++] = (struct coffer_tree){strdup(name), entries, bytes};
	if (!info->trees[info->tree_count - 1].name) {
		info->is_failed = true;
		info->tree_count--;
	}
}

static coffer_status
count_tables(struct coffer_info *info, coffer_txn *txn, coffer_error *error)
{
	const coffer_schema *schema = info->schema;
	coffer_status status = COFFER_OK;

	info->rows = calloc(schema->table_count + 1, sizeof(*info->rows));
	if (!info->rows)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the tables");
	for (uint32_t i = 0; !status && i < schema->table_count; i++)
		if (schema->tables[i].id)
			status = coffer_table_count(txn, i, &info->rows[i], error);
	return status;
}

static coffer_status
gather(struct coffer_info *info, const struct coffer_reading *reading, coffer_error *error)
{
	coffer_status status;

	info->schema = reading->schema;
	info->steps = coffer_store_provenance(reading->store, &info->step_count);
	coffer_store_describe(reading->store, &info->facts);
	if ((status = count_tables(info, reading->txn, error)) ||
	    (status = coffer_store_trees(reading->txn, add_tree, info, error)))
		return status;
	if (info->is_failed)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the trees");
	return info->has_digest ? coffer_store_digest(reading->txn, info->digest, error)
				: COFFER_OK;
}

static void
release(struct coffer_info *info)
{
	for (size_t i = 0; i < info->tree_count; i++)
		free(info->trees[i].name);
	free(info->trees);
	free(info->rows);
}

int
coffer_command_info(struct coffer_arguments *arguments)
{
	struct coffer_info info = {
		.path = arguments->operands[0],
		.has_digest = coffer_option_is_given(arguments, COFFER_OPTION_DIGEST),
		.has_trees = coffer_option_is_given(arguments, COFFER_OPTION_TREES),
	};
	struct coffer_reading reading;
	struct coffer_output output;
	coffer_error error = {0};
	coffer_status status = coffer_reading_open(&reading, info.path, &error);
	int code;

	coffer_interrupt_let(true);
	if (!status)
		status = gather(&info, &reading, &error);
	coffer_interrupt_let(false);
	if (status) {
		code = coffer_report_error(arguments, &error);
	} else {
		status = coffer_output_open(&output, arguments, &error);
		if (!status && arguments->is_json)
			coffer_info_print_json(&info, &output);
		else if (!status)
			coffer_info_print(&info, &output);
		code = coffer_output_close(&output, arguments, status, &error);
	}
	release(&info);
	coffer_reading_close(&reading);
	return code;
}
