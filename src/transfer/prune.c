/*
 * A part of a schema: tables leave it, and with them what cannot stand without them.
 *
 *   relations --> sequences --> views --> tables --> settle
 *
 * What a view or a default reads is known by its text alone: a name that stands in it as a word may be the
 * table's or a column's. Leaving out too many views is said; making one that cannot be made is not.
 */
#include "transfer/selection.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct pruning {
	coffer_schema *schema;
	const bool *is_taken;
	bool is_cut;
	void (*warn)(void *context, const char *message);
	void *warn_context;
	const char **gone; /* names of tables, sequences and views that are left out */
	size_t gone_count;
};

static void
say(const struct pruning *pruning, const char *format, ...) COFFER_PRINTF(2, 3);

static void
say(const struct pruning *pruning, const char *format, ...)
{
	char message[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	if (pruning->warn)
		pruning->warn(pruning->warn_context, message);
}

static bool
is_left_out(const struct pruning *pruning, const char *name)
{
	uint32_t table = coffer_schema_find_table(pruning->schema, name);

	return table != COFFER_NO_TABLE && !pruning->is_taken[table];
}

/* ------------------------------------------------------------------ texts */

static bool
is_of_word(char letter)
{
	return isalnum((unsigned char)letter) || letter == '_' || letter == '$' ||
	       (unsigned char)letter >= 0x80;
}

/* A name as it stands between double quotes. */
static void
write_quoted(char out[2 * COFFER_NAME_SIZE_MAX + 1], const char *name)
{
	for (size_t i = 0; *name && i < COFFER_NAME_SIZE_MAX; i++, name++) {
		if (*name == '"')
			*out++ = '"';
		*out++ = *name;
	}
	*out = '\0';
}

static bool
mentions(const char *text, const char *name)
{
	char word[2 * COFFER_NAME_SIZE_MAX + 1];
	const char *at = text;
	size_t size;

	write_quoted(word, name);
	size = strlen(word);
	while (at && (at = strstr(at, word))) {
		if ((at == text || !is_of_word(at[-1])) && !is_of_word(at[size]))
			return true;
		at++;
	}
	return false;
}

/* The name of what is left out that the text may mean; NULL for none. */
static const char *
find_gone(const struct pruning *pruning, const char *text)
{
	for (size_t i = 0; i < pruning->gone_count; i++)
		if (mentions(text, pruning->gone[i]))
			return pruning->gone[i];
	return NULL;
}

/* ------------------------------------------------------------------ relations */

/* The table that has the rows that a relation leads to. */
static const coffer_table *
target_of(const coffer_schema *schema, const coffer_relation *relation)
{
	const coffer_table *target = NULL;
	uint32_t table = relation->target_table;

	for (size_t depth = 0; table != COFFER_NO_TABLE && depth < schema->table_count; depth++) {
		target = &schema->tables[table];
		table = coffer_schema_find_table(schema, target->partition_of);
	}
	return target;
}

/* May rows that it leads to be missing from the store? */
static bool
is_broken(const struct pruning *pruning, const coffer_relation *relation)
{
	const coffer_table *target = target_of(pruning->schema, relation);

	return !relation->is_soft && target &&
	       (is_left_out(pruning, target->name) ||
		(pruning->is_cut && target->time_column != COFFER_NO_COLUMN));
}

/* A soft relation's columns are of one kind at both ends. */
static bool
can_be_soft(const struct pruning *pruning, const coffer_table *table,
	    const coffer_relation *relation)
{
	const coffer_table *target = &pruning->schema->tables[relation->target_table];

	for (size_t i = 0; i < relation->column_count; i++) {
		uint16_t column = coffer_table_find_column(target, relation->target_columns[i]);

		if (column == COFFER_NO_COLUMN ||
		    target->columns[column].kind != table->columns[relation->columns[i]].kind)
			return false;
	}
	return !table->partition_of;
}

/* "table.columns", as a soft relation is called that was declared as one, cut as a name is. */
static char *
soft_name(coffer_schema *schema, const coffer_table *table, const coffer_relation *relation)
{
	char name[COFFER_NAME_SIZE_MAX + 2];
	size_t size = (size_t)snprintf(name, sizeof(name), "%s.", table->name);

	for (size_t i = 0; i < relation->column_count && size < sizeof(name); i++)
		size += (size_t)snprintf(name + size, sizeof(name) - size, "%s%s", i ? "_" : "",
					 table->columns[relation->columns[i]].name);
	if (size > COFFER_NAME_SIZE_MAX)
		for (size = COFFER_NAME_SIZE_MAX; (name[size] & 0xc0) == 0x80;)
			size--;
	name[size] = '\0';
	return coffer_schema_text(schema, name);
}

static bool
has_relation(const coffer_table *table, const char *name)
{
	for (size_t i = 0; i < table->relation_count; i++)
		if (strcmp(table->relations[i].name, name) == 0)
			return true;
	return false;
}

static coffer_status
soften(coffer_schema *schema, const coffer_table *table, coffer_relation *relation,
       coffer_error *error)
{
	char *name = soft_name(schema, table, relation);

	if (!name)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a relation");
	*relation = (coffer_relation){
		.name = has_relation(table, name) ? relation->name : name,
		.columns = relation->columns,
		.column_count = relation->column_count,
		.target = relation->target,
		.target_columns = relation->target_columns,
		.is_soft = true,
		.target_table = COFFER_NO_TABLE,
		.index = COFFER_NO_INDEX,
		.target_index = COFFER_NO_INDEX,
	};
	return COFFER_OK;
}

static coffer_status
prune_relations(const struct pruning *pruning, coffer_table *table, coffer_error *error)
{
	coffer_status status = COFFER_OK;
	size_t count = 0;

	for (size_t i = 0; i < table->relation_count && !status; i++) {
		coffer_relation *relation = &table->relations[i];
		bool is_kept = true;

		if (is_broken(pruning, relation)) {
			is_kept = can_be_soft(pruning, table, relation);
			if (is_kept)
				status = soften(pruning->schema, table, relation, error);
			else if (!table->partition_of)
				say(pruning,
				    "foreign key %s of %s is left out: its columns are of other "
				    "types "
				    "than those that it leads to",
				    relation->name, table->name);
		}
		if (is_kept)
			table->relations[count++] = *relation;
	}
	if (!status)
		table->relation_count = count;
	return status;
}

/* ------------------------------------------------------------------ sequences, views, tables */

/* Does a table that stays, or a domain, draw its default from the sequence? */
static bool
is_drawn_from(const struct pruning *pruning, const coffer_sequence *sequence)
{
	const coffer_schema *schema = pruning->schema;

	for (size_t t = 0; t < schema->table_count; t++) {
		const coffer_table *table = &schema->tables[t];

		for (size_t c = 0; pruning->is_taken[t] && c < table->column_count; c++)
			if (mentions(table->columns[c].default_sql, sequence->name))
				return true;
	}
	for (size_t d = 0; d < schema->domain_count; d++)
		if (mentions(schema->domains[d].default_sql, sequence->name))
			return true;
	return false;
}

static void
prune_sequences(struct pruning *pruning)
{
	coffer_schema *schema = pruning->schema;
	size_t count = 0;

	for (size_t i = 0; i < schema->sequence_count; i++) {
		coffer_sequence *sequence = &schema->sequences[i];

		if (is_left_out(pruning, sequence->owner_table)) {
			if (!is_drawn_from(pruning, sequence)) {
				pruning->gone[pruning->gone_count++] = sequence->name;
				continue;
			}
			sequence->owner_table = sequence->owner_column = NULL;
		}
		schema->sequences[count++] = *sequence;
	}
	schema->sequence_count = count;
}

/* They stand in an order in which they can be made, so one pass finds those that read others. */
static void
prune_views(struct pruning *pruning)
{
	coffer_schema *schema = pruning->schema;
	size_t count = 0;

	for (size_t i = 0; i < schema->view_count; i++) {
		coffer_view *view = &schema->views[i];
		const char *gone = find_gone(pruning, view->definition);

		if (gone) {
			say(pruning, "view %s is left out: it may read %s, which is left out",
			    view->name, gone);
			pruning->gone[pruning->gone_count++] = view->name;
		} else {
			schema->views[count++] = *view;
		}
	}
	schema->view_count = count;
}

static void
prune_tables(const struct pruning *pruning)
{
	coffer_schema *schema = pruning->schema;
	size_t count = 0;

	for (size_t i = 0; i < schema->table_count; i++)
		if (pruning->is_taken[i])
			schema->tables[count++] = schema->tables[i];
	schema->table_count = count;
}

/* Room for every name that may go, and those of the tables in it. */
static coffer_status
list_gone(struct pruning *pruning, coffer_error *error)
{
	coffer_schema *schema = pruning->schema;
	size_t room = schema->table_count + schema->sequence_count + schema->view_count + 1;

	pruning->gone = coffer_schema_memory(schema, room * sizeof(*pruning->gone));
	if (!pruning->gone)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for names");
	for (size_t i = 0; i < schema->table_count; i++)
		if (!pruning->is_taken[i])
			pruning->gone[pruning->gone_count++] = schema->tables[i].name;
	return COFFER_OK;
}

coffer_status
coffer_schema_prune(coffer_schema *schema, const bool *is_taken, bool is_cut,
		    void (*warn)(void *context, const char *message), void *warn_context,
		    coffer_error *error)
{
	struct pruning pruning = {
		.schema = schema,
		.is_taken = is_taken,
		.is_cut = is_cut,
		.warn = warn,
		.warn_context = warn_context,
	};
	coffer_status status = list_gone(&pruning, error);

	for (size_t i = 0; i < schema->table_count && !status; i++)
		if (is_taken[i])
			status = prune_relations(&pruning, &schema->tables[i], error);
	if (status)
		return status;
	prune_sequences(&pruning);
	prune_views(&pruning);
	prune_tables(&pruning);
	return coffer_schema_settle(schema, error);
}
