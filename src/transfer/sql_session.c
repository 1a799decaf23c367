/*
 * SET statements. Of the many that a dump begins with, few change what its other statements mean.
 */
#include "transfer/sql_session.h"

#include <string.h>
#include <strings.h>

enum { VALUE_SIZE_MAX = 2 * COFFER_NAME_SIZE_MAX };

void
coffer_sql_session_init(struct coffer_sql_session *session)
{
	*session = (struct coffer_sql_session){.schema = "public"};
}

/*
 * One value: a string, a name or a number, as text; what is too long to mean anything is left
 * empty.
 */
static void
read_value(struct coffer_sql *sql, char out[VALUE_SIZE_MAX + 1])
{
	size_t size = 0;

	memset(out, 0, VALUE_SIZE_MAX + 1);
	if (sql->token.size > VALUE_SIZE_MAX)
		return;
	if (sql->token.kind == COFFER_SQL_STRING) {
		if (!coffer_sql_string(&sql->token, sql->has_backslashes, out, &size))
			size = 0;
		out[size] = '\0';
	} else if (!coffer_sql_identifier(&sql->token, out)) {
		memcpy(out, sql->token.at, sql->token.size);
	}
	coffer_sql_next(sql);
}

/*
 * The first schema of a search_path that bare names may be made in. A path that is empty has none.
 */
static void
set_path(struct coffer_sql_session *session, struct coffer_sql *sql)
{
	char value[VALUE_SIZE_MAX + 1];

	do
		read_value(sql, value);
	while ((!strcmp(value, "pg_catalog") || !strcmp(value, "$user")) &&
	       coffer_sql_accept_symbol(sql, ','));
	if (!*value || strlen(value) > COFFER_NAME_SIZE_MAX)
		memcpy(session->schema, "public", sizeof("public"));
	else
		memcpy(session->schema, value, strlen(value) + 1);
}

static coffer_status
set_encoding(const char *value, coffer_error *error)
{
	static const char *const names[] = {"utf8", "utf-8", "unicode", "sql_ascii"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcasecmp(value, names[i]))
			return COFFER_OK;
	return coffer_error_set(error, COFFER_INVALID,
				"the dump is in the encoding %.40s, UTF8 is expected: pg_dump "
				"--encoding=UTF8 makes one",
				value);
}

static coffer_status
set(struct coffer_sql_session *session, const char *name, struct coffer_sql *sql,
    coffer_error *error)
{
	char value[VALUE_SIZE_MAX + 1];

	if (!strcmp(name, "search_path")) {
		set_path(session, sql);
		return COFFER_OK;
	}
	read_value(sql, value);
	if (!strcmp(name, "client_encoding"))
		return set_encoding(value, error);
	if (!strcmp(name, "standard_conforming_strings"))
		session->has_backslashes = !strcmp(value, "off") || !strcmp(value, "false");
	else if (!strcmp(name, "default_tablespace"))
		session->has_tablespace = *value != '\0';
	else if (!strcmp(name, "default_table_access_method"))
		session->has_access_method = strcmp(value, "heap") != 0;
	return COFFER_OK;
}

/* SELECT pg_catalog.set_config('search_path', '', false) */
static coffer_status
read_function(struct coffer_sql_session *session, struct coffer_sql *sql, coffer_error *error)
{
	char name[VALUE_SIZE_MAX + 1];
	struct coffer_sql_name function;

	if (!coffer_sql_name(sql, "pg_catalog", &function) ||
	    strcmp(function.name, "set_config") != 0 || !coffer_sql_accept_symbol(sql, '('))
		return COFFER_OK;
	read_value(sql, name);
	if (!coffer_sql_accept_symbol(sql, ','))
		return COFFER_OK;
	return set(session, name, sql, error);
}

coffer_status
coffer_sql_session_read(struct coffer_sql_session *session, struct coffer_sql sql,
			coffer_error *error)
{
	char name[VALUE_SIZE_MAX + 1];

	if (coffer_sql_accept(&sql, "select"))
		return read_function(session, &sql, error);
	if (coffer_sql_accept_words(&sql, "reset search_path")) {
		memcpy(session->schema, "public", sizeof("public"));
		return COFFER_OK;
	}
	if (!coffer_sql_accept(&sql, "set"))
		return COFFER_OK;
	if (!coffer_sql_accept(&sql, "session"))
		coffer_sql_accept(&sql, "local");
	if (coffer_sql_accept(&sql, "names"))
		memcpy(name, "client_encoding", sizeof("client_encoding"));
	else
		read_value(&sql, name);
	if (!coffer_sql_accept_symbol(&sql, '='))
		coffer_sql_accept(&sql, "to");
	return set(session, name, &sql, error);
}
