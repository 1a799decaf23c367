/*
 * The model as JSON: each member under the name that it has in coffer.h, what is absent or false left
 * out, columns and indexes by name instead of number.
 */
#include "schema_json.h"

#include "json.h"

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
	[COFFER_NO_ACTION] = "no action",     [COFFER_RESTRICT] = "restrict",
	[COFFER_CASCADE] = "cascade",         [COFFER_SET_NULL] = "set null",
	[COFFER_SET_DEFAULT] = "set default",
};

static const char *const trees[] = {
	[COFFER_TREE_NONE] = "none",
	[COFFER_TREE_HASHED] = "hashed",
	[COFFER_TREE_ORDERED] = "ordered",
};

static void
list_columns(struct coffer_json *json, const char *name, const coffer_table *table,
	     const uint16_t *columns, size_t count)
{
	coffer_json_open(json, name, '[');
	for (size_t i = 0; i < count; i++)
		coffer_json_text(json, NULL, table->columns[columns[i]].name);
	coffer_json_close(json, ']');
}

static void
print_column(struct coffer_json *json, const coffer_column *column)
{
	coffer_json_open_inline(json, NULL, '{');
	coffer_json_text(json, "name", column->name);
	coffer_json_text_if(json, "field", column->field);
	coffer_json_text(json, "type", column->type);
	coffer_json_text_if(json, "base_type", column->base_type);
	coffer_json_text(json, "kind", kinds[column->kind]);
	coffer_json_bool(json, "is_nullable", column->is_nullable);
	coffer_json_text_if(json, "default_sql", column->default_sql);
	coffer_json_text_if(json, "generated_sql", column->generated_sql);
	coffer_json_text_if(json, "identity", identities[column->identity]);
	coffer_json_text_if(json, "client_default", client_defaults[column->client_default]);
	coffer_json_bool_if(json, "is_updated_at", column->is_updated_at);
	coffer_json_text_if(json, "collation", column->collation);
	coffer_json_text_if(json, "comment", column->comment);
	coffer_json_bool_if(json, "is_interned", column->is_interned);
	coffer_json_number(json, "position", column->position);
	coffer_json_close(json, '}');
}

/* `table` is NULL for an index of a view, whose columns have no list. */
static void
print_index(struct coffer_json *json, const coffer_table *table, const coffer_index *index)
{
	coffer_json_open_inline(json, NULL, '{');
	coffer_json_text(json, "name", index->name);
	coffer_json_text_if(json, "definition", index->definition);
	coffer_json_bool_if(json, "is_primary", index->is_primary);
	coffer_json_bool_if(json, "is_unique", index->is_unique);
	coffer_json_bool_if(json, "is_constraint", index->is_constraint);
	coffer_json_bool_if(json, "is_plain", index->is_plain);
	coffer_json_bool_if(json, "nulls_not_distinct", index->nulls_not_distinct);
	coffer_json_bool_if(json, "is_replica_identity", index->is_replica_identity);
	coffer_json_bool_if(json, "is_clustered", index->is_clustered);
	coffer_json_text_if(json, "attached_to", index->attached_to);
	coffer_json_text_if(json, "comment", index->comment);
	if (table) {
		coffer_json_text(json, "tree", trees[index->tree]);
		list_columns(json, "columns", table, index->columns, index->column_count);
		list_columns(json, "key_columns", table, index->key_columns,
			     index->key_column_count);
	}
	coffer_json_close(json, '}');
}

static void
print_relation(struct coffer_json *json, const coffer_table *table, const coffer_relation *relation)
{
	coffer_json_open_inline(json, NULL, '{');
	coffer_json_text(json, "name", relation->name);
	list_columns(json, "columns", table, relation->columns, relation->column_count);
	coffer_json_text(json, "target", relation->target);
	if (relation->target_columns) {
		coffer_json_open(json, "target_columns", '[');
		for (size_t i = 0; i < relation->column_count; i++)
			coffer_json_text(json, NULL, relation->target_columns[i]);
		coffer_json_close(json, ']');
	}
	coffer_json_bool_if(json, "is_soft", relation->is_soft);
	if (!relation->is_soft) {
		coffer_json_text(json, "on_update", actions[relation->on_update]);
		coffer_json_text(json, "on_delete", actions[relation->on_delete]);
	}
	if (relation->delete_column_count)
		list_columns(json, "delete_columns", table, relation->delete_columns,
			     relation->delete_column_count);
	coffer_json_bool_if(json, "is_match_full", relation->is_match_full);
	coffer_json_bool_if(json, "is_inherited", relation->is_inherited);
	coffer_json_text_if(json, "definition_tail", relation->definition_tail);
	coffer_json_text_if(json, "comment", relation->comment);
	coffer_json_close(json, '}');
}

static void
print_checks(struct coffer_json *json, const coffer_check *checks, size_t count)
{
	if (!count)
		return;
	coffer_json_open(json, "checks", '[');
	for (size_t i = 0; i < count; i++) {
		coffer_json_open_inline(json, NULL, '{');
		coffer_json_text(json, "name", checks[i].name);
		coffer_json_text(json, "definition", checks[i].definition);
		coffer_json_bool_if(json, "is_exclusion", checks[i].is_exclusion);
		coffer_json_bool_if(json, "is_inherited", checks[i].is_inherited);
		coffer_json_text_if(json, "comment", checks[i].comment);
		coffer_json_close(json, '}');
	}
	coffer_json_close(json, ']');
}

