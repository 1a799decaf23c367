/*
 * The generated spend logs: shares, sizes, order, kinds of identifiers, repeats.
 */
#include "tests/generate/rows.h"

static struct coffer_draft draft;

static bool
is_equal(const coffer_value *value, const char *text)
{
	return value->kind == COFFER_TEXT && value->text.size == strlen(text) &&
	       memcmp(value->text.data, text, value->text.size) == 0;
}

enum { LOGS = 100000 };

struct tally {
	uint32_t top_ten_keys, orphan_keys, hits, failures, no_team, null_team, no_end_user,
		top_models;
	uint32_t metadata_documents, metadata_in_range, metadata_null, sums, zero_spend, tags_null;
	uint64_t bytes;
};

static bool
is_key_between(const struct coffer_gateway *gateway, const coffer_value *key, uint32_t from,
	       uint32_t to)
{
	char bytes[64];
	uint32_t number;

	for (number = from; number < to && key->text.size == 64; number++) {
		struct coffer_pen pen = {bytes, bytes, bytes + sizeof bytes};

		coffer_key_write(gateway, number, &pen);
		if (memcmp(bytes, key->text.data, 64) == 0)
			return true;
	}
	return false;
}

static void
tally_row(const struct coffer_gateway *gateway, const coffer_value *values, struct tally *tally)
{
	const coffer_value *metadata = &values[column_of(COFFER_SPEND_LOGS, "metadata")];
	const coffer_value *team = &values[column_of(COFFER_SPEND_LOGS, "team_id")];
	const coffer_value *model = &values[column_of(COFFER_SPEND_LOGS, "model_group")];
	uint32_t keys = gateway->counts[COFFER_KEYS];

	tally->top_ten_keys += is_key_between(gateway, &values[2], 0, 10);
	tally->orphan_keys += is_key_between(gateway, &values[2], keys, keys + 50);
	tally->hits += is_equal(&values[column_of(COFFER_SPEND_LOGS, "cache_hit")], "True");
	tally->failures += values[4].integer == 0;
	tally->no_team += is_equal(team, "");
	tally->null_team += team->kind == COFFER_NULL;
	tally->no_end_user += is_equal(&values[column_of(COFFER_SPEND_LOGS, "end_user")], "");
	tally->top_models += is_equal(model, "gpt-4o") || is_equal(model, "gpt-4o-mini") ||
			     is_equal(model, "claude-3-5-sonnet");
	tally->metadata_null += metadata->kind == COFFER_NULL;
	if (metadata->kind == COFFER_JSON && metadata->text.size > 4) {
		tally->metadata_documents++;
		tally->metadata_in_range +=
			metadata->text.size >= 300 && metadata->text.size <= 700;
	}
	tally->sums += values[4].integer == values[5].integer + values[6].integer;
	tally->zero_spend += values[3].real > 0 ? 0 : 1;
	tally->tags_null +=
		values[column_of(COFFER_SPEND_LOGS, "request_tags")].kind == COFFER_NULL;
}

static void
spend_logs_have_the_shares_of_a_gateway(void **state)
{
	struct tally tally = {0};
	struct coffer_gateway gateway;
	uint32_t i;

	(void)state;
	open_gateway(&gateway, LOGS, 7);
	for (i = 0; i < LOGS; i++) {
		coffer_gateway_write(&gateway, COFFER_SPEND_LOGS, i, &draft);
		tally.bytes += (uint64_t)(draft.pen.at - draft.bytes);
		tally_row(&gateway, draft.values, &tally);
	}
	coffer_gateway_release(&gateway);
	assert_in_range(tally.top_ten_keys, LOGS / 100 * 55, LOGS / 100 * 75);
	assert_in_range(tally.orphan_keys, LOGS / 1000 * 15, LOGS / 1000 * 25);
	assert_in_range(tally.hits, LOGS / 1000 * 70, LOGS / 1000 * 90);
	assert_in_range(tally.failures, LOGS / 1000 * 15, LOGS / 1000 * 25);
	assert_in_range(tally.top_models, LOGS / 100 * 80, LOGS / 100 * 92);
	assert_in_range(tally.no_end_user, LOGS / 100 * 45, LOGS / 100 * 65);
	assert_in_range(tally.no_team, LOGS / 100 * 5, LOGS / 100 * 60);
	assert_in_range(tally.null_team, LOGS / 1000 * 3, LOGS / 1000 * 9);
	assert_in_range(tally.metadata_null, 100, 400);
	assert_in_range(tally.metadata_documents, LOGS / 100 * 99, LOGS);
	assert_in_range(tally.metadata_in_range, tally.metadata_documents / 1000 * 997,
			tally.metadata_documents);
	assert_in_range(tally.sums, LOGS / 1000 * 990, LOGS / 1000 * 998);
	assert_in_range(tally.zero_spend, LOGS / 100 * 9, LOGS / 100 * 16);
	assert_in_range(tally.tags_null, 150, 450);
	assert_in_range(tally.bytes / LOGS, 800, 1100);
}

