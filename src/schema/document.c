/*
 * The tables of the document. What settling derives is marked so; an index without a definition, one of coffer's
 * own, is derived as a whole.
 */
#include "schema/document.h"

enum {
	RELATIONS_MAX = 1024,
	LIST_MAX = 65535, /* of a list without a limit of its own, SPEC.md 11 */
};

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

#define ONE(of, kind, member) \
	{ \
		.key = #member, .type = COFFER_MEMBER_##kind, .offset = offsetof(of, member) \
	}
#define WORD(of, kind, member, list) \
	{ \
		.key = #member, .type = COFFER_MEMBER_##kind, .offset = offsetof(of, member), \
		.words = (list), .count_max = COUNT(list), \
	}
#define MANY(of, kind, word, member, count, limit) \
	{ \
		.key = (word), .type = COFFER_MEMBER_##kind, .offset = offsetof(of, member), \
		.count_offset = offsetof(of, count), .count_max = (limit), \
	}
#define FEW(of, kind, word, member, count, limit) \
	{ \
		.key = (word), .type = COFFER_MEMBER_##kind, .offset = offsetof(of, member), \
		.count_offset = offsetof(of, count), .count_max = (limit), .is_left_out = true, \
	}
#define LIST(of, word, member, count, limit, of_members, adder) \
	{ \
		.key = (word), .type = COFFER_MEMBER_LIST, .offset = offsetof(of, member), \
		.count_offset = offsetof(of, count), .count_max = (limit), .shape = &(of_members), \
		.add = (adder), \
	}
#define LIST_IF(of, word, member, count, limit, of_members, adder) \
	{ \
		.key = (word), .type = COFFER_MEMBER_LIST, .offset = offsetof(of, member), \
		.count_offset = offsetof(of, count), .count_max = (limit), .shape = &(of_members), \
		.add = (adder), .is_left_out = true, \
	}

#define ADDER(name, call) \
	static void *name(coffer_schema *schema, void *owner) \
	{ \
		(void)owner; \
		return call; \
	}

ADDER(add_enum, coffer_schema_add_enum(schema))
ADDER(add_domain, coffer_schema_add_domain(schema))
ADDER(add_sequence, coffer_schema_add_sequence(schema))
ADDER(add_table, coffer_schema_add_table(schema))
ADDER(add_view, coffer_schema_add_view(schema))
ADDER(add_column, coffer_table_add_column(schema, owner))
ADDER(add_index, coffer_table_add_index(schema, owner))
ADDER(add_relation, coffer_table_add_relation(schema, owner))
ADDER(add_check, coffer_table_add_check(schema, owner))
ADDER(add_rollup, coffer_table_add_rollup(schema, owner))
ADDER(add_domain_check, coffer_domain_add_check(schema, owner))
ADDER(add_view_index, coffer_view_add_index(schema, owner))

static const char *const kinds[] = {
	[COFFER_NULL] = "null",   [COFFER_BOOL] = "bool",
	[COFFER_INT] = "int",     [COFFER_FLOAT] = "float",
	[COFFER_TIME] = "time",   [COFFER_TEXT] = "text",
	[COFFER_JSON] = "json",   [COFFER_TEXT_ARRAY] = "text_array",
	[COFFER_BYTES] = "bytes", [COFFER_OTHER] = "other",
};

static const char *const identities[] = {
	[COFFER_IDENTITY_NONE] = NULL,
	[COFFER_IDENTITY_ALWAYS] = "always",
	[COFFER_IDENTITY_BY_DEFAULT] = "by default",
};

static const char *const client_defaults[] = {
	[COFFER_CLIENT_NONE] = NULL,
	[COFFER_CLIENT_UUID] = "uuid",
	[COFFER_CLIENT_CUID] = "cuid",
	[COFFER_CLIENT_NOW] = "now",
};

static const char *const actions[] = {
	[COFFER_NO_ACTION] = NULL,
	[COFFER_RESTRICT] = "restrict",
	[COFFER_CASCADE] = "cascade",
	[COFFER_SET_NULL] = "set null",
	[COFFER_SET_DEFAULT] = "set default",
};

static const char *const trees[] = {
	[COFFER_TREE_NONE] = "none",
	[COFFER_TREE_HASHED] = "hashed",
	[COFFER_TREE_ORDERED] = "ordered",
};

static const char *const units[] = {[COFFER_ROLLUP_HOUR] = "hour", [COFFER_ROLLUP_DAY] = "day"};

static const char *const replica_identities[] = {"dnfi"};

