/*
 * A spend log's metadata as the gateway writes it today. What is the same in all rows of a model comes ready
 * (model_map.c), what is the same for a key is made from its number, and the rest is of the request alone:
 * tokens, dollars, milliseconds, guardrails, errors. Members stand in jsonb's order: by length, then by bytes.
 */
#include "generate/era.h"

typedef void
entity_writer(const struct coffer_gateway *, uint32_t, struct coffer_pen *);

/* A member that is a text, or null. */
static void
write_entity(const struct coffer_gateway *gateway, struct coffer_pen *pen, const char *name,
	     int64_t number, entity_writer *write)
{
	coffer_pen_member(pen, name);
	if (number < 0) {
		coffer_pen_bytes(pen, "null", 4);
		return;
	}
	coffer_pen_bytes(pen, "\"", 1);
	write(gateway, (uint32_t)number, pen);
	coffer_pen_bytes(pen, "\"", 1);
}

static void
write_null(struct coffer_pen *pen, const char *name)
{
	coffer_pen_member(pen, name);
	coffer_pen_bytes(pen, "null", 4);
}

static void
write_count(struct coffer_pen *pen, const char *name, uint32_t count)
{
	coffer_pen_member(pen, name);
	coffer_pen_decimal(pen, count);
}

/* ------------------------------------------------------------------ tokens and dollars */

static void
write_prompt_details(const struct coffer_spend *spend, struct coffer_pen *pen, uint32_t cached)
{
	coffer_pen_member(pen, "prompt_tokens_details");
	if (coffer_models[spend->model].kind == COFFER_REQUEST_HEX) {
		coffer_pen_text(pen, "null");
		return;
	}
	coffer_pen_text(pen, "{\"text_tokens\": null, \"audio_tokens\": null, "
			     "\"image_tokens\": null, \"cached_tokens\": ");
	coffer_pen_decimal(pen, cached);
	coffer_pen_text(pen, "}");
}

static void
write_completion_details(const struct coffer_spend *spend, struct coffer_pen *pen,
			 uint32_t reasoning)
{
	coffer_pen_member(pen, "completion_tokens_details");
	if (coffer_models[spend->model].kind == COFFER_REQUEST_HEX) {
		coffer_pen_text(pen, "null");
		return;
	}
	coffer_pen_text(pen, "{\"text_tokens\": ");
	coffer_pen_decimal(pen, spend->completion_tokens - reasoning);
	coffer_pen_text(pen, ", \"audio_tokens\": null, \"image_tokens\": null, "
			     "\"reasoning_tokens\": ");
	coffer_pen_decimal(pen, reasoning);
	coffer_pen_text(pen, ", \"accepted_prediction_tokens\": null, "
			     "\"rejected_prediction_tokens\": null}");
}

/* Half of the requests find a part of their prompt in the provider's cache, in blocks of 128 tokens. */
static uint32_t
cached_tokens(const struct coffer_spend *spend)
{
	uint32_t bits = (uint32_t)(coffer_random_mix(spend->random.base) >> 32);

	return bits & 1 ? (uint32_t)((uint64_t)spend->prompt_tokens * (bits >> 16) >> 23) << 7 : 0;
}

static uint32_t
reasoning_tokens(const struct coffer_spend *spend)
{
	uint32_t bits = (uint32_t)coffer_random_mix(spend->random.base);

	return bits % 5 ? 0 : (uint32_t)((uint64_t)spend->completion_tokens * (bits >> 16) >> 16);
}

static void
write_usage(const struct coffer_spend *spend, struct coffer_pen *pen)
{
	uint32_t cached = cached_tokens(spend);

	coffer_pen_member(pen, "usage_object");
	coffer_pen_text(pen, "{");
	write_count(pen, "total_tokens", spend->prompt_tokens + spend->completion_tokens);
	write_count(pen, "prompt_tokens", spend->prompt_tokens);
	write_count(pen, "completion_tokens", spend->completion_tokens);
	write_prompt_details(spend, pen, cached);
	if (coffer_models[spend->model].kind != COFFER_REQUEST_OPENAI)
		write_count(pen, "cache_read_input_tokens", cached);
	write_completion_details(spend, pen, reasoning_tokens(spend));
	if (coffer_models[spend->model].kind != COFFER_REQUEST_OPENAI)
		write_count(pen, "cache_creation_input_tokens", cached / 4);
	coffer_pen_text(pen, "}");
}