static void
print_table(struct coffer_json *json, const coffer_table *table)
{
	coffer_json_open(json, NULL, '{');
	coffer_json_text(json, "name", table->name);
	coffer_json_text_if(json, "model", table->model);
	coffer_json_text_if(json, "comment", table->comment);
	coffer_json_text_if(json, "partition_key", table->partition_key);
	coffer_json_text_if(json, "partition_of", table->partition_of);
	coffer_json_text_if(json, "partition_bound", table->partition_bound);
	coffer_json_text_if(json, "options", table->options);
	coffer_json_bool_if(json, "is_unlogged", table->is_unlogged);
	coffer_json_bool_if(json, "is_known", table->is_known);
	if (table->replica_identity && table->replica_identity != 'd')
		coffer_json_text(json, "replica_identity", (char[]){table->replica_identity, '\0'});
	if (table->time_column != COFFER_NO_COLUMN)
		coffer_json_text(json, "time_column", table->columns[table->time_column].name);
	coffer_json_number(json, "id", table->id);
	coffer_json_open(json, "columns", '[');
	for (size_t i = 0; i < table->column_count; i++)
		print_column(json, &table->columns[i]);
	coffer_json_close(json, ']');
	coffer_json_open(json, "indexes", '[');
	for (size_t i = 0; i < table->index_count; i++)
		print_index(json, table, &table->indexes[i]);
	coffer_json_close(json, ']');
	coffer_json_open(json, "relations", '[');
	for (size_t i = 0; i < table->relation_count; i++)
		print_relation(json, table, &table->relations[i]);
	coffer_json_close(json, ']');
	print_checks(json, table->checks, table->check_count);
	coffer_json_close(json, '}');
}

static void
print_enum(struct coffer_json *json, const coffer_enum *type)
{
	coffer_json_open_inline(json, NULL, '{');
	coffer_json_text(json, "name", type->name);
	coffer_json_open(json, "labels", '[');
	for (size_t i = 0; i < type->label_count; i++)
		coffer_json_text(json, NULL, type->labels[i]);
	coffer_json_close(json, ']');
	coffer_json_text_if(json, "comment", type->comment);
	coffer_json_close(json, '}');
}

static void
print_domain(struct coffer_json *json, const coffer_domain *domain)
{
	coffer_json_open_inline(json, NULL, '{');
	coffer_json_text(json, "name", domain->name);
	coffer_json_text(json, "type", domain->type);
	coffer_json_text_if(json, "collation", domain->collation);
	coffer_json_text_if(json, "default_sql", domain->default_sql);
	coffer_json_bool_if(json, "is_not_null", domain->is_not_null);
	print_checks(json, domain->checks, domain->check_count);
	coffer_json_text_if(json, "comment", domain->comment);
	coffer_json_close(json, '}');
}

static void
print_sequence(struct coffer_json *json, const coffer_sequence *sequence)
{
	coffer_json_open_inline(json, NULL, '{');
	coffer_json_text(json, "name", sequence->name);
	coffer_json_text(json, "type", sequence->type);
	coffer_json_integer(json, "start", sequence->start);
	coffer_json_integer(json, "increment", sequence->increment);
	coffer_json_integer(json, "minimum", sequence->minimum);
	coffer_json_integer(json, "maximum", sequence->maximum);
	coffer_json_integer(json, "cache", sequence->cache);
	coffer_json_bool_if(json, "is_cycle", sequence->is_cycle);
	coffer_json_text_if(json, "owner_table", sequence->owner_table);
	coffer_json_text_if(json, "owner_column", sequence->owner_column);
	coffer_json_bool_if(json, "is_identity", sequence->is_identity);
	coffer_json_bool_if(json, "is_unlogged", sequence->is_unlogged);
	coffer_json_integer(json, "last_value", sequence->last_value);
	coffer_json_bool(json, "is_called", sequence->is_called);
	coffer_json_text_if(json, "comment", sequence->comment);
	coffer_json_close(json, '}');
}

static void
print_view(struct coffer_json *json, const coffer_view *view)
{
	coffer_json_open(json, NULL, '{');
	coffer_json_text(json, "name", view->name);
	coffer_json_text(json, "definition", view->definition);
	coffer_json_text_if(json, "options", view->options);
	coffer_json_bool(json, "is_materialized", view->is_materialized);
	coffer_json_bool_if(json, "is_populated", view->is_populated);
	coffer_json_text_if(json, "comment", view->comment);
	coffer_json_open(json, "indexes", '[');
	for (size_t i = 0; i < view->index_count; i++)
		print_index(json, NULL, &view->indexes[i]);
	coffer_json_close(json, ']');
	coffer_json_close(json, '}');
}

void
coffer_schema_print_json(const coffer_schema *schema, struct coffer_output *output)
{
	struct coffer_json json;

	coffer_json_begin(&json, output, "coffer/schema/1");
	coffer_json_text(&json, "name", schema->name);
	coffer_json_text_if(&json, "comment", schema->comment);
	coffer_json_open(&json, "enums", '[');
	for (size_t i = 0; i < schema->enum_count; i++)
		print_enum(&json, &schema->enums[i]);
	coffer_json_close(&json, ']');
	coffer_json_open(&json, "domains", '[');
	for (size_t i = 0; i < schema->domain_count; i++)
		print_domain(&json, &schema->domains[i]);
	coffer_json_close(&json, ']');
	coffer_json_open(&json, "sequences", '[');
	for (size_t i = 0; i < schema->sequence_count; i++)
		print_sequence(&json, &schema->sequences[i]);
	coffer_json_close(&json, ']');
	coffer_json_open(&json, "tables", '[');
	for (size_t i = 0; i < schema->table_count; i++)
		print_table(&json, &schema->tables[i]);
	coffer_json_close(&json, ']');
	coffer_json_open(&json, "views", '[');
	for (size_t i = 0; i < schema->view_count; i++)
		print_view(&json, &schema->views[i]);
	coffer_json_close(&json, ']');
	coffer_json_end(&json);
}
