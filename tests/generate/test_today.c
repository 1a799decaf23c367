/*
 * Today's spend logs: what is constant is, what varies does, and sizes and shares are those of gateways of 2026.
 */
#include "generate/era.h"

#include "tests/generate/jsonb.h"
#include "tests/generate/rows.h"

static struct coffer_draft draft, older;

enum { LOGS = 20000, OLDER_COLUMNS = 22 };

static void
open_today(struct coffer_gateway *gateway, uint64_t rows, uint64_t seed, uint32_t prompts)
{
	const coffer_generate_options options = {
		.rows = rows, .seed = seed, .era = COFFER_ERA_TODAY, .prompts_percent = prompts};

	assert_int_equal(coffer_gateway_init(gateway, &options, NULL), COFFER_OK);
}

static const coffer_value *
value_of(const char *column)
{
	return &draft.values[column_of(COFFER_SPEND_LOGS, column)];
}

static bool
is_equal(const coffer_value *value, const char *text)
{
	return value->kind == COFFER_TEXT && value->text.size == strlen(text) &&
	       memcmp(value->text.data, text, value->text.size) == 0;
}

static bool
has(const coffer_value *value, const char *text)
{
	return value->kind == COFFER_JSON &&
	       memmem(value->text.data, value->text.size, text, strlen(text)) != NULL;
}

static bool
is_same(const coffer_value *left, const coffer_value *right)
{
	if (left->kind != right->kind)
		return false;
	if (left->kind == COFFER_NULL)
		return true;
	if (left->kind != COFFER_TEXT && left->kind != COFFER_JSON)
		return left->integer == right->integer;
	return left->text.size == right->text.size &&
	       memcmp(left->text.data, right->text.data, left->text.size) == 0;
}

static void
every_document_is_in_normal_form(void **state)
{
	static const uint32_t shares[] = {0, 100};
	struct coffer_gateway gateway;
	uint32_t i, at, count;
	size_t column;

	(void)state;
	for (at = 0; at < 2; at++) {
		count = shares[at] ? 1500 : LOGS;
		open_today(&gateway, count, 3, shares[at]);
		for (i = 0; i < count; i++) {
			coffer_gateway_write(&gateway, COFFER_SPEND_LOGS, i, &draft);
			assert_int_equal(draft.count, COFFER_DRAFT_COLUMNS_MAX);
			for (column = 0; column < draft.count; column++)
				if (draft.values[column].kind == COFFER_JSON)
					assert_true(jsonb_is_normal(draft.values[column].text));
		}
		coffer_gateway_release(&gateway);
	}
}

/* A row is about the same call in both eras, whole weeks apart; only what gateways write of it differs. */
static void
a_row_is_the_same_call_in_both_eras(void **state)
{
	static const char *const others[] = {"request_id",   "metadata", "cache_hit", "cache_key",
					     "request_tags", "team_id",  "end_user"};
	struct coffer_gateway gateway, before;
	uint32_t i, column, other;

	(void)state;
	open_today(&gateway, 3000, 4, 0);
	open_gateway(&before, 3000, 4);
	for (i = 0; i < 3000; i++) {
		coffer_gateway_write(&gateway, COFFER_SPEND_LOGS, i, &draft);
		coffer_gateway_write(&before, COFFER_SPEND_LOGS, i, &older);
		for (column = 0; column < OLDER_COLUMNS; column++) {
			if (older.values[column].kind == COFFER_TIME)
				older.values[column].time += COFFER_TODAY_LATER_MS * 1000;
			for (other = 0; other < 7; other++)
				if (column == column_of(COFFER_SPEND_LOGS, others[other]))
					break;
			assert_true(other < 7 ||
				    is_same(&draft.values[column], &older.values[column]));
		}
	}
	assert_int_equal(COFFER_TODAY_LATER_MS % (7 * COFFER_DAY_MS), 0);
	coffer_gateway_release(&gateway);
	coffer_gateway_release(&before);
}

