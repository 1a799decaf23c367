/*
 * Prompts and responses, for the rows that keep them. Texts over 2,048 characters are cut as the gateway cuts
 * them, head and tail with a mark between; numbers in arrays are not, which is how a batch of embeddings comes to
 * two megabytes. What repeats between rows repeats as in life: a key's instructions and tools in each of its
 * requests, a session's messages in all that come after. Members stand in jsonb's order.
 */
#include "generate/era.h"

enum {
	TEXT_MAX = 2048,
	HEAD_PERCENT = 35,
	BATCH_INPUTS = 84, /* of 24 KB each: 2 MB */
	VECTOR_SIZE = 1536,
};

static struct coffer_random
stream(const struct coffer_gateway *gateway, uint32_t subject, uint64_t number)
{
	return coffer_random_open(gateway->seed, COFFER_OF_MESSAGES + subject, number);
}

enum { OF_CHOICE, OF_KEY = 64, OF_TURN = 128, OF_ANSWER = 192, OF_VECTOR = 256 };

static bool
is_embedding(const struct coffer_spend *spend)
{
	return coffer_models[spend->model].call_type[1] == 'e';
}

bool
coffer_prompts_are_kept(const struct coffer_gateway *gateway, const struct coffer_spend *spend)
{
	struct coffer_random random = stream(gateway, OF_CHOICE, spend->number);

	return coffer_random_below(&random, 100) < gateway->prompts;
}

/* ------------------------------------------------------------------ texts */

static void
write_text(struct coffer_pen *pen, struct coffer_random *random, uint32_t size)
{
	coffer_pen_bytes(pen, "\"", 1);
	if (size <= TEXT_MAX) {
		coffer_prose_write(pen, random, size);
	} else {
		coffer_prose_write(pen, random, TEXT_MAX * HEAD_PERCENT / 100);
		coffer_pen_text(pen, "... (litellm_truncated skipped ");
		coffer_pen_decimal(pen, size - TEXT_MAX);
		coffer_pen_text(pen, " chars) ...");
		coffer_prose_write(pen, random, TEXT_MAX * (100 - HEAD_PERCENT) / 100);
	}
	coffer_pen_bytes(pen, "\"", 1);
}

static void
write_message(struct coffer_pen *pen, struct coffer_random *random, const char *role, uint32_t size)
{
	coffer_pen_element(pen);
	coffer_pen_text(pen, "{\"role\": \"");
	coffer_pen_text(pen, role);
	coffer_pen_text(pen, "\", \"content\": ");
	write_text(pen, random, size);
	coffer_pen_bytes(pen, "}", 1);
}

/* Instructions, then the session so far. */
static void
write_messages(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
	       struct coffer_pen *pen)
{
	struct coffer_session session = coffer_today_session(gateway, spend);
	struct coffer_random random = stream(gateway, OF_KEY, spend->key);
	uint32_t turn;

	coffer_pen_bytes(pen, "[", 1);
	write_message(pen, &random, "system", coffer_random_skewed(&random, 1200, 8000));
	for (turn = 0; turn <= session.turn; turn++) {
		random = stream(gateway, OF_TURN + turn, session.number);
		write_message(pen, &random, turn & 1 ? "assistant" : "user",
			      coffer_random_skewed(&random, 250, 8000));
	}
	coffer_pen_bytes(pen, "]", 1);
}

/* ------------------------------------------------------------------ requests */

static void
write_tool(struct coffer_pen *pen, struct coffer_random *random)
{
	coffer_pen_element(pen);
	coffer_pen_text(pen, "{\"type\": \"function\", \"function\": {\"name\": \"");
	coffer_pen_letters(pen, random, 9);
	coffer_pen_text(pen,
			"\", \"parameters\": {\"type\": \"object\", \"required\": [\"path\"], "
			"\"properties\": {\"path\": {\"type\": \"string\", \"description\": \"");
	coffer_prose_write(pen, random, coffer_random_skewed(random, 40, 200));
	coffer_pen_text(pen, "\"}, \"limit\": {\"type\": \"integer\"}}}, \"description\": \"");
	coffer_prose_write(pen, random, coffer_random_skewed(random, 100, 1000));
	coffer_pen_text(pen, "\"}}");
}

