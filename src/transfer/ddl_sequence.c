/*
 * Sequences, those of identity columns too. A dump leaves out limits that follow from the type and
 * the direction; they are filled in here as the server has them.
 */
#include "transfer/ddl_parts.h"

#include <inttypes.h>
#include <string.h>

/* The first server on which the sequence of an identity column may be unlogged. */
enum { PERSISTENCE_SINCE = 15 };

static coffer_sequence *
find_sequence(struct coffer_ddl *ddl, const char *name)
{
	for (size_t i = 0; i < ddl->schema->sequence_count; i++)
		if (!strcmp(ddl->schema->sequences[i].name, name))
			return &ddl->schema->sequences[i];
	return NULL;
}

/* What was given of a sequence's limits. */
struct given {
	bool has_start, has_minimum, has_maximum;
};

static bool
read_limit(struct coffer_ddl *ddl, const char *word, int64_t *limit, bool *is_given)
{
	if (!coffer_sql_accept(&ddl->sql, word))
		return false;
	*limit = coffer_ddl_read_integer(ddl);
	*is_given = true;
	return true;
}

static bool
read_start(struct coffer_ddl *ddl, coffer_sequence *sequence, struct given *given)
{
	if (!coffer_sql_accept(&ddl->sql, "start"))
		return false;
	coffer_sql_accept(&ddl->sql, "with");
	sequence->start = coffer_ddl_read_integer(ddl);
	given->has_start = true;
	return true;
}

static bool
read_increment(struct coffer_ddl *ddl, coffer_sequence *sequence)
{
	if (!coffer_sql_accept(&ddl->sql, "increment"))
		return false;
	coffer_sql_accept(&ddl->sql, "by");
	sequence->increment = coffer_ddl_read_integer(ddl);
	return true;
}

static bool
read_name(struct coffer_ddl *ddl, coffer_sequence *sequence)
{
	struct coffer_sql_name name;

	if (!coffer_sql_accept_words(&ddl->sql, "sequence name"))
		return false;
	coffer_ddl_read_name(ddl, &name);
	sequence->name = coffer_ddl_keep(ddl, name.name);
	return true;
}

/* One of what may stand behind a sequence's name; false: none is here. */
static bool
read_option(struct coffer_ddl *ddl, coffer_sequence *sequence, struct given *given)
{
	struct coffer_sql *sql = &ddl->sql;

	if (coffer_sql_accept(sql, "as"))
		sequence->type = coffer_ddl_read_identifier(ddl);
	else if (coffer_sql_accept(sql, "cache"))
		sequence->cache = coffer_ddl_read_integer(ddl);
	else if (coffer_sql_accept(sql, "cycle"))
		sequence->is_cycle = true;
	else
		return coffer_sql_accept_words(sql, "no minvalue") ||
		       coffer_sql_accept_words(sql, "no maxvalue") ||
		       coffer_sql_accept_words(sql, "no cycle") ||
		       read_limit(ddl, "minvalue", &sequence->minimum, &given->has_minimum) ||
		       read_limit(ddl, "maxvalue", &sequence->maximum, &given->has_maximum) ||
		       read_start(ddl, sequence, given) || read_increment(ddl, sequence) ||
		       read_name(ddl, sequence);
	return true;
}

/* The ends of the type's range, the lower one's left out where it is 0. */
static int64_t
highest_of(const char *type)
{
	return !strcmp(type, "smallint")  ? INT16_MAX
	       : !strcmp(type, "integer") ? INT32_MAX
					  : INT64_MAX;
}

static void
fill_in(coffer_sequence *sequence, const struct given *given)
{
	int64_t highest = highest_of(sequence->type);
	bool is_rising = sequence->increment > 0;

	if (!given->has_minimum)
		sequence->minimum = is_rising ? 1 : -highest - 1;
	if (!given->has_maximum)
		sequence->maximum = is_rising ? highest : -1;
	if (!given->has_start)
		sequence->start = is_rising ? sequence->minimum : sequence->maximum;
	sequence->last_value = sequence->start;
}

static void
check_state(struct coffer_ddl *ddl, const coffer_sequence *sequence)
{
	if (sequence->last_value < sequence->minimum || sequence->last_value > sequence->maximum)
		coffer_ddl_fail(ddl,
				"sequence %s stands at %" PRId64 ", outside of %" PRId64
				" to %" PRId64,
				sequence->name ? sequence->name : "", sequence->last_value,
				sequence->minimum, sequence->maximum);
}

static void
read_options(struct coffer_ddl *ddl, coffer_sequence *sequence)
{
	struct given given = {.has_start = false};

	sequence->increment = sequence->cache = 1;
	while (coffer_ddl_is_well(ddl) && read_option(ddl, sequence, &given))
		;
	if (!coffer_ddl_is_well(ddl))
		return;
	fill_in(sequence, &given);
	check_state(ddl, sequence);
}

