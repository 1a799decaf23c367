/*
 * LiteLLM_ErrorLogs and LiteLLM_AuditLog, in the order of their time columns. Error rows hold requests
 * and tracebacks with all the characters that escaping must survive; audit rows hold whole rows of
 * other tables, some of them as a JSON text in a JSON text, and the plain key of a created key.
 */
#include "generate/models.h"

/* ------------------------------------------------------------------ errors */

static const struct {
	const char *type, *status, *text;
} failures[6] = {
	{"RateLimitError", "429",
	 "Requests to the ChatCompletions_Create Operation have exceeded the "
	 "token rate limit of your current pricing tier. Please retry after 14 "
	 "seconds."},
	{"BadRequestError", "400",
	 "Error code: 400 - {'error': {'message': \"This model's maximum "
	 "context length is 128000 tokens.\", 'code': "
	 "'context_length_exceeded'}}"},
	{"AuthenticationError", "401",
	 "Incorrect API key provided: sk-abc***************xyz. You can "
	 "find your API key at C:\\keys\\openai.txt"},
	{"Timeout", "408", "Request timed out after 600.0 seconds.\tRetried 3 times."},
	{"ServiceUnavailableError", "503",
	 "The service is temporarily unable to process your request — "
	 "upstream says “overloaded”."},
	{"InternalServerError", "500",
	 "The server had an error while processing your request. Sorry!"},
};

static void
write_traceback(struct coffer_pen *pen, struct coffer_random *random, const char *type,
		const char *text)
{
	static const char *const places[4] = {"router.py", "main.py", "llms/AzureOpenAI/azure.py",
					      "utils.py"};
	uint32_t depth = coffer_random_skewed(random, 1, 40);

	coffer_pen_text(pen, "litellm.");
	coffer_pen_text(pen, type);
	coffer_pen_text(pen, ": ");
	coffer_pen_text(pen, text);
	coffer_pen_text(pen, "\nTraceback (most recent call last):\n");
	for (; depth > 0; depth--) {
		coffer_pen_text(pen, "  File \"/app/litellm/");
		coffer_pen_text(pen, places[coffer_random_below(random, 4)]);
		coffer_pen_text(pen, "\", line ");
		coffer_pen_decimal(pen, 1 + coffer_random_below(random, 4000));
		coffer_pen_text(pen,
				", in acompletion\n    response = await self._call(**kwargs)\n");
	}
}

static void
write_messages(struct coffer_pen *pen, struct coffer_random *random)
{
	static const char *const said[4] = {
		"Summarise the ticket below in two sentences.",
		"Übersetze bitte: \"Good morning, 世界\" 👋",
		"path\\to\\file\tand a bell \x07 and a line\nbreak",
		"Write a haiku about ledgers.",
	};
	uint32_t turns = coffer_random_skewed(random, 1, 24);

	coffer_pen_member(pen, "messages");
	coffer_pen_text(pen, "[");
	for (; turns > 0; turns--) {
		coffer_pen_element(pen);
		coffer_pen_text(pen, turns & 1 ? "{\"role\": \"user\", \"content\": "
					       : "{\"role\": \"assistant\", \"content\": ");
		coffer_pen_json_text(pen, said[coffer_random_below(random, 4)]);
		coffer_pen_text(pen, "}");
	}
	coffer_pen_text(pen, "]");
}

static void
draft_request(struct coffer_draft *draft, struct coffer_random *random,
	      const struct coffer_model *model)
{
	struct coffer_pen *pen = &draft->pen;

	if (coffer_random_chance(random, 50)) {
		coffer_draft_json(draft, "{}");
		return;
	}
	coffer_pen_text(pen, "{");
	coffer_pen_member(pen, "model");
	coffer_pen_json_text(pen, model->name);
	coffer_pen_member(pen, "stream");
	coffer_pen_text(pen, coffer_random_chance(random, 500) ? "true" : "false");
	coffer_pen_member(pen, "timeout");
	coffer_pen_text(pen, "600.0");
	write_messages(pen, random);
	coffer_pen_member(pen, "max_tokens");
	coffer_pen_decimal(pen, coffer_random_skewed(random, 16, 8192));
	coffer_pen_member(pen, "temperature");
	coffer_pen_fixed(pen, coffer_random_below(random, 20), 1);
	coffer_pen_text(pen, "}");
	coffer_draft_written(draft, COFFER_JSON);
}

