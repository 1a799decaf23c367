/*
 * The made-up gateway, row by row: determinism, unique and foreign keys, forms of values.
 */
#include "tests/generate/jsonb.h"
#include "tests/generate/rows.h"

static struct coffer_draft draft, other;

static uint32_t
column_count(uint32_t table)
{
	const char *names = coffer_gateway_tables[table].columns;
	uint32_t count = 1;

	for (; *names; names++)
		count += *names == ' ';
	return count;
}

static bool
is_text(coffer_kind kind)
{
	return kind == COFFER_TEXT || kind == COFFER_JSON || kind == COFFER_TEXT_ARRAY;
}

static bool
is_same_value(const coffer_value *left, const coffer_value *right)
{
	if (left->kind != right->kind)
		return false;
	if (is_text(left->kind))
		return left->text.size == right->text.size &&
		       memcmp(left->text.data, right->text.data, left->text.size) == 0;
	if (left->kind == COFFER_BOOL)
		return left->boolean == right->boolean;
	return left->integer == right->integer;
}

static bool
texts_have(const struct texts *texts, char *item)
{
	return texts->count &&
	       bsearch(&item, texts->items, texts->count, sizeof *texts->items, compare_texts);
}

/* All not-null values of a column (or pair of columns), sorted. */
static struct texts
texts_of(const struct coffer_gateway *gateway, uint32_t table, const char *first,
	 const char *second)
{
	uint32_t columns[2] = {column_of(table, first), second ? column_of(table, second) : 0}, i;
	struct texts texts = {NULL, 0, 0};

	for (i = 0; i < gateway->counts[table]; i++) {
		coffer_gateway_write(gateway, table, i, &draft);
		if (draft.values[columns[0]].kind != COFFER_NULL)
			texts_add(&texts, draft.values, columns, second ? 2 : 1);
	}
	texts_sort(&texts);
	return texts;
}

static void
counts_follow_the_rows(void **state)
{
	static const struct {
		uint64_t rows;
		uint32_t budgets, teams, users, keys, end_users, models, errors, audits;
	} cases[] = {
		{0, 2, 2, 3, 4, 0, 3, 0, 1},
		{1, 2, 2, 3, 4, 0, 3, 0, 1},
		{10, 2, 2, 3, 4, 0, 3, 0, 1},
		{1000, 2, 2, 5, 8, 50, 3, 20, 3},
		{1000000, 252, 202, 2003, 4004, 50000, 53, 20000, 2001},
		{UINT32_MAX, 1000, 1000, 10000, 100000, 50000, 57, 85899345, 8589935},
	};
	const coffer_generate_options beyond = {.rows = COFFER_GENERATE_ROWS_MAX + 1, .seed = 1};
	struct coffer_gateway gateway;
	coffer_error error = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		open_gateway(&gateway, cases[i].rows, 1);
		assert_int_equal(gateway.counts[COFFER_SPEND_LOGS], cases[i].rows);
		assert_int_equal(gateway.counts[COFFER_BUDGETS], cases[i].budgets);
		assert_int_equal(gateway.counts[COFFER_TEAMS], cases[i].teams);
		assert_int_equal(gateway.counts[COFFER_USERS], cases[i].users);
		assert_int_equal(gateway.counts[COFFER_KEYS], cases[i].keys);
		assert_int_equal(gateway.counts[COFFER_END_USERS], cases[i].end_users);
		assert_int_equal(gateway.counts[COFFER_MODELS], cases[i].models);
		assert_int_equal(gateway.counts[COFFER_ERROR_LOGS], cases[i].errors);
		assert_int_equal(gateway.counts[COFFER_AUDIT_LOGS], cases[i].audits);
		coffer_gateway_release(&gateway);
	}
	assert_int_equal(coffer_gateway_init(&gateway, &beyond, &error), COFFER_LIMIT);
	assert_string_equal(error.message,
			    "4294967296 rows asked for, at most 4294967295 can be made");
	coffer_gateway_release(&gateway);
}

/* Backwards, into other memory: a row depends on nothing but its name. */
static void
rows_do_not_depend_on_rows_before(void **state)
{
	struct coffer_gateway gateway, again;
	uint32_t table, i;
	size_t column;

	(void)state;
	open_gateway(&gateway, 3000, 42);
	open_gateway(&again, 3000, 42);
	for (table = 0; table < COFFER_GATEWAY_TABLES; table++) {
		for (i = gateway.counts[table]; i-- > 0;) {
			coffer_gateway_write(&gateway, table, i, &draft);
			coffer_gateway_write(&again, table, gateway.counts[table] - 1 - i, &other);
			coffer_gateway_write(&again, table, i, &other);
			assert_int_equal(draft.count, other.count);
			for (column = 0; column < draft.count; column++)
				assert_true(is_same_value(&draft.values[column],
							  &other.values[column]));
		}
	}
	coffer_gateway_release(&gateway);
	coffer_gateway_release(&again);
}