struct tally {
	uint32_t documents, maps, clients, hashed, shared, failures, guarded, tools;
	uint64_t metadata, tags;
};

static void
tally_row(struct tally *tally)
{
	const coffer_value *metadata = value_of("metadata");
	bool is_failure = value_of("total_tokens")->integer == 0;

	if (metadata->kind == COFFER_JSON && metadata->text.size > 4) {
		assert_in_range(metadata->text.size, 1400, 9000);
		tally->documents++;
		tally->metadata += metadata->text.size;
		tally->maps += has(metadata, "\"model_map_value\": {\"key\"");
		tally->guarded += has(metadata, "\"guardrail_information\": [{");
		assert_int_equal(has(metadata, "\"error_information\": {"), is_failure);
	}
	if (value_of("request_tags")->kind == COFFER_JSON) {
		tally->tags += value_of("request_tags")->text.size;
		tally->clients += has(value_of("request_tags"), "[\"User-Agent: ");
	}
	tally->hashed += !is_equal(value_of("cache_key"), "Cache OFF");
	tally->failures += is_failure;
	tally->tools += value_of("mcp_namespaced_tool_name")->kind == COFFER_TEXT;
	assert_true(is_equal(value_of("status"), is_failure ? "failure" : "success"));
	assert_int_equal(value_of("request_duration_ms")->integer * 1000,
			 value_of("endTime")->time - value_of("startTime")->time);
	assert_true(value_of("created_at")->time >= value_of("endTime")->time);
	assert_true(is_equal(value_of("session_id"), "") == false);
}

static void
spend_logs_have_the_sizes_of_today(void **state)
{
	uint32_t session = column_of(COFFER_SPEND_LOGS, "session_id"), i;
	struct texts sessions = {NULL, 0, 0};
	struct coffer_gateway gateway;
	struct tally tally = {0};

	(void)state;
	open_today(&gateway, LOGS * 20, 7, 0); /* so many that all models are served */
	for (i = 0; i < LOGS; i++) {
		coffer_gateway_write(&gateway, COFFER_SPEND_LOGS, i, &draft);
		tally_row(&tally);
		texts_add(&sessions, draft.values, &session, 1);
		assert_true(has(value_of("messages"), "{}") && has(value_of("response"), "{}"));
	}
	texts_sort(&sessions);
	assert_in_range(tally.metadata / tally.documents, 4600, 5200);
	assert_in_range(tally.documents, LOGS / 100 * 99, LOGS);
	assert_in_range(tally.maps, tally.documents * 96 / 100, tally.documents * 99 / 100);
	assert_in_range(tally.guarded, LOGS / 100 * 10, LOGS / 100 * 14);
	assert_in_range(tally.tags / LOGS, 60, 140);
	assert_in_range(tally.clients, LOGS / 100 * 94, LOGS / 100 * 98);
	assert_in_range(tally.hashed, LOGS / 100 * 50, LOGS / 100 * 58);
	assert_in_range(tally.failures, LOGS / 1000 * 15, LOGS / 1000 * 25);
	assert_in_range(tally.tools, LOGS / 1000 * 4, LOGS / 1000 * 8);
	assert_in_range(texts_distinct(&sessions), LOGS / 100 * 55, LOGS / 100 * 90);
	texts_release(&sessions);
	coffer_gateway_release(&gateway);
}

/* From its name to the next member. */
static coffer_text
map_of(coffer_text metadata)
{
	static const char from[] = "\"model_map_information\": ",
			  to[] = ", \"mcp_tool_call_metadata\"";
	const char *begin = memmem(metadata.data, metadata.size, from, sizeof from - 1);
	const char *end = memmem(metadata.data, metadata.size, to, sizeof to - 1);

	assert_non_null(begin);
	assert_non_null(end);
	begin += sizeof from - 1;
	return (coffer_text){begin, (size_t)(end - begin)};
}

