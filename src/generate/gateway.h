/*
 * A made-up gateway: how many of everything there is, who belongs to whom, and the writers of one row
 * of each table.
 *
 * Nothing is stored but counts and distributions. An entity is a number; its identifiers and ties are
 * functions of the seed and that number, so a log row names its key, user and team without looking
 * them up. Numbers at or above an entity's count are entities that were deleted: their identifiers
 * occur in the columns that have no foreign key (orphans), as in a real gateway.
 *
 *   (gateway, table, number) --> draft: one value a column, in the table's order
 */
#ifndef COFFER_GENERATE_GATEWAY_H
#define COFFER_GENERATE_GATEWAY_H

#include "coffer.h"
#include "generate/calendar.h"
#include "generate/random.h"
#include "generate/text.h"

/* The tables, in an order in which foreign keys are satisfied. */
enum coffer_gateway_table_number {
	COFFER_BUDGETS,
	COFFER_ORGANIZATIONS,
	COFFER_ALIASES, /* LiteLLM_ModelTable: a team's model aliases */
	COFFER_TEAMS,
	COFFER_USERS,
	COFFER_KEYS,
	COFFER_END_USERS,
	COFFER_MODELS, /* LiteLLM_ProxyModelTable: deployments */
	COFFER_CONFIG,
	COFFER_TEAM_MEMBERS,
	COFFER_ORGANIZATION_MEMBERS,
	COFFER_INVITATIONS,
	COFFER_NOTIFICATIONS,
	COFFER_SPEND_LOGS,
	COFFER_ERROR_LOGS,
	COFFER_AUDIT_LOGS,
	COFFER_GATEWAY_TABLES,
};

/* Subjects of random streams beside the tables' own numbers. */
enum coffer_gateway_subject {
	COFFER_OF_IDENTITY = 32, /* added to a table's number: what an entity is called */
	COFFER_OF_TIES = 64,     /* added to a table's number: whom it belongs to */
	COFFER_OF_REQUESTS = 96, /* what a request asks; a cache hit repeats an earlier one */
	COFFER_OF_TAGS,
	COFFER_OF_BURSTS,
	COFFER_OF_TODAY,     /* what only today's rows have */
	COFFER_OF_CLIENTS,   /* the program behind a key, and what it says in every request */
	COFFER_OF_SESSIONS,
	COFFER_OF_MESSAGES,
	COFFER_OF_ANSWERS,
};

enum {
	COFFER_MODEL_GROUPS = 15,
	COFFER_DRAFT_COLUMNS_MAX = 34, /* those of today's LiteLLM_SpendLogs */
	COFFER_DRAFT_SIZE_MAX = 4 << 20, /* bytes of text in a row; the largest batch of embeddings has 2 MB */
	COFFER_TIE_NONE = -1,      /* of a key: no user, no team */
	COFFER_TIE_DASHBOARD = -2, /* the team of the keys that the dashboard makes */
};

/* The most spend logs that coffer_generate makes: times are computed in 64 bits up to here. */
#define COFFER_GENERATE_ROWS_MAX ((uint64_t)UINT32_MAX)

/* One row in work. Its texts live until the next row. */
struct coffer_draft {
	coffer_value values[COFFER_DRAFT_COLUMNS_MAX];
	size_t count;
	int64_t later_ms; /* added to every time */
	struct coffer_pen pen;
	char bytes[COFFER_DRAFT_SIZE_MAX];
};

struct coffer_gateway {
	uint64_t seed;
	coffer_era era;
	uint32_t prompts; /* spend logs that keep prompts and response, of 100 */
	int64_t later_ms; /* the era's times are the calendar's and this */
	char *model_maps; /* what today's rows say of each model; NULL in the older era */
	size_t model_map_ends[COFFER_MODEL_GROUPS];
	uint32_t counts[COFFER_GATEWAY_TABLES];
	struct coffer_calendar calendar;
	struct coffer_zipf keys, end_users, tag_lists;
};

struct coffer_gateway_table {
	const char *name;
	const char *columns; /* their names with a space between, in the draft's order */
	const char *added;   /* those that today's era has behind them; NULL: none */
	void (*write)(const struct coffer_gateway *gateway, uint32_t number,
		      struct coffer_draft *draft);
};

extern const struct coffer_gateway_table coffer_gateway_tables[COFFER_GATEWAY_TABLES];

/* COFFER_NO_MEMORY; COFFER_LIMIT for more than COFFER_GENERATE_ROWS_MAX rows; COFFER_INVALID for prompts that the
 * era has no columns for. Release in any case. */
COFFER_CHECKED coffer_status
coffer_gateway_init(struct coffer_gateway *gateway, const coffer_generate_options *options,
		    coffer_error *error);
void
coffer_gateway_release(struct coffer_gateway *gateway);

/* Write row `number` of `table` into `draft`. */
void
coffer_gateway_write(const struct coffer_gateway *gateway, uint32_t table, uint32_t number,
		     struct coffer_draft *draft);

/* ------------------------------------------------------------------ identities */

/* Each writes one identifier of entity `number` at the pen. */
void coffer_budget_write(const struct coffer_gateway *gateway, uint32_t number,
				struct coffer_pen *pen);
void coffer_organization_write(const struct coffer_gateway *gateway, uint32_t number,
				struct coffer_pen *pen);
void coffer_team_write(const struct coffer_gateway *gateway, uint32_t number,
				struct coffer_pen *pen);
void coffer_team_alias_write(const struct coffer_gateway *gateway, uint32_t number,
				struct coffer_pen *pen);
