/*
 * The order in which tables of a target are filled.
 */
#ifndef COFFER_POSTGRES_EXPORT_ORDER_H
#define COFFER_POSTGRES_EXPORT_ORDER_H

#include "postgres/export_match.h"

struct coffer_order {
	size_t *places; /* of matches, by number: those that others refer to first */
	size_t *groups; /* of the place with the same number: where its group begins in `places` */
	bool *is_circular; /* of the group that begins there: some of its rows may refer to one another */
	size_t count;
};

/* Order the matches by the target's foreign keys, those of partitions included. Release it in any case.
 * COFFER_NO_MEMORY alone. */
COFFER_CHECKED coffer_status
coffer_order_make(const struct coffer_matches *matches, struct coffer_order *order_out,
		  coffer_error *error);
void
coffer_order_release(struct coffer_order *order);

/* Where the group that begins at this place ends: the place behind its last one. */
size_t
coffer_order_group_end(const struct coffer_order *order, size_t place);

#endif