static void
another_seed_gives_other_rows(void **state)
{
	struct coffer_gateway gateway, again;
	uint32_t i;

	(void)state;
	open_gateway(&gateway, 1000, 1);
	open_gateway(&again, 1000, 2);
	for (i = 0; i < 1000; i++) {
		coffer_gateway_write(&gateway, COFFER_SPEND_LOGS, i, &draft);
		coffer_gateway_write(&again, COFFER_SPEND_LOGS, i, &other);
		assert_true(draft.values[0].text.size < 10 ||
			    !is_same_value(&draft.values[0], &other.values[0]));
	}
	coffer_gateway_release(&gateway);
	coffer_gateway_release(&again);
}

static void
every_row_is_whole_and_its_json_normal(void **state)
{
	static const uint64_t sizes[] = {0, 1, 10, 20000};
	struct coffer_gateway gateway;
	uint32_t table, i;
	size_t at, column;

	(void)state;
	for (at = 0; at < sizeof sizes / sizeof *sizes; at++) {
		open_gateway(&gateway, sizes[at], 3);
		for (table = 0; table < COFFER_GATEWAY_TABLES; table++) {
			for (i = 0; i < gateway.counts[table]; i++) {
				coffer_gateway_write(&gateway, table, i, &draft);
				assert_int_equal(draft.count, column_count(table));
				for (column = 0; column < draft.count; column++)
					if (draft.values[column].kind == COFFER_JSON)
						assert_true(
							jsonb_is_normal(draft.values[column].text));
			}
		}
		coffer_gateway_release(&gateway);
	}
}

static void
unique_keys_are_unique(void **state)
{
	static const struct {
		uint32_t table;
		const char *first, *second;
	} keys[] = {
		{COFFER_BUDGETS, "budget_id", NULL},
		{COFFER_ORGANIZATIONS, "organization_id", NULL},
		{COFFER_TEAMS, "team_id", NULL},
		{COFFER_USERS, "user_id", NULL},
		{COFFER_KEYS, "token", NULL},
		{COFFER_END_USERS, "user_id", NULL},
		{COFFER_MODELS, "model_id", NULL},
		{COFFER_CONFIG, "param_name", NULL},
		{COFFER_TEAM_MEMBERS, "user_id", "team_id"},
		{COFFER_ORGANIZATION_MEMBERS, "user_id", "organization_id"},
		{COFFER_INVITATIONS, "id", NULL},
		{COFFER_NOTIFICATIONS, "request_id", NULL},
		{COFFER_SPEND_LOGS, "request_id", NULL},
		{COFFER_ERROR_LOGS, "request_id", NULL},
		{COFFER_AUDIT_LOGS, "id", NULL},
	};
	struct coffer_gateway gateway;
	size_t i;

	(void)state;
	open_gateway(&gateway, 200000, 4);
	for (i = 0; i < sizeof keys / sizeof *keys; i++) {
		struct texts texts =
			texts_of(&gateway, keys[i].table, keys[i].first, keys[i].second);

		assert_int_equal(texts.count, gateway.counts[keys[i].table]);
		assert_int_equal(texts_distinct(&texts), texts.count);
		texts_release(&texts);
	}
	coffer_gateway_release(&gateway);
}

static void
foreign_keys_hold(void **state)
{
	static const struct {
		uint32_t table;
		const char *column;
		uint32_t target;
		const char *target_column;
	} relations[] = {
		{COFFER_ORGANIZATIONS, "budget_id", COFFER_BUDGETS, "budget_id"},
		{COFFER_TEAMS, "organization_id", COFFER_ORGANIZATIONS, "organization_id"},
		{COFFER_USERS, "organization_id", COFFER_ORGANIZATIONS, "organization_id"},
		{COFFER_KEYS, "budget_id", COFFER_BUDGETS, "budget_id"},
		{COFFER_END_USERS, "budget_id", COFFER_BUDGETS, "budget_id"},
		{COFFER_TEAM_MEMBERS, "budget_id", COFFER_BUDGETS, "budget_id"},
		{COFFER_ORGANIZATION_MEMBERS, "budget_id", COFFER_BUDGETS, "budget_id"},
		{COFFER_ORGANIZATION_MEMBERS, "user_id", COFFER_USERS, "user_id"},
		{COFFER_INVITATIONS, "user_id", COFFER_USERS, "user_id"},
		{COFFER_INVITATIONS, "created_by", COFFER_USERS, "user_id"},
		{COFFER_INVITATIONS, "updated_by", COFFER_USERS, "user_id"},
	};
	struct coffer_gateway gateway;
	size_t i, item;

	(void)state;
	open_gateway(&gateway, 50000, 5);
	for (i = 0; i < sizeof relations / sizeof *relations; i++) {
		struct texts from =
			texts_of(&gateway, relations[i].table, relations[i].column, NULL);
		struct texts to =
			texts_of(&gateway, relations[i].target, relations[i].target_column, NULL);

		assert_true(from.count > 0);
		for (item = 0; item < from.count; item++)
			assert_true(texts_have(&to, from.items[item]));
		texts_release(&from);
		texts_release(&to);
	}
	coffer_gateway_release(&gateway);
}