/* The same bytes in each row of a model, whoever calls, and in each gateway. */
static void
what_is_known_of_a_model_is_constant(void **state)
{
	static char maps[COFFER_MODEL_GROUPS][8192];
	uint32_t i, model, seen = 0;
	struct coffer_gateway gateway;
	coffer_text map;

	(void)state;
	for (i = 0; i < 4000; i++) {
		if (i % 2000 == 0)
			open_today(&gateway, 300000, i, 0);
		coffer_gateway_write(&gateway, COFFER_SPEND_LOGS, i, &draft);
		model = coffer_spend_decide(&gateway, i).model;
		if (value_of("metadata")->kind == COFFER_JSON &&
		    value_of("metadata")->text.size > 4) {
			map = map_of(value_of("metadata")->text);
			assert_true(map.size < sizeof maps[0]);
			seen += !maps[model][0];
			if (!maps[model][0])
				memcpy(maps[model], map.data, map.size);
			assert_int_equal(strlen(maps[model]), map.size);
			assert_memory_equal(maps[model], map.data, map.size);
			assert_true(map.size < 120 || (map.size > 2000 && map.size < 4200));
		}
		if (i % 2000 == 1999)
			coffer_gateway_release(&gateway);
	}
	assert_in_range(seen, 12, COFFER_MODEL_GROUPS);
}

static void
prompts_are_kept_in_their_share(void **state)
{
	struct coffer_gateway gateway;
	uint32_t i, kept = 0, large = 0, cut = 0, usual = 0;
	size_t size;

	(void)state;
	open_today(&gateway, LOGS, 9, 25);
	for (i = 0; i < LOGS; i++) {
		coffer_gateway_write(&gateway, COFFER_SPEND_LOGS, i, &draft);
		size = value_of("proxy_server_request")->text.size +
		       value_of("response")->text.size;
		if (size == 4)
			continue;
		kept++;
		usual += size >= 3000 && size <= 60000;
		large += size > 1 << 20;
		cut += has(value_of("proxy_server_request"), "... (litellm_truncated skipped ");
		assert_true(size < COFFER_DRAFT_SIZE_MAX / 2 + (1 << 20));
	}
	assert_in_range(kept, LOGS / 100 * 23, LOGS / 100 * 27);
	assert_in_range(usual, kept / 100 * 90, kept);
	assert_in_range(large, 1, kept / 100);
	assert_in_range(cut, kept / 2, kept);
	coffer_gateway_release(&gateway);
}

/* A session's next request holds what was said before. */
static void
sessions_go_on(void **state)
{
	struct coffer_gateway gateway;
	struct coffer_spend spend;
	char first[4000] = "";
	uint64_t session = 0;
	uint32_t i, again = 0;
	const char *said;

	(void)state;
	open_today(&gateway, 1000, 5, 100);
	for (i = 0; i < 256; i++) {
		spend = coffer_spend_decide(&gateway, i);
		if (spend.is_failure || !coffer_models[spend.model].has_completion ||
		    coffer_today_session(&gateway, &spend).number >> 63 == 0)
			continue;
		coffer_gateway_write(&gateway, COFFER_SPEND_LOGS, i, &draft);
		said = memmem(value_of("proxy_server_request")->text.data,
			      value_of("proxy_server_request")->text.size, "{\"role\": \"user\"",
			      15);
		assert_non_null(said);
		if (!session) {
			session = coffer_today_session(&gateway, &spend).number;
			memcpy(first, said, 200);
		} else if (coffer_today_session(&gateway, &spend).number == session) {
			again++;
			assert_memory_equal(first, said, 200);
		}
	}
	assert_true(again > 3);
	coffer_gateway_release(&gateway);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_document_is_in_normal_form),
		cmocka_unit_test(a_row_is_the_same_call_in_both_eras),
		cmocka_unit_test(spend_logs_have_the_sizes_of_today),
		cmocka_unit_test(what_is_known_of_a_model_is_constant),
		cmocka_unit_test(prompts_are_kept_in_their_share),
		cmocka_unit_test(sessions_go_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
