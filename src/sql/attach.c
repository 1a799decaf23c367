/*
 * Stores come and go: attach makes a schema and in it a virtual table for each table that has rows of its own, detach
 * takes them away. The snapshot that statements read is a store's, so that all cursors of a statement see one state.
 */
#include "sql/internal.h"
#include "sql/views.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ the snapshot */

static void
end_snapshot(struct coffer_sql_store *store)
{
	coffer_sql_cursors_free(store);
	coffer_sql_texts_free(store->texts);
	store->texts = NULL;
	coffer_txn_end(store->txn);
	store->txn = NULL;
}

/* The snapshot of the last statement goes on where nobody has committed since; its cursors with it. */
static coffer_status
begin_snapshot(struct coffer_sql_store *store, coffer_error *error)
{
	coffer_status status = COFFER_OK;
	bool is_same = false;

	if (store->txn && (status = coffer_txn_resume(store->txn, &is_same, error)))
		return status;
	/* No statement holds a text of them now. */
	if (is_same && coffer_sql_texts_are_full(store->texts)) {
		coffer_sql_cursors_forget(store);
		coffer_sql_texts_free(store->texts);
		store->texts = coffer_sql_texts_make();
	}
	if (is_same)
		return COFFER_OK;
	end_snapshot(store);
	status = coffer_txn_begin(store->store, &store->txn, error);
	store->snapshot += !status;
	if (!status && !store->sql->copies_all)
		store->texts = coffer_sql_texts_make();
	return status;
}

coffer_status
coffer_sql_snapshot_take(struct coffer_sql_store *store, coffer_error *error)
{
	coffer_status status = store->readers ? COFFER_OK : begin_snapshot(store, error);

	if (!status)
		store->readers++;
	return status;
}

/* Between statements no page is held, so that a connection that is not used costs nothing. */
void
coffer_sql_snapshot_leave(struct coffer_sql_store *store)
{
	if (!--store->readers)
		coffer_txn_rest(store->txn);
}

/* ------------------------------------------------------------------ the list of stores */

struct coffer_sql_store *
coffer_sql_store_find(struct coffer_sql *sql, unsigned number)
{
	struct coffer_sql_store *store = sql->stores;

	while (store && store->number != number)
		store = store->next;
	return store;
}

const coffer_schema *
coffer_sql_schema(const struct coffer_sql *sql, const char *schema)
{
	const struct coffer_sql_store *store = sql->stores;

	while (store && sqlite3_stricmp(store->schema, schema))
		store = store->next;
	return store ? store->description : NULL;
}

/* A statement that was prepared keeps its tables, and they their store, until it is finalized. */
void
coffer_sql_store_release(struct coffer_sql_store *store)
{
	if (--store->references)
		return;
	end_snapshot(store);
	coffer_sql_names_free(store->names, store->description->table_count);
	coffer_store_close(store->store);
	free(store->schema);
	free(store->path);
	free(store->file);
	free(store);
}

void
coffer_sql_close(struct coffer_sql *sql)
{
	while (sql->stores) {
		struct coffer_sql_store *store = sql->stores;

		sql->stores = store->next;
		coffer_sql_store_release(store);
	}
}

static void
unlink_store(struct coffer_sql *sql, struct coffer_sql_store *store)
{
	struct coffer_sql_store **place = &sql->stores;

	while (*place != store)
		place = &(*place)->next;
	*place = store->next;
	coffer_sql_store_release(store);
}

/* A partition's rows are its parent's. */
static char **
table_names(const struct coffer_sql *sql, const coffer_schema *schema)
{
	const char **names = calloc(schema->table_count + 1, sizeof(*names));
	char **chosen = NULL;

	if (names) {
		for (size_t i = 0; i < schema->table_count; i++)
			names[i] = schema->tables[i].id ? schema->tables[i].name : NULL;
		chosen = coffer_sql_names(sql, names, schema->table_count);
	}
	free(names);
	return chosen;
}

