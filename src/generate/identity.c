/*
 * What entities are called and to whom they belong: functions of (seed, kind, number) alone. The kinds
 * of identifiers are those that gateways have: uuids, hashes, mail addresses, free text, and the end
 * users of coding agents, one a session.
 */
#include "generate/gateway.h"

#include <assert.h>

static const char *const first_names[16] = {
	"Anna", "Bruno", "Chloé", "Dmitri", "Elena", "Farid", "Grace", "Hiroshi",
	"Inès", "Jonas", "Kavya", "Lucía",  "Marek", "Noor",  "Olga",  "Søren",
};
static const char *const mail_names[16] = {
	"anna", "bruno", "chloe", "dmitri", "elena", "farid", "grace", "hiroshi",
	"ines", "jonas", "kavya", "lucia",  "marek", "noor",  "olga",  "soren",
};
static const char *const last_names[16] = {
	"Almeida", "Becker", "Costa", "Dubois", "Eriksen", "Fischer", "García",  "Huang",
	"Ivanova", "Jensen", "Kaur",  "Lindt",  "Moreau",  "Novák",   "O'Neill", "Петрова",
};
static const char *const areas[16] = {
	"Data Platform",  "Search",       "Support Bots",    "Équipe Données", "Risk",
	"Sales Ops",      "東京オフィス", "Legal Review",    "Mobile",         "Research",
	"Payments",       "Localisation", "Docs \"drafts\"", "Infrastructure", "Growth 🚀",
	"Internal Tools",
};

static struct coffer_random
identity(const struct coffer_gateway *gateway, uint32_t table, uint32_t number)
{
	return coffer_random_open(gateway->seed, COFFER_OF_IDENTITY + table, number);
}

static void
write_uuid(const struct coffer_gateway *gateway, uint32_t table, uint32_t number,
	   struct coffer_pen *pen)
{
	struct coffer_random random = identity(gateway, table, number);

	coffer_pen_uuid(pen, &random);
}

void
coffer_budget_write(const struct coffer_gateway *gateway, uint32_t number, struct coffer_pen *pen)
{
	write_uuid(gateway, COFFER_BUDGETS, number, pen);
}

void
coffer_organization_write(const struct coffer_gateway *gateway, uint32_t number,
			  struct coffer_pen *pen)
{
	write_uuid(gateway, COFFER_ORGANIZATIONS, number, pen);
}

void
coffer_team_write(const struct coffer_gateway *gateway, uint32_t number, struct coffer_pen *pen)
{
	write_uuid(gateway, COFFER_TEAMS, number, pen);
}

void
coffer_deployment_write(const struct coffer_gateway *gateway, uint32_t number,
			struct coffer_pen *pen)
{
	write_uuid(gateway, COFFER_MODELS, number, pen);
}

void
coffer_team_alias_write(const struct coffer_gateway *gateway, uint32_t number,
			struct coffer_pen *pen)
{
	struct coffer_random random = identity(gateway, COFFER_TEAMS, number);

	random.drawn = 8; /* behind the draws of the identifier */
	coffer_pen_text(pen, areas[coffer_random_below(&random, 16)]);
	coffer_pen_bytes(pen, " ", 1);
	coffer_pen_decimal(pen, number);
}

const char *
coffer_first_name(uint32_t number)
{
	return first_names[number % 16];
}

const char *
coffer_last_name(uint32_t number)
{
	return last_names[number / 16 % 16];
}

void
coffer_email_write(const struct coffer_gateway *gateway, uint32_t number, struct coffer_pen *pen)
{
	(void)gateway;
	coffer_pen_text(pen, mail_names[number % 16]);
	coffer_pen_bytes(pen, ".", 1);
	coffer_pen_decimal(pen, number);
	coffer_pen_text(pen, "@example.com");
}

void
coffer_user_write(const struct coffer_gateway *gateway, uint32_t number, struct coffer_pen *pen)
{
	struct coffer_random random = identity(gateway, COFFER_USERS, number);

	if (number == 0) {
		coffer_pen_text(pen, "default_user_id");
	} else if (number == 1) {
		coffer_pen_text(pen, "litellm-proxy-budget");
	} else if (number % 8 < 4) {
		coffer_pen_uuid(pen, &random);
	} else if (number % 8 < 6) {
		coffer_email_write(gateway, number, pen);
	} else if (number % 8 == 6) {
		coffer_pen_text(pen, "auth0|");
		coffer_pen_random_hex(pen, &random, 24);
	} else {
		coffer_pen_text(pen, "svc nightly-");
		coffer_pen_decimal(pen, number);
	}
}

void
coffer_key_write(const struct coffer_gateway *gateway, uint32_t number, struct coffer_pen *pen)
{
	struct coffer_random random = identity(gateway, COFFER_KEYS, number);

	coffer_pen_random_hex(pen, &random, 64);
}

