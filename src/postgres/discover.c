/*
 * The server's own catalogue, read into a coffer_schema.
 *
 *   schema --> types --> tables, columns --> checks, relations --> views --> indexes --> sequences
 *
 * Everything is one query a class of objects for the whole schema, whatever the number of tables.
 * Definitions are the server's own words, deparsed with the schema alone in search_path so that
 * its names stand unqualified and fit a schema of another name. What coffer does not carry is
 * said, never dropped silently.
 */
#include "postgres/discover_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

coffer_status
coffer_discovery_query(struct coffer_discovery *discovery, const char *sql, const char *shape,
		       PGresult **result_out)
{
	const char *values[1] = {discovery->namespace};
	coffer_status status = coffer_discovery_finish(discovery);

	*result_out = NULL;
	if (!status)
		status = coffer_session_query_values(discovery->session, sql, values, 1, result_out,
						     discovery->error);
	if (!status && (status = coffer_result_check(*result_out, shape, 0, discovery->error))) {
		PQclear(*result_out);
		*result_out = NULL;
	}
	return status;
}

coffer_status
coffer_discovery_finish(struct coffer_discovery *discovery)
{
	if (!discovery->is_out_of_memory)
		return COFFER_OK;
	return coffer_error_set(discovery->error, COFFER_NO_MEMORY, "no memory for the schema");
}

int
coffer_found_compare(const void *left, const void *right)
{
	const struct coffer_found *a = left, *b = right;

	return a->oid < b->oid ? -1 : a->oid > b->oid;
}

const struct coffer_found *
coffer_discovery_find(const struct coffer_discovery *discovery, const char *oid)
{
	struct coffer_found key = {.oid = oid ? (Oid)strtoul(oid, NULL, 10) : 0};

	if (!discovery->found_count)
		return NULL;
	return bsearch(&key, discovery->found, discovery->found_count, sizeof(key),
		       coffer_found_compare);
}

void
coffer_discovery_warn(struct coffer_discovery *discovery, const char *format, ...)
{
	char message[1024];
	va_list arguments;

	if (!discovery->warn)
		return;
	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	discovery->warn(discovery->warn_context, message);
}

/* ------------------------------------------------------------------ fields */

const char *
coffer_field(const PGresult *result, int row, int column)
{
	return PQgetisnull(result, row, column) ? NULL : PQgetvalue(result, row, column);
}

const char *
coffer_discovery_text(struct coffer_discovery *discovery, const PGresult *result, int row,
		      int column)
{
	const char *field = coffer_field(result, row, column), *copy;

	if (!field)
		return NULL;
	copy = coffer_schema_text(discovery->schema, field);
	if (!copy)
		discovery->is_out_of_memory = true;
	return copy;
}

char
coffer_field_letter(const PGresult *result, int row, int column)
{
	const char *field = coffer_field(result, row, column);

	return field ? field[0] : '\0';
}

bool
coffer_field_bool(const PGresult *result, int row, int column)
{
	return coffer_field_letter(result, row, column) == 't';
}

int64_t
coffer_field_integer(const PGresult *result, int row, int column)
{
	const char *field = coffer_field(result, row, column);

	return field ? strtoll(field, NULL, 10) : 0;
}

/* The number of the column with this attribute number, or COFFER_NO_COLUMN. */
static uint16_t
column_number(const coffer_table *table, const struct coffer_found *found, unsigned long attnum)
{
	size_t low = 0, high = table->column_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (found->attnums[middle] < attnum)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < table->column_count && found->attnums[low] == attnum)
		return (uint16_t)low;
	return COFFER_NO_COLUMN;
}

