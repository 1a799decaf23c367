/*
 * What partitions and heirs have from their parents without a dump saying so, and what refers to
 * something that is not there.
 *
 * A partition's check that its parent has too is its parent's. A foreign key of a partitioned table
 * is one of each partition as well, by the same name unless that is taken.
 */
#include "transfer/ddl_parts.h"

#include <stdio.h>
#include <string.h>

/* ------------------------------------------------------------------ targets */

static bool
has_target(struct coffer_ddl *ddl, const coffer_relation *relation)
{
	const coffer_table *target = coffer_ddl_find_table(ddl, relation->target);

	for (size_t i = 0; target && i < relation->column_count; i++)
		if (coffer_table_find_column(target, relation->target_columns[i]) ==
		    COFFER_NO_COLUMN)
			return false;
	return target != NULL;
}

static void
drop_orphans(struct coffer_ddl *ddl, coffer_table *table)
{
	size_t count = 0;

	for (size_t i = 0; i < table->relation_count; i++) {
		const coffer_relation *relation = &table->relations[i];

		if (relation->is_soft || has_target(ddl, relation))
			table->relations[count++] = *relation;
		else
			coffer_ddl_warn(
				ddl,
				"foreign key \"%s\" of \"%s\" is not carried: it refers to a "
				"table that is not carried",
				relation->name, table->name);
	}
	table->relation_count = count;
}

/* ------------------------------------------------------------------ checks */

static coffer_check *
find_check(coffer_table *table, const char *name)
{
	for (size_t i = 0; i < table->check_count; i++)
		if (!strcmp(table->checks[i].name, name))
			return &table->checks[i];
	return NULL;
}

static bool
is_passed_on(const coffer_check *check)
{
	return !check->is_exclusion && !strstr(check->definition, " NO INHERIT");
}

static void
inherit_checks(struct coffer_ddl *ddl, const coffer_table *parent, coffer_table *table)
{
	bool is_partition = table->partition_of != NULL;

	for (size_t i = 0; i < parent->check_count; i++) {
		coffer_check *check = find_check(table, parent->checks[i].name);

		if (!is_passed_on(&parent->checks[i]) || (check && !is_partition))
			continue;
		if (!check && !(check = coffer_table_add_check(ddl->schema, table))) {
			coffer_ddl_fail_memory(ddl);
			return;
		}
		if (!check->name) {
			*check = parent->checks[i];
			check->comment = NULL;
		}
		check->is_inherited = is_partition;
	}
}

/* ------------------------------------------------------------------ foreign keys */

static bool
is_taken(coffer_table *table, const char *name)
{
	for (size_t i = 0; i < table->relation_count; i++)
		if (!strcmp(table->relations[i].name, name))
			return true;
	for (size_t i = 0; i < table->index_count; i++)
		if (table->indexes[i].is_constraint && !strcmp(table->indexes[i].name, name))
			return true;
	return find_check(table, name) != NULL;
}

/* The first bytes of a text, no character cut. */
static int
clip(const char *text, int size_max)
{
	int size = (int)strnlen(text, (size_t)size_max + 1);

	if (size <= size_max)
		return size;
	for (size = size_max; size && ((unsigned char)text[size] & 0xc0) == 0x80;)
		size--;
	return size;
}

/*
 * The parent's name, or where the partition has another constraint of it one that the server would
 * choose.
 */
static const char *
choose_name(struct coffer_ddl *ddl, coffer_table *table, const coffer_relation *relation)
{
	const char *column = table->columns[relation->columns[0]].name;
	char name[COFFER_NAME_SIZE_MAX + 1];

	if (!is_taken(table, relation->name))
		return relation->name;
	for (unsigned number = 0; number <= UINT16_MAX; number++) {
		char digits[12] = "";

		if (number)
			snprintf(digits, sizeof(digits), "%u", number);
		snprintf(name, sizeof(name), "%.*s_%.*s_fkey%.5s", clip(table->name, 26),
			 table->name, clip(column, 25), column, digits);
		if (!is_taken(table, name))
			break;
	}
	return coffer_ddl_keep(ddl, name);
}