void
coffer_key_alias_write(const struct coffer_gateway *gateway, uint32_t number,
		       struct coffer_pen *pen)
{
	static const char *const uses[8] = {
		"prod", "staging", "ci", "notebook", "batch-job", "chat-widget", "eval", "laptop",
	};
	struct coffer_random random = identity(gateway, COFFER_KEYS, number);

	random.drawn = 8;
	coffer_pen_text(pen, uses[coffer_random_below(&random, 8)]);
	coffer_pen_bytes(pen, "-", 1);
	coffer_pen_decimal(pen, number);
}

static void
write_agent_session(struct coffer_pen *pen, struct coffer_random *random)
{
	coffer_pen_text(pen, "user_");
	coffer_pen_random_hex(pen, random, 64);
	coffer_pen_text(pen, "_account_");
	coffer_pen_uuid(pen, random);
	coffer_pen_text(pen, "_session_");
	coffer_pen_uuid(pen, random);
}

static void
write_agent_blob(struct coffer_pen *pen, struct coffer_random *random)
{
	coffer_pen_text(pen, "{\"device_id\":\"");
	coffer_pen_random_hex(pen, random, 64);
	coffer_pen_text(pen, "\",\"account_uuid\":\"");
	coffer_pen_uuid(pen, random);
	coffer_pen_text(pen, "\",\"session_id\":\"");
	coffer_pen_uuid(pen, random);
	coffer_pen_text(pen, "\"}");
}

void
coffer_end_user_write(const struct coffer_gateway *gateway, uint32_t number, struct coffer_pen *pen)
{
	struct coffer_random random = identity(gateway, COFFER_END_USERS, number);
	uint32_t kind = coffer_random_below(&random, 100);

	if (kind < 50) {
		write_agent_session(pen, &random);
	} else if (kind < 65) {
		write_agent_blob(pen, &random);
	} else if (kind < 90) {
		coffer_pen_text(pen, "customer-");
		coffer_pen_decimal(pen, number);
	} else {
		coffer_pen_text(pen, coffer_first_name(coffer_random_below(&random, 16)));
		coffer_pen_bytes(pen, " ", 1);
		coffer_pen_decimal(pen, number);
	}
}

int32_t
coffer_alias_id(uint32_t number)
{
	return (int32_t)(number + 1 + number / 10);
}

/* ------------------------------------------------------------------ ties */

static struct coffer_random
ties(const struct coffer_gateway *gateway, uint32_t table, uint32_t number)
{
	return coffer_random_open(gateway->seed, COFFER_OF_TIES + table, number);
}

static int64_t
key_user(const struct coffer_gateway *gateway, struct coffer_random *random)
{
	uint32_t kind = coffer_random_below(random, 100), users = gateway->counts[COFFER_USERS];

	if (kind < 75)
		return coffer_random_below(random, users);
	if (kind < 83)
		return 0;
	return kind < 87 ? (int64_t)users + coffer_random_below(random, 50) : COFFER_TIE_NONE;
}

/* Every sixth key beyond the first ten is one that the dashboard made for a session. */
struct coffer_key_ties
coffer_key_ties(const struct coffer_gateway *gateway, uint32_t key)
{
	struct coffer_random random = ties(gateway, COFFER_KEYS, key);
	uint32_t teams = gateway->counts[COFFER_TEAMS], kind;
	struct coffer_key_ties found = {.user = key_user(gateway, &random),
					.team = COFFER_TIE_NONE};

	kind = coffer_random_below(&random, 100);
	if (key >= 10 && key % 6 == 5)
		found.team = COFFER_TIE_DASHBOARD;
	else if (kind < 70)
		found.team = coffer_random_below(&random, teams);
	else if (kind < 73)
		found.team = teams + coffer_random_below(&random, 20);
	return found;
}

uint32_t
coffer_user_team(const struct coffer_gateway *gateway, uint32_t user, uint32_t turn)
{
	struct coffer_random random = ties(gateway, COFFER_USERS, user);
	uint32_t teams = gateway->counts[COFFER_TEAMS];

	assert(turn < teams);
	return (coffer_random_below(&random, teams) + turn) % teams;
}

/* The memberships go through all users once for each turn: see coffer_team_member_row_write. */
uint32_t
coffer_user_teams(const struct coffer_gateway *gateway, uint32_t user)
{
	uint32_t users = gateway->counts[COFFER_USERS],
		 members = gateway->counts[COFFER_TEAM_MEMBERS];

	return members / users + (user < members % users);
}

uint32_t
coffer_organization_of(const struct coffer_gateway *gateway, uint32_t table, uint32_t number)
{
	struct coffer_random random = ties(gateway, table, number);

	random.drawn = 8;
	return coffer_random_below(&random, gateway->counts[COFFER_ORGANIZATIONS]);
}