static void
spend_logs_ascend_in_whole_milliseconds(void **state)
{
	struct coffer_gateway gateway;
	int64_t before = COFFER_CALENDAR_FROM * 1000;
	uint32_t i;

	(void)state;
	open_gateway(&gateway, 30000, 8);
	for (i = 0; i < 30000; i++) {
		coffer_gateway_write(&gateway, COFFER_SPEND_LOGS, i, &draft);
		assert_int_equal(draft.values[7].time % 1000, 0);
		assert_true(draft.values[7].time >= before);
		assert_true(draft.values[8].time > draft.values[7].time);
		assert_true(draft.values[8].time - draft.values[7].time <= 60000000);
		if (draft.values[9].kind != COFFER_NULL) {
			assert_true(draft.values[9].time >= draft.values[7].time);
			assert_true(draft.values[9].time <= draft.values[8].time);
		}
		before = draft.values[7].time;
	}
	coffer_gateway_release(&gateway);
}

/* Which forms of request_id occur, and that a cache hit names a row before it. */
static void
request_ids_come_in_all_kinds(void **state)
{
	static const struct {
		const char *head;
		size_t size; /* 0: any */
	} kinds[] = {
		{"chatcmpl-", 38}, {"chatcmpl-", 45}, {"msg_01", 28}, {"resp_", 0},      {"", 36},
		{"", 32},          {"None", 4},       {"", 0},        {"chatcmpl-", 14},
	};
	uint32_t found[sizeof kinds / sizeof *kinds] = {0}, i;
	struct coffer_gateway gateway;
	size_t kind;

	(void)state;
	open_gateway(&gateway, 50000, 9);
	for (i = 0; i < 50000; i++) {
		coffer_text id;

		coffer_gateway_write(&gateway, COFFER_SPEND_LOGS, i, &draft);
		id = draft.values[0].text;
		for (kind = 0; kind < sizeof kinds / sizeof *kinds; kind++)
			found[kind] +=
				id.size >= strlen(kinds[kind].head) &&
				memcmp(id.data, kinds[kind].head, strlen(kinds[kind].head)) == 0 &&
				(kinds[kind].size      ? id.size == kinds[kind].size
				 : kinds[kind].head[0] ? id.size > 100
						       : !id.size);
	}
	for (kind = 0; kind < sizeof kinds / sizeof *kinds; kind++)
		assert_true(found[kind] > 0);
	assert_int_equal(found[6], 1);
	assert_int_equal(found[7], 1);
	coffer_gateway_release(&gateway);
}

static void
cache_hits_repeat_earlier_rows(void **state)
{
	uint32_t key = column_of(COFFER_SPEND_LOGS, "cache_key"), i, hits = 0, known = 0;
	uint32_t hit = column_of(COFFER_SPEND_LOGS, "cache_hit");
	struct coffer_gateway gateway;
	struct texts keys = {NULL, 0, 0};
	size_t distinct;

	(void)state;
	open_gateway(&gateway, 20000, 10);
	for (i = 0; i < 20000; i++) {
		coffer_gateway_write(&gateway, COFFER_SPEND_LOGS, i, &draft);
		if (is_equal(&draft.values[key], "Cache OFF"))
			continue;
		texts_add(&keys, draft.values, &key, 1);
		hits += is_equal(&draft.values[hit], "True");
		known += is_equal(&draft.values[hit], "True") && draft.values[3].real > 0;
	}
	texts_sort(&keys);
	distinct = texts_distinct(&keys);
	assert_in_range(hits, 1400, 1800);
	assert_int_equal(known, 0);
	assert_in_range(keys.count - distinct, 150, 800);
	texts_release(&keys);
	coffer_gateway_release(&gateway);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spend_logs_have_the_shares_of_a_gateway),
		cmocka_unit_test(spend_logs_ascend_in_whole_milliseconds),
		cmocka_unit_test(request_ids_come_in_all_kinds),
		cmocka_unit_test(cache_hits_repeat_earlier_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