size_t
coffer_field_columns(struct coffer_discovery *discovery, const struct coffer_found *found,
		     const PGresult *result, int row, int column, uint16_t **columns_out)
{
	const coffer_table *table = &discovery->schema->tables[found->table];
	const char *at = coffer_field(result, row, column);
	uint16_t columns[COFFER_KEY_COLUMNS_MAX], number;
	size_t count = 0;
	char *end;

	*columns_out = NULL;
	while (at && *(at += strcspn(at, "0123456789")) && count < COFFER_KEY_COLUMNS_MAX) {
		number = column_number(table, found, strtoul(at, &end, 10));
		if (number == COFFER_NO_COLUMN)
			break;
		columns[count++] = number;
		at = end;
	}
	if (!count)
		return 0;
	*columns_out = coffer_schema_memory(discovery->schema, count * sizeof(columns[0]));
	if (*columns_out)
		memcpy(*columns_out, columns, count * sizeof(columns[0]));
	else
		discovery->is_out_of_memory = true;
	return *columns_out ? count : 0;
}

/* ------------------------------------------------------------------ the whole */

/* clang-format off */
static const char schema_sql[] =
	"SELECT n.oid, n.nspname, " COFFER_COMMENT_SQL("n.oid", "pg_namespace", "0") ","
	" pg_catalog.has_schema_privilege(n.oid, 'USAGE')"
	" FROM pg_catalog.pg_namespace AS n WHERE n.nspname = $1::pg_catalog.name";
/* clang-format on */

/* Find the schema, its name and comment. */
static coffer_status
find_schema(struct coffer_discovery *discovery)
{
	struct coffer_session *session = discovery->session;
	const char *values[1] = {session->schema};
	PGresult *result;
	coffer_status status = coffer_session_query_values(session, schema_sql, values, 1, &result,
							   discovery->error);

	if (status)
		return status;
	if ((status = coffer_result_check(result, "rror", 0, discovery->error))) {
		;
	} else if (PQntuples(result) != 1) {
		status = coffer_error_set(discovery->error, COFFER_UNREACHABLE,
					  "there is no schema \"%s\"", session->schema);
	} else if (!coffer_field_bool(result, 0, 3)) {
		status = coffer_error_set(discovery->error, COFFER_UNREACHABLE,
					  "permission denied for schema \"%s\"", session->schema);
	} else {
		snprintf(discovery->namespace, sizeof(discovery->namespace), "%s",
			 coffer_field(result, 0, 0));
		discovery->schema->name = coffer_discovery_text(discovery, result, 0, 1);
		discovery->schema->comment = coffer_discovery_text(discovery, result, 0, 2);
	}
	PQclear(result);
	return status;
}

static coffer_status
discover_all(struct coffer_discovery *discovery)
{
	static coffer_status (*const parts[])(struct coffer_discovery *) = {
		find_schema,
		coffer_discover_enums,
		coffer_discover_domains,
		coffer_discover_tables,
		coffer_discover_columns,
		coffer_discover_checks,
		coffer_discover_relations,
		coffer_discover_views,
		coffer_discover_indexes,
		coffer_discover_sequences,
		coffer_discover_left,
		coffer_discovery_finish,
	};
	coffer_status status = COFFER_OK;
	size_t at;

	for (at = 0; !status && at < sizeof(parts) / sizeof(parts[0]); at++) {
		status = coffer_session_poll(discovery->session, "reading the catalogue", 0, 0,
					     discovery->error);
		if (!status)
			status = parts[at](discovery);
	}
	return status;
}

coffer_status
coffer_discover(struct coffer_session *session, void (*warn)(void *context, const char *message),
		void *warn_context, coffer_schema **schema_out, coffer_error *error)
{
	struct coffer_discovery discovery = {
		.session = session,
		.error = error,
		.warn = warn,
		.warn_context = warn_context,
	};
	coffer_status status;

	*schema_out = NULL;
	if ((status = coffer_schema_new(&discovery.schema, error)))
		return status;
	if (!(status = coffer_session_pin(session, error)) && !(status = discover_all(&discovery)))
		status = coffer_schema_settle(discovery.schema, error);
	if (status)
		coffer_schema_free(discovery.schema);
	else
		*schema_out = discovery.schema;
	return status;
}
