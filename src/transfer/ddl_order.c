/*
 * The order in which the catalogue of a server gives things: parents before partitions and what is
 * used before what uses it, else by name. Two imports of one database so give one schema.
 */
#include "transfer/ddl_parts.h"

#include <stdlib.h>
#include <string.h>

enum {
	DEPTH_MAX = 32,
	VIEWS_MAX = 4096, /* more of them stay in the order of the dump */
};

/* Structs that begin with their name. */
static int
by_name(const void *left, const void *right)
{
	const char *a, *b;

	memcpy(&a, left, sizeof(a));
	memcpy(&b, right, sizeof(b));
	return strcmp(a, b);
}

static int
by_primary_and_name(const void *left, const void *right)
{
	const coffer_index *a = left, *b = right;

	return a->is_primary != b->is_primary ? b->is_primary - a->is_primary : by_name(a, b);
}

static void
sort(void *members, size_t count, size_t size, int (*compare)(const void *, const void *))
{
	if (count)
		qsort(members, count, size, compare);
}

#define SORT(array, count, compare) sort(array, count, sizeof(*(array)), compare)

/* ------------------------------------------------------------------ by what they stand on */

/* A member and where it comes. */
struct placed {
	size_t depth, number;
	const char *name;
};

static int
by_depth_and_name(const void *left, const void *right)
{
	const struct placed *a = left, *b = right;

	return a->depth != b->depth ? (a->depth < b->depth ? -1 : 1) : strcmp(a->name, b->name);
}

/* Bring an array into the order of `placed`. */
static void
rearrange(struct coffer_ddl *ddl, void *array, size_t count, size_t size, struct placed *placed)
{
	char *copy = count ? coffer_ddl_memory(ddl, count * size) : NULL;

	if (!copy)
		return;
	memcpy(copy, array, count * size);
	qsort(placed, count, sizeof(*placed), by_depth_and_name);
	for (size_t i = 0; i < count; i++)
		memcpy((char *)array + i * size, copy + placed[i].number * size, size);
}

static size_t
depth_of_table(struct coffer_ddl *ddl, const coffer_table *table)
{
	size_t depth = 0;

	while (table && table->partition_of && depth < DEPTH_MAX) {
		table = coffer_ddl_find_table(ddl, table->partition_of);
		depth++;
	}
	if (depth == DEPTH_MAX)
		coffer_ddl_fail(ddl, "partitions of more than %d levels, or in a circle",
				DEPTH_MAX);
	return depth;
}

static void
order_tables(struct coffer_ddl *ddl)
{
	coffer_schema *schema = ddl->schema;
	struct placed *placed = coffer_ddl_memory(ddl, (schema->table_count + 1) * sizeof(*placed));

	for (size_t i = 0; placed && i < schema->table_count; i++)
		placed[i] = (struct placed){depth_of_table(ddl, &schema->tables[i]), i,
					    schema->tables[i].name};
	if (placed)
		rearrange(ddl, schema->tables, schema->table_count, sizeof(*schema->tables),
			  placed);
}

/* ------------------------------------------------------------------ domains */

/*
 * Is the type one of this name, quoted or not? Returns what stands behind the name; NULL: another
 * one.
 */
static const char *
behind_name(const char *type, const char *name)
{
	struct coffer_sql sql;
	char found[COFFER_NAME_SIZE_MAX + 1];

	coffer_sql_init(&sql, (coffer_text){type, strlen(type)}, false);
	if (!coffer_sql_identifier(&sql.token, found) || strcmp(found, name) != 0)
		return NULL;
	return sql.at;
}

static const coffer_domain *
find_domain(const struct coffer_ddl *ddl, const char *type, bool is_array)
{
	for (size_t i = 0; i < ddl->schema->domain_count; i++) {
		const char *rest = behind_name(type, ddl->schema->domains[i].name);

		if (rest && !strcmp(rest, is_array ? "[]" : ""))
			return &ddl->schema->domains[i];
	}
	return NULL;
}

