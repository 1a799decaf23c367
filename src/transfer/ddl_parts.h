/*
 * Inside the reading of DDL: what its parts share. A part reads one kind of statement from `sql`
 * on, whose first words were read, and fails by coffer_ddl_fail; the first failure sticks and what
 * is read after it is of no consequence.
 */
#ifndef COFFER_TRANSFER_DDL_PARTS_H
#define COFFER_TRANSFER_DDL_PARTS_H

#include "transfer/ddl.h"
#include "transfer/left.h"
#include "transfer/sql_session.h"

/* A partition and its parent, wherever they lie. */
struct coffer_ddl_partition {
	struct coffer_sql_name name, parent;
};

/* Something of the schema that is not carried. */
struct coffer_ddl_left {
	enum coffer_left_kind kind;
	const char *name; /* the schema's */
};

/* A table that inherits from another. */
struct coffer_ddl_heir {
	const char *table, *parent; /* the schema's */
};

/* A domain of another schema, and what is under it. */
struct coffer_ddl_domain {
	const char *name; /* as types name it; the schema's */
	const char *type;
};

/* A column whose NOT NULL heirs do not get. */
struct coffer_ddl_column {
	const char *table, *name; /* the schema's */
};

struct coffer_ddl {
	coffer_schema *schema; /* NULL once it was given away */
	struct coffer_ddl_options options;
	struct coffer_sql_session session;
	struct coffer_sql sql; /* the statement's words */
	coffer_status status;  /* the first failure */
	coffer_error *error;
	bool has_extensions;
	bool is_all_quoted; /* pg_dump --quote-all-identifiers: names lose needless quotes */
	struct coffer_ddl_partition *partitions;
	size_t partition_count;
	struct coffer_ddl_left *left;
	size_t left_count;
	struct coffer_ddl_heir *heirs;
	size_t heir_count;
	struct coffer_ddl_domain *domains;
	size_t domain_count;
	struct coffer_ddl_column *not_inherited;
	size_t not_inherited_count;
};

/* ------------------------------------------------------------------ ddl_words.c */

void
coffer_ddl_fail(struct coffer_ddl *ddl, const char *format, ...) COFFER_PRINTF(2, 3);
void
coffer_ddl_fail_memory(struct coffer_ddl *ddl);
void
coffer_ddl_warn(struct coffer_ddl *ddl, const char *format, ...) COFFER_PRINTF(2, 3);

/* Fail with what is expected and what stands there instead. */
void
coffer_ddl_expected(struct coffer_ddl *ddl, const char *what);

static inline bool
coffer_ddl_is_well(const struct coffer_ddl *ddl)
{
	return !ddl->status;
}

/* Go on over a keyword or symbol that must be here. */
void
coffer_ddl_expect(struct coffer_ddl *ddl, const char *word);
void
coffer_ddl_expect_symbol(struct coffer_ddl *ddl, char symbol);

/* Memory of the schema, zeroed; NULL has failed. */
void *
coffer_ddl_memory(struct coffer_ddl *ddl, size_t size);
/* A member behind the last of a growing array of the ddl's; NULL has failed. */
void *
coffer_ddl_append(struct coffer_ddl *ddl, void *array, size_t *count, size_t size);
/* Has failed when `member`, what a coffer_..._add_... gave, is NULL. */
bool
coffer_ddl_have(struct coffer_ddl *ddl, const void *member);

/* Read "schema.name" or "name"; has failed where there is none. */
void
coffer_ddl_read_name(struct coffer_ddl *ddl, struct coffer_sql_name *name_out);
/* Is it in the schema that is read? */
bool
coffer_ddl_is_ours(const struct coffer_ddl *ddl, const struct coffer_sql_name *name);
/* Read a bare name, as a copy of the schema's; NULL has failed. */
const char *
coffer_ddl_read_identifier(struct coffer_ddl *ddl);
const char *
coffer_ddl_keep(struct coffer_ddl *ddl, const char *text);

/* Read a string, as a copy of the schema's; "" and NULL give NULL. */
const char *
coffer_ddl_read_string(struct coffer_ddl *ddl);
/* Read a whole number, with its sign. */
int64_t
coffer_ddl_read_integer(struct coffer_ddl *ddl);

/* Read "(a, b)" as numbers of a table's columns; the count. */
size_t
coffer_ddl_read_columns(struct coffer_ddl *ddl, const coffer_table *table, uint16_t **columns_out);

/* The table or view of this name, NULL where there is none. */
coffer_table *
coffer_ddl_find_table(struct coffer_ddl *ddl, const char *name);
coffer_view *
coffer_ddl_find_view(struct coffer_ddl *ddl, const char *name);

