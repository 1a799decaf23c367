/*
 * A whole file that nobody writes to: its newer state, and the trees in it.
 */
#include "pages/pages.h"

#include <stdlib.h>

struct coffer_pages {
	struct coffer_pages_state state;
	struct coffer_pages_names names;
	struct coffer_arena arena;
};

coffer_status
coffer_pages_open(const struct coffer_page_source *source, size_t trees_max,
		  struct coffer_pages **pages_out, coffer_error *error)
{
	struct coffer_pages_meta metas[2];
	coffer_status status = coffer_pages_metas(source, metas, error);
	struct coffer_pages *pages;

	if (!status)
		status = coffer_pages_check_turns(metas, error);
	if (!status)
		status = coffer_pages_check_trees(metas, trees_max, error);
	*pages_out = NULL;
	if (status)
		return status;
	pages = calloc(1, sizeof(*pages));
	if (!pages)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a store handle");
	pages->state = (struct coffer_pages_state){*source, *coffer_pages_newer(metas)};
	if ((status = coffer_pages_check_length(&pages->state, error)) ||
	    (status = coffer_pages_list(&pages->state, trees_max, &pages->arena, &pages->names,
					error)))
		coffer_pages_close(pages);
	else
		*pages_out = pages;
	return status;
}

void
coffer_pages_close(struct coffer_pages *pages)
{
	if (!pages)
		return;
	coffer_arena_release(&pages->arena);
	free(pages);
}

const struct coffer_pages_names *
coffer_pages_names(const struct coffer_pages *pages)
{
	return &pages->names;
}

const struct coffer_pages_state *
coffer_pages_state(const struct coffer_pages *pages)
{
	return &pages->state;
}

coffer_status
coffer_pages_snapshot(struct coffer_pages *pages, struct coffer_snapshot **snapshot_out,
		      coffer_error *error)
{
	return coffer_pages_begin(&pages->state, &pages->names, NULL, snapshot_out, error);
}
