/*
 * The rows of those who call and of what they may call: keys, end users, deployments, configuration,
 * invitations, requests for access.
 */
#include "generate/gateway.h"
#include "generate/models.h"

#include <string.h>

/* ------------------------------------------------------------------ keys */

static void
draft_key_name(const struct coffer_gateway *gateway, uint32_t number, struct coffer_draft *draft,
	       struct coffer_random *random)
{
	struct coffer_pen *pen = &draft->pen;

	coffer_key_write(gateway, number, pen);
	coffer_draft_written(draft, COFFER_TEXT);
	coffer_pen_text(pen, "sk-...");
	coffer_pen_letters(pen, random, 4);
	coffer_draft_written(draft, COFFER_TEXT);
	if (coffer_random_chance(random, 300)) {
		coffer_draft_null(draft);
		return;
	}
	coffer_key_alias_write(gateway, number, pen);
	coffer_draft_written(draft, COFFER_TEXT);
}

/* user_id and team_id: neither has a foreign key. */
static void
draft_key_ties(const struct coffer_gateway *gateway, struct coffer_key_ties ties,
	       struct coffer_draft *draft)
{
	if (ties.user == COFFER_TIE_NONE) {
		coffer_draft_null(draft);
	} else {
		coffer_user_write(gateway, (uint32_t)ties.user, &draft->pen);
		coffer_draft_written(draft, COFFER_TEXT);
	}
	if (ties.team == COFFER_TIE_NONE) {
		coffer_draft_null(draft);
	} else if (ties.team == COFFER_TIE_DASHBOARD) {
		coffer_draft_text(draft, "litellm-dashboard");
	} else {
		coffer_team_write(gateway, (uint32_t)ties.team, &draft->pen);
		coffer_draft_written(draft, COFFER_TEXT);
	}
}

static void
draft_key_metadata(struct coffer_draft *draft, struct coffer_random *random)
{
	struct coffer_pen *pen = &draft->pen;

	if (coffer_random_chance(random, 550)) {
		coffer_draft_nothing(draft, random, false);
		return;
	}
	coffer_pen_text(pen, "{\"tags\": [");
	if (coffer_random_chance(random, 700)) {
		coffer_pen_text(pen, "\"team:");
		coffer_pen_decimal(pen, coffer_random_below(random, 40));
		coffer_pen_text(pen, "\", \"prod\"");
	}
	coffer_pen_text(pen, "], \"guardrails\": [");
	if (coffer_random_chance(random, 200))
		coffer_pen_text(pen, "\"pii-mask\"");
	coffer_pen_text(pen, "]");
	if (coffer_random_chance(random, 300)) {
		coffer_pen_text(pen, ", \"model_rpm_limit\": {\"gpt-4o\": ");
		coffer_pen_decimal(pen, coffer_random_skewed(random, 10, 10000));
		coffer_pen_text(pen, "}");
	}
	coffer_pen_text(pen, "}");
	coffer_draft_written(draft, COFFER_JSON);
}

/* From max_parallel_requests to budget_reset_at. */
static void
draft_key_limits(struct coffer_draft *draft, struct coffer_random *random)
{
	uint32_t blocked = coffer_random_below(random, 20);

	coffer_draft_limit(draft, random, 1, 100);
	draft_key_metadata(draft, random);
	if (blocked < 15)
		coffer_draft_null(draft);
	else
		coffer_draft_bool(draft, blocked == 15);
	coffer_draft_limit(draft, random, 1000, 20000000);
	coffer_draft_limit(draft, random, 10, 10000);
	coffer_draft_dollars(draft, random, 100000);
	coffer_draft_duration(draft, random);
}

static void
draft_cache_controls(struct coffer_draft *draft, struct coffer_random *random)
{
	const coffer_text controls[2] = {{"no-cache", 8}, {"", 0}};
	uint32_t kind = coffer_random_below(random, 20);

	if (kind == 0)
		coffer_draft_null(draft);
	else
		coffer_draft_array(draft, controls, kind == 1 ? 2 : 0);
}

static void
draft_key_tail(const struct coffer_gateway *gateway, struct coffer_draft *draft,
	       struct coffer_random *random, int64_t created)
{
	draft_cache_controls(draft, random);
	coffer_draft_nothing(draft, random, false);
	coffer_draft_nothing(draft, random, false);
	coffer_draft_budget(gateway, draft, random, 100);
	if (coffer_random_chance(random, 30)) { /* made before the columns were */
		coffer_draft_null(draft);
		coffer_draft_null(draft);
		return;
	}
	coffer_draft_time(draft, created);
	coffer_draft_time(draft, created + (COFFER_CALENDAR_TO - created) / 2);
}

