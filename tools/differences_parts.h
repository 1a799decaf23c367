/* Inside the printing of differences: for people, for programs. */
#ifndef TOOLS_DIFFERENCES_PARTS_H
#define TOOLS_DIFFERENCES_PARTS_H

#include "differences.h"

/* The side of a row that it is named by, and the columns that name it. */
struct coffer_naming {
	const coffer_table *table;
	const coffer_value *values;
	uint16_t columns[COFFER_KEY_COLUMNS_MAX];
	size_t count;
	bool is_key;
};

struct coffer_naming
coffer_differences_name(const struct coffer_compared_row *row);

/* How far a name reaches on the screen. */
int
coffer_differences_width(const char *name);

/* For people: into the table's lines, but the head and the table itself, with its lines, into the output. */
void
coffer_differences_print_head(struct coffer_differences *differences);
void
coffer_differences_print_column(struct coffer_differences *differences, const coffer_column *left,
				const coffer_column *right);
coffer_status
coffer_differences_print_row(struct coffer_differences *differences,
			     const struct coffer_compared_row *row, coffer_error *error);
void
coffer_differences_print_table(struct coffer_differences *differences,
			       const struct coffer_compared_table *table);

/* For programs: an object each, and the members that end a table's. */
void
coffer_differences_write_column(struct coffer_differences *differences,
				const struct coffer_compared_table *table,
				const coffer_column *left, const coffer_column *right);
coffer_status
coffer_differences_write_row(struct coffer_differences *differences,
			     const struct coffer_compared_row *row, coffer_error *error);
void
coffer_differences_write_table(struct coffer_differences *differences,
			       const struct coffer_compared_table *table);

#endif
