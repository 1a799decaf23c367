/*
 * What a comparison of two sides found, for diff and reconcile: a line a table with its first differing rows below it, a JSON
 * document, or every difference as ndjson.
 */
#ifndef TOOLS_DIFFERENCES_H
#define TOOLS_DIFFERENCES_H

#include "json.h"
#include "transfer/compare.h"

/* How the two sides are called. */
struct coffer_side_words {
	const char *column; /* over its rows: "A", "here" */
	const char *place;  /* "in A", "here" */
	const char *member; /* in JSON: "left", "here" */
};

struct coffer_differences {
	struct coffer_output *output;
	struct coffer_side_words left, right;
	bool is_json, is_ndjson;
	bool is_reconciling;   /* columns that differ, sums and ranges are told too */
	bool is_subset;        /* what the right side alone has is no difference */
	uint64_t limit;        /* of rows told in each table */
	size_t tables_outside; /* of the right side, which were not compared */
	bool has_since;        /* of the logs only rows from `since` on were compared */
	int64_t since;
	/* Private: */
	struct coffer_json json;
	int name_width;
	bool is_begun, is_in_rows;
	uint64_t told;            /* rows of the table at hand */
	coffer_buffer lines;      /* what was found in it, for people */
	coffer_buffer written[2]; /* values, whole */
};

/*
 * Begin: `left`, `right` say how wide names are. With --json the document is open and the member `tables` too; members
 * written to `json` before this one go before it. Release always.
 */
void
coffer_differences_begin(struct coffer_differences *differences, const coffer_schema *left,
			 const coffer_schema *right);
/* The options that make a comparison tell `differences`; the rest of them is empty. */
struct coffer_compare_options
coffer_differences_options(struct coffer_differences *differences);
/* Write the result and close the document; `has_others` when something else than rows differs. */
void
coffer_differences_end(struct coffer_differences *differences,
		       const struct coffer_compare_summary *summary, bool has_others);
void
coffer_differences_release(struct coffer_differences *differences);

#endif
