/*
 * Groups of roll-ups: the lines of format/vectors/, made by another implementation, and sums against transfer/'s, which adds in
 * another way.
 */
#include "tests/format/vector.h"

#include "format/key.h"
#include "format/rollup.h"
#include "transfer/exact_sum.h"

#include <math.h>

static struct coffer_totals_form
read_form(const struct vector *vector)
{
	const char *words = vector->fields[0], *kinds = vector->fields[1];
	struct coffer_totals_form form = {.span = INT64_C(3600000000)};
	bool is_nullable;

	if (vector_word(&words, "day"))
		form.span *= 24;
	else
		assert_true(vector_word(&words, "hour"));
	form.is_time_nullable = vector_word(&words, "nullable");
	form.has_code = vector_word(&words, "code");
	assert_string_equal(words, "");
	while (*kinds)
		form.is_float[form.sum_count++] = vector_column(&kinds, &is_nullable).kind == COFFER_FLOAT;
	return form;
}

static void
count(const struct vector_value *value, bool is_float, struct coffer_totals_sum *sum)
{
	coffer_fixed part;

	if (value->value.kind == COFFER_NULL)
		return;
	sum->values++;
	if (!is_float)
		coffer_fixed_of_integer(value->value.integer, &part);
	else if (!coffer_fixed_of_float(value->value.real, &part)) {
		sum->unfit++;
		return;
	}
	coffer_fixed_add(&sum->total, &part);
}

/* "1, nil; 2, bits 3ff0000000000000", or a number of rows without sums. */
static void
add_rows(const struct coffer_totals_form *form, const char *at, struct coffer_totals *group)
{
	static struct vector_value value;

	if (!form->sum_count) {
		group->rows = strtol(at, NULL, 10);
		return;
	}
	while (*at) {
		group->rows++;
		for (size_t i = 0; i < form->sum_count; i++) {
			at += strspn(at, " ,;");
			vector_value(&at, form->is_float[i] ? COFFER_FLOAT : COFFER_INT, &value);
			count(&value, form->is_float[i], &group->sums[i]);
		}
	}
}

static bool
is_equal(const struct coffer_totals_form *form, const struct coffer_totals *left,
	 const struct coffer_totals *right)
{
	bool is = left->rows == right->rows;

	for (size_t i = 0; is && i < form->sum_count; i++)
		is = left->sums[i].values == right->sums[i].values &&
		     left->sums[i].unfit == right->sums[i].unfit &&
		     coffer_fixed_is_equal(&left->sums[i].total, &right->sums[i].total);
	return is;
}

static void
check_rollup(const struct vector *vector)
{
	struct coffer_totals_form form = read_form(vector);
	struct coffer_totals group = {0}, back;
	uint8_t key[COFFER_TOTALS_KEY_SIZE_MAX], payload[COFFER_TOTALS_VALUE_MAX];
	uint32_t code = (uint32_t)strtoul(vector->fields[3], NULL, 10), code_back;
	coffer_value time = {.kind = COFFER_TIME, .time = strtoll(vector->fields[2], NULL, 10)},
		     time_back;
	size_t size;

	if (!strcmp(vector->fields[2], "nil"))
		time.kind = COFFER_NULL;
	size = coffer_totals_key_write(&form, &time, code, key);
	assert_int_equal(size, coffer_totals_key_size(&form));
	vector_expect(vector, key, size, vector->fields[5]);
	assert_int_equal(coffer_totals_key_read(&form, key, size, &time_back, &code_back),
			 COFFER_FAULT_NONE);
	assert_int_equal(code_back, code);
	assert_int_equal(time_back.kind, time.kind);
	add_rows(&form, vector->fields[4], &group);
	size = coffer_totals_encode(&form, &group, payload);
	vector_expect(vector, payload, size, vector->fields[6]);
	assert_int_equal(coffer_totals_decode(&form, payload, size, &back), COFFER_FAULT_NONE);
	if (!is_equal(&form, &group, &back))
		VECTOR_FAIL(vector, "does not read back");
}

static void
check_refused(const struct vector *vector)
{
	static const char *const names[] = {
#define NAME(fault, text) #fault,
		COFFER_FAULT_LIST(NAME)
#undef NAME
	};
	struct coffer_totals_form form = read_form(vector);
	struct vector_bytes bytes = vector_hex(vector->fields[3]);
	struct coffer_totals group;
	enum coffer_fault fault;
	coffer_value time;
	uint32_t code;

	if (!strcmp(vector->fields[2], "key"))
		fault = coffer_totals_key_read(&form, bytes.data, bytes.size, &time, &code);
	else
		fault = coffer_totals_decode(&form, bytes.data, bytes.size, &group);
	if (strcmp(names[fault], vector->fields[4]))
		VECTOR_FAIL(vector, "%s, expected %s", names[fault], vector->fields[4]);
}