static void
write_additional_usage(const struct coffer_spend *spend, struct coffer_pen *pen)
{
	coffer_pen_member(pen, "additional_usage_values");
	coffer_pen_text(pen, "{");
	write_prompt_details(spend, pen, cached_tokens(spend));
	write_completion_details(spend, pen, reasoning_tokens(spend));
	coffer_pen_text(pen, "}");
}

/* The same quotients as in the columns, and so the same digits. */
static void
write_costs(const struct coffer_spend *spend, struct coffer_pen *pen)
{
	const struct coffer_model *model = &coffer_models[spend->model];
	double prompt = (double)((uint64_t)spend->prompt_tokens * model->prompt_price) / 1e12;
	double completion =
		(double)((uint64_t)spend->completion_tokens * model->completion_price) / 1e12;

	coffer_pen_member(pen, "cost_breakdown");
	if (spend->is_hit || spend->is_failure) {
		coffer_pen_text(pen, "null");
		return;
	}
	coffer_pen_text(pen, "{\"input_cost\": ");
	coffer_pen_real(pen, prompt);
	coffer_pen_text(pen, ", \"total_cost\": ");
	coffer_pen_real(pen, prompt + completion);
	coffer_pen_text(pen, ", \"output_cost\": ");
	coffer_pen_real(pen, completion);
	coffer_pen_text(pen, ", \"original_cost\": ");
	coffer_pen_real(pen, prompt + completion);
	coffer_pen_text(pen, ", \"tool_usage_cost\": 0.0}");
}

/* ------------------------------------------------------------------ errors and guardrails */

static const struct {
	const char *code, *kind, *text;
} errors[4] = {
	{"429", "RateLimitError",
	 "Rate limit reached for requests in organization org-contoso on tokens per min (TPM): "
	 "Limit 30000000, Requested "},
	{"400", "BadRequestError",
	 "This model's maximum context length is 128000 tokens. However, your messages resulted "
	 "in this many: "},
	{"408", "Timeout", "Request timed out. Timeout passed=600.0, time taken in milliseconds="},
	{"500", "InternalServerError",
	 "The server had an error while processing your request. Sorry about that! Attempt "},
};

static void
write_traceback(struct coffer_pen *pen, struct coffer_random *random, const char *kind)
{
	static const char *const places[8] = {
		"proxy/proxy_server.py",
		"proxy/common_request_processing.py",
		"router.py",
		"utils.py",
		"main.py",
		"llms/custom_httpx/llm_http_handler.py",
		"litellm_core_utils/exception_mapping_utils.py",
		"llms/openai/openai.py",
	};
	static const char *const calls[4] = {
		("async_wrapper\\n    result = await original_function(*args, **kwargs)\\n"
		 "             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\\n"),
		"acompletion\\n    raise e\\n",
		"_acompletion\\n    response = await _response\\n               ^^^^^^^^^^^^^^^\\n",
		"base_process_llm_request\\n    responses = await llm_responses\\n",
	};
	uint32_t depth = 4 + coffer_random_below(random, 12);

	coffer_pen_text(pen, "\"Traceback (most recent call last):\\n");
	for (; depth > 0; depth--) {
		coffer_pen_text(pen, "  File \\\"/usr/lib/python3.13/site-packages/litellm/");
		coffer_pen_text(pen, places[coffer_random_below(random, 8)]);
		coffer_pen_text(pen, "\\\", line ");
		coffer_pen_decimal(pen, 1 + coffer_random_below(random, 6000));
		coffer_pen_text(pen, ", in ");
		coffer_pen_text(pen, calls[coffer_random_below(random, 4)]);
	}
	coffer_pen_text(pen, "litellm.exceptions.");
	coffer_pen_text(pen, kind);
	coffer_pen_text(pen, "\\n\"");
}

/* A deployment of a version fails in a few dozen places: tracebacks recur, what is said at their end does not. */
static void
write_error(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
	    struct coffer_pen *pen, struct coffer_random *random)
{
	uint32_t kind = coffer_random_below(random, 4), place = coffer_random_below(random, 40);
	struct coffer_random known = coffer_random_open(gateway->seed, COFFER_OF_TODAY + 32, place);
	const char *provider = coffer_models[spend->model].provider;