/* Those of a key whose program is an agent; the same in all its requests. */
static void
write_tools(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
	    struct coffer_pen *pen)
{
	struct coffer_random random = stream(gateway, OF_KEY + 1, spend->key);
	uint32_t left = 4 + coffer_random_below(&random, 12);

	coffer_pen_member(pen, "tools");
	coffer_pen_bytes(pen, "[", 1);
	for (; left > 0 && spend->key % 3 == 0; left--)
		write_tool(pen, &random);
	coffer_pen_bytes(pen, "]", 1);
}

static uint32_t
embedding_inputs(const struct coffer_gateway *gateway, const struct coffer_spend *spend)
{
	struct coffer_random random = stream(gateway, OF_VECTOR, spend->source);

	return coffer_random_chance(&random, 5) ? BATCH_INPUTS : 1;
}

static void
write_embedding_request(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
			struct coffer_pen *pen)
{
	struct coffer_random random = stream(gateway, OF_TURN, spend->source);
	uint32_t left = embedding_inputs(gateway, spend);

	coffer_pen_text(pen, "{\"input\": [");
	for (; left > 0; left--) {
		coffer_pen_element(pen);
		write_text(pen, &random, coffer_random_skewed(&random, 200, 4000));
	}
	coffer_pen_text(pen, "], \"model\": ");
	coffer_pen_json_text(pen, coffer_models[spend->model].group);
	coffer_pen_text(pen, ", \"encoding_format\": \"float\"}");
}

void
coffer_prompts_request_write(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
			     struct coffer_pen *pen)
{
	struct coffer_random random = stream(gateway, OF_CHOICE + 1, spend->source);

	if (is_embedding(spend)) {
		write_embedding_request(gateway, spend, pen);
		return;
	}
	coffer_pen_text(pen, "{\"model\": ");
	coffer_pen_json_text(pen, coffer_models[spend->model].group);
	write_tools(gateway, spend, pen);
	coffer_pen_member(pen, "stream");
	coffer_pen_text(pen, coffer_random_chance(&random, 600) ? "true" : "false");
	coffer_pen_member(pen, "messages");
	write_messages(gateway, spend, pen);
	coffer_pen_member(pen, "max_tokens");
	coffer_pen_decimal(pen, coffer_random_skewed(&random, 256, 64000));
	coffer_pen_member(pen, "temperature");
	coffer_pen_fixed(pen, coffer_random_below(&random, 11), 1);
	coffer_pen_bytes(pen, "}", 1);
}

/* Kept in a column of its own by few kinds of calls: {} in the others. */
void
coffer_prompts_messages_write(const struct coffer_gateway *gateway,
			      const struct coffer_spend *spend, struct coffer_pen *pen)
{
	struct coffer_random random = stream(gateway, OF_CHOICE + 2, spend->number);

	if (coffer_random_chance(&random, 40) && !is_embedding(spend))
		write_messages(gateway, spend, pen);
	else
		coffer_pen_bytes(pen, "{}", 2);
}

/* ------------------------------------------------------------------ responses */

static void
write_usage(const struct coffer_spend *spend, struct coffer_pen *pen)
{
	coffer_pen_member(pen, "usage");
	coffer_pen_text(pen, "{\"total_tokens\": ");
	coffer_pen_decimal(pen, spend->prompt_tokens + spend->completion_tokens);
	coffer_pen_text(pen, ", \"prompt_tokens\": ");
	coffer_pen_decimal(pen, spend->prompt_tokens);
	coffer_pen_text(pen, ", \"completion_tokens\": ");
	coffer_pen_decimal(pen, spend->completion_tokens);
	coffer_pen_bytes(pen, "}", 1);
}