static const struct coffer_member column_members[] = {
	ONE(coffer_column, TEXT, name),
	ONE(coffer_column, OPTION, field),
	ONE(coffer_column, TEXT, type),
	ONE(coffer_column, OPTION, base_type),
	WORD(coffer_column, DERIVED_WORD, kind, kinds),
	ONE(coffer_column, BOOL, is_nullable),
	ONE(coffer_column, OPTION, default_sql),
	ONE(coffer_column, OPTION, generated_sql),
	WORD(coffer_column, WORD, identity, identities),
	WORD(coffer_column, WORD, client_default, client_defaults),
	ONE(coffer_column, FLAG, is_updated_at),
	ONE(coffer_column, OPTION, collation),
	ONE(coffer_column, OPTION, comment),
	ONE(coffer_column, FLAG, is_interned),
	ONE(coffer_column, DERIVED_U16, position),
};
static const struct coffer_document_shape column = {
	.what = "column",
	.size = sizeof(coffer_column),
	.members = column_members,
	.member_count = COUNT(column_members),
	.is_inline = true,
};

static const struct coffer_member index_members[] = {
	ONE(coffer_index, TEXT, name),
	ONE(coffer_index, OPTION, definition),
	ONE(coffer_index, FLAG, is_primary),
	ONE(coffer_index, FLAG, is_unique),
	ONE(coffer_index, FLAG, is_constraint),
	ONE(coffer_index, FLAG, is_plain),
	ONE(coffer_index, FLAG, nulls_not_distinct),
	ONE(coffer_index, FLAG, is_replica_identity),
	ONE(coffer_index, FLAG, is_clustered),
	ONE(coffer_index, OPTION, attached_to),
	ONE(coffer_index, OPTION, comment),
	WORD(coffer_index, DERIVED_WORD, tree, trees),
	MANY(coffer_index, COLUMNS, "columns", columns, column_count, COFFER_KEY_COLUMNS_MAX),
	MANY(coffer_index, DERIVED_COLUMNS, "key_columns", key_columns, key_column_count,
	     COFFER_KEY_COLUMNS_MAX),
};
static const struct coffer_document_shape index_shape = {
	.what = "index",
	.size = sizeof(coffer_index),
	.members = index_members,
	.member_count = COUNT(index_members),
	.is_inline = true,
};

static const struct coffer_member relation_members[] = {
	ONE(coffer_relation, TEXT, name),
	MANY(coffer_relation, COLUMNS, "columns", columns, column_count, COFFER_KEY_COLUMNS_MAX),
	ONE(coffer_relation, TEXT, target),
	MANY(coffer_relation, TWINS, "target_columns", target_columns, column_count,
	     COFFER_KEY_COLUMNS_MAX),
	ONE(coffer_relation, FLAG, is_soft),
	WORD(coffer_relation, WORD, on_update, actions),
	WORD(coffer_relation, WORD, on_delete, actions),
	FEW(coffer_relation, COLUMNS, "delete_columns", delete_columns, delete_column_count,
	    COFFER_KEY_COLUMNS_MAX),
	ONE(coffer_relation, FLAG, is_match_full),
	ONE(coffer_relation, FLAG, is_inherited),
	ONE(coffer_relation, OPTION, definition_tail),
	ONE(coffer_relation, OPTION, comment),
};
static const struct coffer_document_shape relation = {
	.what = "relation",
	.size = sizeof(coffer_relation),
	.members = relation_members,
	.member_count = COUNT(relation_members),
	.is_inline = true,
};

static const struct coffer_member check_members[] = {
	ONE(coffer_check, TEXT, name),         ONE(coffer_check, TEXT, definition),
	ONE(coffer_check, FLAG, is_exclusion), ONE(coffer_check, FLAG, is_inherited),
	ONE(coffer_check, OPTION, comment),
};
static const struct coffer_document_shape check = {
	.what = "check",
	.size = sizeof(coffer_check),
	.members = check_members,
	.member_count = COUNT(check_members),
	.is_inline = true,
};

static const struct coffer_member rollup_members[] = {
	ONE(coffer_rollup, TEXT, name),
	WORD(coffer_rollup, WORD, unit, units),
	ONE(coffer_rollup, COLUMN, time_column),
	ONE(coffer_rollup, COLUMN, column),
	MANY(coffer_rollup, COLUMNS, "sums", sums, sum_count, COFFER_ROLLUP_SUMS_MAX),
};
static const struct coffer_document_shape rollup = {
	.what = "roll-up",
	.size = sizeof(coffer_rollup),
	.members = rollup_members,
	.member_count = COUNT(rollup_members),
	.is_inline = true,
};

