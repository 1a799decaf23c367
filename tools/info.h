/* What `coffer info` gathers and the two ways to print it. */
#ifndef TOOLS_INFO_H
#define TOOLS_INFO_H

#include "output.h"

enum { COFFER_TREE_PREFIX_SIZE = 16 + 3 * COFFER_NAME_SIZE_MAX };

struct coffer_tree {
	char *name;
	uint64_t entries, bytes;
};

struct coffer_info {
	const char *path;
	const coffer_schema *schema;
	coffer_store_facts facts;
	const coffer_step *steps;
	size_t step_count;
	uint64_t *rows; /* by table */
	struct coffer_tree *trees;
	size_t tree_count, tree_capacity;
	bool is_failed; /* a tree did not fit into memory */
	bool has_digest, has_trees;
	uint8_t digest[COFFER_DIGEST_SIZE];
};

/* Bytes of a table's trees of one kind: "table", "long" or "index". */
uint64_t
coffer_info_bytes(const struct coffer_info *info, const char *kind, const char *table);

void
coffer_info_print(const struct coffer_info *info, struct coffer_output *output);
void
coffer_info_print_json(const struct coffer_info *info, struct coffer_output *output);

#endif
