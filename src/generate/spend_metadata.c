/*
 * A spend log's metadata, as the gateway of late 2024 wrote it: who called, with what the client sent
 * along, and the provider's own counts. Members stand in jsonb's order: by length, then by bytes.
 */
#include "generate/spend.h"

void
coffer_spend_address_write(const struct coffer_spend *spend, struct coffer_pen *pen)
{
	uint64_t bits = spend->address_bits;

	if (spend->address == COFFER_ADDRESS_V4) {
		coffer_pen_text(pen, "10.");
		coffer_pen_decimal(pen, bits & 31);
		coffer_pen_text(pen, ".");
		coffer_pen_decimal(pen, bits >> 8 & 255);
		coffer_pen_text(pen, ".");
		coffer_pen_decimal(pen, bits >> 16 & 255);
	} else if (spend->address == COFFER_ADDRESS_V6) {
		coffer_pen_text(pen, "2001:db8:");
		coffer_pen_hex(pen, bits & 15, 1);
		coffer_pen_text(pen, "::");
		coffer_pen_hex(pen, bits >> 16 | 0x8000, 4);
	}
}

/* A member whose text is written by `write`, or null where `is_set` is false. */
static void
write_entity(const struct coffer_gateway *gateway, struct coffer_pen *pen, const char *name,
	     bool is_set, uint32_t number,
	     void (*write)(const struct coffer_gateway *, uint32_t, struct coffer_pen *))
{
	coffer_pen_member(pen, name);
	if (!is_set) {
		coffer_pen_bytes(pen, "null", 4);
		return;
	}
	coffer_pen_bytes(pen, "\"", 1);
	write(gateway, number, pen);
	coffer_pen_bytes(pen, "\"", 1);
}

/* The alias of a team may hold quotes, so it is written twice: plain at the pen, then escaped. */
static void
write_team_alias(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
		 struct coffer_pen *pen)
{
	char alias[64];
	struct coffer_pen plain = {alias, alias, alias + sizeof alias};

	coffer_pen_member(pen, "user_api_key_team_alias");
	if (spend->ties.team < 0) {
		coffer_pen_bytes(pen, "null", 4);
		return;
	}
	coffer_team_alias_write(gateway, (uint32_t)spend->ties.team, &plain);
	coffer_pen_json_bytes(pen, alias, (size_t)(plain.at - alias));
}

static void
write_failure(const struct coffer_spend *spend, struct coffer_pen *pen)
{
	coffer_pen_member(pen, "error_information");
	coffer_pen_text(pen,
			spend->number & 1
				? "{\"error_code\": \"429\", \"error_class\": \"RateLimitError\""
				: "{\"error_code\": \"400\", \"error_class\": \"BadRequestError\"");
	coffer_pen_member(pen, "llm_provider");
	coffer_pen_json_text(pen, coffer_models[spend->model].provider);
	coffer_pen_bytes(pen, "}", 1);
}

/* What clients send along of their own accord. */
static void
write_client_part(struct coffer_spend *spend, struct coffer_pen *pen)
{
	static const char *const tasks[4] = {"summarise", "classify", "draft \\\"reply\\\"",
					     "übersetzen"};

	coffer_pen_member(pen, "spend_logs_metadata");
	if (!coffer_random_chance(&spend->random, 250)) {
		coffer_pen_bytes(pen, "null", 4);
		return;
	}
	coffer_pen_text(pen, "{\"env\": \"prod\", \"jobID\": \"");
	coffer_pen_random_hex(pen, &spend->random, 8);
	coffer_pen_text(pen, "\", \"taskName\": \"");
	coffer_pen_text(pen, tasks[coffer_random_below(&spend->random, 4)]);
	coffer_pen_bytes(pen, "\"}", 2);
}

static void
write_usage(struct coffer_spend *spend, struct coffer_pen *pen)
{
	enum coffer_request_kind kind = coffer_models[spend->model].kind;
	uint32_t cached = coffer_random_chance(&spend->random, 200) ? spend->prompt_tokens / 2 : 0;

	coffer_pen_member(pen, "additional_usage_values");
	if (kind == COFFER_REQUEST_OPENAI) {
		coffer_pen_text(pen, "{\"prompt_tokens_details\": {\"audio_tokens\": null, "
				     "\"cached_tokens\": ");
		coffer_pen_decimal(pen, cached);
		coffer_pen_text(pen, "}, \"completion_tokens_details\": {\"audio_tokens\": null, "
				     "\"reasoning_tokens\": 0}}");
		return;
	}
	coffer_pen_text(pen, "{\"prompt_tokens_details\": null, \"cache_read_input_tokens\": ");
	coffer_pen_decimal(pen, cached);
	coffer_pen_text(pen, ", \"completion_tokens_details\": null, "
			     "\"cache_creation_input_tokens\": ");
	coffer_pen_decimal(pen, cached / 4);
	coffer_pen_bytes(pen, "}", 1);
}

void
coffer_spend_address_member(const struct coffer_spend *spend, struct coffer_pen *pen)
{
	coffer_pen_member(pen, "requester_ip_address");
	if (spend->address == COFFER_ADDRESS_NULL) {
		coffer_pen_bytes(pen, "null", 4);
		return;
	}
	coffer_pen_bytes(pen, "\"", 1);
	coffer_spend_address_write(spend, pen);
	coffer_pen_bytes(pen, "\"", 1);
}

void
coffer_spend_metadata_write(const struct coffer_gateway *gateway, struct coffer_spend *spend,
			    struct coffer_pen *pen)
{
	bool has_key = spend->caller == COFFER_CALLER_KEY;
	bool has_alias = has_key && spend->key % 10 < 7;
	uint32_t user = (uint32_t)spend->ties.user, team = (uint32_t)spend->ties.team;

	coffer_pen_bytes(pen, "{", 1);
	if (spend->is_failure)
		coffer_pen_text(pen, "\"status\": \"failure\"");
	else
		coffer_pen_text(pen, "\"status\": null");
	write_entity(gateway, pen, "user_api_key", has_key, spend->key, coffer_key_write);
	if (spend->is_failure)
		write_failure(spend, pen);
	write_entity(gateway, pen, "user_api_key_alias", has_alias, spend->key,
		     coffer_key_alias_write);
	write_client_part(spend, pen);
	coffer_spend_address_member(spend, pen);
	write_entity(gateway, pen, "user_api_key_team_id", spend->ties.team >= 0, team,
		     coffer_team_write);
	write_entity(gateway, pen, "user_api_key_user_id", spend->ties.user >= 0, user,
		     coffer_user_write);
	write_usage(spend, pen);
	write_team_alias(gateway, spend, pen);
	coffer_pen_bytes(pen, "}", 1);
}
