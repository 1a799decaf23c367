/*
 * What sets today's gateway apart from that of late 2024: the schema of its spend logs and what their rows
 * hold. Sizes and shares are those that operators report:
 *
 *   metadata             2 to 5 KB, two thirds of it what the gateway knows of the model, the same in each row of
 *                        a model; tokens, costs, entities and guardrails beside it, a traceback where a call failed
 *   request_tags         the client's program, twice, and the tags that the older era has
 *   prompts              in the share of rows that is asked for: 5 to 50 KB in proxy_server_request and response,
 *                        and now and then 2 MB, where a batch of embeddings was asked for
 */
#ifndef COFFER_GENERATE_ERA_H
#define COFFER_GENERATE_ERA_H

#include "generate/spend.h"

/* Those of LiteLLM_SpendLogs that version 1.52 did not have. */
#define COFFER_TODAY_COLUMNS \
	"custom_llm_provider messages response session_id proxy_server_request status " \
	"mcp_namespaced_tool_name organization_id agent_id request_duration_ms created_at " \
	"updated_at"

/* The schema of `era`, settled: the built-in one, in which today's LiteLLM_SpendLogs has its own columns. */
COFFER_CHECKED coffer_status
coffer_era_schema(coffer_era era, coffer_schema **schema_out, coffer_error *error);

/* Write what today's rows say of each model. False when memory is out. */
bool
coffer_model_maps_init(struct coffer_gateway *gateway);

/* The metadata document of today, in jsonb's normal form. */
void
coffer_today_metadata_write(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
			    struct coffer_pen *pen);

/* The tags that tell a key's program: the first elements of an array that has been begun. */
void
coffer_today_tags_write(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
			struct coffer_pen *pen);

/* COFFER_TODAY_COLUMNS. */
void
coffer_today_columns_write(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
			   struct coffer_draft *draft);

/* The session that a request is of, and how many were before it there. */
struct coffer_session {
	uint64_t number;
	uint32_t turn;
};

struct coffer_session
coffer_today_session(const struct coffer_gateway *gateway, const struct coffer_spend *spend);

/* True for the rows that keep what was asked and answered. */
bool
coffer_prompts_are_kept(const struct coffer_gateway *gateway, const struct coffer_spend *spend);
/* The values of proxy_server_request, response and (seldom more than {}) messages. */
void
coffer_prompts_request_write(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
			     struct coffer_pen *pen);
void
coffer_prompts_response_write(const struct coffer_gateway *gateway,
			      const struct coffer_spend *spend, struct coffer_pen *pen);
void
coffer_prompts_messages_write(const struct coffer_gateway *gateway,
			      const struct coffer_spend *spend, struct coffer_pen *pen);

/* About `size` bytes of what people and models write, as the inside of a JSON string; at most 80 more. */
void
coffer_prose_write(struct coffer_pen *pen, struct coffer_random *random, uint32_t size);

#endif