void
coffer_key_row_write(const struct coffer_gateway *gateway, uint32_t number,
		     struct coffer_draft *draft)
{
	struct coffer_random random = coffer_random_open(gateway->seed, COFFER_KEYS, number);
	struct coffer_key_ties ties = coffer_key_ties(gateway, number);
	int64_t created = coffer_draft_recent(&random, 300);

	draft_key_name(gateway, number, draft, &random);
	coffer_draft_bool(draft, coffer_random_chance(&random, 10));
	coffer_draft_spend(draft, &random);
	if (ties.team == COFFER_TIE_DASHBOARD)
		coffer_draft_time(draft, created + COFFER_DAY_MS);
	else if (coffer_random_chance(&random, 200))
		coffer_draft_time(draft, created + 365 * COFFER_DAY_MS);
	else
		coffer_draft_null(draft);
	coffer_draft_models(draft, &random);
	coffer_draft_nothing(draft, &random, false);
	coffer_draft_json(draft, "{}");
	draft_key_ties(gateway, ties, draft);
	coffer_draft_json(draft, coffer_random_chance(&random, 50) ? "{\"get_spend_routes\": true}"
								   : "{}");
	draft_key_limits(draft, &random);
	draft_key_tail(gateway, draft, &random, created);
}

/* ------------------------------------------------------------------ end users */

void
coffer_end_user_row_write(const struct coffer_gateway *gateway, uint32_t number,
			  struct coffer_draft *draft)
{
	struct coffer_random random = coffer_random_open(gateway->seed, COFFER_END_USERS, number);
	struct coffer_pen *pen = &draft->pen;

	coffer_end_user_write(gateway, number, pen);
	coffer_draft_written(draft, COFFER_TEXT);
	if (coffer_random_chance(&random, 30))
		coffer_draft_text(draft, coffer_first_name(number));
	else
		coffer_draft_null(draft);
	coffer_draft_spend(draft, &random);
	if (coffer_random_chance(&random, 50))
		coffer_draft_text(draft, coffer_random_chance(&random, 500) ? "eu" : "us");
	else
		coffer_draft_null(draft);
	if (coffer_random_chance(&random, 50))
		coffer_draft_text(draft, "gpt-4o-mini");
	else
		coffer_draft_null(draft);
	coffer_draft_budget(gateway, draft, &random, 60);
	coffer_draft_bool(draft, coffer_random_chance(&random, 5));
}

/* ------------------------------------------------------------------ deployments, configuration */

/* A ciphertext as the gateway keeps it: nonce, tag and text in base64. */
static void
write_secret(struct coffer_pen *pen, struct coffer_random *random, const char *name, unsigned size)
{
	coffer_pen_member(pen, name);
	coffer_pen_text(pen, "\"");
	coffer_pen_base64(pen, random, 40 + size);
	coffer_pen_text(pen, "\"");
}

void
coffer_deployment_row_write(const struct coffer_gateway *gateway, uint32_t number,
			    struct coffer_draft *draft)
{
	uint32_t groups = coffer_model_groups(gateway->counts[COFFER_MODELS]);
	const struct coffer_model *model = &coffer_models[number % groups];
	struct coffer_random random = coffer_random_open(gateway->seed, COFFER_MODELS, number);
	struct coffer_pen *pen = &draft->pen;

	coffer_deployment_write(gateway, number, pen);
	coffer_draft_written(draft, COFFER_TEXT);
	coffer_draft_text(draft, model->group);
	coffer_pen_text(pen, "{");
	write_secret(pen, &random, "model", (unsigned)strlen(model->name));
	write_secret(pen, &random, "api_key", 51);
	write_secret(pen, &random, "api_base", 48);
	coffer_pen_member(pen, "custom_llm_provider");
	coffer_pen_json_text(pen, model->provider);
	coffer_pen_text(pen, "}");
	coffer_draft_written(draft, COFFER_JSON);
	if (coffer_random_chance(&random, 150)) {
		coffer_draft_nothing(draft, &random, true);
	} else {
		coffer_pen_text(pen, "{\"id\": \"");
		coffer_deployment_write(gateway, number, pen);
		coffer_pen_text(pen, "\", \"db_model\": true, \"base_model\": ");
		coffer_pen_json_text(pen, model->name);
		coffer_pen_text(pen, "}");
		coffer_draft_written(draft, COFFER_JSON);
	}
	coffer_draft_stamps(draft, &random, 0, gateway);
}

