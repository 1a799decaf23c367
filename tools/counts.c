/*
 * Counts by table, for people and, with --json, for programs.
 */
#include "counts.h"

#include "report.h"

#include <stdlib.h>
#include <string.h>

void
coffer_counts_keep(void *context, const char *table, const coffer_export_counts *rows)
{
	struct coffer_counts *counts = context;
	struct coffer_counted *larger =
		realloc(counts->list, (counts->count + 1) * sizeof(*counts->list));

	if (!larger)
		return;
	counts->list = larger;
	larger[counts->count] = (struct coffer_counted){.table = strdup(table), .rows = *rows};
	counts->count += larger[counts->count].table != NULL;
}

void
coffer_counts_note(const struct coffer_arguments *arguments, const struct coffer_counts *counts)
{
	char inserted[COFFER_NUMBER_SIZE], updated[COFFER_NUMBER_SIZE], same[COFFER_NUMBER_SIZE];

	for (size_t i = 0; i < counts->count; i++) {
		const coffer_export_counts *rows = &counts->list[i].rows;

		if (rows->inserted || rows->updated || rows->same)
			coffer_report_note(arguments, "%s: %s inserted, %s updated, %s the same",
					   counts->list[i].table,
					   coffer_number_print(rows->inserted, inserted),
					   coffer_number_print(rows->updated, updated),
					   coffer_number_print(rows->same, same));
	}
}

void
coffer_counts_write(struct coffer_json *json, const struct coffer_counts *counts)
{
	coffer_json_open(json, "counts", '[');
	for (size_t i = 0; i < counts->count; i++) {
		coffer_json_open_inline(json, NULL, '{');
		coffer_json_text(json, "table", counts->list[i].table);
		coffer_json_number(json, "inserted", counts->list[i].rows.inserted);
		coffer_json_number(json, "updated", counts->list[i].rows.updated);
		coffer_json_number(json, "same", counts->list[i].rows.same);
		coffer_json_close(json, '}');
	}
	coffer_json_close(json, ']');
}

void
coffer_counts_release(struct coffer_counts *counts)
{
	for (size_t i = 0; i < counts->count; i++)
		free(counts->list[i].table);
	free(counts->list);
	*counts = (struct coffer_counts){.list = NULL};
}
