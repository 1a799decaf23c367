/*
 * Sequences come last: what setval did stays when a transaction fails, so nothing else may fail behind it.
 *
 * Others draw numbers meanwhile. A sequence that has to move is locked by an ALTER that changes nothing,
 * where it is this role's, before it is looked at: between the look and the move nobody draws. With RESTART
 * its state becomes a part of the transaction, so that a replacement that fails leaves it as it was.
 */
#include "postgres/export_sequence.h"

#include "postgres/copy_bytes.h"
#include "postgres/copy_sql.h"
#include "postgres/result.h"

#include <inttypes.h>
#include <stdio.h>

void
coffer_export_put_setval(coffer_buffer *sql, const char *schema_name, const char *name,
			 const coffer_sequence *state)
{
	coffer_buffer path = {0};
	char piece[64];

	coffer_copy_put_table(&path, schema_name, name);
	coffer_copy_put_byte(&path, 0);
	coffer_copy_put_text(sql, "SELECT pg_catalog.setval(");
	coffer_copy_put_literal(sql, path.data ? path.data : "");
	snprintf(piece, sizeof(piece), "::pg_catalog.regclass, %" PRId64 ", %s);\n",
		 state->last_value, state->is_called ? "true" : "false");
	coffer_copy_put_text(sql, piece);
	sql->is_failed = sql->is_failed || path.is_failed;
	coffer_buffer_release(&path);
}

static bool
is_same_text(const char *left, const char *right)
{
	return left && right && strcmp(left, right) == 0;
}

static const coffer_sequence *
find_target(const coffer_schema *target, const coffer_sequence *sequence)
{
	for (size_t i = 0; i < target->sequence_count; i++)
		if (is_same_text(target->sequences[i].owner_table, sequence->owner_table) &&
		    is_same_text(target->sequences[i].owner_column, sequence->owner_column))
			return &target->sequences[i];
	for (size_t i = 0; i < target->sequence_count; i++)
		if (strcmp(target->sequences[i].name, sequence->name) == 0)
			return &target->sequences[i];
	return NULL;
}

static coffer_status
is_owned(struct coffer_export *export, const char *name, bool *is_owned_out, coffer_error *error)
{
	const char *values[2] = {export->session.schema, name};
	PGresult *result;
	coffer_status status = coffer_session_query_values(
		&export->session,
		"SELECT pg_catalog.pg_has_role(c.relowner, 'USAGE') FROM pg_catalog.pg_class AS c"
		" JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
		" WHERE n.nspname = $1 AND c.relname = $2",
		values, 2, &result, error);

	*is_owned_out = !status && PQntuples(result) && *coffer_result_text(result, 0, 0) == 't';
	PQclear(result);
	return status;
}

/* Does the store's sequence give its next number from farther along? */
static bool
is_ahead(const coffer_sequence *target, const coffer_sequence *sequence)
{
	if (target->last_value == sequence->last_value)
		return sequence->is_called && !target->is_called;
	return (target->increment > 0) == (sequence->last_value > target->last_value);
}

/* The same question, asked of what the server has now. */
static void
put_behind(coffer_buffer *sql, const struct coffer_export *export, const coffer_sequence *target,
	   const coffer_sequence *sequence)
{
	char piece[160];

	coffer_copy_put_text(sql, " FROM ");
	coffer_copy_put_table(sql, export->session.schema, target->name);
	snprintf(piece, sizeof(piece),
		 " AS q WHERE q.last_value %s %" PRId64 " OR q.last_value = %" PRId64
		 " AND %s AND NOT q.is_called",
		 target->increment > 0 ? "<" : ">", sequence->last_value, sequence->last_value,
		 sequence->is_called ? "true" : "false");
	coffer_copy_put_text(sql, piece);
}

static coffer_status
advance(struct coffer_export *export, const coffer_sequence *target,
	const coffer_sequence *sequence, coffer_error *error)
{
	bool is_replaced = export->options->mode == COFFER_EXPORT_REPLACE, is_own;
	coffer_status status = is_owned(export, target->name, &is_own, error);
	coffer_buffer sql = {0};
	char piece[48];

	if (status)
		return status;
	if (is_own) {
		coffer_copy_put_text(&sql, "ALTER SEQUENCE ");
		coffer_copy_put_table(&sql, export->session.schema, target->name);
		snprintf(piece, sizeof(piece), " CACHE %" PRId64, target->cache);
		coffer_copy_put_text(&sql, is_replaced ? " RESTART" : piece);
		coffer_copy_put_text(&sql, ";\n");
	}
	coffer_export_put_setval(&sql, export->session.schema, target->name, sequence);
	if (!is_replaced && sql.size > 2) {
		sql.size -= 2;
		put_behind(&sql, export, target, sequence);
	}
	status = coffer_export_run(export, &sql, error);
	if (status)
		coffer_session_place(target->name, error);
	return status;
}

coffer_status
coffer_export_advance(struct coffer_export *export, const struct coffer_matches *matches,
		      coffer_error *error)
{
	const coffer_schema *schema = coffer_export_schema(export);
	bool is_replaced = export->options->mode == COFFER_EXPORT_REPLACE;
	coffer_status status = COFFER_OK;

	for (size_t i = 0; i < schema->sequence_count && !status; i++) {
		const coffer_sequence *sequence = &schema->sequences[i];
		const coffer_sequence *target = find_target(matches->target, sequence);

		if (!target)
			coffer_export_warn(export, "sequence %s: the target has none",
					   sequence->name);
		else if (is_replaced || is_ahead(target, sequence))
			status = advance(export, target, sequence, error);
	}
	return status;
}
