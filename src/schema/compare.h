/*
 * Inside the comparison of two schemas.
 */
#ifndef COFFER_SCHEMA_COMPARE_H
#define COFFER_SCHEMA_COMPARE_H

#include "coffer.h"

struct coffer_comparison {
	void (*found)(void *context, const coffer_schema_difference *difference);
	void *context;
	size_t count;
};

/* An array of structs whose first member is their name. */
struct coffer_members {
	const void *members;
	size_t count;
};

struct coffer_member_kind {
	const char *what;
	size_t size;
	size_t comment_at;                       /* offset of its comment */
	bool (*is_compared)(const void *member); /* NULL: every one is */
	void (*describe)(coffer_buffer *out, const void *member);
};

/* Report the two texts, NULL where absent, unless they are equal. */
void
coffer_comparison_report(struct coffer_comparison *comparison, const char *place, const char *what,
			 const char *left, const char *right);

/* The member of this name, or NULL. */
const void *
coffer_comparison_find(const void *members, size_t count, size_t size, const char *name);

/* Compare two arrays by name and description; `owner` goes in front of the places. */
void
coffer_comparison_members(struct coffer_comparison *comparison,
			  const struct coffer_member_kind *kind, const char *owner,
			  struct coffer_members left, struct coffer_members right);

void
coffer_comparison_tables(struct coffer_comparison *comparison, const coffer_schema *left,
			 const coffer_schema *right);

#endif
