/*
 * Recipes: text files that say how a good store is broken, and what verify must then say. See tests/files/README.
 */
#ifndef COFFER_TESTS_RECIPE_H
#define COFFER_TESTS_RECIPE_H

#include "coffer.h"

enum {
	RECIPE_FINDINGS_MAX = 16,
	RECIPE_LINE_MAX = 512,
};

/* What is expected of verify. */
struct recipe_finding {
	char invariant[8];
	char status[16];
	char place[128];
	char message[256]; /* empty: any */
};

struct recipe {
	char status[16]; /* of coffer_verify as a whole */
	struct recipe_finding findings[RECIPE_FINDINGS_MAX];
	size_t finding_count;
};

/* The name of a status as COFFER_STATUS_LIST spells it. */
const char *
recipe_status_name(coffer_status status);

/* Make at `path` the store that the recipe file says; fails the test at what it does not understand. */
void
recipe_apply(const char *recipe_path, const char *path, struct recipe *recipe_out);

#endif