/* How much stands between a domain and what is neither domain nor array. */
static size_t
depth_of_domain(const struct coffer_ddl *ddl, const coffer_domain *domain)
{
	size_t depth = 0;

	while (domain && depth < DEPTH_MAX) {
		const char *type = domain->type;
		size_t size = strlen(type);
		bool is_array = size > 2 && !strcmp(type + size - 2, "[]");

		depth += is_array ? 2 : 1;
		domain = find_domain(ddl, type, is_array);
	}
	return depth;
}

static void
order_domains(struct coffer_ddl *ddl)
{
	coffer_schema *schema = ddl->schema;
	struct placed *placed =
		coffer_ddl_memory(ddl, (schema->domain_count + 1) * sizeof(*placed));

	for (size_t i = 0; placed && i < schema->domain_count; i++)
		placed[i] = (struct placed){depth_of_domain(ddl, &schema->domains[i]), i,
					    schema->domains[i].name};
	if (placed)
		rearrange(ddl, schema->domains, schema->domain_count, sizeof(*schema->domains),
			  placed);
	for (size_t i = 0; i < schema->domain_count; i++)
		SORT(schema->domains[i].checks, schema->domains[i].check_count, by_name);
}

static const char *
base_elsewhere(const struct coffer_ddl *ddl, const char *type)
{
	for (size_t i = 0; i < ddl->domain_count; i++)
		if (!strcmp(ddl->domains[i].name, type))
			return ddl->domains[i].type;
	return NULL;
}

/* What lies under a domain; NULL where the type is none. */
static const char *
base_of(const struct coffer_ddl *ddl, const char *type)
{
	const char *base = NULL;

	for (size_t depth = 0; depth < DEPTH_MAX; depth++) {
		const coffer_domain *domain = find_domain(ddl, type, false);

		type = domain ? domain->type : base_elsewhere(ddl, type);
		if (!type)
			break;
		base = type;
	}
	return base;
}

/* A type that still has a schema's name in front is of another one. */
static void
note_type(struct coffer_ddl *ddl, const char *type)
{
	struct coffer_sql_name name;
	struct coffer_sql sql;

	coffer_sql_init(&sql, (coffer_text){type, strlen(type)}, false);
	if (coffer_sql_name(&sql, "", &name) && *name.schema &&
	    strcmp(name.schema, "information_schema") != 0) {
		struct coffer_ddl_left *left =
			coffer_ddl_append(ddl, &ddl->left, &ddl->left_count, sizeof(*left));
		coffer_buffer text = {0};

		coffer_buffer_append(&text, type, (size_t)(sql.before - type));
		if (left) {
			left->kind = COFFER_LEFT_TYPE_ELSEWHERE;
			left->name = coffer_ddl_keep(ddl, text.is_failed ? "" : text.data);
		}
		coffer_buffer_release(&text);
	}
}

static void
look_at_types(struct coffer_ddl *ddl, coffer_table *table)
{
	for (size_t i = 0; i < table->column_count && coffer_ddl_is_well(ddl); i++) {
		table->columns[i].base_type = base_of(ddl, table->columns[i].type);
		note_type(ddl, table->columns[i].type);
	}
}

/* ------------------------------------------------------------------ views */

/* Views while they are put into order: in that of the dump, and what each still waits for. */
struct waiting {
	const coffer_view *views;
	size_t count;
	struct placed *names; /* by name, for bsearch */
	bool *needs;          /* count * count: does the first's definition name the second? */
	size_t *unmet;        /* how many of its needs are not done */
	bool *is_done;
};

static int
by_placed_name(const void *left, const void *right)
{
	return strcmp(((const struct placed *)left)->name, ((const struct placed *)right)->name);
}

static void
need(struct waiting *waiting, size_t view, const char *name)
{
	const struct placed key = {.name = name}, *found;
	bool *is_needed;

	found = bsearch(&key, waiting->names, waiting->count, sizeof(key), by_placed_name);
	if (!found || found->number == view)
		return;
	is_needed = &waiting->needs[view * waiting->count + found->number];
	waiting->unmet[view] += !*is_needed;
	*is_needed = true;
}