static void
write_environment(struct coffer_pen *pen, struct coffer_random *random)
{
	coffer_pen_text(pen, "{");
	write_secret(pen, random, "SMTP_HOST", 16);
	write_secret(pen, random, "OPENAI_API_KEY", 51);
	write_secret(pen, random, "SLACK_WEBHOOK_URL", 81);
	coffer_pen_text(pen, "}");
}

void
coffer_config_row_write(const struct coffer_gateway *gateway, uint32_t number,
			struct coffer_draft *draft)
{
	static const struct {
		const char *name, *value; /* no value: NULL; "" the environment */
	} settings[5] = {
		{"general_settings", "{\"alerting\": [\"slack\"], \"alert_to_webhook_url\": {}, "
				     "\"proxy_batch_write_at\": 10}"},
		{"litellm_settings", "{\"cache\": true, \"set_verbose\": false, "
				     "\"success_callback\": [\"langfuse\", \"prometheus\"], "
				     "\"default_team_settings\": null}"},
		{"router_settings", "{\"timeout\": 600.50, \"num_retries\": 3, "
				    "\"allowed_fails\": 1, \"cooldown_time\": 0.0000025, "
				    "\"routing_strategy\": \"simple-shuffle\"}"},
		{"environment_variables", ""},
		{"callback_settings", NULL},
	};
	struct coffer_random random = coffer_random_open(gateway->seed, COFFER_CONFIG, number);

	coffer_draft_text(draft, settings[number].name);
	if (!settings[number].value) {
		coffer_draft_null(draft);
		return;
	}
	coffer_pen_text(&draft->pen, settings[number].value);
	if (!settings[number].value[0])
		write_environment(&draft->pen, &random);
	coffer_draft_written(draft, COFFER_JSON);
}

/* ------------------------------------------------------------------ invitations, requests */

static void
draft_user(const struct coffer_gateway *gateway, struct coffer_draft *draft, uint32_t user)
{
	coffer_user_write(gateway, user, &draft->pen);
	coffer_draft_written(draft, COFFER_TEXT);
}

void
coffer_invitation_row_write(const struct coffer_gateway *gateway, uint32_t number,
			    struct coffer_draft *draft)
{
	struct coffer_random random = coffer_random_open(gateway->seed, COFFER_INVITATIONS, number);
	uint32_t users = gateway->counts[COFFER_USERS];
	int64_t created = coffer_draft_recent(&random, 120);
	int64_t accepted = created + coffer_random_below(&random, (uint32_t)COFFER_DAY_MS * 7);
	bool is_accepted = coffer_random_chance(&random, 650);

	coffer_pen_uuid(&draft->pen, &random);
	coffer_draft_written(draft, COFFER_TEXT);
	draft_user(gateway, draft, coffer_random_below(&random, users));
	coffer_draft_bool(draft, is_accepted);
	if (is_accepted)
		coffer_draft_time(draft, accepted);
	else
		coffer_draft_null(draft);
	coffer_draft_time(draft, created + 7 * COFFER_DAY_MS);
	coffer_draft_time(draft, created);
	draft_user(gateway, draft, 0);
	coffer_draft_time(draft, is_accepted ? accepted : created);
	draft_user(gateway, draft, coffer_random_chance(&random, 800) ? 0 : users - 1);
}

void
coffer_notification_row_write(const struct coffer_gateway *gateway, uint32_t number,
			      struct coffer_draft *draft)
{
	static const char *const states[3] = {"pending", "approved", "denied"};
	struct coffer_random random =
		coffer_random_open(gateway->seed, COFFER_NOTIFICATIONS, number);
	uint32_t users = gateway->counts[COFFER_USERS];

	coffer_pen_uuid(&draft->pen, &random);
	coffer_draft_written(draft, COFFER_TEXT);
	draft_user(gateway, draft, coffer_random_below(&random, users + 2));
	coffer_draft_models(draft, &random);
	coffer_draft_text(draft,
			  coffer_random_chance(&random, 300)
				  ? ""
				  : "We evaluate it for the support bot;\nplease until Friday.");
	coffer_draft_text(draft, states[coffer_random_below(&random, 3)]);
}