/* The same columns by name; false: the partition lacks one. */
static bool
map_columns(struct coffer_ddl *ddl, const coffer_table *parent, const coffer_table *table,
	    uint16_t **columns, size_t count)
{
	uint16_t *mapped = coffer_ddl_memory(ddl, (count + 1) * sizeof(*mapped));

	for (size_t i = 0; mapped && i < count; i++) {
		mapped[i] = coffer_table_find_column(table, parent->columns[(*columns)[i]].name);
		if (mapped[i] == COFFER_NO_COLUMN)
			return false;
	}
	*columns = mapped;
	return mapped != NULL;
}

static void
inherit_relation(struct coffer_ddl *ddl, const coffer_table *parent,
		 const coffer_relation *relation, coffer_table *table)
{
	coffer_relation copy = *relation, *added;

	if (!map_columns(ddl, parent, table, &copy.columns, copy.column_count) ||
	    (copy.delete_column_count &&
	     !map_columns(ddl, parent, table, &copy.delete_columns, copy.delete_column_count))) {
		coffer_ddl_fail(ddl, "partition %s lacks columns of %s", table->name, parent->name);
		return;
	}
	copy.name = choose_name(ddl, table, &copy);
	copy.comment = NULL;
	copy.is_inherited = true;
	added = coffer_table_add_relation(ddl->schema, table);
	if (coffer_ddl_have(ddl, added))
		*added = copy;
}

static void
inherit_relations(struct coffer_ddl *ddl, const coffer_table *parent, coffer_table *table)
{
	for (size_t i = 0; coffer_ddl_is_well(ddl) && i < parent->relation_count; i++)
		if (!parent->relations[i].is_soft)
			inherit_relation(ddl, parent, &parent->relations[i], table);
}

/* ------------------------------------------------------------------ the whole */

static void
check_parent(struct coffer_ddl *ddl, coffer_table *table, const coffer_table *parent)
{
	if (!parent || !parent->partition_key)
		coffer_ddl_fail(ddl,
				"%s is attached to %s, which the dump does not define as a "
				"partitioned table",
				table->name, table->partition_of);
}

/* Tables stand in order: a parent's own inheritance is done when its partitions come. */
static void
inherit(struct coffer_ddl *ddl, coffer_table *table)
{
	const coffer_table *parent;

	if (table->partition_of) {
		parent = coffer_ddl_find_table(ddl, table->partition_of);
		check_parent(ddl, table, parent);
		if (coffer_ddl_is_well(ddl)) {
			inherit_checks(ddl, parent, table);
			inherit_relations(ddl, parent, table);
		}
		return;
	}
	for (size_t i = 0; coffer_ddl_is_well(ddl) && i < ddl->heir_count; i++)
		if (!strcmp(ddl->heirs[i].table, table->name) &&
		    (parent = coffer_ddl_find_table(ddl, ddl->heirs[i].parent)))
			inherit_checks(ddl, parent, table);
}

/* Rows of partitions elsewhere are the root's. */
static void
warn_of_foreign(struct coffer_ddl *ddl, const coffer_table *table)
{
	for (size_t i = 0; i < ddl->partition_count; i++) {
		const struct coffer_ddl_partition *partition = &ddl->partitions[i];

		if (strcmp(partition->parent.schema, ddl->options.schema) != 0 ||
		    strcmp(partition->parent.name, table->name) != 0 ||
		    (!strcmp(partition->name.schema, ddl->options.schema) &&
		     coffer_ddl_find_table(ddl, partition->name.name)))
			continue;
		coffer_ddl_warn(
			ddl,
			"table \"%s\" has partitions that are foreign or of another schema: "
			"their rows are carried, they are not",
			table->name);
		return;
	}
}

void
coffer_ddl_inherit(struct coffer_ddl *ddl)
{
	for (size_t i = 0; coffer_ddl_is_well(ddl) && i < ddl->schema->table_count; i++) {
		drop_orphans(ddl, &ddl->schema->tables[i]);
		warn_of_foreign(ddl, &ddl->schema->tables[i]);
	}
	for (size_t i = 0; coffer_ddl_is_well(ddl) && i < ddl->schema->table_count; i++)
		inherit(ddl, &ddl->schema->tables[i]);
}
