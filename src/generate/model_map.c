/*
 * What a gateway of today knows of a model and writes into each of the model's rows: limits, prices, abilities,
 * the parameters that it takes. Two thirds of a row's metadata, and the same bytes in all rows of a model. It is
 * written once, when the gateway is made up, and copied from then on.
 */
#include "generate/era.h"

#include <stdlib.h>
#include <string.h>

enum kind {
	NAME,
	PROVIDER,
	MODE,
	LIMIT,      /* tokens; `part` is their number */
	PROMPT,     /* a price: `part` thousandths of a prompt token's */
	COMPLETION, /* likewise, of a completion token */
	ABILITY,    /* true, false or unknown */
	ABSENT,     /* null, or left out by most providers */
	SEARCH,
	SOURCE,
	REGIONS,
	ENDPOINTS,
	MODALITIES,
	PARAMETERS,
};

/* In jsonb's order: by length, then by bytes. */
static const struct member {
	const char *name;
	enum kind kind;
	uint32_t part;
} members[] = {
	{"key", NAME, 0},
	{"rpm", ABSENT, 0},
	{"tpm", ABSENT, 0},
	{"mode", MODE, 0},
	{"source", SOURCE, 0},
	{"max_tokens", LIMIT, 16384},
	{"tiered_pricing", ABSENT, 0},
	{"supports_vision", ABILITY, 0},
	{"deprecation_date", ABSENT, 0},
	{"litellm_provider", PROVIDER, 0},
	{"max_input_tokens", LIMIT, 128000},
	{"max_output_tokens", LIMIT, 16384},
	{"ocr_cost_per_page", ABSENT, 0},
	{"supported_regions", REGIONS, 0},
	{"output_vector_size", ABSENT, 0},
	{"supports_pdf_input", ABILITY, 0},
	{"supports_reasoning", ABILITY, 0},
	{"supported_endpoints", ENDPOINTS, 0},
	{"supports_web_search", ABILITY, 0},
	{"input_cost_per_query", ABSENT, 0},
	{"input_cost_per_token", PROMPT, 1000},
	{"supported_modalities", MODALITIES, 0},
	{"supports_audio_input", ABILITY, 0},
	{"supports_tool_choice", ABILITY, 0},
	{"supports_url_context", ABILITY, 0},
	{"input_cost_per_second", ABSENT, 0},
	{"output_cost_per_image", ABSENT, 0},
	{"output_cost_per_token", COMPLETION, 1000},
	{"supports_audio_output", ABILITY, 0},
	{"supports_computer_use", ABILITY, 0},
	{"output_cost_per_second", ABSENT, 0},
	{"citation_cost_per_token", COMPLETION, 100},
	{"provider_specific_entry", ABSENT, 0},
	{"supported_openai_params", PARAMETERS, 0},
	{"supports_prompt_caching", ABILITY, 0},
	{"annotation_cost_per_page", ABSENT, 0},
	{"input_cost_per_character", ABSENT, 0},
	{"supports_response_schema", ABILITY, 0},
	{"supports_system_messages", ABILITY, 0},
	{"input_cost_per_token_flex", PROMPT, 500},
	{"output_cost_per_character", ABSENT, 0},
	{"supports_function_calling", ABILITY, 0},
	{"supports_native_streaming", ABILITY, 0},
	{"input_cost_per_audio_token", ABSENT, 0},
	{"output_cost_per_token_flex", COMPLETION, 500},
	{"supports_assistant_prefill", ABILITY, 0},
	{"cache_read_input_token_cost", PROMPT, 100},
	{"output_cost_per_audio_token", ABSENT, 0},
	{"supported_output_modalities", MODALITIES, 0},
	{"input_cost_per_token_batches", PROMPT, 500},
	{"input_cost_per_token_priority", PROMPT, 1700},
	{"output_cost_per_token_batches", COMPLETION, 500},
	{"search_context_cost_per_query", SEARCH, 0},
	{"output_cost_per_token_priority", COMPLETION, 1700},
	{"supports_embedding_image_input", ABILITY, 0},
	{"cache_creation_input_token_cost", PROMPT, 1250},
	{"output_cost_per_reasoning_token", COMPLETION, 1100},
	{"cache_read_input_token_cost_flex", PROMPT, 50},
	{"output_cost_per_video_per_second", ABSENT, 0},
	{"cache_read_input_token_cost_priority", PROMPT, 170},
	{"input_cost_per_token_above_128k_tokens", ABSENT, 0},
	{"input_cost_per_token_above_200k_tokens", PROMPT, 2000},
	{"output_cost_per_token_above_128k_tokens", ABSENT, 0},
	{"output_cost_per_token_above_200k_tokens", COMPLETION, 1500},
	{"cache_creation_input_token_cost_above_1hr", PROMPT, 2000},
	{"output_cost_per_character_above_128k_tokens", ABSENT, 0},
	{"cache_read_input_token_cost_above_200k_tokens", PROMPT, 200},
	{"cache_creation_input_token_cost_above_200k_tokens", PROMPT, 2500},
};

/* Each of the names with the chance of `parts` in 1000. */
static void
write_list(struct coffer_pen *pen, struct coffer_random *random, const char *const *names,
	   uint32_t parts)
{
	coffer_pen_text(pen, "[");
	for (; *names; names++) {
		if (!coffer_random_chance(random, parts))
			continue;
		coffer_pen_element(pen);
		coffer_pen_json_text(pen, *names);
	}
	coffer_pen_text(pen, "]");
}

