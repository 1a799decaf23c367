/*
 * LiteLLM_SpendLogs: the table that is nearly all of a gateway's rows, and the hot path here.
 *
 *   row number --> request (shared with its cache hits) --> caller, times --> 22 columns, 34 today
 *
 * What a row is about is decided first (spend_request.c), then its columns are written in their order.
 */
#include "generate/era.h"

static void
draft_caller(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
	     struct coffer_draft *draft)
{
	static const char *const texts[] = {
		[COFFER_CALLER_NOBODY] = "",
		[COFFER_CALLER_MASTER] = "litellm_proxy_master_key",
		[COFFER_CALLER_NONE_TEXT] = "None",
	};

	if (spend->caller != COFFER_CALLER_KEY) {
		coffer_draft_text(draft, texts[spend->caller]);
		return;
	}
	coffer_key_write(gateway, spend->key, &draft->pen);
	coffer_draft_written(draft, COFFER_TEXT);
}

/* spend and the token counts. A total that is not the sum comes from providers that count otherwise. */
static void
draft_cost(struct coffer_spend *spend, struct coffer_draft *draft)
{
	const struct coffer_model *model = &coffer_models[spend->model];
	double prompt = (double)((uint64_t)spend->prompt_tokens * model->prompt_price) / 1e12;
	double completion =
		(double)((uint64_t)spend->completion_tokens * model->completion_price) / 1e12;
	uint32_t extra = coffer_random_chance(&spend->random, 5) && !spend->is_failure ? 3 : 0;

	coffer_draft_real(draft, spend->is_hit ? 0.0 : prompt + completion);
	coffer_draft_int(draft, spend->prompt_tokens + spend->completion_tokens + extra);
	coffer_draft_int(draft, spend->prompt_tokens);
	coffer_draft_int(draft, spend->completion_tokens);
}

static void
draft_times(struct coffer_spend *spend, struct coffer_draft *draft)
{
	uint32_t kind = coffer_random_below(&spend->random, 100);
	int64_t length = spend->end_ms - spend->start_ms;

	coffer_draft_time(draft, spend->start_ms);
	coffer_draft_time(draft, spend->end_ms);
	if (kind == 0)
		coffer_draft_null(draft);
	else
		coffer_draft_time(draft, kind < 60 ? spend->end_ms : spend->start_ms + length / 5);
}

static void
write_model_id(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
	       struct coffer_pen *pen)
{
	struct coffer_random random = coffer_random_open(
		gateway->seed, COFFER_OF_IDENTITY + COFFER_CONFIG, spend->deployment);

	if (spend->is_failure)
		return;
	if (spend->deployment % 3 == 2) /* of the configuration file, not of the database */
		coffer_pen_random_hex(pen, &random, 64);
	else
		coffer_deployment_write(gateway, spend->deployment, pen);
}

static void
draft_model(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
	    struct coffer_draft *draft)
{
	const struct coffer_model *model = &coffer_models[spend->model];

	coffer_draft_text(draft, model->name);
	write_model_id(gateway, spend, &draft->pen);
	coffer_draft_written(draft, COFFER_TEXT);
	coffer_draft_text(draft, model->group);
	if (!spend->is_failure)
		coffer_api_base_write(model, spend->deployment, &draft->pen);
	coffer_draft_written(draft, COFFER_TEXT);
}

static void
draft_user(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
	   struct coffer_draft *draft)
{
	if (spend->ties.user != COFFER_TIE_NONE)
		coffer_user_write(gateway, (uint32_t)spend->ties.user, &draft->pen);
	coffer_draft_written(draft, COFFER_TEXT);
}

static void
draft_metadata(const struct coffer_gateway *gateway, struct coffer_spend *spend,
	       struct coffer_draft *draft)
{
	uint32_t kind = coffer_random_below(&spend->random, 1000);

	if (kind < 2) {
		coffer_draft_null(draft);
	} else if (kind < 8) {
		coffer_draft_json(draft, kind < 5 ? "null" : "{}");
	} else {
		if (gateway->era == COFFER_ERA_TODAY)
			coffer_today_metadata_write(gateway, spend, &draft->pen);
		else
			coffer_spend_metadata_write(gateway, spend, &draft->pen);
		coffer_draft_written(draft, COFFER_JSON);
	}
}

static void
write_cache_key(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
		struct coffer_pen *pen)
{
	struct coffer_random random = coffer_random_open(
		gateway->seed, COFFER_OF_REQUESTS + COFFER_OF_TIES, spend->source);

	if (coffer_random_chance(&random, 200))
		coffer_pen_text(pen, "litellm.caching:");
	coffer_pen_random_hex(pen, &random, 64);
}

/* cache_hit is a text: "True", "False", "None" or "". */
static void
draft_cache(const struct coffer_gateway *gateway, struct coffer_spend *spend,
	    struct coffer_draft *draft)
{
	uint32_t kind = coffer_random_below(&spend->random, 100);
	uint32_t misses = gateway->era == COFFER_ERA_TODAY ? 50 : 14;

