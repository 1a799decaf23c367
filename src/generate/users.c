/*
 * The rows of users and of their memberships in teams and organisations. A user's list of teams says
 * the same as the memberships; its team_id, which has no foreign key, may name a deleted team.
 */
#include "generate/gateway.h"

static void
draft_user_alias(const struct coffer_gateway *gateway, uint32_t number, struct coffer_draft *draft)
{
	struct coffer_pen *pen = &draft->pen;

	coffer_user_write(gateway, number, pen);
	coffer_draft_written(draft, COFFER_TEXT);
	if (number < 2) {
		coffer_draft_null(draft);
		return;
	}
	coffer_pen_text(pen, coffer_first_name(number));
	coffer_pen_text(pen, " ");
	coffer_pen_text(pen, coffer_last_name(number));
	coffer_draft_written(draft, COFFER_TEXT);
}

/* team_id, which has no foreign key, and organization_id, which has one. */
static void
draft_user_ties(const struct coffer_gateway *gateway, uint32_t number, struct coffer_draft *draft,
		struct coffer_random *random)
{
	uint32_t kind = coffer_random_below(random, 100), teams = gateway->counts[COFFER_TEAMS];

	if (kind < 25) {
		coffer_team_write(gateway,
				  kind < 22 ? coffer_user_team(gateway, number, 0) : teams + kind,
				  &draft->pen);
		coffer_draft_written(draft, COFFER_TEXT);
	} else {
		coffer_draft_null(draft);
	}
	if (number > 1 && coffer_random_chance(random, 500)) {
		coffer_organization_write(gateway,
					  coffer_organization_of(gateway, COFFER_USERS, number),
					  &draft->pen);
		coffer_draft_written(draft, COFFER_TEXT);
	} else {
		coffer_draft_null(draft);
	}
}

static void
draft_user_teams(const struct coffer_gateway *gateway, uint32_t number, struct coffer_draft *draft)
{
	coffer_text elements[COFFER_DRAFT_ARRAY_MAX];
	uint32_t count = coffer_user_teams(gateway, number), i;
	struct coffer_pen *pen = &draft->pen;

	for (i = 0; i < count; i++) {
		elements[i].data = pen->at;
		coffer_team_write(gateway, coffer_user_team(gateway, number, i), pen);
		elements[i].size = (size_t)(pen->at - elements[i].data);
	}
	coffer_draft_array(draft, elements, count);
}

static void
draft_user_email(const struct coffer_gateway *gateway, uint32_t number, struct coffer_draft *draft)
{
	if (number < 2 || number % 5 == 0) {
		coffer_draft_null(draft);
		return;
	}
	coffer_email_write(gateway, number, &draft->pen);
	coffer_draft_written(draft, COFFER_TEXT);
}

static void
draft_user_limits(struct coffer_draft *draft, struct coffer_random *random)
{
	coffer_text nothing = {NULL, 0};

	coffer_draft_models(draft, random);
	coffer_draft_nothing(draft, random, false);
	coffer_draft_limit(draft, random, 1, 100);
	coffer_draft_limit(draft, random, 1000, 20000000);
	coffer_draft_limit(draft, random, 10, 10000);
	coffer_draft_duration(draft, random);
	if (coffer_random_chance(random, 50))
		coffer_draft_null(draft);
	else
		coffer_draft_array(draft, &nothing, 0);
	coffer_draft_model_spend(draft, random);
	coffer_draft_model_budget(draft, random, false);
}

void
coffer_user_row_write(const struct coffer_gateway *gateway, uint32_t number,
		      struct coffer_draft *draft)
{
	static const char *const roles[8] = {
		"internal_user", "internal_user",      "internal_user", "internal_user_viewer",
		"proxy_admin",   "proxy_admin_viewer", "team",          "customer",
	};
	struct coffer_random random = coffer_random_open(gateway->seed, COFFER_USERS, number);

	draft_user_alias(gateway, number, draft);
	draft_user_ties(gateway, number, draft, &random);
	if (coffer_random_chance(&random, 80)) {
		coffer_pen_random_hex(&draft->pen, &random, 64);
		coffer_draft_written(draft, COFFER_TEXT);
	} else {
		coffer_draft_null(draft);
	}
	draft_user_teams(gateway, number, draft);
	if (number == 1)
		coffer_draft_null(draft);
	else
		coffer_draft_text(draft,
				  number ? roles[coffer_random_below(&random, 8)] : "proxy_admin");
	coffer_draft_dollars(draft, &random, 100000);
	coffer_draft_spend(draft, &random);
	draft_user_email(gateway, number, draft);
	draft_user_limits(draft, &random);
}

/* ------------------------------------------------------------------ memberships */

/* The memberships go through all users once for each turn, so that no pair comes twice. */
void
coffer_team_member_row_write(const struct coffer_gateway *gateway, uint32_t number,
			     struct coffer_draft *draft)
{
	struct coffer_random random =
		coffer_random_open(gateway->seed, COFFER_TEAM_MEMBERS, number);
	uint32_t users = gateway->counts[COFFER_USERS], user = number % users;

	coffer_user_write(gateway, user, &draft->pen);
	coffer_draft_written(draft, COFFER_TEXT);
	coffer_team_write(gateway, coffer_user_team(gateway, user, number / users), &draft->pen);
	coffer_draft_written(draft, COFFER_TEXT);
	coffer_draft_spend(draft, &random);
	coffer_draft_budget(gateway, draft, &random, 250);
}

void
coffer_organization_member_row_write(const struct coffer_gateway *gateway, uint32_t number,
				     struct coffer_draft *draft)
{
	struct coffer_random random =
		coffer_random_open(gateway->seed, COFFER_ORGANIZATION_MEMBERS, number);
	uint32_t user = number * 3;
	int64_t created = coffer_draft_recent(&random, 300);

	coffer_user_write(gateway, user, &draft->pen);
	coffer_draft_written(draft, COFFER_TEXT);
	coffer_organization_write(gateway, coffer_organization_of(gateway, COFFER_USERS, user),
				  &draft->pen);
	coffer_draft_written(draft, COFFER_TEXT);
	if (number % 7 == 6)
		coffer_draft_null(draft);
	else
		coffer_draft_text(draft, number % 5 ? "internal_user" : "org_admin");
	if (number % 11 == 10)
		coffer_draft_null(draft);
	else
		coffer_draft_spend(draft, &random);
	coffer_draft_budget(gateway, draft, &random, 250);
	coffer_draft_time(draft, created);
	coffer_draft_time(draft, created);
}
