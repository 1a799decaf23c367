/*
 * The file in front of an error's place: once, and whatever the file is called.
 */
#include "coffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void
a_file_stands_in_front_of_a_place_once(void **state)
{
	static const struct {
		const char *place, *path, *named;
	} cases[] = {
		{"", "a.coffer", "a.coffer"},
		{"a.coffer", "a.coffer", "a.coffer"},
		{"a.coffer: table/T[page 3]", "a.coffer", "a.coffer: table/T[page 3]"},
		{"a.coffer.main tree", "a.coffer", "a.coffer.main tree"},
		{"table/T[page 3]", "a.coffer", "a.coffer: table/T[page 3]"},
		{"table/T[page 3]", "table", "table: table/T[page 3]"},
		{"main tree[page 2]", "main", "main: main tree[page 2]"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		coffer_error error = {0};

		(void)coffer_error_set(&error, COFFER_CORRUPT, "damaged");
		if (*cases[i].place)
			(void)coffer_error_at(&error, "%s", cases[i].place);
		assert_int_equal(coffer_error_in(&error, cases[i].path), COFFER_CORRUPT);
		assert_string_equal(error.place, cases[i].named);
		assert_string_equal(error.message, "damaged");
	}
	assert_int_equal(coffer_error_in(NULL, "a.coffer"), COFFER_INVALID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_stands_in_front_of_a_place_once),
	};

	return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