/* Takes the store: it is closed when there is no memory for it. */
static struct coffer_sql_store *
link_store(struct coffer_sql *sql, coffer_store *store, const char *path, const char *schema)
{
	struct coffer_sql_store *made = calloc(1, sizeof(*made));

	if (!made) {
		coffer_store_close(store);
		return NULL;
	}
	*made = (struct coffer_sql_store){
		.next = sql->stores,
		.sql = sql,
		.number = ++sql->stores_made,
		.references = 1,
		.schema = strdup(schema),
		.path = strdup(path),
		.file = realpath(path, NULL),
		.names = table_names(sql, coffer_store_schema(store)),
		.store = store,
		.description = coffer_store_schema(store),
	};
	sql->stores = made;
	if (!made->file)
		made->file = strdup(path);
	if (made->schema && made->path && made->file && made->names)
		return made;
	unlink_store(sql, made);
	return NULL;
}

/* ------------------------------------------------------------------ schemas and tables */

static coffer_status
run(struct coffer_sql *sql, coffer_buffer *statement, coffer_error *error)
{
	int code = statement->is_failed ? SQLITE_NOMEM
					: sqlite3_exec(sql->db, statement->data, NULL, NULL, NULL);

	coffer_buffer_clear(statement);
	if (!code)
		return COFFER_OK;
	return coffer_error_set(error, code == SQLITE_NOMEM ? COFFER_NO_MEMORY : COFFER_INVALID,
				"%s", code == SQLITE_NOMEM ? "no memory" : sqlite3_errmsg(sql->db));
}

/* Whether its schema still has a table of it, which SQLite may have let go of for a while. */
static bool
has_tables(const struct coffer_sql_store *store)
{
	coffer_buffer query = {0};
	sqlite3_stmt *statement = NULL;
	bool has = true;
	int code;

	coffer_buffer_text(&query, "SELECT 1 FROM ");
	coffer_sql_quote(&query, store->schema);
	coffer_buffer_printf(
		&query,
		".sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL TABLE %% USING coffer(%u, %%'",
		store->number);
	if (!query.is_failed) {
		code = sqlite3_prepare_v2(store->sql->db, query.data, -1, &statement, NULL);
		has = code == SQLITE_OK ? sqlite3_step(statement) != SQLITE_DONE
					: code != SQLITE_ERROR;
	}
	(void)sqlite3_finalize(statement);
	coffer_buffer_release(&query);
	return has;
}

void
coffer_sql_sweep(struct coffer_sql *sql)
{
	struct coffer_sql_store *store = sql->stores, *next;

	for (; store; store = next) {
		next = store->next;
		if (store->references == 1 && !has_tables(store))
			unlink_store(sql, store);
	}
}

static bool
has_schema(const struct coffer_sql *sql, const char *schema)
{
	return !sqlite3_stricmp(schema, "temp") || sqlite3_db_readonly(sql->db, schema) >= 0;
}

/* In a schema that is a file the tables would stay, and the store would not. */
static coffer_status
check_schema(const struct coffer_sql *sql, const char *schema, coffer_error *error)
{
	const char *file = sqlite3_db_filename(sql->db, schema);

	if (!*schema)
		return coffer_error_set(error, COFFER_INVALID, "a schema needs a name");
	if (file && *file)
		return coffer_error_set(error, COFFER_INVALID,
					"the schema %s is a file: tables of a store go into temp, "
					"or into a new schema",
					schema);
	return COFFER_OK;
}

static coffer_status
make_schema(struct coffer_sql_store *store, coffer_error *error)
{
	coffer_buffer statement = {0};
	coffer_status status;

	coffer_buffer_text(&statement, "ATTACH ':memory:' AS ");
	coffer_sql_quote(&statement, store->schema);
	status = run(store->sql, &statement, error);
	coffer_buffer_release(&statement);
	store->is_own_schema = !status;
	return status;
}

