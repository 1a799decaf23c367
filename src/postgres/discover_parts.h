/*
 * Inside the discovery: what its parts share. Each part asks one query a class of objects for the
 * whole schema and appends to the model; tables come first, since the rest refers to them.
 *
 * The queries qualify every function with pg_catalog and compare equal types only, so that no
 * object of the schema that is read can take an operator's place. Columns of the catalogue that
 * older servers lack are read through to_jsonb, so that one text serves versions 12 to 18.
 */
#ifndef COFFER_POSTGRES_DISCOVER_PARTS_H
#define COFFER_POSTGRES_DISCOVER_PARTS_H

#include "postgres/discover.h"
#include "postgres/result.h"

/* A table of the server and where it stands in the model. */
struct coffer_found {
	Oid oid;
	uint32_t table;    /* number in schema->tables */
	uint16_t *attnums; /* of its columns, ascending; as many as the table has columns */
};

/* By oid, for qsort and bsearch. */
int
coffer_found_compare(const void *left, const void *right);

struct coffer_discovery {
	struct coffer_session *session;
	coffer_schema *schema;
	coffer_error *error;
	void (*warn)(void *context, const char *message);
	void *warn_context;
	char namespace[16];         /* oid of the schema, as text: the $1 of every query */
	struct coffer_found *found; /* ordered by oid */
	size_t found_count;
	bool is_out_of_memory; /* sticky: some text could not be kept */
};

/* Run `sql`, whose $1 is the schema's oid. The answer has the shape: see coffer_result_check. */
COFFER_CHECKED coffer_status
coffer_discovery_query(struct coffer_discovery *discovery, const char *sql, const char *shape,
		       PGresult **result_out);

/* NO_MEMORY when something could not be kept since the start. */
COFFER_CHECKED coffer_status
coffer_discovery_finish(struct coffer_discovery *discovery);

/* The table with this oid (as text), or NULL. */
const struct coffer_found *
coffer_discovery_find(const struct coffer_discovery *discovery, const char *oid);

/* One line to the caller. */
void
coffer_discovery_warn(struct coffer_discovery *discovery, const char *format, ...)
	COFFER_PRINTF(2, 3);

/* A copy of a field that lives as long as the schema; NULL for NULL. */
const char *
coffer_discovery_text(struct coffer_discovery *discovery, const PGresult *result, int row,
		      int column);

/* A field as libpq holds it, NULL for NULL; as a boolean; as its first letter; as an integer. */
const char *
coffer_field(const PGresult *result, int row, int column);
bool
coffer_field_bool(const PGresult *result, int row, int column);
char
coffer_field_letter(const PGresult *result, int row, int column);
int64_t
coffer_field_integer(const PGresult *result, int row, int column);

/*
 * The attribute numbers in a field ("{1,2}", "[1, 2]" or "1 2") as column numbers of the table, up
 * to the first that is no column (0: an expression). Returns how many; `columns_out` is the
 * schema's.
 */
size_t
coffer_field_columns(struct coffer_discovery *discovery, const struct coffer_found *found,
		     const PGresult *result, int row, int column, uint16_t **columns_out);

COFFER_CHECKED coffer_status
coffer_discover_tables(struct coffer_discovery *discovery);
COFFER_CHECKED coffer_status
coffer_discover_columns(struct coffer_discovery *discovery);
COFFER_CHECKED coffer_status
coffer_discover_checks(struct coffer_discovery *discovery);
COFFER_CHECKED coffer_status
coffer_discover_relations(struct coffer_discovery *discovery);
/* Views, then the indexes of tables and materialized views. */
COFFER_CHECKED coffer_status
coffer_discover_views(struct coffer_discovery *discovery);
COFFER_CHECKED coffer_status
coffer_discover_indexes(struct coffer_discovery *discovery);
COFFER_CHECKED coffer_status
coffer_discover_enums(struct coffer_discovery *discovery);
COFFER_CHECKED coffer_status
coffer_discover_domains(struct coffer_discovery *discovery);
COFFER_CHECKED coffer_status
coffer_discover_sequences(struct coffer_discovery *discovery);
/* Warn of what is not carried. */
COFFER_CHECKED coffer_status
coffer_discover_left(struct coffer_discovery *discovery);

/* SQL: is the object with this oid of this catalogue no member of an extension? */
/* clang-format off */
#define COFFER_NOT_EXTENSION(catalogue, oid) \
	" NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend AS ext" \
	" WHERE ext.classid = '" catalogue "'::pg_catalog.regclass::pg_catalog.oid" \
	" AND ext.objid = " oid " AND ext.deptype = 'e')"
/* clang-format on */

/* SQL: reloptions, an array of name=value, as they stand between the parentheses of WITH. */
/* clang-format off */
#define COFFER_OPTIONS_SQL(options, prefix) \
	"(SELECT pg_catalog.string_agg('" prefix "'::pg_catalog.text" \
	" || pg_catalog.quote_ident(o.name) || '='::pg_catalog.text ||" \
	" CASE WHEN o.value ~ '^([a-z_]+|[0-9]+([.][0-9]+)?)$'::pg_catalog.text THEN o.value" \
	" ELSE pg_catalog.quote_literal(o.value) END, ', '::pg_catalog.text ORDER BY o.number)" \
	" FROM (SELECT pg_catalog.split_part(p.option, '='::pg_catalog.text, 1) AS name," \
	" pg_catalog.substr(p.option, pg_catalog.strpos(p.option, '='::pg_catalog.text) + 1) AS value," \
	" p.number FROM pg_catalog.unnest(" options ") WITH ORDINALITY AS p (option, number)) AS o)"
/* clang-format on */

#endif
