/*
 * The questions that a gateway asks of its own books, each a text of SQL (reports/) with parameters: what `coffer report`
 * answers. What is run is the text that is shown, values put in.
 */
#ifndef SQL_REPORT_H
#define SQL_REPORT_H

#include "coffer.h"
#include "sql/sqlite.h"

enum coffer_report_type {
	COFFER_REPORT_TEXT,
	COFFER_REPORT_TIME,   /* as coffer_time_parse reads it */
	COFFER_REPORT_NUMBER, /* a whole number from 0 */
	COFFER_REPORT_AMOUNT, /* a decimal */
	COFFER_REPORT_CHOICE, /* a word that the report's text knows; the first one unless another is given */
};

enum coffer_report_parameter_id {
	COFFER_REPORT_KEY,
	COFFER_REPORT_USER,
	COFFER_REPORT_TEAM,
	COFFER_REPORT_END_USER,
	COFFER_REPORT_ORGANIZATION,
	COFFER_REPORT_MODEL,
	COFFER_REPORT_MODEL_GROUP,
	COFFER_REPORT_MODEL_ID,
	COFFER_REPORT_TAG,
	COFFER_REPORT_SESSION,
	COFFER_REPORT_REQUEST,
	COFFER_REPORT_STATUS,
	COFFER_REPORT_CODE,
	COFFER_REPORT_MIN_SPEND,
	COFFER_REPORT_MAX_SPEND,
	COFFER_REPORT_ALIAS,
	COFFER_REPORT_ROLE,
	COFFER_REPORT_EMAIL,
	COFFER_REPORT_CHANGED_BY,
	COFFER_REPORT_CHANGED_BY_KEY,
	COFFER_REPORT_ACTION,
	COFFER_REPORT_TABLE,
	COFFER_REPORT_OBJECT,
	COFFER_REPORT_BEFORE,
	COFFER_REPORT_AT,
	COFFER_REPORT_FROM,
	COFFER_REPORT_TO,
	COFFER_REPORT_ORDER,
	COFFER_REPORT_LIMIT,
	COFFER_REPORT_OFFSET,
	COFFER_REPORT_PARAMETER_COUNT,
};

struct coffer_report_parameter {
	const char *name;   /* in a text: ":end_user" */
	const char *option; /* for people: "end-user" */
	enum coffer_report_type type;
};

/* In the order of coffer_report_parameter_id. */
extern const struct coffer_report_parameter coffer_report_parameters[COFFER_REPORT_PARAMETER_COUNT];

struct coffer_report {
	const char *name;
	const char *title; /* a line without a full stop */
	const char *text;  /* the name of its text, where that is another's, too; NULL: its own */
	const char *
		log; /* the table whose newest row says where the default range ends, or that `by` is of; NULL: none */
	const char *time;  /* that table's column of times */
	unsigned days;     /* in the default range; 0: everything */
	unsigned limit;    /* the default of `limit`; 0: all */
	const char *by;    /* what a roll-up that may answer it is by, "" where by time alone; NULL: only rows answer it */
	uint64_t required; /* bits of parameters that have to be given */
	bool is_paged;     /* of a part of the rows it is worth saying how many there are */
	bool is_one;       /* it asks for one thing by its key: no row is no answer */
};

extern const struct coffer_report coffer_reports[];
extern const size_t coffer_report_count;

/* NULL when there is none of this name. */
const struct coffer_report *
coffer_report_find(const char *name);

bool
coffer_report_takes(const struct coffer_report *report, enum coffer_report_parameter_id parameter);

/* The words that `order` can be, one a call, as coffer_template_next_choice gives them. `*place` starts as NULL. */
coffer_text
coffer_report_next_order(const struct coffer_report *report, const char **place);

/* What was asked for. A zeroed one with `report` set is empty; release always. */
struct coffer_report_request {
	const struct coffer_report *report;
	char *literals[COFFER_REPORT_PARAMETER_COUNT]; /* as SQL; NULL: no value */
	/* By settle: the range that was not given, as texts; empty where it was, or where there is none. */
	char from[COFFER_SCALAR_TEXT_SIZE], to[COFFER_SCALAR_TEXT_SIZE];
	char at[COFFER_SCALAR_TEXT_SIZE];
	char *groups;  /* by settle: what stands in the place of the rows, where a roll-up says the same; or NULL */
	bool is_empty; /* there is no row that could say where the range ends */
};

/*
 * Give a parameter its value.
 *
 * COFFER_INVALID    the report does not take it, or the text is no such value
 * COFFER_NO_MEMORY
 */
COFFER_CHECKED coffer_status
coffer_report_set(struct coffer_report_request *request, enum coffer_report_parameter_id parameter,
		  const char *text, coffer_error *error);

/* COFFER_INVALID: a parameter is lacking that has to be given. */
COFFER_CHECKED coffer_status
coffer_report_check(const struct coffer_report_request *request, coffer_error *error);

/* Is its range empty, whatever the rows: `from` is not before `to`, given or settled? */
bool
coffer_report_is_backwards(const struct coffer_report_request *request);

/* What a parameter of the type NUMBER is; 0 where it has no value. */
uint64_t
coffer_report_number(const struct coffer_report_request *request,
		     enum coffer_report_parameter_id parameter);

/*
 * Give the others their defaults. The range is as many days as the report says, up to the end of the day of the newest row
 * of its log in `db`, whose tables `schema` describes. Where a roll-up there gives exactly what the rows do, it is asked. With a NULL `db` what only a store can tell, and what was not given
 * and has to be, stands in the text by its name.
 *
 * COFFER_INVALID  no row says what time it is; or what SQLite says of the statement that looks for the newest row
 * COFFER_NO_MEMORY
 */
COFFER_CHECKED coffer_status
coffer_report_settle(struct coffer_report_request *request, sqlite3 *db,
		     const coffer_schema *schema, coffer_error *error);

/*
 * Append the report's statement as it is run on a store of this schema; with NULL as it is for one that lacks nothing.
 * `is_count`: a statement that gives the number of rows, whatever the limit and the offset, in one column `rows`.
 *
 * COFFER_INVALID  the store lacks a table or a column that the report, or a parameter that was given, needs
 */
COFFER_CHECKED coffer_status
coffer_report_write(const struct coffer_report_request *request, const coffer_schema *schema,
		    bool is_count, coffer_buffer *out, coffer_error *error);

void
coffer_report_release(struct coffer_report_request *request);

#endif