static void
write_name(const struct coffer_sql_store *store, uint32_t table, coffer_buffer *out)
{
	coffer_sql_quote(out, store->schema);
	coffer_buffer_text(out, ".");
	coffer_sql_quote(out, store->names[table]);
}

/* Make the tables from the first on; `*count` of them are there then. */
static coffer_status
make_tables(struct coffer_sql_store *store, uint32_t *count, coffer_error *error)
{
	coffer_buffer statement = {0};
	coffer_status status = COFFER_OK;

	for (*count = 0; !status && *count < store->description->table_count; *count += !status) {
		if (!store->names[*count])
			continue;
		coffer_buffer_text(&statement, "CREATE VIRTUAL TABLE ");
		write_name(store, *count, &statement);
		coffer_buffer_printf(&statement, " USING coffer(%u, %u)", store->number, *count);
		status = run(store->sql, &statement, error);
	}
	coffer_buffer_release(&statement);
	return status;
}

/* Take away the first `count` tables and the views, or the schema that was made for them. */
static coffer_status
drop_tables(struct coffer_sql_store *store, uint32_t count, coffer_error *error)
{
	coffer_buffer statement = {0};
	coffer_status status = COFFER_OK;

	if (store->is_own_schema) {
		coffer_buffer_text(&statement, "DETACH ");
		coffer_sql_quote(&statement, store->schema);
		status = run(store->sql, &statement, error);
		count = 0;
	} else {
		status = coffer_sql_drop_views(store->sql->db, store->schema, store->views, error);
	}
	store->is_leaving = true;
	for (uint32_t i = 0; !status && i < count; i++) {
		if (!store->names[i])
			continue;
		coffer_buffer_text(&statement, "DROP TABLE IF EXISTS ");
		write_name(store, i, &statement);
		status = run(store->sql, &statement, error);
	}
	store->is_leaving = false;
	coffer_buffer_release(&statement);
	return status;
}

coffer_status
coffer_sql_attach(struct coffer_sql *sql, coffer_store *store, const char *path, const char *schema,
		  coffer_error *error)
{
	struct coffer_sql_store *made;
	coffer_status status;
	uint32_t count = 0;

	coffer_sql_sweep(sql);
	made = link_store(sql, store, path, schema);
	if (!made)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a store's tables");
	if (!(status = check_schema(sql, schema, error)) && !has_schema(sql, schema))
		status = make_schema(made, error);
	if (!status)
		status = make_tables(made, &count, error);
	if (!status)
		status = coffer_sql_make_views(sql->db, made->description, schema, &made->views,
					       error);
	if (status && !drop_tables(made, count, NULL))
		unlink_store(sql, made);
	return status;
}

/* ------------------------------------------------------------------ as functions of SQL */

static void
fail_function(sqlite3_context *context, const char *path, const coffer_error *error)
{
	char *message = coffer_sql_message(path, error);

	if (message)
		sqlite3_result_error(context, message, -1);
	else
		sqlite3_result_error_nomem(context);
	sqlite3_free(message);
}

static coffer_status
open_store(struct coffer_sql *sql, const char *path, const char *how, coffer_store **store_out,
	   coffer_error *error)
{
	bool is_unverified = how && !strcmp(how, "unverified");

	*store_out = NULL;
	if (how && !is_unverified)
		return coffer_error_set(error, COFFER_INVALID,
					"the third argument can be 'unverified', not '%s'", how);
	return sql->options.open && !is_unverified
		       ? sql->options.open(sql->options.open_context, path, store_out, error)
		       : coffer_store_open(path, store_out, error);
}

/* A text that ends where its bytes do; SQLite's texts may have a NUL within. NULL: it is none, or fails the function. */
static const char *
read_argument(sqlite3_context *context, sqlite3_value *value)
{
	const char *text = (const char *)sqlite3_value_text(value);

	if (!text || strlen(text) == (size_t)sqlite3_value_bytes(value))
		return text;
	sqlite3_result_error(context, "a NUL is in no name of a file or schema", -1);
	return NULL;
}

