/*
 * SQL texts that fit themselves to a store and to what was asked for: those of reports/ and views/, line by line.
 *
 *	:name		a parameter; its value takes its place. A line with one that has no value is left out.
 *	--?		at the end of a line: it is left out where the store lacks a table or column that it names, or
 *			where it names a table that a line above made known and that was left out.
 *	--? name=word	likewise, and where the parameter's value is another word.
 *
 * A comment begins with a line's slash and star and ends with the line. For what a line names, tables stand in it as "Table" AS alias, and columns as alias.column or alias."column".
 */
#ifndef SQL_TEMPLATE_H
#define SQL_TEMPLATE_H

#include "coffer.h"

struct coffer_sql_text {
	const char *name, *text;
};

/* Each file of reports/ and of views/ by its name, sorted within each; a NULL name ends them. Generated. */
extern const struct coffer_sql_text coffer_report_texts[];
extern const struct coffer_sql_text coffer_view_texts[];

/* A parameter's value as it stands in SQL; the word behind "name=" where it chooses lines. */
struct coffer_template_value {
	const char *name;
	const char *literal; /* NULL: it has none */
};

struct coffer_template {
	const char *text;
	const coffer_schema *schema; /* NULL: of a store that lacks nothing */
	const struct coffer_template_value *values;
	size_t value_count;
};

/* Room for "LiteLLM_SpendLogs.session_id". */
enum { COFFER_LACK_SIZE = 2 * COFFER_NAME_SIZE_MAX + 2 };

/*
 * Append the text as it is to be run, without its marks.
 *
 * COFFER_NOT_FOUND  the store lacks what a line that stays has to have: its name is in `lack_out`
 * COFFER_NO_MEMORY
 */
COFFER_CHECKED coffer_status
coffer_template_write(const struct coffer_template *template, coffer_buffer *out,
		      char lack_out[COFFER_LACK_SIZE], coffer_error *error);

/*
 * What the text can ask for, one a call: the next parameter from `*place` on, or the next word that a parameter can be
 * ("name=word"); an empty text when there is no more. `*place` starts at the text.
 */
coffer_text
coffer_template_next_parameter(const char **place);
coffer_text
coffer_template_next_choice(const char **place, const char *parameter);

#endif
