/*
 * The tables of SPEC.md 6.3. A key that is added, moved or renamed here is a change of the format.
 */
#include "store/catalogue_shape.h"

#define SHAPE(name, list, of) \
	static const struct coffer_shape name = { \
		.size = sizeof(of), \
		.field_count = sizeof(list) / sizeof(*(list)), \
		.fields = (list), \
	}

#define ONE(of, word, kind, member) \
	{ \
		.key = (word), .type = COFFER_FIELD_##kind, .offset = offsetof(of, member) \
	}
#define LIMITED(of, word, kind, member, limit) \
	{ \
		.key = (word), .type = COFFER_FIELD_##kind, .max = (limit), \
		.offset = offsetof(of, member) \
	}
#define MANY(of, word, kind, member, count, limit) \
	{ \
		.key = (word), .type = COFFER_FIELD_##kind, .max = (limit), \
		.offset = offsetof(of, member), .count_offset = offsetof(of, count) \
	}
#define LIST(of, word, member, count, limit, shape) \
	{ \
		.key = (word), .type = COFFER_FIELD_LIST, .max = (limit), \
		.offset = offsetof(of, member), .count_offset = offsetof(of, count), \
		.members = &(shape) \
	}

static const struct coffer_field column_fields[] = {
	ONE(coffer_column, "name", NAME, name),
	ONE(coffer_column, "field", OPTION, field),
	ONE(coffer_column, "type", TEXT, type),
	ONE(coffer_column, "base_type", OPTION, base_type),
	ONE(coffer_column, "default", OPTION, default_sql),
	ONE(coffer_column, "generated", OPTION, generated_sql),
	ONE(coffer_column, "collation", OPTION, collation),
	ONE(coffer_column, "comment", OPTION, comment),
	LIMITED(coffer_column, "identity", ENUM, identity, COFFER_IDENTITY_BY_DEFAULT),
	LIMITED(coffer_column, "client_default", ENUM, client_default, COFFER_CLIENT_NOW),
	ONE(coffer_column, "nullable", BOOL, is_nullable),
	ONE(coffer_column, "updated_at", BOOL, is_updated_at),
	ONE(coffer_column, "interned", BOOL, is_interned),
	LIMITED(coffer_column, "kind", ENUM, kind, COFFER_OTHER),
	ONE(coffer_column, "width", U8, width),
	ONE(coffer_column, "zone", BOOL, has_zone),
	ONE(coffer_column, "binary_json", BOOL, is_binary_json),
	ONE(coffer_column, "position", U16, position),
};
SHAPE(column_shape, column_fields, coffer_column);

static const struct coffer_field index_fields[] = {
	ONE(coffer_index, "name", NAME, name),
	ONE(coffer_index, "definition", OPTION, definition),
	ONE(coffer_index, "comment", OPTION, comment),
	ONE(coffer_index, "attached_to", OPTION, attached_to),
	ONE(coffer_index, "primary", BOOL, is_primary),
	ONE(coffer_index, "unique", BOOL, is_unique),
	ONE(coffer_index, "constraint", BOOL, is_constraint),
	ONE(coffer_index, "plain", BOOL, is_plain),
	ONE(coffer_index, "nulls_not_distinct", BOOL, nulls_not_distinct),
	ONE(coffer_index, "replica_identity", BOOL, is_replica_identity),
	ONE(coffer_index, "clustered", BOOL, is_clustered),
	MANY(coffer_index, "columns", NUMBERS, columns, column_count, COFFER_KEY_COLUMNS_MAX),
	LIMITED(coffer_index, "tree", ENUM, tree, COFFER_TREE_ORDERED),
	MANY(coffer_index, "key_columns", NUMBERS, key_columns, key_column_count,
	     COFFER_KEY_COLUMNS_MAX),
};
SHAPE(index_shape, index_fields, coffer_index);