/* Coordinates lie evenly within 0.07 of 0. */
static void
write_vector(struct coffer_pen *pen, struct coffer_random *random)
{
	uint64_t bits;
	unsigned i;

	for (i = 0; i < VECTOR_SIZE; i++) {
		bits = coffer_random_bits(random);
		coffer_pen_text(pen, bits & 1 ? &", -"[i ? 0 : 2] : &", "[i ? 0 : 2]);
		coffer_pen_fixed(pen, bits >> 28, 12);
	}
}

static void
write_embedding_response(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
			 struct coffer_pen *pen)
{
	struct coffer_random random = stream(gateway, OF_VECTOR + 1, spend->source);
	uint32_t inputs = embedding_inputs(gateway, spend), i;

	coffer_pen_text(pen, "{\"data\": [");
	for (i = 0; i < inputs; i++) {
		coffer_pen_element(pen);
		coffer_pen_text(pen, "{\"index\": ");
		coffer_pen_decimal(pen, i);
		coffer_pen_text(pen, ", \"object\": \"embedding\", \"embedding\": [");
		write_vector(pen, &random);
		coffer_pen_text(pen, "]}");
	}
	coffer_pen_text(pen, "], \"model\": ");
	coffer_pen_json_text(pen, coffer_models[spend->model].group);
	write_usage(spend, pen);
	coffer_pen_text(pen, ", \"object\": \"list\"}");
}

static void
write_call(struct coffer_pen *pen, struct coffer_random *random)
{
	coffer_pen_text(pen, "[{\"id\": \"call_");
	coffer_pen_letters(pen, random, 24);
	coffer_pen_text(pen, "\", \"type\": \"function\", \"function\": {\"name\": \"read_file\", "
			     "\"arguments\": \"{\\\"path\\\": \\\"src/");
	coffer_pen_letters(pen, random, 8);
	coffer_pen_text(pen, ".py\\\", \\\"limit\\\": ");
	coffer_pen_decimal(pen, coffer_random_skewed(random, 20, 2000));
	coffer_pen_text(pen, "}\"}}]");
}

static void
write_choice(const struct coffer_spend *spend, struct coffer_pen *pen, struct coffer_random *random)
{
	bool is_call = spend->key % 3 == 0 && coffer_random_chance(random, 700);
	uint32_t size = spend->completion_tokens * 4;

	coffer_pen_text(pen,
			"[{\"index\": 0, \"message\": {\"role\": \"assistant\", \"content\": ");
	write_text(pen, random, is_call && size > 300 ? 300 : size);
	coffer_pen_text(pen, ", \"tool_calls\": ");
	if (is_call)
		write_call(pen, random);
	else
		coffer_pen_text(pen, "null");
	coffer_pen_text(pen, ", \"function_call\": null}, \"finish_reason\": ");
	coffer_pen_text(pen, is_call ? "\"tool_calls\"}]" : "\"stop\"}]");
}

void
coffer_prompts_response_write(const struct coffer_gateway *gateway,
			      const struct coffer_spend *spend, struct coffer_pen *pen)
{
	struct coffer_random random = stream(gateway, OF_ANSWER, spend->source);

	if (spend->is_failure) {
		coffer_pen_bytes(pen, "{}", 2);
		return;
	}
	if (is_embedding(spend)) {
		write_embedding_response(gateway, spend, pen);
		return;
	}
	coffer_pen_text(pen, "{\"id\": \"");
	coffer_spend_id_write(gateway, spend, pen);
	coffer_pen_text(pen, "\", \"model\": ");
	coffer_pen_json_text(pen, coffer_models[spend->model].group);
	write_usage(spend, pen);
	coffer_pen_text(pen, ", \"object\": \"chat.completion\", \"choices\": ");
	write_choice(spend, pen, &random);
	coffer_pen_text(pen, ", \"created\": ");
	coffer_pen_decimal(pen, (uint64_t)(spend->end_ms + gateway->later_ms) / 1000 + 946684800);
	coffer_pen_text(pen, ", \"system_fingerprint\": \"fp_");
	coffer_pen_random_hex(pen, &random, 10);
	coffer_pen_text(pen, "\"}");
}
