/*
 * The n-th allocation fails, SQLite's or coffer's, that one alone or all from there on, for n = 0, 1, 2 ... until a statement gets
 * through: either it says that there is no memory, or its answer is the whole one; and asked again with memory the connection
 * gives the whole one. So it is with what attaches a store.
 *
 * The linker puts the functions below in front of the real ones (--wrap, see the Makefile).
 */
#include "sql/sql.h"

#include "tests/support/must.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	ROWS = 150,
	EACH_MAX = 250, /* allocations that each fail; of those behind them one in so many as there were, by SPARSE */
	SPARSE = 12,
};

static char folder[] = "/tmp/coffer-memory.XXXXXX";
static char path[64];

/* ------------------------------------------------------------------ failures */

static long countdown = -1;
static bool is_lasting, was_hit;

static bool
fails(void)
{
	if (countdown < 0 || (countdown > 0 && countdown--))
		return false;
	if (!is_lasting)
		countdown = -1;
	was_hit = true;
	errno = ENOMEM;
	return true;
}

#define WRAP_MEMORY(name, parameters, arguments) \
	void *__real_##name parameters; \
	void *__wrap_##name parameters; \
	void *__wrap_##name parameters \
	{ \
		return fails() ? NULL : __real_##name arguments; \
	}
WRAP_MEMORY(malloc, (size_t size), (size))
WRAP_MEMORY(calloc, (size_t count, size_t size), (count, size))
WRAP_MEMORY(realloc, (void *memory, size_t size), (memory, size))
WRAP_MEMORY(strdup, (const char *text), (text))

static sqlite3_mem_methods usual;

static void *
allocate(int size)
{
	return fails() ? NULL : usual.xMalloc(size);
}

static void *
reallocate(void *memory, int size)
{
	return fails() ? NULL : usual.xRealloc(memory, size);
}

static void
arm(long n, bool lasts)
{
	countdown = n;
	is_lasting = lasts;
	was_hit = false;
}

/* ------------------------------------------------------------------ answers */

struct answer {
	int code;
	unsigned rows;
	uint64_t sum; /* of all cells of all rows, whatever their order */
};

static uint64_t
mix(uint64_t sum, const void *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		sum = (sum ^ ((const unsigned char *)data)[i]) * UINT64_C(0x100000001b3);
	return sum;
}

static uint64_t
take_cell(uint64_t sum, sqlite3_value *value)
{
	int type = sqlite3_value_type(value);
	char number[32];

	sum = mix(sum, &type, sizeof(type));
	if (type == SQLITE_TEXT || type == SQLITE_BLOB)
		return mix(sum, sqlite3_value_blob(value), (size_t)sqlite3_value_bytes(value));
	/* Rows come in another order where there is no memory to gather them. */
	snprintf(number, sizeof(number), "%.12g", sqlite3_value_double(value));
	return mix(sum, number, strlen(number));
}

static struct answer
ask(sqlite3 *db, const char *query)
{
	struct answer answer = {0};
	sqlite3_stmt *statement = NULL;

	answer.code = sqlite3_prepare_v2(db, query, -1, &statement, NULL);
	while (!answer.code && (answer.code = sqlite3_step(statement)) == SQLITE_ROW) {
		uint64_t sum = UINT64_C(0xcbf29ce484222325);
		long armed = countdown;

		countdown = -1;
		for (int i = 0; i < sqlite3_column_count(statement); i++)
			sum = take_cell(sum, sqlite3_column_value(statement, i));
		countdown = armed;
		answer.sum += sum;
		answer.rows++;
		answer.code = SQLITE_OK;
	}
	sqlite3_finalize(statement);
	return answer;
}

/* ------------------------------------------------------------------ a connection */

/* Without lookaside memory, each allocation can fail. */
static sqlite3 *
make_connection(struct coffer_sql **sql_out)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	sqlite3_db_config(db, SQLITE_DBCONFIG_LOOKASIDE, NULL, 0, 0);
	assert_int_equal(coffer_sql_register(db, NULL, sql_out), SQLITE_OK);
	return db;
}

static coffer_status
attach(struct coffer_sql *sql, const char *schema, coffer_error *error)
{
	coffer_store *store;
	coffer_status status = coffer_store_open(path, &store, error);

	return status ? status : coffer_sql_attach(sql, store, path, schema, error);
}

static bool
ask_without(sqlite3 *db, const char *query, long n, bool lasts, const struct answer *whole)
{
	struct answer answer;

	arm(n, lasts);
	answer = ask(db, query);
	countdown = -1;
	if (answer.code != SQLITE_NOMEM &&
	    (answer.code != SQLITE_DONE || answer.rows != whole->rows || answer.sum != whole->sum))
		fail_msg("%s: allocation %ld: code %d, %u of %u rows", query, n, answer.code,
			 answer.rows, whole->rows);
	answer = ask(db, query);
	if (answer.code != SQLITE_DONE || answer.rows != whole->rows || answer.sum != whole->sum)
		fail_msg("%s: behind allocation %ld: code %d, %u of %u rows", query, n, answer.code,
			 answer.rows, whole->rows);
	return was_hit;
}