static void
groups_are_as_the_vectors_say(void **state)
{
	(void)state;
	vector_each("rollup", 8, check_rollup);
}

static void
what_is_wrong_is_refused(void **state)
{
	(void)state;
	vector_each("rollup-refused", 6, check_refused);
}

/* ------------------------------------------------------------------ sums */

static uint64_t random_state = 88172645463325252;

static uint64_t
next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	return random_state ^= random_state << 17;
}

/* Of either sign, from far below one unit to far beyond what fits, often with few bits. */
static double
random_float(void)
{
	uint64_t fraction = next_random() >> (next_random() % 53 + 11);
	int exponent = (int)(next_random() % 190) - 150;

	return ldexp((double)fraction, exponent) * (next_random() % 2 ? 1 : -1);
}

static void
sums_are_those_of_another_way(void **state)
{
	size_t fits = 0;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct coffer_exact_sum exact = {0};
		coffer_fixed sum = {0}, part;

		for (size_t i = next_random() % 20; i-- > 0;) {
			double real = random_float();

			if (!coffer_fixed_of_float(real, &part)) {
				assert_true(fabs(real) >= 0x1p31 ||
					    ldexp(real, 96) != rint(ldexp(real, 96)));
				continue;
			}
			assert_true(fabs(real) < 0x1p31);
			assert_true(coffer_fixed_round(&part, COFFER_FIXED_EXPONENT) == real);
			coffer_fixed_add(&sum, &part);
			coffer_exact_add(&exact, real);
			fits++;
		}
		assert_true(coffer_fixed_round(&sum, COFFER_FIXED_EXPONENT) ==
			    coffer_exact_round(&exact));
		coffer_exact_add_fixed(&exact, &sum, COFFER_FIXED_EXPONENT, -1);
		assert_true(coffer_exact_round(&exact) == 0);
		coffer_exact_add_fixed(&exact, &sum, COFFER_FIXED_EXPONENT, 1);
		assert_true(coffer_exact_round(&exact) ==
			    coffer_fixed_round(&sum, COFFER_FIXED_EXPONENT));
	}
	assert_in_range(fits, 5000, 50000);
}

static void
rounds_to_the_nearest_and_of_two_to_the_even_one(void **state)
{
	static const struct {
		coffer_fixed number;
		double rounded;
	} cases[] = {
		{{0, 0, 0}, 0},
		{{1, 0, 0}, 1},
		{{UINT64_MAX, UINT64_MAX, -1}, -1},
		{{(UINT64_C(1) << 53) + 1, 0, 0}, 0x1p53},
		{{(UINT64_C(1) << 53) + 3, 0, 0}, 0x1p53 + 4},
		{{0, 1 << 10, 0}, 0x1p74},
		{{1, UINT64_C(1) << 62, 1}, 0x1.4p128},
		{{0, 0, INT64_MAX - 511}, 0x1p191},
		{{0, 0, INT64_MAX - 1023}, 0x1p191 - 0x1p138},
		{{0, 0, (INT64_C(1) << 62) + 512}, 0x1p190},
		{{1, 0, (INT64_C(1) << 62) + 512}, 0x1p190 + 0x1p138},
		{{0, 0, INT64_MIN}, -0x1p191},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (coffer_fixed_round(&cases[i].number, 0) != cases[i].rounded)
			fail_msg("case %zu: %a", i, coffer_fixed_round(&cases[i].number, 0));
}

static void
spans_begin_below_their_times(void **state)
{
	const struct coffer_totals_form form = {.span = INT64_C(86400000000)};
	static const int64_t times[] = {0,		   1,		      -1,
					INT64_C(86399999999), INT64_C(86400000000), INT64_C(-86400000000),
					COFFER_TIME_MIN,   COFFER_TIME_END - 1};

	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		int64_t begin = coffer_totals_begin(&form, times[i]);

		assert_true(begin <= times[i] && times[i] - begin < form.span);
		assert_true(begin % form.span == 0 && begin >= COFFER_TIME_MIN);
	}
	assert_true(coffer_totals_begin(&form, INT64_MIN) == INT64_MIN);
	assert_true(coffer_totals_begin(&form, INT64_MAX) == INT64_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_are_as_the_vectors_say),
		cmocka_unit_test(what_is_wrong_is_refused),
		cmocka_unit_test(sums_are_those_of_another_way),
		cmocka_unit_test(rounds_to_the_nearest_and_of_two_to_the_even_one),
		cmocka_unit_test(spans_begin_below_their_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
