/*
 * What today's spend logs have behind the columns of version 1.52, the tags of their clients, and the sessions
 * that they are of.
 */
#include "generate/era.h"

#include <string.h>

/* ------------------------------------------------------------------ clients and sessions */

/* The program behind a key: what it calls itself, up to the last part of its version. */
static const char *const programs[12] = {
	"OpenAI/Python 1.109.",
	"AsyncOpenAI/Python 2.8.",
	"claude-cli/2.0.",
	"OpenAI/JS 6.9.",
	"python-httpx/0.28.",
	"Anthropic/Python 0.75.",
	"curl/8.14.",
	"codex_cli_rs/0.63.",
	"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0.",
	"axios/1.13.",
	"node-fetch/3.3.",
	"Go-http-client/2.",
};

enum {
	SESSION_ROWS = 256, /* a session of an agent ends where its rows have gone on by so many */
	SESSION_STEP = 10,
	SESSIONS_AT_ONCE = 4,
};

static bool
is_agent(const struct coffer_spend *spend)
{
	return spend->caller == COFFER_CALLER_KEY && spend->key % 3 == 0;
}

struct coffer_session
coffer_today_session(const struct coffer_gateway *gateway, const struct coffer_spend *spend)
{
	struct coffer_random random =
		coffer_random_open(gateway->seed, COFFER_OF_SESSIONS, spend->number);
	uint32_t lane = coffer_random_below(&random, SESSIONS_AT_ONCE);
	struct coffer_session session = {spend->number, coffer_random_below(&random, 5)};

	if (!is_agent(spend))
		return session;
	session.number = UINT64_C(1) << 63 | (uint64_t)spend->key << 34 |
			 (uint64_t)(spend->number / SESSION_ROWS) << 2 | lane;
	session.turn = 2 + spend->number % SESSION_ROWS / SESSION_STEP;
	return session;
}

/* Twice, as the gateway writes it: the name alone, and all of it. */
void
coffer_today_tags_write(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
			struct coffer_pen *pen)
{
	struct coffer_random random =
		coffer_random_open(gateway->seed, COFFER_OF_CLIENTS, spend->key);
	const char *program = programs[coffer_random_below(&random, 12)];

	if (spend->caller != COFFER_CALLER_KEY)
		return;
	coffer_pen_text(pen, "\"User-Agent: ");
	coffer_pen_bytes(pen, program, strcspn(program, "/"));
	coffer_pen_text(pen, "\", \"User-Agent: ");
	coffer_pen_text(pen, program);
	coffer_pen_decimal(pen, coffer_random_below(&random, 40));
	coffer_pen_text(pen, "\"");
}

/* ------------------------------------------------------------------ columns */

static void
draft_session(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
	      struct coffer_draft *draft)
{
	struct coffer_session session = coffer_today_session(gateway, spend);
	struct coffer_random random = coffer_random_open(
		gateway->seed, COFFER_OF_SESSIONS + COFFER_OF_TIES, session.number);

	coffer_pen_uuid(&draft->pen, &random);
	coffer_draft_written(draft, COFFER_TEXT);
}

static void
draft_prompts(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
	      struct coffer_draft *draft)
{
	void (*const writers[3])(const struct coffer_gateway *, const struct coffer_spend *,
				 struct coffer_pen *) = {
		coffer_prompts_messages_write,
		coffer_prompts_response_write,
		coffer_prompts_request_write,
	};
	bool are_kept = coffer_prompts_are_kept(gateway, spend);
	unsigned i;

	for (i = 0; i < 3; i++) {
		if (i == 2)
			draft_session(gateway, spend, draft);
		if (are_kept)
			writers[i](gateway, spend, &draft->pen);
		else
			coffer_pen_bytes(&draft->pen, "{}", 2);
		coffer_draft_written(draft, COFFER_JSON);
	}
}

/* status to agent_id. A tool of another server is called now and then, and an agent of the gateway's. */
static void
draft_ties(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
	   struct coffer_draft *draft, struct coffer_random *random)
{
	static const char *const tools[4] = {"github/search_issues", "jira/get_issue",
					     "docs/fetch_page", "warehouse/run_query"};
	uint32_t kind = coffer_random_below(random, 1000);
	struct coffer_random agent =
		coffer_random_open(gateway->seed, COFFER_OF_CLIENTS + COFFER_OF_TIES, kind);

	coffer_draft_text(draft, spend->is_failure ? "failure" : "success");
	if (kind < 6)
		coffer_draft_text(draft, tools[kind % 4]);
	else
		coffer_draft_null(draft);
	if (spend->ties.team < 0) {
		coffer_draft_null(draft);
	} else {
		coffer_organization_write(
			gateway,
			coffer_organization_of(gateway, COFFER_TEAMS, (uint32_t)spend->ties.team),
			&draft->pen);
		coffer_draft_written(draft, COFFER_TEXT);
	}
	if (kind < 990) {
		coffer_draft_null(draft);
	} else {
		coffer_pen_uuid(&draft->pen, &agent);
		coffer_draft_written(draft, COFFER_TEXT);
	}
}

void
coffer_today_columns_write(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
			   struct coffer_draft *draft)
{
	struct coffer_random random =
		coffer_random_open(gateway->seed, COFFER_OF_TODAY + COFFER_OF_TIES, spend->number);
	int64_t flushed = spend->end_ms + coffer_random_below(&random, 13000);

	coffer_draft_text(draft, coffer_models[spend->model].provider);
	draft_prompts(gateway, spend, draft);
	draft_ties(gateway, spend, draft, &random);
	coffer_draft_int(draft, spend->end_ms - spend->start_ms);
	coffer_draft_time(draft, flushed);
	coffer_draft_time(draft, flushed);
}
