/*
 * Connection strings: what they say, what is refused, and that no password is ever told.
 */
#include "postgres/postgres.h"
#include "postgres/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *source, *conninfo, *schema;
} good[] = {
	{"postgres:", "", NULL},
	{"postgresql://u:p@h:5432/d", "postgresql://u:p@h:5432/d", NULL},
	{"postgres://h/d?schema=public", "postgres://h/d", "public"},
	{"postgres://h/d?schema=", "postgres://h/d", NULL},
	{"postgres://h/d?", "postgres://h/d", NULL},
	{"postgres://", "postgres://", NULL},
	{"postgresql:///d?host=/run/pg", "postgresql:///d?host=/run/pg", NULL},
	{"postgresql://u@h1:1,h2:2/d", "postgresql://u@h1:1,h2:2/d", NULL},
	{"postgresql://[::1]:5432/d", "postgresql://[::1]:5432/d", NULL},
	{"postgresql://u:p?q@h/d", "postgresql://u:p?q@h/d", NULL},
	{"postgresql://u:%40%2F%25@h/d", "postgresql://u:%40%2F%25@h/d", NULL},
	{"postgres://h/d?schema=B%C3%B6hm%20%26%20%22S%22", "postgres://h/d", "Böhm & \"S\""},
	{"postgres://h/d?schema=a&schema=b", "postgres://h/d", "b"},
	{"postgres://h/d?connection_limit=5&pool_timeout=0&pgbouncer=true&socket_timeout=3"
	 "&statement_cache_size=0&connect_timeout=7",
	 "postgres://h/d?connect_timeout=7", NULL},
	{"postgres://h/d?application_name=a%20b%26c", "postgres://h/d?application_name=a%20b%26c",
	 NULL},
	{"postgres://h/d?sslmode=require&schema=x", "postgres://h/d?sslmode=require", "x"},
	{"postgres://h/d?sslaccept=strict", "postgres://h/d?sslmode=verify-full", NULL},
	{"postgres://h/d?sslmode=require&sslaccept=strict", "postgres://h/d?sslmode=verify-full",
	 NULL},
	{"postgres://h/d?sslmode=disable&sslaccept=strict", "postgres://h/d?sslmode=disable", NULL},
	{"postgres://h/d?sslmode=require&sslaccept=accept_invalid_certs",
	 "postgres://h/d?sslmode=require", NULL},
	{"postgres://h/d?sslcert=ca.pem&sslaccept=strict",
	 "postgres://h/d?sslrootcert=ca.pem&sslmode=verify-full", NULL},
	{"postgres://h/d?sslcert=c.pem&sslkey=k.pem&sslpassword=x",
	 "postgres://h/d?sslkey=k.pem&sslpassword=x&sslcert=c.pem", NULL},
	{"host=/run dbname=x", "host=/run dbname=x", NULL},
	{"  host = /run  ", "host = /run", NULL},
	{"host=h schema=s dbname=d", "host=h dbname=d", "s"},
	{"schema='a b\\'c\\\\'", "", "a b'c\\"},
	{"password='p w' host=h", "password='p w' host=h", NULL},
	{"service=mine", "service=mine", NULL},
	{"password= host=h", "password= host=h", NULL},
	{"password=''user=''host=''dbname=''", "password='' user='' host='' dbname=''", NULL},
};

static void
a_connection_string_is_read(void **state)
{
	size_t at;

	(void)state;
	for (at = 0; at < COUNT(good); at++) {
		struct coffer_target target;
		coffer_error error = {.status = COFFER_OK};

		assert_true(coffer_postgres_is_source(good[at].source));
		if (coffer_target_parse(good[at].source, &target, &error))
			fail_msg("%s: %s", good[at].source, error.message);
		assert_string_equal(target.conninfo, good[at].conninfo);
		if (good[at].schema)
			assert_string_equal(target.schema, good[at].schema);
		else
			assert_null(target.schema);
		coffer_target_release(&target);
	}
}

