/*
 * What a spend log is about: whose request, of what model, when; and what the request is called.
 *
 * A cache hit repeats the request of one of the 5,000 rows before it, so request bodies, models and
 * cache keys recur as they do in life. Its request_id is the repeated one with the time behind it, and
 * four digits of the row number keep two hits of one millisecond apart.
 */
#include "generate/spend.h"

enum {
	HIT_REACH = 5000,
	EMPTY_ID_SHARE = 3,
	NONE_ID_SHARE = 2,
	ODD_ROWS_MIN = 100,
	MACHINES_A_KEY = 4,
};

/* ------------------------------------------------------------------ deciding */

static void
decide_request(const struct coffer_gateway *gateway, struct coffer_spend *spend)
{
	struct coffer_random random =
		coffer_random_open(gateway->seed, COFFER_OF_REQUESTS, spend->source);
	uint32_t deployments = gateway->counts[COFFER_MODELS];

	spend->model = coffer_model_draw(coffer_model_groups(deployments), &random);
	spend->deployment = coffer_model_deployment(spend->model, deployments, &random);
	if (spend->is_failure)
		return;
	if (coffer_random_chance(&random, 90))
		spend->prompt_tokens = coffer_random_skewed(&random, 20000, 200000);
	else
		spend->prompt_tokens = coffer_random_skewed(&random, 10, 4000);
	if (coffer_models[spend->model].has_completion)
		spend->completion_tokens = coffer_random_skewed(&random, 5, 2000);
}

static void
decide_caller(const struct coffer_gateway *gateway, struct coffer_spend *spend)
{
	uint32_t kind = coffer_random_below(&spend->random, 1000);

	spend->ties = (struct coffer_key_ties){COFFER_TIE_NONE, COFFER_TIE_NONE};
	if (kind < 24) {
		spend->caller = kind < 10   ? COFFER_CALLER_NOBODY
				: kind < 22 ? COFFER_CALLER_MASTER
					    : COFFER_CALLER_NONE_TEXT;
		if (spend->caller == COFFER_CALLER_MASTER)
			spend->ties.user = 0;
		return;
	}
	spend->caller = COFFER_CALLER_KEY;
	if (kind < 44)
		spend->key = gateway->counts[COFFER_KEYS] + coffer_random_below(&spend->random, 50);
	else
		spend->key = coffer_zipf_draw(&gateway->keys, &spend->random);
	spend->ties = coffer_key_ties(gateway, spend->key);
}

static void
decide_times(const struct coffer_gateway *gateway, struct coffer_spend *spend)
{
	uint32_t count = gateway->counts[COFFER_SPEND_LOGS], length;
	uint64_t bits = coffer_random_bits(&spend->random);

	spend->start_ms = coffer_calendar_time(&gateway->calendar, spend->number, count,
					       (uint32_t)(bits >> 32));
	if (spend->is_hit)
		length = 2 + (uint32_t)(bits & 31);
	else
		length = 300 + (uint32_t)(bits & 511) + spend->prompt_tokens / 64 +
			 spend->completion_tokens * (8 + (uint32_t)(bits >> 16 & 15));
	spend->end_ms = spend->start_ms + (length < 60000 ? length : 60000);
}

/* A key is used from a few machines. */
static void
decide_address(const struct coffer_gateway *gateway, struct coffer_spend *spend)
{
	uint32_t kind = coffer_random_below(&spend->random, 100);
	uint64_t machine = (uint64_t)spend->key * MACHINES_A_KEY +
			   coffer_random_below(&spend->random, MACHINES_A_KEY);

	spend->address_bits = coffer_random_mix(gateway->seed ^ coffer_random_mix(machine));
	spend->address = kind < 45   ? COFFER_ADDRESS_NULL
			 : kind < 50 ? COFFER_ADDRESS_EMPTY
			 : kind < 90 ? COFFER_ADDRESS_V4
				     : COFFER_ADDRESS_V6;
}

struct coffer_spend
coffer_spend_decide(const struct coffer_gateway *gateway, uint32_t number)
{
	struct coffer_spend spend = {
		.number = number,
		.source = number,
		.random = coffer_random_open(gateway->seed, COFFER_SPEND_LOGS, number),
	};
	uint32_t kind = coffer_random_below(&spend.random, 1000);

	spend.is_failure = kind < 20;
	spend.is_hit = kind >= 20 && kind < 100 && number > 0;
	if (spend.is_hit)
		spend.source -= 1 + coffer_random_below(&spend.random,
							number < HIT_REACH ? number : HIT_REACH);
	decide_request(gateway, &spend);
	decide_caller(gateway, &spend);
	decide_times(gateway, &spend);
	decide_address(gateway, &spend);
	return spend;
}

/* ------------------------------------------------------------------ identifiers */

/* The identifier that the provider gave; the first draws make it, so that it is one of a kind. */
static void
write_provider_id(const struct coffer_spend *spend, struct coffer_pen *pen,
		  struct coffer_random *random)
{
	uint32_t odd = (uint32_t)random->base & 1023;

	if (odd == 0) { /* a mock's */
		coffer_pen_text(pen, "chatcmpl-");
		coffer_pen_decimal(pen, spend->source);
	} else if (odd <= 4) {
		coffer_pen_text(pen, "resp_");
		coffer_pen_base64(pen, random, 108 + 3 * coffer_random_below(random, 30));
	} else if (coffer_models[spend->model].kind == COFFER_REQUEST_OPENAI) {
		coffer_pen_text(pen, "chatcmpl-");
		coffer_pen_letters(pen, random, 29);
	} else if (coffer_models[spend->model].kind == COFFER_REQUEST_UUID) {
		coffer_pen_text(pen, "chatcmpl-");
		coffer_pen_uuid(pen, random);
	} else if (coffer_models[spend->model].kind == COFFER_REQUEST_ANTHROPIC) {
		coffer_pen_text(pen, "msg_01");
		coffer_pen_letters(pen, random, 22);
	} else {
		coffer_pen_random_hex(pen, random, 32);
	}
}

/* The gateway appends Python's time.time(): seconds since 1970 with a fraction. */
static void
write_hit_suffix(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
		 struct coffer_pen *pen)
{
	uint64_t unix_ms = (uint64_t)(spend->start_ms + gateway->later_ms) + UINT64_C(946684800000);

	coffer_pen_text(pen, "_cache_hit");
	coffer_pen_fixed(pen, unix_ms * 10000 + spend->number % 10000, 7);
}

/* Two identifiers that only mishaps make occur once each: the empty one and "None". */
static bool
write_odd_id(uint32_t number, uint32_t count, struct coffer_pen *pen)
{
	if (count < ODD_ROWS_MIN ||
	    (number != count / NONE_ID_SHARE && number != count / EMPTY_ID_SHARE))
		return false;
	if (number == count / NONE_ID_SHARE)
		coffer_pen_text(pen, "None");
	return true;
}

void
coffer_spend_id_write(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
		      struct coffer_pen *pen)
{
	struct coffer_random random = coffer_random_open(
		gateway->seed, COFFER_OF_IDENTITY + COFFER_SPEND_LOGS, spend->source);

	if (write_odd_id(spend->number, gateway->counts[COFFER_SPEND_LOGS], pen))
		return;
	if (spend->is_failure)
		coffer_pen_uuid(pen, &random);
	else
		write_provider_id(spend, pen, &random);
	if (spend->is_hit)
		write_hit_suffix(gateway, spend, pen);
}