	if (spend->is_hit || kind < misses) {
		coffer_draft_text(draft, spend->is_hit ? "True" : "False");
		write_cache_key(gateway, spend, &draft->pen);
		coffer_draft_written(draft, COFFER_TEXT);
		return;
	}
	coffer_draft_text(draft, kind < 92 ? "None" : "");
	coffer_draft_text(draft, "Cache OFF");
}

static void
write_tag(coffer_era era, struct coffer_pen *pen, struct coffer_random *random)
{
	static const char *const names[2][4] = {
		[COFFER_ERA_OLDER] = {"taskName:summarise", "env:prod", "User-Agent: curl",
				      "User-Agent: OpenAI/Python 1.54.3"},
		[COFFER_ERA_TODAY] = {"taskName:summarise", "env:prod", "costCenter:4711",
				      "feature:reply-draft"},
	};
	uint32_t kind = coffer_random_below(random, 7);

	coffer_pen_element(pen);
	if (kind < 4) {
		coffer_pen_json_text(pen, names[era][kind]);
		return;
	}
	coffer_pen_text(pen, "\"jobID:");
	coffer_pen_random_hex(pen, random, 8);
	coffer_pen_text(pen, "\"");
}

/* Lists of tags come from the callers' settings, so whole lists recur. */
static void
draft_tags(const struct coffer_gateway *gateway, struct coffer_spend *spend,
	   struct coffer_draft *draft)
{
	uint32_t kind = coffer_random_below(&spend->random, 1000);
	uint32_t list = coffer_zipf_draw(&gateway->tag_lists, &spend->random);
	struct coffer_random random = coffer_random_open(gateway->seed, COFFER_OF_TAGS, list);
	uint32_t left;

	if (kind < 3) {
		coffer_draft_null(draft);
		return;
	}
	coffer_pen_text(&draft->pen, "[");
	if (gateway->era == COFFER_ERA_TODAY)
		coffer_today_tags_write(gateway, spend, &draft->pen);
	if (kind > 300 && list)
		for (left = 1 + coffer_random_below(&random, 6); left > 0; left--)
			write_tag(gateway->era, &draft->pen, &random);
	coffer_pen_text(&draft->pen, "]");
	coffer_draft_written(draft, COFFER_JSON);
}

/* "" where there is no team, and NULL in rows from before that was the rule. */
static void
draft_team(const struct coffer_gateway *gateway, struct coffer_spend *spend,
	   struct coffer_draft *draft)
{
	if (coffer_random_chance(&spend->random, 6)) {
		coffer_draft_null(draft);
		return;
	}
	if (spend->ties.team == COFFER_TIE_DASHBOARD)
		coffer_pen_text(&draft->pen, "litellm-dashboard");
	else if (spend->ties.team != COFFER_TIE_NONE)
		coffer_team_write(gateway, (uint32_t)spend->ties.team, &draft->pen);
	coffer_draft_written(draft, COFFER_TEXT);
}

static void
draft_end_user(const struct coffer_gateway *gateway, struct coffer_spend *spend,
	       struct coffer_draft *draft)
{
	uint32_t kind = coffer_random_below(&spend->random, 1000);
	uint32_t known = gateway->counts[COFFER_END_USERS];
	struct coffer_pen *pen = &draft->pen;

	if (kind < 40) {
		coffer_draft_null(draft);
		return;
	}
	if (kind >= 980)
		coffer_end_user_write(gateway, known + coffer_random_below(&spend->random, 200),
				      pen);
	else if (kind >= 580 && known)
		coffer_end_user_write(gateway,
				      coffer_zipf_draw(&gateway->end_users, &spend->random), pen);
	coffer_draft_written(draft, COFFER_TEXT);
}

static void
draft_address(const struct coffer_spend *spend, struct coffer_draft *draft)
{
	if (spend->address == COFFER_ADDRESS_NULL) {
		coffer_draft_null(draft);
		return;
	}
	coffer_spend_address_write(spend, &draft->pen);
	coffer_draft_written(draft, COFFER_TEXT);
}

void
coffer_spend_log_row_write(const struct coffer_gateway *gateway, uint32_t number,
			   struct coffer_draft *draft)
{
	struct coffer_spend spend = coffer_spend_decide(gateway, number);

	coffer_spend_id_write(gateway, &spend, &draft->pen);
	coffer_draft_written(draft, COFFER_TEXT);
	coffer_draft_text(draft, coffer_models[spend.model].call_type);
	draft_caller(gateway, &spend, draft);
	draft_cost(&spend, draft);
	draft_times(&spend, draft);
	draft_model(gateway, &spend, draft);
	draft_user(gateway, &spend, draft);
	draft_metadata(gateway, &spend, draft);
	draft_cache(gateway, &spend, draft);
	draft_tags(gateway, &spend, draft);
	draft_team(gateway, &spend, draft);
	draft_end_user(gateway, &spend, draft);
	draft_address(&spend, draft);
	if (gateway->era == COFFER_ERA_TODAY)
		coffer_today_columns_write(gateway, &spend, draft);
}
