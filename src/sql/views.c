/*
 * Views are statements of a template's text, so that what the store lacks is known before one is made.
 */
#include "sql/views.h"

#include "sql/report_groups.h"
#include "sql/template.h"

#include <string.h>

/* The views that groups of a roll-up answer: by day, and by this column. */
static const struct {
	const char *view, *by;
} of_groups[] = {
	{"Last30dKeysBySpend", "api_key"},
	{"Last30dModelsBySpend", "model"},
	{"MonthlyGlobalSpend", ""},
	{"MonthlyGlobalSpendPerKey", "api_key"},
};

static coffer_status
run(sqlite3 *db, const coffer_buffer *statement, coffer_error *error)
{
	int code = statement->is_failed ? SQLITE_NOMEM
					: sqlite3_exec(db, statement->data, NULL, NULL, NULL);

	if (!code)
		return COFFER_OK;
	return coffer_error_set(error, code == SQLITE_NOMEM ? COFFER_NO_MEMORY : COFFER_INVALID,
				"%s", code == SQLITE_NOMEM ? "no memory" : sqlite3_errmsg(db));
}

/* `words`, then the name in its schema. */
static void
write_named(const char *words, const char *schema_name, const char *name, coffer_buffer *out)
{
	char *text = sqlite3_mprintf("%s \"%w\".\"%w\"", words, schema_name, name);

	if (text)
		coffer_buffer_text(out, text);
	else
		out->is_failed = true;
	sqlite3_free(text);
}

/* COFFER_NOT_FOUND: nothing has the name. */
static coffer_status
find_name(sqlite3 *db, const char *schema_name, const char *name, coffer_error *error)
{
	char *text =
		sqlite3_mprintf("SELECT 1 FROM \"%w\".sqlite_schema WHERE name = %Q COLLATE NOCASE",
				schema_name, name);
	sqlite3_stmt *statement = NULL;
	int code = text ? sqlite3_prepare_v2(db, text, -1, &statement, NULL) : SQLITE_NOMEM;

	sqlite3_free(text);
	if (!code)
		code = sqlite3_step(statement);
	sqlite3_finalize(statement);
	if (code == SQLITE_ROW)
		return COFFER_OK;
	if (code == SQLITE_DONE)
		return COFFER_NOT_FOUND;
	return coffer_error_set(error, code == SQLITE_NOMEM ? COFFER_NO_MEMORY : COFFER_INVALID,
				"%s", sqlite3_errmsg(db));
}

static coffer_status
find_groups(const coffer_schema *schema, const char *schema_name, const char *view, char **groups_out,
	    coffer_error *error)
{
	*groups_out = NULL;
	for (size_t i = 0; i < sizeof(of_groups) / sizeof(of_groups[0]); i++)
		if (!strcmp(of_groups[i].view, view))
			return coffer_view_groups(schema, schema_name, of_groups[i].by, groups_out,
						  error);
	return COFFER_OK;
}

/* COFFER_NOT_FOUND: the store lacks something of it. */
static coffer_status
make_view(sqlite3 *db, const coffer_schema *schema, const char *schema_name,
	  const struct coffer_sql_text *view, coffer_error *error)
{
	struct coffer_template_value values[] = {{"source", "rows"}, {"groups", NULL}};
	struct coffer_template template = {view->text, schema, values, 2};
	char lack[COFFER_LACK_SIZE], *groups;
	coffer_buffer statement = {0};
	coffer_status status;

	if ((status = find_groups(schema, schema_name, view->name, &groups, error)))
		return status;
	if (groups)
		values[0].literal = "rollup";
	values[1].literal = groups;
	write_named("CREATE VIEW", schema_name, view->name, &statement);
	coffer_buffer_text(&statement, " AS\n");
	status = coffer_template_write(&template, &statement, lack, error);
	if (!status)
		status = run(db, &statement, error);
	coffer_buffer_release(&statement);
	sqlite3_free(groups);
	return status;
}

coffer_status
coffer_sql_make_views(sqlite3 *db, const coffer_schema *schema, const char *schema_name,
		      uint64_t *made_out, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	*made_out = 0;
	for (size_t i = 0; status >= 0 && coffer_view_texts[i].name; i++) {
		const struct coffer_sql_text *view = &coffer_view_texts[i];

		status = find_name(db, schema_name, view->name, error);
		if (status != COFFER_NOT_FOUND)
			continue;
		status = make_view(db, schema, schema_name, view, error);
		if (!status)
			*made_out |= UINT64_C(1) << i;
	}
	return status < 0 ? status : COFFER_OK;
}

coffer_status
coffer_sql_drop_views(sqlite3 *db, const char *schema_name, uint64_t made, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && coffer_view_texts[i].name; i++) {
		coffer_buffer statement = {0};

		if (!(made & UINT64_C(1) << i))
			continue;
		write_named("DROP VIEW IF EXISTS", schema_name, coffer_view_texts[i].name,
			    &statement);
		status = run(db, &statement, error);
		coffer_buffer_release(&statement);
	}
	return status;
}