static void
create(struct coffer_ddl *ddl, bool is_unlogged)
{
	struct coffer_sql_name name;
	coffer_sequence *sequence;

	coffer_sql_accept_words(&ddl->sql, "if not exists");
	coffer_ddl_read_name(ddl, &name);
	if (!coffer_ddl_is_ours(ddl, &name))
		return;
	sequence = coffer_schema_add_sequence(ddl->schema);
	if (!coffer_ddl_have(ddl, sequence))
		return;
	sequence->name = coffer_ddl_keep(ddl, name.name);
	sequence->type = "bigint";
	sequence->is_unlogged = is_unlogged;
	read_options(ddl, sequence);
}

void
coffer_ddl_create_sequence(struct coffer_ddl *ddl)
{
	create(ddl, false);
}

void
coffer_ddl_create_unlogged_sequence(struct coffer_ddl *ddl)
{
	create(ddl, true);
}

/* "OWNED BY schema.table.column" */
static void
read_owner(struct coffer_ddl *ddl, coffer_sequence *sequence)
{
	struct coffer_sql_name table;
	const char *column;

	if (coffer_sql_accept(&ddl->sql, "none"))
		return;
	coffer_ddl_read_name(ddl, &table);
	if (coffer_sql_accept_symbol(&ddl->sql, '.')) {
		column = coffer_ddl_read_identifier(ddl);
	} else {
		/* "table.column", the table in the session's schema. */
		column = coffer_ddl_keep(ddl, table.name);
		memcpy(table.name, table.schema, sizeof(table.name));
		memcpy(table.schema, ddl->session.schema, sizeof(table.schema));
	}
	if (!coffer_ddl_is_ours(ddl, &table))
		return;
	sequence->owner_table = coffer_ddl_keep(ddl, table.name);
	sequence->owner_column = column;
}

void
coffer_ddl_alter_sequence(struct coffer_ddl *ddl)
{
	struct coffer_sql_name name;
	coffer_sequence *sequence;

	coffer_sql_accept_words(&ddl->sql, "if exists");
	coffer_ddl_read_name(ddl, &name);
	if (!coffer_ddl_is_ours(ddl, &name) || !(sequence = find_sequence(ddl, name.name)))
		return;
	if (coffer_sql_accept_words(&ddl->sql, "owned by"))
		read_owner(ddl, sequence);
	else if (coffer_sql_accept_words(&ddl->sql, "set unlogged"))
		sequence->is_unlogged = true;
	else if (coffer_sql_accept_words(&ddl->sql, "set logged"))
		sequence->is_unlogged = false;
}

void
coffer_ddl_read_identity(struct coffer_ddl *ddl, coffer_table *table, coffer_column *column)
{
	unsigned version = ddl->options.server_version;
	coffer_sequence *sequence;

	if (column->identity) {
		coffer_ddl_fail(ddl, "a column is made an identity a second time");
		return;
	}
	column->identity = coffer_sql_accept_words(&ddl->sql, "by default")
				   ? COFFER_IDENTITY_BY_DEFAULT
				   : COFFER_IDENTITY_ALWAYS;
	if (column->identity == COFFER_IDENTITY_ALWAYS)
		coffer_ddl_expect(ddl, "always");
	if (!coffer_sql_accept_words(&ddl->sql, "as identity"))
		coffer_ddl_expected(ddl, "AS IDENTITY");
	coffer_ddl_expect_symbol(ddl, '(');
	sequence = coffer_schema_add_sequence(ddl->schema);
	if (!coffer_ddl_have(ddl, sequence))
		return;
	sequence->type = column->type;
	sequence->is_identity = true;
	sequence->is_unlogged = table->is_unlogged && (!version || version >= PERSISTENCE_SINCE);
	sequence->owner_table = table->name;
	sequence->owner_column = column->name;
	read_options(ddl, sequence);
	if (!sequence->name)
		coffer_ddl_fail(ddl, "the sequence of an identity column has no name");
	coffer_ddl_expect_symbol(ddl, ')');
}

/* SELECT pg_catalog.setval('schema.sequence', last value, is called) */
void
coffer_ddl_set_sequence(struct coffer_ddl *ddl)
{
	struct coffer_sql_name name;
	coffer_sequence *sequence;
	const char *text;
	struct coffer_sql sql;

	coffer_ddl_expect_symbol(ddl, '(');
	text = coffer_ddl_read_string(ddl);
	coffer_sql_init(&sql, (coffer_text){text, text ? strlen(text) : 0}, false);
	if (!coffer_sql_name(&sql, ddl->session.schema, &name))
		coffer_ddl_fail(ddl, "setval() of something without a name");
	while (coffer_ddl_is_well(ddl) && !coffer_sql_is_symbol(&ddl->sql, ',') &&
	       ddl->sql.token.kind != COFFER_SQL_END)
		coffer_sql_next(&ddl->sql); /* "::pg_catalog.regclass" */
	coffer_ddl_expect_symbol(ddl, ',');
	if (!coffer_ddl_is_ours(ddl, &name) || !(sequence = find_sequence(ddl, name.name)))
		return;
	sequence->last_value = coffer_ddl_read_integer(ddl);
	check_state(ddl, sequence);
	sequence->is_called = true;
	if (coffer_sql_accept_symbol(&ddl->sql, ','))
		sequence->is_called = coffer_sql_is(&ddl->sql, "true");
}