static void
an_answer_is_whole_or_none(void **state)
{
	const char *query = *state;
	coffer_error error = {0};
	struct coffer_sql *sql;
	struct answer whole;
	sqlite3 *db = make_connection(&sql);

	must(attach(sql, "main", &error), &error);
	whole = ask(db, query);
	assert_int_equal(whole.code, SQLITE_DONE);
	assert_true(whole.rows > 0);
	for (int lasts = 0; lasts < 2; lasts++)
		for (long n = 0; ask_without(db, query, n, lasts, &whole);)
			n += n < EACH_MAX ? 1 : n / SPARSE;
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void
a_store_is_attached_or_not(void **state)
{
	static const char count[] = "SELECT count(*) FROM b.\"LiteLLM_SpendLogs\"";

	(void)state;
	for (long n = 0;; n += n < EACH_MAX ? 1 : n / SPARSE) {
		coffer_error error = {0};
		struct coffer_sql *sql;
		coffer_status status;
		sqlite3 *db = make_connection(&sql);

		arm(n, n % 2);
		status = attach(sql, "b", &error);
		countdown = -1;
		assert_true(!status || status == COFFER_NO_MEMORY);
		/* What there was no memory to take away again can be detached. */
		if (status && attach(sql, "b", &error)) {
			assert_int_equal(ask(db, "SELECT coffer_detach('b')").rows, 1);
			must(attach(sql, "b", &error), &error);
		}
		assert_int_equal(ask(db, count).rows, 1);
		assert_int_equal(ask(db, "SELECT coffer_detach('b')").rows, 1);
		assert_int_equal(sqlite3_close(db), SQLITE_OK);
		if (!was_hit)
			break;
	}
}

static int
setup(void **state)
{
	coffer_generate_options options = {.rows = ROWS, .seed = 7};
	coffer_error error = {0};

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/a.coffer", folder);
	must(coffer_generate(path, &options, &error), &error);
	return 0;
}

static int
teardown(void **state)
{
	char lock[80];

	(void)state;
	snprintf(lock, sizeof(lock), "%s-lock", path);
	unlink(path);
	unlink(lock);
	return rmdir(folder);
}

int
main(void)
{
	static char queries[][240] = {
		"SELECT * FROM \"LiteLLM_SpendLogs\" WHERE \"startTime\" >= (SELECT -5) AND \"startTime\" < '9999' LIMIT 20",
		"SELECT s.request_id, v.key_name, t.team_alias FROM \"LiteLLM_SpendLogs\" s JOIN \"LiteLLM_VerificationToken\" v"
		" ON v.token = s.api_key LEFT JOIN \"LiteLLM_TeamTable\" t ON t.team_id = v.team_id",
		"SELECT date(\"startTime\"), model, sum(spend), count(*) FROM \"LiteLLM_SpendLogs\" GROUP BY 1, 2",
		"SELECT * FROM \"LiteLLM_VerificationToken\" WHERE token IN (SELECT api_key FROM \"LiteLLM_SpendLogs\")",
		"SELECT max(\"startTime\"), max(metadata), min(request_id) FROM \"LiteLLM_SpendLogs\"",
		"SELECT api_key, (SELECT count(*) FROM \"LiteLLM_SpendLogs\" x WHERE x.api_key = s.api_key AND x.\"startTime\" <"
		" s.\"startTime\") FROM \"LiteLLM_SpendLogs\" s WHERE model = CAST(model AS TEXT) ORDER BY \"startTime\" DESC LIMIT 40",
		"SELECT * FROM \"LiteLLM_VerificationTokenView\"",
		"SELECT * FROM coffer_rollup('LiteLLM_SpendLogs', 'hour_model', 'spend') WHERE time > '2020' AND value > ''",
		"SELECT * FROM coffer_columns",
		"SELECT coffer_sum(spend) FROM \"LiteLLM_SpendLogs\"",
	};
	enum { QUERIES = sizeof(queries) / sizeof(*queries) };
	struct CMUnitTest tests[QUERIES + 1] = {cmocka_unit_test(a_store_is_attached_or_not)};
	sqlite3_mem_methods counted;

	for (size_t i = 0; i < QUERIES; i++)
		tests[i + 1] = (struct CMUnitTest){.name = queries[i],
						   .test_func = an_answer_is_whole_or_none,
						   .initial_state = queries[i]};
	sqlite3_config(SQLITE_CONFIG_GETMALLOC, &usual);
	counted = usual;
	counted.xMalloc = allocate;
	counted.xRealloc = reallocate;
	sqlite3_config(SQLITE_CONFIG_MALLOC, &counted);
	return cmocka_run_group_tests_name("memory", tests, setup, teardown);
}