/* Each has "secret" where a password is, or where a piece of one ends up. */
static const struct {
	const char *source, *message;
} bad[] = {
	{"prisma+postgres://h/?api_key=secret", "an address of Prisma's own service"},
	{"prisma://h/?api_key=secret", "an address of Prisma's own service"},
	{"postgresql+psycopg2://u:secret@h/d", "must start with postgresql://"},
	{"mysql://u:secret@h/d", "must start with postgresql://"},
	{"postgresql://u:se@secret@h/d", "must be percent-encoded"},
	{"postgresql://u:1/secret@h/d", "must be percent-encoded"},
	{"postgresql://u:secret/x?y@h/d", "must be percent-encoded"},
	{"postgresql://u:secret%zz@h/d", "without two hex digits"},
	{"postgresql://u:secret%0@h/d", "without two hex digits"},
	{"postgresql://u:%00secret@h/d", "without two hex digits"},
	{"postgresql://u:secret@h/d?schema=%", "\"schema\" has a % without two hex digits"},
	{"postgresql://u:secret@h/d?schema=%4", "\"schema\" has a % without two hex digits"},
	{"postgresql://u:secret@h/d?schema=%00", "\"schema\" has a % without two hex digits"},
	{"postgresql://u:secret@h/d?colour=red", "unknown parameter \"colour\""},
	{"postgresql://u:x@h/d?secret", "name=value was expected"},
	{"postgresql://u:x@h/d?=secret", "name=value was expected"},
	{"postgresql://u:x@h/d?se%63ret=1", "name=value was expected"},
	{"postgresql://u:x@h/d?sslaccept=secret", "sslaccept must be strict"},
	{"postgresql://u:x@h/d?sslidentity=secret.p12", "PKCS#12"},
	{"postgresql://u:x@h/d?sslmode=secret-secret-secret", "sslmode"},
	{"postgresql://u:secret", "libpq cannot read"},
	{"postgresql://u:x@h:secret/d", "libpq cannot read"},
	{"postgresql://[secret/d", "libpq cannot read"},
	{"host=h port=secret", "libpq cannot read"},
	{"host=h colour=red", "unknown parameter \"colour\""},
	{"host=h dbname", "\"dbname\" in the connection string has no ="},
	{"password=my secret host=h", "no keyword=value"},
	{"password=my secret=1", "no keyword=value"},
	{"sslpassword=my secret=1", "no keyword=value"},
	{"password='secret", "not closed, at \"password\""},
	{"password='secret\\'", "not closed, at \"password\""},
	{"host=h 'secret'", "no keyword=value"},
	{"secret.coffer", "not a Postgres connection string"},
	{"", "not a Postgres connection string"},
	{"env:COFFER_TEST_UNSET", "COFFER_TEST_UNSET is not set"},
};

static void
a_bad_one_is_refused_without_its_password(void **state)
{
	size_t at;

	(void)state;
	for (at = 0; at < COUNT(bad); at++) {
		struct coffer_target target;
		coffer_error error = {.status = COFFER_OK};

		assert_int_equal(coffer_target_parse(bad[at].source, &target, &error),
				 COFFER_INVALID);
		assert_null(target.conninfo);
		assert_null(target.schema);
		if (!strstr(error.message, bad[at].message) || strstr(error.message, "secret"))
			fail_msg("%s: %s", bad[at].source, error.message);
	}
}

static void
the_environment_may_hold_it(void **state)
{
	struct coffer_target target;
	coffer_error error = {.status = COFFER_OK};

	(void)state;
	assert_true(coffer_postgres_is_source("env:COFFER_TEST_URL"));
	setenv("COFFER_TEST_URL", "postgres://h/d?schema=s", 1);
	assert_int_equal(coffer_target_parse("env:COFFER_TEST_URL", &target, &error), COFFER_OK);
	assert_string_equal(target.conninfo, "postgres://h/d");
	assert_string_equal(target.schema, "s");
	coffer_target_release(&target);
	setenv("COFFER_TEST_URL", "postgres://u:secret@h:secret/d", 1);
	assert_int_equal(coffer_target_parse("env:COFFER_TEST_URL", &target, &error),
			 COFFER_INVALID);
	assert_string_equal(error.place, "env:COFFER_TEST_URL");
	assert_null(strstr(error.message, "secret"));
	setenv("COFFER_TEST_URL", "env:COFFER_TEST_URL", 1);
	error.status = COFFER_OK;
	assert_int_equal(coffer_target_parse("env:COFFER_TEST_URL", &target, &error),
			 COFFER_INVALID);
	unsetenv("COFFER_TEST_URL");
}

static void
files_are_no_sources(void **state)
{
	static const char *const files[] = {
		"a.coffer", "./host=x", "dump.sql",     "-",          "a=b",
		"/tmp/x",   "postgres", "postgres.sql", "colour=red", "",
		"C:\\x",    "folder/",  "file://x",
	};
	size_t at;

	(void)state;
	for (at = 0; at < COUNT(files); at++)
		assert_false(coffer_postgres_is_source(files[at]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_connection_string_is_read),
		cmocka_unit_test(a_bad_one_is_refused_without_its_password),
		cmocka_unit_test(the_environment_may_hold_it),
		cmocka_unit_test(files_are_no_sources),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