static const struct coffer_member table_members[] = {
	ONE(coffer_table, TEXT, name),
	ONE(coffer_table, OPTION, model),
	ONE(coffer_table, OPTION, comment),
	ONE(coffer_table, OPTION, partition_key),
	ONE(coffer_table, OPTION, partition_of),
	ONE(coffer_table, OPTION, partition_bound),
	ONE(coffer_table, OPTION, options),
	ONE(coffer_table, FLAG, is_unlogged),
	ONE(coffer_table, DERIVED_FLAG, is_known),
	WORD(coffer_table, LETTER, replica_identity, replica_identities),
	ONE(coffer_table, DERIVED_U32, id),
	LIST(coffer_table, "columns", columns, column_count, COFFER_COLUMNS_MAX, column,
	     add_column),
	ONE(coffer_table, COLUMN, time_column),
	LIST(coffer_table, "indexes", indexes, index_count, COFFER_INDEXES_MAX, index_shape,
	     add_index),
	LIST(coffer_table, "relations", relations, relation_count, RELATIONS_MAX, relation,
	     add_relation),
	LIST_IF(coffer_table, "checks", checks, check_count, LIST_MAX, check, add_check),
	LIST_IF(coffer_table, "rollups", rollups, rollup_count, COFFER_ROLLUPS_MAX, rollup, add_rollup),
};
static const struct coffer_document_shape table = {
	.what = "table",
	.size = sizeof(coffer_table),
	.members = table_members,
	.member_count = COUNT(table_members),
	.has_columns = true,
};

static const struct coffer_member enum_members[] = {
	ONE(coffer_enum, TEXT, name),
	MANY(coffer_enum, TEXTS, "labels", labels, label_count, LIST_MAX),
	ONE(coffer_enum, OPTION, comment),
};
static const struct coffer_document_shape enum_shape = {
	.what = "enum",
	.size = sizeof(coffer_enum),
	.members = enum_members,
	.member_count = COUNT(enum_members),
	.is_inline = true,
};

static const struct coffer_member domain_members[] = {
	ONE(coffer_domain, TEXT, name),
	ONE(coffer_domain, TEXT, type),
	ONE(coffer_domain, OPTION, collation),
	ONE(coffer_domain, OPTION, default_sql),
	ONE(coffer_domain, FLAG, is_not_null),
	LIST_IF(coffer_domain, "checks", checks, check_count, LIST_MAX, check, add_domain_check),
	ONE(coffer_domain, OPTION, comment),
};
static const struct coffer_document_shape domain = {
	.what = "domain",
	.size = sizeof(coffer_domain),
	.members = domain_members,
	.member_count = COUNT(domain_members),
	.is_inline = true,
};

static const struct coffer_member sequence_members[] = {
	ONE(coffer_sequence, TEXT, name),          ONE(coffer_sequence, TEXT, type),
	ONE(coffer_sequence, INTEGER, start),      ONE(coffer_sequence, INTEGER, increment),
	ONE(coffer_sequence, INTEGER, minimum),    ONE(coffer_sequence, INTEGER, maximum),
	ONE(coffer_sequence, INTEGER, cache),      ONE(coffer_sequence, FLAG, is_cycle),
	ONE(coffer_sequence, OPTION, owner_table), ONE(coffer_sequence, OPTION, owner_column),
	ONE(coffer_sequence, FLAG, is_identity),   ONE(coffer_sequence, FLAG, is_unlogged),
	ONE(coffer_sequence, INTEGER, last_value), ONE(coffer_sequence, BOOL, is_called),
	ONE(coffer_sequence, OPTION, comment),
};
static const struct coffer_document_shape sequence = {
	.what = "sequence",
	.size = sizeof(coffer_sequence),
	.members = sequence_members,
	.member_count = COUNT(sequence_members),
	.is_inline = true,
};

static const struct coffer_member view_members[] = {
	ONE(coffer_view, TEXT, name),
	ONE(coffer_view, TEXT, definition),
	ONE(coffer_view, OPTION, options),
	ONE(coffer_view, BOOL, is_materialized),
	ONE(coffer_view, FLAG, is_populated),
	ONE(coffer_view, OPTION, comment),
	LIST(coffer_view, "indexes", indexes, index_count, COFFER_INDEXES_MAX, index_shape,
	     add_view_index),
};
static const struct coffer_document_shape view = {
	.what = "view",
	.size = sizeof(coffer_view),
	.members = view_members,
	.member_count = COUNT(view_members),
};

static const struct coffer_member schema_members[] = {
	ONE(coffer_schema, TEXT, name),
	ONE(coffer_schema, OPTION, comment),
	LIST(coffer_schema, "enums", enums, enum_count, LIST_MAX, enum_shape, add_enum),
	LIST(coffer_schema, "domains", domains, domain_count, LIST_MAX, domain, add_domain),
	LIST(coffer_schema, "sequences", sequences, sequence_count, LIST_MAX, sequence,
	     add_sequence),
	LIST(coffer_schema, "tables", tables, table_count, COFFER_TABLES_MAX, table, add_table),
	LIST(coffer_schema, "views", views, view_count, LIST_MAX, view, add_view),
};
const struct coffer_document_shape coffer_document_schema = {
	.what = "schema",
	.size = sizeof(coffer_schema),
	.members = schema_members,
	.member_count = COUNT(schema_members),
};