/* A word of a definition that is a view's name may mean it. */
static void
find_needs(const struct coffer_ddl *ddl, struct waiting *waiting, size_t view)
{
	const char *definition = waiting->views[view].definition;
	char name[COFFER_NAME_SIZE_MAX + 1];
	struct coffer_sql sql;

	coffer_sql_init(&sql, (coffer_text){definition, strlen(definition)},
			ddl->session.has_backslashes);
	for (; sql.token.kind != COFFER_SQL_END && sql.token.kind != COFFER_SQL_OPEN;
	     coffer_sql_next(&sql))
		if (coffer_sql_identifier(&sql.token, name))
			need(waiting, view, name);
}

/*
 * The first by name of those that may come. Words that only look like a view's name may close a
 * circle; then the first in the order of the dump comes, in which no view stands before what it
 * reads.
 */
static size_t
next_view(const struct waiting *waiting)
{
	size_t best = waiting->count, first = waiting->count;

	for (size_t i = 0; i < waiting->count; i++) {
		if (waiting->is_done[i])
			continue;
		if (first == waiting->count)
			first = i;
		if (!waiting->unmet[i] && (best == waiting->count ||
					   by_name(&waiting->views[i], &waiting->views[best]) < 0))
			best = i;
	}
	return best < waiting->count ? best : first;
}

static void
order_waiting(struct coffer_ddl *ddl, struct waiting *waiting)
{
	size_t count = waiting->count;

	for (size_t i = 0; i < count; i++)
		waiting->names[i] = (struct placed){0, i, waiting->views[i].name};
	qsort(waiting->names, count, sizeof(*waiting->names), by_placed_name);
	for (size_t i = 0; i < count; i++)
		find_needs(ddl, waiting, i);
	for (size_t i = 0; i < count; i++) {
		size_t next = next_view(waiting);

		waiting->is_done[next] = true;
		ddl->schema->views[i] = waiting->views[next];
		for (size_t other = 0; other < count; other++)
			waiting->unmet[other] -= waiting->needs[other * count + next];
	}
}

static void
order_views(struct coffer_ddl *ddl)
{
	coffer_schema *schema = ddl->schema;
	size_t count = schema->view_count;
	coffer_view *views = calloc(count + 1, sizeof(*views));
	struct waiting waiting = {
		.views = views,
		.count = count,
		.names = calloc(count + 1, sizeof(*waiting.names)),
		.needs = calloc(count <= VIEWS_MAX ? count * count + 1 : 1, sizeof(*waiting.needs)),
		.unmet = calloc(count + 1, sizeof(*waiting.unmet)),
		.is_done = calloc(count + 1, sizeof(*waiting.is_done)),
	};

	if (!views || !waiting.names || !waiting.needs || !waiting.unmet || !waiting.is_done) {
		coffer_ddl_fail_memory(ddl);
	} else if (count && count <= VIEWS_MAX) {
		memcpy(views, schema->views, count * sizeof(*views));
		order_waiting(ddl, &waiting);
	}
	free(views);
	free(waiting.names);
	free(waiting.needs);
	free(waiting.unmet);
	free(waiting.is_done);
	for (size_t i = 0; i < count; i++)
		SORT(schema->views[i].indexes, schema->views[i].index_count, by_primary_and_name);
}

/* ------------------------------------------------------------------ the whole */

void
coffer_ddl_put_in_order(struct coffer_ddl *ddl)
{
	coffer_schema *schema = ddl->schema;

	order_tables(ddl);
	order_domains(ddl);
	order_views(ddl);
	SORT(schema->enums, schema->enum_count, by_name);
	SORT(schema->sequences, schema->sequence_count, by_name);
	coffer_ddl_inherit(ddl);
	for (size_t i = 0; i < schema->table_count && coffer_ddl_is_well(ddl); i++) {
		coffer_table *table = &schema->tables[i];

		look_at_types(ddl, table);
		SORT(table->indexes, table->index_count, by_primary_and_name);
		SORT(table->relations, table->relation_count, by_name);
		SORT(table->checks, table->check_count, by_name);
	}
}