	coffer_pen_member(pen, "error_information");
	coffer_pen_text(pen, "{\"traceback\": ");
	write_traceback(pen, &known, errors[kind].kind);
	coffer_pen_text(pen, ", \"error_code\": ");
	coffer_pen_json_text(pen, errors[kind].code);
	coffer_pen_text(pen, ", \"error_class\": ");
	coffer_pen_json_text(pen, errors[kind].kind);
	coffer_pen_text(pen, ", \"llm_provider\": ");
	coffer_pen_json_text(pen, provider);
	coffer_pen_text(pen, ", \"error_message\": \"litellm.");
	coffer_pen_text(pen, errors[kind].kind);
	coffer_pen_text(pen, ": ");
	coffer_pen_text(pen, errors[kind].text);
	coffer_pen_decimal(pen, coffer_random_skewed(random, 1, 400000));
	coffer_pen_text(pen, ". Request id: req_");
	coffer_pen_random_hex(pen, random, 32);
	coffer_pen_text(pen, "\"}");
}

/* Seconds since 1970 as Python gives them. */
static void
write_unix_time(const struct coffer_gateway *gateway, struct coffer_pen *pen, int64_t time_ms,
		uint32_t fraction)
{
	uint64_t unix_ms = (uint64_t)(time_ms + gateway->later_ms) + UINT64_C(946684800000);

	coffer_pen_fraction(pen, unix_ms * 10000 + fraction % 10000, 7);
}

static void
write_guardrail(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
		struct coffer_pen *pen, struct coffer_random *random)
{
	uint32_t took = coffer_random_skewed(random, 800, 400000); /* microseconds */

	coffer_pen_member(pen, "guardrail_information");
	coffer_pen_text(pen, "[{\"duration\": ");
	coffer_pen_fraction(pen, took, 6);
	coffer_pen_text(pen, ", \"end_time\": ");
	write_unix_time(gateway, pen, spend->start_ms + took / 1000,
			coffer_random_below(random, 10000));
	coffer_pen_text(pen, ", \"start_time\": ");
	write_unix_time(gateway, pen, spend->start_ms, coffer_random_below(random, 10000));
	coffer_pen_text(pen,
			", \"guardrail_mode\": \"pre_call\", \"guardrail_name\": \"pii-mask\", "
			"\"guardrail_status\": \"success\", \"guardrail_provider\": "
			"\"presidio\", \"guardrail_response\": [{\"end\": ");
	coffer_pen_decimal(pen, coffer_random_skewed(random, 16, 4000));
	coffer_pen_text(pen, ", \"score\": ");
	coffer_pen_fraction(pen, 60 + coffer_random_below(random, 41), 2);
	coffer_pen_text(pen, ", \"start\": ");
	coffer_pen_decimal(pen, coffer_random_below(random, 16));
	coffer_pen_text(pen, ", \"entity_type\": \"PERSON\"}], \"masked_entity_count\": "
			     "{\"PERSON\": 1}}]");
}

/* ------------------------------------------------------------------ the document */

/* What clients send along of their own accord, many of them the trace that the request is part of. */
static void
write_client_part(struct coffer_pen *pen, struct coffer_random *random)
{
	static const char *const tasks[8] = {"summarise",  "classify", "draft \\\"reply\\\"",
					     "übersetzen", "extract",  "review",
					     "plan",       "search"};
	uint32_t kind = coffer_random_below(random, 100);

	coffer_pen_member(pen, "spend_logs_metadata");
	if (kind < 60) {
		coffer_pen_bytes(pen, "null", 4);
		return;
	}
	coffer_pen_text(pen, "{\"env\": \"prod\", \"jobID\": \"");
	coffer_pen_random_hex(pen, random, 8);
	if (kind >= 70) {
		coffer_pen_text(pen, "\", \"span_id\": \"");
		coffer_pen_random_hex(pen, random, 16);
	}
	coffer_pen_text(pen, "\", \"taskName\": \"");
	coffer_pen_text(pen, tasks[coffer_random_below(random, 8)]);
	if (kind >= 70) {
		coffer_pen_text(pen, "\", \"trace_id\": \"");
		coffer_pen_random_hex(pen, random, 32);
	}
	coffer_pen_bytes(pen, "\"}", 2);
}

/* The alias of a team may hold quotes, so it is written twice: plain, then escaped. */
static void
write_team_alias(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
		 struct coffer_pen *pen)
{
	char alias[64];
	struct coffer_pen plain = {alias, alias, alias + sizeof alias};