/* Note what is not carried: "name", or "name<between>other" where `other` is given. */
void
coffer_ddl_leave(struct coffer_ddl *ddl, enum coffer_left_kind kind, const char *name,
		 const char *between, const char *other);
/* Note a relation that is made with another tablespace or access method than the usual. */
void
coffer_ddl_leave_storage(struct coffer_ddl *ddl, const char *name, bool is_index);

/* ------------------------------------------------------------------ ddl_text.c */

/* A copy of SQL without the qualification by the schema's name; NULL has failed. */
const char *
coffer_ddl_text(struct coffer_ddl *ddl, coffer_text text);

/*
 * Read all up to one of the words or a comma or closing bracket at this depth, at least one token.
 */
coffer_text
coffer_ddl_read_until(struct coffer_ddl *ddl, const char *const *words);
/* Read "(x)" and give what is in it. */
coffer_text
coffer_ddl_read_inside(struct coffer_ddl *ddl);

/* Read a type, up to what may follow it in a column or domain. */
const char *
coffer_ddl_read_type(struct coffer_ddl *ddl);
/* Read an expression, up to what may follow it in a column or domain. */
const char *
coffer_ddl_read_expression(struct coffer_ddl *ddl);
/* Read a collation's name, without pg_catalog and the schema. */
const char *
coffer_ddl_read_collation(struct coffer_ddl *ddl);
/* Read "(name=value, ...)" as the model has options. */
const char *
coffer_ddl_read_options(struct coffer_ddl *ddl);

/* ------------------------------------------------------------------ ddl_instant.c */

/* Is the string that is here cast to timestamptz? */
bool
coffer_ddl_is_instant(struct coffer_sql place);
/* Append a string's point in time as a string in UTC; false: it is none, or has failed. */
bool
coffer_ddl_read_instant(struct coffer_ddl *ddl, const struct coffer_sql_token *token,
			coffer_buffer *out);
/* Read the bounds of a partition of `parent`, which may be NULL. */
const char *
coffer_ddl_read_bounds(struct coffer_ddl *ddl, const coffer_table *parent);

/* ------------------------------------------------------------------ kinds of statements */

/* ddl_type.c, ddl_sequence.c */
void
coffer_ddl_create_type(struct coffer_ddl *ddl);
void
coffer_ddl_create_domain(struct coffer_ddl *ddl);
void
coffer_ddl_alter_domain(struct coffer_ddl *ddl);
void
coffer_ddl_create_sequence(struct coffer_ddl *ddl);
void
coffer_ddl_create_unlogged_sequence(struct coffer_ddl *ddl);
void
coffer_ddl_alter_sequence(struct coffer_ddl *ddl);
void
coffer_ddl_set_sequence(struct coffer_ddl *ddl);
/* Read "GENERATED ... AS IDENTITY (...)" behind its first word. */
void
coffer_ddl_read_identity(struct coffer_ddl *ddl, coffer_table *table, coffer_column *column);

/* ddl_table.c, ddl_alter.c, ddl_constraint.c */
void
coffer_ddl_create_table(struct coffer_ddl *ddl);
void
coffer_ddl_create_unlogged_table(struct coffer_ddl *ddl);
void
coffer_ddl_alter_table(struct coffer_ddl *ddl);
/* Read what stands behind CONSTRAINT: its name and definition. */
void
coffer_ddl_read_constraint(struct coffer_ddl *ddl, coffer_table *table);

/* ddl_index.c, ddl_view.c, ddl_comment.c, ddl_left.c */
void
coffer_ddl_create_index(struct coffer_ddl *ddl);
void
coffer_ddl_create_unique_index(struct coffer_ddl *ddl);
void
coffer_ddl_alter_index(struct coffer_ddl *ddl);
/* Read "CLUSTER ON index" behind its first word. */
void
coffer_ddl_read_cluster(struct coffer_ddl *ddl, coffer_index *indexes, size_t count);
void
coffer_ddl_create_view(struct coffer_ddl *ddl);
void
coffer_ddl_create_materialized_view(struct coffer_ddl *ddl);
void
coffer_ddl_refresh_view(struct coffer_ddl *ddl);
void
coffer_ddl_comment(struct coffer_ddl *ddl);
/* A statement of none of the kinds above. */
void
coffer_ddl_leave_statement(struct coffer_ddl *ddl);
void
coffer_ddl_say_left(struct coffer_ddl *ddl);

/* ddl_partition.c, ddl_order.c: what the whole implies. */
void
coffer_ddl_inherit(struct coffer_ddl *ddl);
void
coffer_ddl_put_in_order(struct coffer_ddl *ddl);

#endif