static const struct coffer_field relation_fields[] = {
	ONE(coffer_relation, "name", NAME, name),
	ONE(coffer_relation, "comment", OPTION, comment),
	MANY(coffer_relation, "columns", NUMBERS, columns, column_count, COFFER_KEY_COLUMNS_MAX),
	ONE(coffer_relation, "target", TEXT, target),
	MANY(coffer_relation, "target_columns", TWINS, target_columns, column_count,
	     COFFER_KEY_COLUMNS_MAX),
	LIMITED(coffer_relation, "on_update", ENUM, on_update, COFFER_SET_DEFAULT),
	LIMITED(coffer_relation, "on_delete", ENUM, on_delete, COFFER_SET_DEFAULT),
	ONE(coffer_relation, "definition_tail", OPTION, definition_tail),
	MANY(coffer_relation, "delete_columns", NUMBERS, delete_columns, delete_column_count,
	     COFFER_KEY_COLUMNS_MAX),
	ONE(coffer_relation, "match_full", BOOL, is_match_full),
	ONE(coffer_relation, "soft", BOOL, is_soft),
	ONE(coffer_relation, "inherited", BOOL, is_inherited),
	ONE(coffer_relation, "target_table", NUMBER32, target_table),
	ONE(coffer_relation, "index", NUMBER16, index),
	ONE(coffer_relation, "target_index", NUMBER16, target_index),
};
SHAPE(relation_shape, relation_fields, coffer_relation);

static const struct coffer_field check_fields[] = {
	ONE(coffer_check, "name", NAME, name),
	ONE(coffer_check, "definition", TEXT, definition),
	ONE(coffer_check, "comment", OPTION, comment),
	ONE(coffer_check, "exclusion", BOOL, is_exclusion),
	ONE(coffer_check, "inherited", BOOL, is_inherited),
};
SHAPE(check_shape, check_fields, coffer_check);

static const struct coffer_field rollup_fields[] = {
	ONE(coffer_rollup, "name", NAME, name),
	ONE(coffer_rollup, "id", U32, id),
	LIMITED(coffer_rollup, "unit", ENUM, unit, COFFER_ROLLUP_DAY),
	ONE(coffer_rollup, "time", U16, time_column),
	ONE(coffer_rollup, "column", NUMBER16, column),
	MANY(coffer_rollup, "sums", NUMBERS, sums, sum_count, COFFER_ROLLUP_SUMS_MAX),
};
SHAPE(rollup_shape, rollup_fields, coffer_rollup);

/* The entry `rollups/<table>`, which is no part of the schema. */
static const struct coffer_field rollups_fields[] = {
	LIST(coffer_table, "rollups", rollups, rollup_count, COFFER_ROLLUPS_MAX, rollup_shape),
};

const struct coffer_shape coffer_rollups_shape = {
	.size = sizeof(coffer_table),
	.field_count = sizeof(rollups_fields) / sizeof(*rollups_fields),
	.fields = rollups_fields,
};

static const struct coffer_field table_fields[] = {
	ONE(coffer_table, "name", NAME, name),
	ONE(coffer_table, "model", OPTION, model),
	ONE(coffer_table, "comment", OPTION, comment),
	ONE(coffer_table, "partition_key", OPTION, partition_key),
	ONE(coffer_table, "partition_of", OPTION, partition_of),
	ONE(coffer_table, "partition_bound", OPTION, partition_bound),
	ONE(coffer_table, "options", OPTION, options),
	ONE(coffer_table, "unlogged", BOOL, is_unlogged),
	ONE(coffer_table, "replica_identity", LETTER, replica_identity),
	ONE(coffer_table, "known", BOOL, is_known),
	ONE(coffer_table, "id", U32, id),
	ONE(coffer_table, "primary", NUMBER16, primary),
	ONE(coffer_table, "time_column", NUMBER16, time_column),
	LIST(coffer_table, "columns", columns, column_count, COFFER_COLUMNS_MAX, column_shape),
	LIST(coffer_table, "indexes", indexes, index_count, COFFER_INDEXES_MAX, index_shape),
	LIST(coffer_table, "relations", relations, relation_count, COFFER_RELATIONS_MAX, relation_shape),
	LIST(coffer_table, "checks", checks, check_count, COFFER_LIST_MAX, check_shape),
};
SHAPE(table_shape, table_fields, coffer_table);