void coffer_user_write(const struct coffer_gateway *gateway, uint32_t number,
				struct coffer_pen *pen);
void coffer_email_write(const struct coffer_gateway *gateway, uint32_t number,
				struct coffer_pen *pen);
void coffer_key_write(const struct coffer_gateway *gateway, uint32_t number,
				struct coffer_pen *pen);
void coffer_key_alias_write(const struct coffer_gateway *gateway, uint32_t number,
				struct coffer_pen *pen);
void coffer_end_user_write(const struct coffer_gateway *gateway, uint32_t number,
				struct coffer_pen *pen);
void coffer_deployment_write(const struct coffer_gateway *gateway, uint32_t number,
				struct coffer_pen *pen);

/* LiteLLM_ModelTable.id of its row `number`; some ids were given and deleted. */
int32_t
coffer_alias_id(uint32_t number);
/* A person's two names, always the same for a number. */
const char *
coffer_first_name(uint32_t number);
const char *
coffer_last_name(uint32_t number);

/* ------------------------------------------------------------------ ties */

struct coffer_key_ties {
	int64_t user; /* a user's number, an orphan's, or COFFER_TIE_NONE */
	int64_t team; /* a team's number, an orphan's, COFFER_TIE_NONE or COFFER_TIE_DASHBOARD */
};

struct coffer_key_ties
coffer_key_ties(const struct coffer_gateway *gateway, uint32_t key);

/* Team number `turn` of `user`; different for each turn below the number of teams. */
uint32_t
coffer_user_team(const struct coffer_gateway *gateway, uint32_t user, uint32_t turn);
/* In how many teams the memberships put `user`. */
uint32_t
coffer_user_teams(const struct coffer_gateway *gateway, uint32_t user);
/* The organisation of a user or a team. */
uint32_t
coffer_organization_of(const struct coffer_gateway *gateway, uint32_t table, uint32_t number);

/* ------------------------------------------------------------------ drafts */

/* Each sets the next column. The text ones take what the pen wrote since the column before. */
void coffer_draft_null(struct coffer_draft *draft);
void coffer_draft_bool(struct coffer_draft *draft, bool boolean);
void coffer_draft_int(struct coffer_draft *draft, int64_t integer);
void coffer_draft_real(struct coffer_draft *draft, double real);
/* Milliseconds since 2000-01-01. */
void coffer_draft_time(struct coffer_draft *draft, int64_t time_ms);
void coffer_draft_written(struct coffer_draft *draft, coffer_kind kind);
void coffer_draft_text(struct coffer_draft *draft, const char *text);
void coffer_draft_json(struct coffer_draft *draft, const char *json);
/* An array of `count` elements (at most COFFER_DRAFT_ARRAY_MAX), which may lie at the pen. */
enum { COFFER_DRAFT_ARRAY_MAX = 64 };
void coffer_draft_array(struct coffer_draft *draft, const coffer_text *elements, size_t count);

/* Columns that several tables have, in one call each. */
void coffer_draft_dollars(struct coffer_draft *draft, struct coffer_random *random,
			  uint32_t cents_max);
void coffer_draft_limit(struct coffer_draft *draft, struct coffer_random *random, uint32_t low,
			uint32_t high);
void coffer_draft_duration(struct coffer_draft *draft, struct coffer_random *random);
void coffer_draft_models(struct coffer_draft *draft, struct coffer_random *random);
/* A counter of dollars, with the digits that sums of doubles have. */
void coffer_draft_spend(struct coffer_draft *draft, struct coffer_random *random);
/* Each of the ways to say nothing in a jsonb column: {}, null, and NULL where `is_nullable`. */
void coffer_draft_nothing(struct coffer_draft *draft, struct coffer_random *random, bool is_nullable);
/* A nullable budget_id, set in `parts` of 1000. */
void coffer_draft_budget(const struct coffer_gateway *gateway, struct coffer_draft *draft,
			 struct coffer_random *random, uint32_t parts);
void coffer_draft_model_budget(struct coffer_draft *draft, struct coffer_random *random,
			       bool is_nullable);
void coffer_draft_model_spend(struct coffer_draft *draft, struct coffer_random *random);
/* A time in the last `days` before the end of the calendar. */
int64_t coffer_draft_recent(struct coffer_random *random, uint32_t days);
void coffer_draft_stamps(struct coffer_draft *draft, struct coffer_random *random, uint32_t user,
			 const struct coffer_gateway *gateway);

/* The writers of rows, one a table. */
#define COFFER_ROW_WRITER(name) \
	void coffer_##name##_row_write(const struct coffer_gateway *gateway, uint32_t number, \
				       struct coffer_draft *draft)
COFFER_ROW_WRITER(budget);
COFFER_ROW_WRITER(organization);
COFFER_ROW_WRITER(alias);
COFFER_ROW_WRITER(team);
COFFER_ROW_WRITER(user);
COFFER_ROW_WRITER(key);
COFFER_ROW_WRITER(end_user);
COFFER_ROW_WRITER(deployment);
COFFER_ROW_WRITER(config);
COFFER_ROW_WRITER(team_member);
COFFER_ROW_WRITER(organization_member);
COFFER_ROW_WRITER(invitation);
COFFER_ROW_WRITER(notification);
COFFER_ROW_WRITER(spend_log);
COFFER_ROW_WRITER(error_log);
COFFER_ROW_WRITER(audit_log);
#undef COFFER_ROW_WRITER

#endif