/* LiteLLM_TeamTable.model_id: a foreign key and a unique key at once. */
static void
teams_share_no_alias_list(void **state)
{
	uint32_t column = column_of(COFFER_TEAMS, "model_id"), i, set = 0;
	struct coffer_gateway gateway;
	bool is_taken[600] = {false};
	int64_t id;

	(void)state;
	open_gateway(&gateway, 1000000, 6);
	for (i = 0; i < gateway.counts[COFFER_ALIASES]; i++) {
		coffer_gateway_write(&gateway, COFFER_ALIASES, i, &draft);
		assert_in_range(draft.values[0].integer, 1, 599);
		is_taken[draft.values[0].integer] = true;
	}
	for (i = 0; i < gateway.counts[COFFER_TEAMS]; i++) {
		coffer_gateway_write(&gateway, COFFER_TEAMS, i, &draft);
		if (draft.values[column].kind == COFFER_NULL)
			continue;
		id = draft.values[column].integer;
		assert_in_range(id, 1, 599);
		assert_true(is_taken[id]);
		is_taken[id] = false;
		set++;
	}
	assert_in_range(set, 40, 51);
	coffer_gateway_release(&gateway);
}

/* Arrays: NULL, {}, {NULL} and elements are four different things, and all occur. */
static void
arrays_come_in_all_forms(void **state)
{
	uint32_t column = column_of(COFFER_KEYS, "models"), i, forms[4] = {0};
	struct coffer_gateway gateway;

	(void)state;
	open_gateway(&gateway, 500000, 11);
	for (i = 0; i < gateway.counts[COFFER_KEYS]; i++) {
		const coffer_value *value = &draft.values[column];
		coffer_array_reader reader;
		coffer_text element;

		coffer_gateway_write(&gateway, COFFER_KEYS, i, &draft);
		if (value->kind == COFFER_NULL) {
			forms[0]++;
			continue;
		}
		assert_int_equal(coffer_array_open(value->text, &reader), COFFER_OK);
		if (!reader.left) {
			forms[1]++;
			continue;
		}
		assert_int_equal(coffer_array_next(&reader, &element), COFFER_OK);
		forms[element.data ? 3 : 2]++;
	}
	for (i = 0; i < 4; i++)
		assert_true(forms[i] >= 10);
	coffer_gateway_release(&gateway);
}

/* A created key's plain text stands in the audit log: what redaction will have to find. */
static void
audit_rows_hold_whole_rows(void **state)
{
	uint32_t i, plain = 0, dumped_twice = 0, nulls = 0;
	struct coffer_gateway gateway;

	(void)state;
	open_gateway(&gateway, 500000, 12);
	for (i = 0; i < gateway.counts[COFFER_AUDIT_LOGS]; i++) {
		const coffer_text *after = &draft.values[8].text;

		coffer_gateway_write(&gateway, COFFER_AUDIT_LOGS, i, &draft);
		assert_int_equal(draft.values[8].kind, COFFER_JSON);
		assert_true(after->size <= 4096);
		plain += after->size > 12 && memcmp(after->data, "{\"key\": \"sk-", 12) == 0;
		dumped_twice += after->data[0] == '"';
		nulls += draft.values[7].kind == COFFER_NULL;
	}
	assert_in_range(plain, 100, 350);
	assert_in_range(dumped_twice, 40, 150);
	assert_in_range(nulls, 150, 400);
	coffer_gateway_release(&gateway);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_follow_the_rows),
		cmocka_unit_test(rows_do_not_depend_on_rows_before),
		cmocka_unit_test(another_seed_gives_other_rows),
		cmocka_unit_test(every_row_is_whole_and_its_json_normal),
		cmocka_unit_test(unique_keys_are_unique),
		cmocka_unit_test(foreign_keys_hold),
		cmocka_unit_test(teams_share_no_alias_list),
		cmocka_unit_test(arrays_come_in_all_forms),
		cmocka_unit_test(audit_rows_hold_whole_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
