/* How the rows of each table went, as an export tells it. */
#ifndef TOOLS_COUNTS_H
#define TOOLS_COUNTS_H

#include "json.h"
#include "postgres/postgres.h"

struct coffer_counted {
	char *table;
	coffer_export_counts rows;
};

/* A zeroed one is empty. */
struct coffer_counts {
	struct coffer_counted *list;
	size_t count;
};

/* Keep what an export tells; `context` is the coffer_counts. Without memory nothing is kept of that table. */
void
coffer_counts_keep(void *context, const char *table, const coffer_export_counts *rows);

/* A note for each table that had rows. */
void
coffer_counts_note(const struct coffer_arguments *arguments, const struct coffer_counts *counts);

/* The member `counts`: a list with one object a table. */
void
coffer_counts_write(struct coffer_json *json, const struct coffer_counts *counts);

void
coffer_counts_release(struct coffer_counts *counts);

#endif