static void
draft_failed_model(const struct coffer_gateway *gateway, struct coffer_draft *draft,
		   uint32_t number, uint32_t deployment)
{
	const struct coffer_model *model = &coffer_models[number];

	coffer_api_base_write(model, deployment, &draft->pen);
	coffer_draft_written(draft, COFFER_TEXT);
	coffer_draft_text(draft, model->group);
	coffer_draft_text(draft, model->name);
	if (deployment % 5 != 4) /* none where no deployment was chosen */
		coffer_deployment_write(gateway, deployment, &draft->pen);
	coffer_draft_written(draft, COFFER_TEXT);
}

void
coffer_error_log_row_write(const struct coffer_gateway *gateway, uint32_t number,
			   struct coffer_draft *draft)
{
	struct coffer_random random = coffer_random_open(gateway->seed, COFFER_ERROR_LOGS, number);
	uint32_t count = gateway->counts[COFFER_ERROR_LOGS], failure;
	uint32_t deployments = gateway->counts[COFFER_MODELS], model, deployment;
	int64_t start;

	coffer_pen_uuid(&draft->pen, &random);
	coffer_draft_written(draft, COFFER_TEXT);
	start = coffer_calendar_time(&gateway->calendar, number, count,
				     coffer_random_below(&random, UINT32_MAX));
	coffer_draft_time(draft, start);
	coffer_draft_time(draft, start + coffer_random_skewed(&random, 20, 60000));
	model = coffer_model_draw(coffer_model_groups(deployments), &random);
	deployment = coffer_model_deployment(model, deployments, &random);
	draft_failed_model(gateway, draft, model, deployment);
	draft_request(draft, &random, &coffer_models[model]);
	failure = coffer_random_below(&random, 9) % 6;
	coffer_draft_text(draft, failures[failure].type);
	write_traceback(&draft->pen, &random, failures[failure].type, failures[failure].text);
	coffer_draft_written(draft, COFFER_TEXT);
	coffer_draft_text(draft, failures[failure].status);
}

/* ------------------------------------------------------------------ audit */

/* What a change is about. */
static const struct {
	const char *name;
	uint32_t table;
	void (*write)(const struct coffer_gateway *, uint32_t, struct coffer_pen *);
} audited[4] = {
	{"LiteLLM_VerificationToken", COFFER_KEYS, coffer_key_write},
	{"LiteLLM_TeamTable", COFFER_TEAMS, coffer_team_write},
	{"LiteLLM_UserTable", COFFER_USERS, coffer_user_write},
	{"LiteLLM_ProxyModelTable", COFFER_MODELS, coffer_deployment_write},
};

static const char *const actions[5] = {"created", "updated", "deleted", "blocked", "rotated"};

struct change {
	uint32_t about, object, action;
};

static void
write_object(const struct coffer_gateway *gateway, const struct change *change,
	     struct coffer_pen *pen)
{
	audited[change->about].write(gateway, change->object, pen);
}

static void
write_history(struct coffer_pen *pen, struct coffer_random *random)
{
	uint32_t left = coffer_random_skewed(random, 4, 24);

	coffer_pen_member(pen, "members");
	coffer_pen_text(pen, "[");
	for (; left > 0; left--) {
		coffer_pen_element(pen);
		coffer_pen_text(pen, "\"");
		coffer_pen_uuid(pen, random);
		coffer_pen_text(pen, "\"");
	}
	coffer_pen_text(pen, "]");
}