/* SQLite says which table is there; a store that was attached before has it. */
static void
tell_schema(const struct coffer_sql *sql, const char *schema, coffer_error *error)
{
	size_t size = strlen(error->message);

	if (strstr(error->message, "already exists") && coffer_sql_schema(sql, schema))
		sqlite3_snprintf((int)(sizeof(error->message) - size), error->message + size,
				 ": the second argument names another schema than %s, "
				 "coffer_detach takes away what is there",
				 schema);
}

/* coffer_attach(FILE [, SCHEMA [, 'unverified']]): the number of its tables. */
void
coffer_sql_attach_function(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct coffer_sql *sql = sqlite3_user_data(context);
	const char *path = (const char *)sqlite3_value_text(values[0]), *schema = NULL, *how = NULL;
	coffer_store *store = NULL;
	coffer_error error = {0};
	sqlite3_int64 tables = 0;
	coffer_status status;

	if (!path) {
		sqlite3_result_error(context, "coffer_attach wants a store's file", -1);
		return;
	}
	for (int i = 0; i < count; i++)
		if (sqlite3_value_type(values[i]) != SQLITE_NULL && !read_argument(context, values[i]))
			return;
	if (count > 1)
		schema = (const char *)sqlite3_value_text(values[1]);
	if (count > 2)
		how = (const char *)sqlite3_value_text(values[2]);
	status = open_store(sql, path, how, &store, &error);
	if (!status)
		status = coffer_sql_attach(sql, store, path, schema ? schema : "temp", &error);
	if (status) {
		tell_schema(sql, schema ? schema : "temp", &error);
		fail_function(context, path, &error);
		return;
	}
	for (size_t i = 0; i < sql->stores->description->table_count; i++)
		tables += sql->stores->names[i] != NULL;
	sqlite3_result_int64(context, tables);
}

static struct coffer_sql_store *
find_in_schema(const struct coffer_sql *sql, const char *schema)
{
	struct coffer_sql_store *store = sql->stores;

	while (store && sqlite3_stricmp(store->schema, schema))
		store = store->next;
	return store;
}

/*
 * Tables of a schema of the connection are dropped one by one, which has to be seen to first: of one that is read SQLite would refuse
 * to drop the rest, and tables that came back with a transaction would have no store.
 */
static coffer_status
check_detach(const struct coffer_sql *sql, const char *schema, coffer_error *error)
{
	for (const struct coffer_sql_store *store = sql->stores; store; store = store->next) {
		if (store->is_own_schema || sqlite3_stricmp(store->schema, schema))
			continue;
		if (!sqlite3_get_autocommit(sql->db))
			return coffer_error_set(error, COFFER_INVALID,
						"a store is not detached in a transaction");
		if (store->readers)
			return coffer_error_set(error, COFFER_BUSY,
						"a statement that has not ended reads %s",
						store->path);
	}
	return COFFER_OK;
}

/* coffer_detach(SCHEMA): its stores; the number of them. */
void
coffer_sql_detach_function(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct coffer_sql *sql = sqlite3_user_data(context);
	const char *schema = read_argument(context, values[0]);
	struct coffer_sql_store *store;
	coffer_error error = {0};
	int detached = 0;

	(void)count;
	if (!schema && sqlite3_value_type(values[0]) != SQLITE_NULL)
		return;
	coffer_sql_sweep(sql);
	while (schema && !check_detach(sql, schema, &error) &&
	       (store = find_in_schema(sql, schema)) &&
	       !drop_tables(store, (uint32_t)store->description->table_count, &error)) {
		unlink_store(sql, store);
		detached++;
	}
	if (error.status)
		fail_function(context, schema, &error);
	else if (!detached)
		sqlite3_result_error(context, "no store is attached under this name", -1);
	else
		sqlite3_result_int(context, detached);
}
