/*
 * The rows of those who pay: budgets, organisations, teams and their model aliases. Foreign keys point
 * to numbers below the counts, so they always hold; the columns that have none point to deleted
 * entities now and then.
 */
#include "generate/gateway.h"

static uint32_t
draw_user(const struct coffer_gateway *gateway, struct coffer_random *random)
{
	return coffer_random_below(random, gateway->counts[COFFER_USERS]);
}

void
coffer_budget_row_write(const struct coffer_gateway *gateway, uint32_t number,
			struct coffer_draft *draft)
{
	struct coffer_random random = coffer_random_open(gateway->seed, COFFER_BUDGETS, number);

	coffer_budget_write(gateway, number, &draft->pen);
	coffer_draft_written(draft, COFFER_TEXT);
	coffer_draft_dollars(draft, &random, 1000000);
	coffer_draft_dollars(draft, &random, 100000);
	coffer_draft_limit(draft, &random, 1, 500);
	coffer_draft_limit(draft, &random, 1000, 2000000000);
	coffer_draft_limit(draft, &random, 10, 100000);
	coffer_draft_model_budget(draft, &random, true);
	coffer_draft_duration(draft, &random);
	coffer_draft_stamps(draft, &random, draw_user(gateway, &random), gateway);
}

void
coffer_organization_row_write(const struct coffer_gateway *gateway, uint32_t number,
			      struct coffer_draft *draft)
{
	struct coffer_random random =
		coffer_random_open(gateway->seed, COFFER_ORGANIZATIONS, number);
	struct coffer_pen *pen = &draft->pen;

	coffer_organization_write(gateway, number, pen);
	coffer_draft_written(draft, COFFER_TEXT);
	coffer_pen_text(pen, coffer_last_name(coffer_random_below(&random, 256)));
	coffer_pen_text(pen, " & Co. ");
	coffer_pen_decimal(pen, number);
	coffer_draft_written(draft, COFFER_TEXT);
	coffer_draft_budget(gateway, draft, &random, 1000);
	coffer_pen_text(pen, "{\"cost_center\": \"CC-");
	coffer_pen_decimal(pen, 1000 + coffer_random_below(&random, 9000));
	coffer_pen_text(pen, "\"}");
	coffer_draft_written(draft, COFFER_JSON);
	coffer_draft_models(draft, &random);
	coffer_draft_spend(draft, &random);
	coffer_draft_model_spend(draft, &random);
	coffer_draft_stamps(draft, &random, draw_user(gateway, &random), gateway);
}

void
coffer_alias_row_write(const struct coffer_gateway *gateway, uint32_t number,
		       struct coffer_draft *draft)
{
	struct coffer_random random = coffer_random_open(gateway->seed, COFFER_ALIASES, number);

	coffer_draft_int(draft, coffer_alias_id(number));
	if (coffer_random_chance(&random, 200))
		coffer_draft_nothing(draft, &random, true);
	else
		coffer_draft_json(draft,
				  "{\"gpt-4\": \"gpt-4o\", \"fast\\nest\": \"gpt-4o-mini\"}");
	coffer_draft_stamps(draft, &random, draw_user(gateway, &random), gateway);
}

/* ------------------------------------------------------------------ teams */

/* A list of users, or one of the ways to have none. */
static void
draft_users(const struct coffer_gateway *gateway, struct coffer_draft *draft,
	    struct coffer_random *random, uint32_t count_max)
{
	coffer_text elements[COFFER_DRAFT_ARRAY_MAX] = {{NULL, 0}};
	uint32_t count = coffer_random_below(random, count_max + 1), i;
	struct coffer_pen *pen = &draft->pen;

	if (coffer_random_chance(random, 100)) {
		coffer_draft_null(draft);
		return;
	}
	for (i = 0; i < count; i++) {
		elements[i].data = pen->at;
		coffer_user_write(gateway, draw_user(gateway, random), pen);
		elements[i].size = (size_t)(pen->at - elements[i].data);
	}
	coffer_draft_array(draft, elements, count);
}

