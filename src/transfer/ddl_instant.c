/*
 * Points in time within the model's texts. A dump prints them in the time zone of who made it, an
 * import through a server in UTC: so they are brought to UTC.
 */
#include "transfer/ddl_parts.h"

#include <string.h>

enum { KEY_PARTS_MAX = 32 }; /* a server's limit */

bool
coffer_ddl_is_instant(struct coffer_sql place)
{
	if (place.token.kind != COFFER_SQL_STRING)
		return false;
	coffer_sql_next(&place);
	if (place.token.kind != COFFER_SQL_SYMBOL || place.token.size != 2)
		return false;
	coffer_sql_next(&place);
	if (!coffer_sql_accept(&place, "timestamp"))
		return false;
	if (coffer_sql_is_symbol(&place, '(') && !coffer_sql_skip_brackets(&place))
		return false;
	return coffer_sql_accept_words(&place, "with time zone") &&
	       !coffer_sql_is_symbol(&place, '[');
}

bool
coffer_ddl_read_instant(struct coffer_ddl *ddl, const struct coffer_sql_token *token,
			coffer_buffer *out)
{
	static const coffer_column column = {
		.name = "",
		.type = "timestamp with time zone",
		.kind = COFFER_TIME,
		.has_zone = true,
	};
	coffer_buffer memory = {0};
	coffer_value value;
	bool is_read = token->size >= 2 && *token->at == '\'' &&
		       !coffer_value_parse(ddl->schema, &column,
					   (coffer_text){token->at + 1, token->size - 2}, &memory,
					   &value, NULL);

	if (is_read) {
		coffer_buffer_text(out, "'");
		is_read = !coffer_value_print(&column, &value, out, NULL);
		coffer_buffer_text(out, "'");
	}
	if (memory.is_failed || out->is_failed)
		coffer_ddl_fail_memory(ddl);
	coffer_buffer_release(&memory);
	return is_read;
}

/* ------------------------------------------------------------------ bounds of partitions */

static bool
is_instant_type(const char *type)
{
	static const char end[] = " with time zone";
	size_t size = strlen(type);

	return !strncmp(type, "timestamp", 9) && size > sizeof(end) - 1 &&
	       !strcmp(type + size - (sizeof(end) - 1), end);
}

/* Is the key's part that is here a column of points in time, alone? */
static bool
is_instant_column(struct coffer_sql sql, const coffer_table *parent)
{
	char name[COFFER_NAME_SIZE_MAX + 1];
	uint16_t column;

	if (!coffer_sql_identifier(&sql.token, name))
		return false;
	coffer_sql_next(&sql);
	column = coffer_table_find_column(parent, name);
	return column != COFFER_NO_COLUMN && !coffer_sql_is_symbol(&sql, '(') &&
	       is_instant_type(parent->columns[column].type);
}

/* Which parts of the parent's key are: "RANGE (a, f(b))", a bit a part; a list has one part for all its values. */
static uint32_t
find_instants(const coffer_table *parent)
{
	coffer_text key = {parent->partition_key, strlen(parent->partition_key)};
	uint32_t instants = 0;
	struct coffer_sql sql;
	bool is_list;

	coffer_sql_init(&sql, key, false);
	is_list = coffer_sql_is(&sql, "list");
	coffer_sql_next(&sql);
	if (!coffer_sql_accept_symbol(&sql, '('))
		return 0;
	for (size_t number = 0; number < KEY_PARTS_MAX; number++) {
		if (is_instant_column(sql, parent))
			instants |= is_list ? UINT32_MAX : UINT32_C(1) << number;
		while (!coffer_sql_is_symbol(&sql, ','))
			if (!coffer_sql_skip_brackets(&sql))
				return instants;
		coffer_sql_next(&sql);
	}
	return instants;
}

/* "FOR VALUES FROM ('x', 1) TO ('y', 2)", "FOR VALUES IN ('x', 'y')": each value is of one part. */
static void
write_bounds(struct coffer_ddl *ddl, uint32_t instants, struct coffer_sql sql, coffer_buffer *out)
{
	const char *done = sql.token.at;
	coffer_buffer instant = {0};
	size_t number = 0;

	while (sql.token.kind != COFFER_SQL_END && sql.token.kind != COFFER_SQL_OPEN) {
		coffer_buffer_clear(&instant);
		if (coffer_sql_is_symbol(&sql, '(')) {
			number = 0;
		} else if (coffer_sql_is_symbol(&sql, ',')) {
			number++;
		} else if (sql.token.kind == COFFER_SQL_STRING &&
			   (instants >> number % KEY_PARTS_MAX & 1) &&
			   coffer_ddl_read_instant(ddl, &sql.token, &instant)) {
			coffer_buffer_append(out, done, (size_t)(sql.token.at - done));
			coffer_buffer_append(out, instant.data, instant.size);
			done = sql.token.at + sql.token.size;
		}
		coffer_sql_next(&sql);
	}
	coffer_buffer_append(out, done, (size_t)(sql.end - done));
	coffer_buffer_release(&instant);
}

const char *
coffer_ddl_read_bounds(struct coffer_ddl *ddl, const coffer_table *parent)
{
	static const char *const no_words[] = {NULL};
	const char *bounds = coffer_ddl_text(ddl, coffer_ddl_read_until(ddl, no_words));
	coffer_buffer out = {0};
	struct coffer_sql sql;
	uint32_t instants;

	if (!bounds || !parent || !parent->partition_key || !(instants = find_instants(parent)))
		return bounds;
	coffer_sql_init(&sql, (coffer_text){bounds, strlen(bounds)}, false);
	write_bounds(ddl, instants, sql, &out);
	if (out.is_failed)
		coffer_ddl_fail_memory(ddl);
	else
		bounds = coffer_ddl_keep(ddl, out.data ? out.data : "");
	coffer_buffer_release(&out);
	return bounds;
}