	if (spend->ties.team < 0) {
		write_null(pen, "user_api_key_team_alias");
		return;
	}
	coffer_pen_member(pen, "user_api_key_team_alias");
	coffer_team_alias_write(gateway, (uint32_t)spend->ties.team, &plain);
	coffer_pen_json_bytes(pen, alias, (size_t)(plain.at - alias));
}

static void
write_model_map(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
		struct coffer_pen *pen)
{
	size_t from = spend->model ? gateway->model_map_ends[spend->model - 1] : 0;

	coffer_pen_member(pen, "model_map_information");
	coffer_pen_bytes(pen, gateway->model_maps + from,
			 gateway->model_map_ends[spend->model] - from);
}

/* A difference of two times in milliseconds, with the digits that Python leaves in it. */
static void
write_overhead(struct coffer_pen *pen, struct coffer_random *random)
{
	double all = coffer_random_skewed(random, 300000, 60000000) / 1000.0;
	double own = coffer_random_skewed(random, 900, 64000) / 1000.0;

	coffer_pen_member(pen, "litellm_overhead_time_ms");
	coffer_pen_real(pen, all + own - all);
}

/* From status to error_information. */
static void
write_head(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
	   struct coffer_pen *pen, struct coffer_random *random)
{
	bool has_key = spend->caller == COFFER_CALLER_KEY;

	coffer_pen_text(pen, spend->is_failure ? "{\"status\": \"failure\""
					       : "{\"status\": \"success\"");
	write_count(pen, "max_retries", 2);
	write_null(pen, "batch_models");
	write_usage(spend, pen);
	write_entity(gateway, pen, "user_api_key", has_key ? (int64_t)spend->key : COFFER_TIE_NONE,
		     coffer_key_write);
	write_costs(spend, pen);
	write_count(pen, "attempted_retries",
		    spend->is_failure ? coffer_random_below(random, 3) : 0);
	if (spend->is_failure)
		write_error(gateway, spend, pen, random);
	else
		write_null(pen, "error_information");
}

static int64_t
organization_of(const struct coffer_gateway *gateway, const struct coffer_spend *spend)
{
	if (spend->ties.team < 0)
		return COFFER_TIE_NONE;
	return coffer_organization_of(gateway, COFFER_TEAMS, (uint32_t)spend->ties.team);
}

/* From applied_guardrails to model_map_information. */
static void
write_middle(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
	     struct coffer_pen *pen, struct coffer_random *random)
{
	bool has_alias = spend->caller == COFFER_CALLER_KEY && spend->key % 10 < 7;
	bool is_guarded = coffer_random_chance(random, 120);

	coffer_pen_member(pen, "applied_guardrails");
	coffer_pen_text(pen, is_guarded ? "[\"pii-mask\"]" : "[]");
	write_entity(gateway, pen, "user_api_key_alias",
		     has_alias ? (int64_t)spend->key : COFFER_TIE_NONE, coffer_key_alias_write);
	write_client_part(pen, random);
	write_entity(gateway, pen, "user_api_key_org_id", organization_of(gateway, spend),
		     coffer_organization_write);
	write_null(pen, "proxy_server_request");
	coffer_spend_address_member(spend, pen);
	write_entity(gateway, pen, "user_api_key_team_id", spend->ties.team, coffer_team_write);
	write_entity(gateway, pen, "user_api_key_user_id", spend->ties.user, coffer_user_write);
	if (is_guarded)
		write_guardrail(gateway, spend, pen, random);
	else
		write_null(pen, "guardrail_information");
	write_model_map(gateway, spend, pen);
}

void
coffer_today_metadata_write(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
			    struct coffer_pen *pen)
{
	struct coffer_random random =
		coffer_random_open(gateway->seed, COFFER_OF_TODAY, spend->number);

	write_head(gateway, spend, pen, &random);
	write_middle(gateway, spend, pen, &random);
	write_null(pen, "mcp_tool_call_metadata");
	write_additional_usage(spend, pen);
	write_null(pen, "cold_storage_object_key");
	write_null(pen, "user_api_key_project_id");
	write_team_alias(gateway, spend, pen);
	write_overhead(pen, &random);
	write_null(pen, "user_api_key_project_alias");
	write_null(pen, "vector_store_request_metadata");
	coffer_pen_bytes(pen, "}", 1);
}