static const char *const parameters[] = {
	"frequency_penalty",
	"logit_bias",
	"logprobs",
	"top_logprobs",
	"max_tokens",
	"max_completion_tokens",
	"modalities",
	"prediction",
	"n",
	"presence_penalty",
	"seed",
	"stop",
	"stream",
	"stream_options",
	"temperature",
	"top_p",
	"tools",
	"tool_choice",
	"function_call",
	"functions",
	"extra_headers",
	"parallel_tool_calls",
	"audio",
	"web_search_options",
	"service_tier",
	"safety_identifier",
	"prompt_cache_key",
	"prompt_cache_retention",
	"store",
	"response_format",
	"user",
	"reasoning_effort",
	"thinking",
	"verbosity",
	NULL,
};
static const char *const regions[] = {
	"global",         "us-east-1",    "us-west-2", "eu-central-1",
	"ap-northeast-1", "europe-west4", "eastus2",   NULL,
};
static const char *const endpoints[] = {
	"/v1/chat/completions", "/v1/batch",    "/v1/responses",
	"/v1/completions",      "/v1/messages", NULL,
};
static const char *const modalities[] = {"text", "image", "audio", "video", NULL};

/* A price is an even number of picodollars; some providers do not give some of them. */
static void
write_price(struct coffer_pen *pen, struct coffer_random *random, uint64_t price, uint32_t part)
{
	if (part != 1000 && !coffer_random_chance(random, 850))
		coffer_pen_text(pen, "null");
	else
		coffer_pen_fraction(pen, price * part / 1000, 12);
}

static void
write_value(const struct coffer_model *model, const struct member *member, struct coffer_pen *pen,
	    struct coffer_random *random)
{
	static const char *const abilities[8] = {"true", "true",  "true",  "true",
						 "true", "false", "false", "null"};
	uint32_t ability = coffer_random_below(random, 8);

	switch (member->kind) {
	case NAME:
		coffer_pen_json_text(pen, model->name);
		break;
	case PROVIDER:
		coffer_pen_json_text(pen, model->provider);
		break;
	case MODE:
		coffer_pen_json_text(pen, model->has_completion ? "chat" : model->call_type + 1);
		break;
	case LIMIT:
		coffer_pen_decimal(pen, member->part << coffer_random_below(random, 3));
		break;
	case PROMPT:
		write_price(pen, random, model->prompt_price, member->part);
		break;
	case COMPLETION:
		write_price(pen, random, model->completion_price, member->part);
		break;
	case SEARCH:
		coffer_pen_text(pen, ability < 6 ? "null"
						 : "{\"search_context_size_low\": 0.03, "
						   "\"search_context_size_high\": 0.05, "
						   "\"search_context_size_medium\": 0.035}");
		break;
	case SOURCE:
		coffer_pen_text(pen, "\"https://docs.example.com/models/");
		coffer_pen_text(pen, model->group);
		coffer_pen_text(pen, "#pricing\"");
		break;
	case REGIONS:
		write_list(pen, random, regions, 600);
		break;
	case ENDPOINTS:
		write_list(pen, random, endpoints, 600);
		break;
	case MODALITIES:
		write_list(pen, random, modalities, 600);
		break;
	case PARAMETERS:
		write_list(pen, random, parameters, 900);
		break;
	default:
		coffer_pen_text(pen, member->kind == ABSENT || !model->has_completion
					     ? "null"
					     : abilities[ability]);
	}
}

/* A model that runs in the house costs nothing and is unknown. */
static void
write_map(const struct coffer_model *model, struct coffer_pen *pen, struct coffer_random *random)
{
	size_t i;

	coffer_pen_text(pen, "{\"model_map_key\": ");
	coffer_pen_json_text(pen, model->name);
	if (model->has_completion && !model->prompt_price) {
		coffer_pen_text(pen, ", \"model_map_value\": null}");
		return;
	}
	coffer_pen_text(pen, ", \"model_map_value\": {");
	for (i = 0; i < sizeof members / sizeof *members; i++) {
		coffer_pen_member(pen, members[i].name);
		write_value(model, &members[i], pen, random);
	}
	coffer_pen_text(pen, "}}");
}

bool
coffer_model_maps_init(struct coffer_gateway *gateway)
{
	enum { SIZE_MAX_EACH = 8 << 10 };
	struct coffer_random random;
	struct coffer_pen pen;
	size_t model;

	gateway->model_maps = malloc(COFFER_MODEL_GROUPS * SIZE_MAX_EACH);
	if (!gateway->model_maps)
		return false;
	pen = (struct coffer_pen){gateway->model_maps, gateway->model_maps,
				  gateway->model_maps + COFFER_MODEL_GROUPS * SIZE_MAX_EACH};
	for (model = 0; model < COFFER_MODEL_GROUPS; model++) {
		random = coffer_random_open(0, COFFER_OF_TODAY, model); /* no gateway's own */
		write_map(&coffer_models[model], &pen, &random);
		gateway->model_map_ends[model] = (size_t)(pen.at - gateway->model_maps);
	}
	return true;
}