static const struct coffer_field enum_fields[] = {
	ONE(coffer_enum, "name", NAME, name),
	ONE(coffer_enum, "comment", OPTION, comment),
	MANY(coffer_enum, "labels", TEXTS, labels, label_count, COFFER_LIST_MAX),
};
SHAPE(enum_shape, enum_fields, coffer_enum);

static const struct coffer_field domain_fields[] = {
	ONE(coffer_domain, "name", NAME, name),
	ONE(coffer_domain, "comment", OPTION, comment),
	ONE(coffer_domain, "type", TEXT, type),
	ONE(coffer_domain, "collation", OPTION, collation),
	ONE(coffer_domain, "default", OPTION, default_sql),
	ONE(coffer_domain, "not_null", BOOL, is_not_null),
	LIST(coffer_domain, "checks", checks, check_count, COFFER_LIST_MAX, check_shape),
};
SHAPE(domain_shape, domain_fields, coffer_domain);

/* A sequence's state is an entry of its own. */
static const struct coffer_field sequence_fields[] = {
	ONE(coffer_sequence, "name", NAME, name),
	ONE(coffer_sequence, "comment", OPTION, comment),
	ONE(coffer_sequence, "type", TEXT, type),
	ONE(coffer_sequence, "start", I64, start),
	ONE(coffer_sequence, "increment", I64, increment),
	ONE(coffer_sequence, "minimum", I64, minimum),
	ONE(coffer_sequence, "maximum", I64, maximum),
	ONE(coffer_sequence, "cache", I64, cache),
	ONE(coffer_sequence, "cycle", BOOL, is_cycle),
	ONE(coffer_sequence, "owner_table", OPTION, owner_table),
	ONE(coffer_sequence, "owner_column", OPTION, owner_column),
	ONE(coffer_sequence, "identity", BOOL, is_identity),
	ONE(coffer_sequence, "unlogged", BOOL, is_unlogged),
};
SHAPE(sequence_shape, sequence_fields, coffer_sequence);

static const struct coffer_field view_fields[] = {
	ONE(coffer_view, "name", NAME, name),
	ONE(coffer_view, "comment", OPTION, comment),
	ONE(coffer_view, "definition", TEXT, definition),
	ONE(coffer_view, "options", OPTION, options),
	ONE(coffer_view, "materialized", BOOL, is_materialized),
	ONE(coffer_view, "populated", BOOL, is_populated),
	LIST(coffer_view, "indexes", indexes, index_count, COFFER_INDEXES_MAX, index_shape),
};
SHAPE(view_shape, view_fields, coffer_view);

static const struct coffer_field schema_fields[] = {
	ONE(coffer_schema, "name", NAME, name),
	ONE(coffer_schema, "comment", OPTION, comment),
	LIST(coffer_schema, "enums", enums, enum_count, COFFER_LIST_MAX, enum_shape),
	LIST(coffer_schema, "domains", domains, domain_count, COFFER_LIST_MAX, domain_shape),
	LIST(coffer_schema, "sequences", sequences, sequence_count, COFFER_LIST_MAX,
	     sequence_shape),
	LIST(coffer_schema, "tables", tables, table_count, COFFER_TABLES_MAX, table_shape),
	LIST(coffer_schema, "views", views, view_count, COFFER_LIST_MAX, view_shape),
};

const struct coffer_shape coffer_schema_shape = {
	.size = sizeof(coffer_schema),
	.field_count = sizeof(schema_fields) / sizeof(*schema_fields),
	.fields = schema_fields,
};
