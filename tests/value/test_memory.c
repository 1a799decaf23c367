/*
 * The n-th growing of a buffer fails, for n = 0, 1, 2 ... until a value gets through: each failure comes back as one,
 * with no value, and the next call with the same memory works (the linker puts the realloc below in front of libc's).
 */
#include "coffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static long countdown = -1;

void *
__real_realloc(void *memory, size_t size);
void *
__wrap_realloc(void *memory, size_t size);
void *
__wrap_realloc(void *memory, size_t size)
{
	if (countdown < 0 || countdown--)
		return __real_realloc(memory, size);
	return NULL;
}

static const coffer_schema no_types;

/* Long enough to grow a buffer more than once where it is filled piece by piece. */
static char *
long_text(const char *open, const char *middle, size_t count, const char *close)
{
	size_t size = strlen(open) + count * strlen(middle) + strlen(close) + 1;
	char *text = malloc(size), *at = mempcpy(text, open, strlen(open));

	for (size_t i = 0; i < count; i++)
		at = mempcpy(at, middle, strlen(middle));
	memcpy(at, close, strlen(close) + 1);
	return text;
}

/* How many failures there were before `column` took the text. */
static int
parse_with_failures(const coffer_column *column, const char *text)
{
	for (int failures = 0;; failures++) {
		coffer_buffer memory = {0}, out = {0};
		coffer_error error = {0};
		coffer_value value = {.kind = COFFER_BOOL};
		coffer_status status;

		countdown = failures;
		status = coffer_value_parse(&no_types, column, (coffer_text){text, strlen(text)},
					    &memory, &value, &error);
		if (!status)
			status = coffer_value_print(column, &value, &out, &error);
		countdown = -1;
		if (status) {
			assert_int_equal(status, COFFER_NO_MEMORY);
			assert_int_equal(error.status, COFFER_NO_MEMORY);
			assert_int_equal(coffer_value_parse(&no_types, column,
							    (coffer_text){text, strlen(text)},
							    &memory, &value, NULL),
					 COFFER_OK);
		}
		coffer_buffer_release(&memory);
		coffer_buffer_release(&out);
		if (!status)
			return failures;
	}
}

static void
test_every_failure_comes_back(void **state)
{
	static const struct {
		coffer_column column;
		const char *open, *middle, *close;
		int failures_min;
	} cases[] = {
		{{.type = "jsonb", .kind = COFFER_JSON, .is_binary_json = true},
		 "{\"b\":[1e1",
		 ",1e100,\"\\/\"",
		 "],\"a\":1}",
		 4},
		{{.type = "text[]", .kind = COFFER_TEXT_ARRAY}, "{a", ",\"b c\"", "}", 3},
		{{.type = "text[]", .kind = COFFER_TEXT_ARRAY}, "{{a", ",\"b c\"", "}}", 4},
		{{.type = "bytea", .kind = COFFER_BYTES}, "a\\\\", "\\001", "", 3},
		{{.type = "double precision", .kind = COFFER_FLOAT, .width = 8}, "0.", "0", "1", 2},
		{{.type = "character(3000)", .kind = COFFER_OTHER}, "", "a", "", 2},
		{{.type = "numeric", .kind = COFFER_OTHER}, "1", "0", "e2", 2},
		{{.type = "uuid", .kind = COFFER_OTHER},
		 "a0eebc999c0b4ef8bb6d6bb9bd380a1",
		 "1",
		 "",
		 2},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t count = i + 1 < sizeof(cases) / sizeof(*cases) ? 300 : 1;
		char *text = long_text(cases[i].open, cases[i].middle, count, cases[i].close);

		assert_true(parse_with_failures(&cases[i].column, text) >= cases[i].failures_min);
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_failure_comes_back),
	};

	return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
