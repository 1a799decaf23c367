/*
 * Tables before those that refer to them; tables that refer to each other, by way of others too, are one
 * group.
 *
 * Beginning at any table, its foreign keys are followed to tables that have no place yet. Where none is left,
 * the group reached gets its place. Where the way leads back to itself, all groups since then are
 * made one. Every foreign key counts, deferrable or not: who must be first is then first either way.
 */
#include "postgres/export_order.h"

#include <stdlib.h>

struct ordering {
	const struct coffer_matches *matches;
	struct coffer_order *order;
	bool *refers;  /* [from * count + to] */
	size_t *group; /* of each match: the number of one of its members */
	size_t *way;   /* groups that lead to the present one */
	size_t way_count;
	bool *is_done;
};

static void
add_references(struct ordering *ordering)
{
	const struct coffer_matches *matches = ordering->matches;
	const coffer_schema *target = matches->target;

	for (uint32_t t = 0; t < target->table_count; t++) {
		const struct coffer_match *from = coffer_matches_find(matches, t);
		const coffer_table *table = &target->tables[t];

		for (size_t r = 0; from && r < table->relation_count; r++) {
			const coffer_relation *relation = &table->relations[r];
			const struct coffer_match *to =
				relation->is_soft
					? NULL
					: coffer_matches_find(matches, relation->target_table);

			if (to)
				ordering->refers[(size_t)(from - matches->list) * matches->count +
						 (size_t)(to - matches->list)] = true;
		}
	}
}

/* A group that has no place and that the present one refers to; `count` for none. */
static size_t
find_next(const struct ordering *ordering, size_t group)
{
	size_t count = ordering->matches->count;

	for (size_t from = 0; from < count; from++) {
		if (ordering->group[from] != group)
			continue;
		for (size_t to = 0; to < count; to++)
			if (ordering->refers[from * count + to] && !ordering->is_done[to] &&
			    ordering->group[to] != group)
				return ordering->group[to];
	}
	return count;
}

static void
place(struct ordering *ordering, size_t group)
{
	struct coffer_order *order = ordering->order;
	size_t count = ordering->matches->count, start = order->count;

	for (size_t i = 0; i < count; i++) {
		if (ordering->group[i] != group)
			continue;
		ordering->is_done[i] = true;
		order->is_circular[start] |=
			ordering->refers[i * count + i] || order->count > start;
		order->groups[order->count] = start;
		order->places[order->count++] = i;
	}
}

/* Is the group on the way? Then all that follow it there are one with it. */
static bool
close_circle(struct ordering *ordering, size_t group)
{
	size_t at = 0;

	while (at < ordering->way_count && ordering->way[at] != group)
		at++;
	if (at == ordering->way_count)
		return false;
	for (size_t w = at + 1; w < ordering->way_count; w++)
		for (size_t i = 0; i < ordering->matches->count; i++)
			if (ordering->group[i] == ordering->way[w])
				ordering->group[i] = group;
	ordering->way_count = at + 1;
	return true;
}

/* Give a place to every group that this one needs, then to it. */
static void
place_all(struct ordering *ordering, size_t start)
{
	ordering->way[0] = ordering->group[start];
	ordering->way_count = 1;
	while (ordering->way_count) {
		size_t group = ordering->way[ordering->way_count - 1];
		size_t next = find_next(ordering, group);

		if (next == ordering->matches->count) {
			place(ordering, group);
			ordering->way_count--;
		} else if (!close_circle(ordering, next)) {
			ordering->way[ordering->way_count++] = next;
		}
	}
}

static bool
get_memory(struct ordering *ordering)
{
	size_t count = ordering->matches->count + 1;

	ordering->order->places = calloc(count, sizeof(*ordering->order->places));
	ordering->order->groups = calloc(count, sizeof(*ordering->order->groups));
	ordering->order->is_circular = calloc(count, sizeof(*ordering->order->is_circular));
	ordering->refers = calloc(count, count * sizeof(*ordering->refers));
	ordering->group = calloc(count, sizeof(*ordering->group));
	ordering->way = calloc(count, sizeof(*ordering->way));
	ordering->is_done = calloc(count, sizeof(*ordering->is_done));
	return ordering->order->places && ordering->order->groups && ordering->order->is_circular &&
	       ordering->refers && ordering->group && ordering->way && ordering->is_done;
}

coffer_status
coffer_order_make(const struct coffer_matches *matches, struct coffer_order *order_out,
		  coffer_error *error)
{
	struct ordering ordering = {.matches = matches, .order = order_out};
	coffer_status status = COFFER_OK;

	*order_out = (struct coffer_order){.places = NULL};
	if (get_memory(&ordering)) {
		add_references(&ordering);
		for (size_t i = 0; i < matches->count; i++)
			ordering.group[i] = i;
		for (size_t i = 0; i < matches->count; i++)
			if (!ordering.is_done[i])
				place_all(&ordering, i);
	} else {
		status = coffer_error_set(error, COFFER_NO_MEMORY, "no memory for an order");
	}
	free(ordering.refers);
	free(ordering.group);
	free(ordering.way);
	free(ordering.is_done);
	return status;
}

void
coffer_order_release(struct coffer_order *order)
{
	free(order->places);
	free(order->groups);
	free(order->is_circular);
	*order = (struct coffer_order){.places = NULL};
}

size_t
coffer_order_group_end(const struct coffer_order *order, size_t place)
{
	size_t end = place;

	while (end < order->count && order->groups[end] == order->groups[place])
		end++;
	return end;
}