/* A whole row as the gateway dumps it. `is_after` tells the new one from the old. */
static void
write_row(const struct coffer_gateway *gateway, const struct change *change, struct coffer_pen *pen,
	  struct coffer_random *random, bool is_after)
{
	coffer_pen_text(pen, "{");
	if (change->about == 0 && change->action == 0) {
		coffer_pen_member(pen, "key");
		coffer_pen_text(pen, "\"sk-");
		coffer_pen_letters(pen, random, 22);
		coffer_pen_text(pen, "\"");
	}
	coffer_pen_member(pen, "spend");
	coffer_pen_fixed(pen, coffer_random_bits(random) >> 28, 12);
	coffer_pen_member(pen, "token");
	coffer_pen_text(pen, "\"");
	write_object(gateway, change, pen);
	coffer_pen_text(pen, "\"");
	coffer_pen_text(pen, ", \"models\": [], \"aliases\": {}, \"blocked\": ");
	coffer_pen_text(pen, is_after && change->action == 3 ? "true" : "null");
	write_history(pen, random);
	coffer_pen_text(pen, ", \"metadata\": {\"note\": \"line\\none\", \"limit\": 1.50}");
	coffer_pen_member(pen, "rpm_limit");
	coffer_pen_decimal(pen, coffer_random_skewed(random, 10, 100000));
	coffer_pen_text(
		pen, ", \"tpm_limit\": null, \"created_at\": \"2024-09-01T08:00:00.123000+00:00\", "
		     "\"max_budget\": null, \"model_spend\": {}, \"permissions\": {}, "
		     "\"budget_duration\": \"30d\", \"soft_budget_cooldown\": false}");
}

/* One in ten is a JSON text that holds the document: dumped twice. */
static void
draft_row(const struct coffer_gateway *gateway, const struct change *change,
	  struct coffer_draft *draft, struct coffer_random *random, bool is_after)
{
	struct coffer_pen *pen = &draft->pen;
	bool is_dumped_twice = coffer_random_chance(random, 100);
	char *from = pen->at;

	write_row(gateway, change, pen, random, is_after);
	if (is_dumped_twice) {
		pen->from = pen->at;
		coffer_pen_json_bytes(pen, from, (size_t)(pen->at - from));
	}
	coffer_draft_written(draft, COFFER_JSON);
}

static void
draft_actor(const struct coffer_gateway *gateway, struct coffer_draft *draft,
	    struct coffer_random *random)
{
	uint32_t users = gateway->counts[COFFER_USERS], keys = gateway->counts[COFFER_KEYS];
	uint32_t kind = coffer_random_below(random, 10);

	if (kind > 0)
		coffer_user_write(gateway, kind < 6 ? 0 : coffer_random_below(random, users + 3),
				  &draft->pen);
	coffer_draft_written(draft, COFFER_TEXT);
	if (kind > 2)
		coffer_key_write(gateway, coffer_random_below(random, keys + 20), &draft->pen);
	coffer_draft_written(draft, COFFER_TEXT);
}

static void
draft_change(const struct coffer_gateway *gateway, const struct change *change,
	     struct coffer_draft *draft, struct coffer_random *random)
{
	coffer_draft_text(draft, actions[change->action]);
	coffer_draft_text(draft, audited[change->about].name);
	write_object(gateway, change, &draft->pen);
	coffer_draft_written(draft, COFFER_TEXT);
	if (change->action > 0)
		draft_row(gateway, change, draft, random, false);
	else if (coffer_random_chance(random, 300))
		coffer_draft_json(draft, "null");
	else
		coffer_draft_null(draft);
	if (change->action == 2)
		coffer_draft_json(draft, "{}");
	else
		draft_row(gateway, change, draft, random, true);
}

void
coffer_audit_log_row_write(const struct coffer_gateway *gateway, uint32_t number,
			   struct coffer_draft *draft)
{
	struct coffer_random random = coffer_random_open(gateway->seed, COFFER_AUDIT_LOGS, number);
	struct change change;
	uint32_t kind;

	coffer_pen_uuid(&draft->pen, &random);
	coffer_draft_written(draft, COFFER_TEXT);
	coffer_draft_time(draft, coffer_calendar_time(&gateway->calendar, number,
						      gateway->counts[COFFER_AUDIT_LOGS],
						      coffer_random_below(&random, UINT32_MAX)));
	draft_actor(gateway, draft, &random);
	kind = coffer_random_below(&random, 20);
	change.about = kind < 12 ? 0 : kind < 16 ? 1 : kind < 18 ? 2 : 3;
	change.object =
		coffer_random_below(&random, gateway->counts[audited[change.about].table] + 2);
	kind = coffer_random_below(&random, 20);
	change.action = kind < 8 ? 0 : kind < 15 ? 1 : kind < 18 ? 2 : kind - 15;
	if (change.about != 0 && change.action == 4)
		change.action = 1; /* only keys rotate */
	draft_change(gateway, &change, draft, &random);
}