static void
write_member(const struct coffer_gateway *gateway, struct coffer_pen *pen,
	     struct coffer_random *random, uint32_t user)
{
	coffer_pen_element(pen);
	coffer_pen_text(pen, coffer_random_chance(random, 150)
				     ? "{\"role\": \"admin\", \"user_id\": \""
				     : "{\"role\": \"user\", \"user_id\": \"");
	coffer_user_write(gateway, user, pen);
	coffer_pen_text(pen, "\", \"user_email\": ");
	if (coffer_random_chance(random, 400)) {
		coffer_pen_text(pen, "\"");
		coffer_email_write(gateway, user, pen);
		coffer_pen_text(pen, "\"}");
	} else {
		coffer_pen_text(pen, "null}");
	}
}

/* An object when empty, an array when not: so the gateway has it. The first team has everybody. */
static void
draft_roles(const struct coffer_gateway *gateway, struct coffer_draft *draft,
	    struct coffer_random *random, uint32_t team)
{
	uint32_t users = gateway->counts[COFFER_USERS], i;
	uint32_t count = team == 0 ? users : coffer_random_below(random, 14);

	if (count == 0) {
		coffer_draft_json(draft, "{}");
		return;
	}
	if (count > 300)
		count = 300;
	coffer_pen_text(&draft->pen, "[");
	for (i = 0; i < count; i++)
		write_member(gateway, &draft->pen, random,
			     team == 0 ? i : draw_user(gateway, random));
	coffer_pen_text(&draft->pen, "]");
	coffer_draft_written(draft, COFFER_JSON);
}

static void
draft_team_stamps(struct coffer_draft *draft, struct coffer_random *random)
{
	int64_t created = coffer_draft_recent(random, 400);

	coffer_draft_bool(draft, coffer_random_chance(random, 20));
	coffer_draft_time(draft, created);
	coffer_draft_time(draft, created + (COFFER_CALENDAR_TO - created) / 3);
}

static void
draft_team_head(const struct coffer_gateway *gateway, uint32_t number, struct coffer_draft *draft,
		struct coffer_random *random)
{
	struct coffer_pen *pen = &draft->pen;

	coffer_team_write(gateway, number, pen);
	coffer_draft_written(draft, COFFER_TEXT);
	coffer_team_alias_write(gateway, number, pen);
	coffer_draft_written(draft, COFFER_TEXT);
	if (coffer_random_chance(random, 700)) {
		coffer_organization_write(
			gateway, coffer_organization_of(gateway, COFFER_TEAMS, number), pen);
		coffer_draft_written(draft, COFFER_TEXT);
	} else {
		coffer_draft_null(draft);
	}
	draft_users(gateway, draft, random, 3);
	draft_users(gateway, draft, random, 20);
	draft_roles(gateway, draft, random, number);
	coffer_draft_json(draft, coffer_random_chance(random, 300)
					 ? "{\"tags\": [\"prod\"], \"guardrails\": []}"
					 : "{}");
}

void
coffer_team_row_write(const struct coffer_gateway *gateway, uint32_t number,
		      struct coffer_draft *draft)
{
	struct coffer_random random = coffer_random_open(gateway->seed, COFFER_TEAMS, number);

	draft_team_head(gateway, number, draft, &random);
	coffer_draft_dollars(draft, &random, 10000000);
	coffer_draft_spend(draft, &random);
	coffer_draft_models(draft, &random);
	coffer_draft_limit(draft, &random, 1, 500);
	coffer_draft_limit(draft, &random, 1000, 4000000000u);
	coffer_draft_limit(draft, &random, 10, 100000);
	coffer_draft_duration(draft, &random);
	draft_team_stamps(draft, &random);
	coffer_draft_model_spend(draft, &random);
	coffer_draft_model_budget(draft, &random, false);
	if (number % 4 == 1 && number / 4 < gateway->counts[COFFER_ALIASES])
		coffer_draft_int(draft, coffer_alias_id(number / 4));
	else
		coffer_draft_null(draft);
}
