/* Differences between two schemas, each a line or an object. */
#ifndef TOOLS_SCHEMA_DIFF_H
#define TOOLS_SCHEMA_DIFF_H

#include "json.h"

struct coffer_schema_differences {
	struct coffer_output *output;
	struct coffer_json *json; /* NULL: for people */
	bool is_ndjson;           /* each object is a line that says what it is */
};

/* Print each difference; returns their number. */
size_t
coffer_schema_differences_print(struct coffer_schema_differences *differences,
				const coffer_schema *left, const coffer_schema *right);

#endif
