/*
 * The models. The first three take four fifths of the requests, as everywhere; prices are those of late
 * 2024 in picodollars a token, so that a cost is an integer until its one division.
 */
#include "generate/models.h"

#define AZURE "https://contoso-"
#define OPENAI "https://api.openai.com"

const struct coffer_model coffer_models[COFFER_MODEL_GROUPS] = {
	{"gpt-4o", "azure/gpt-4o", "azure", "acompletion", AZURE, ".openai.azure.com/openai/",
	 COFFER_REQUEST_OPENAI, true, 440, 2500000, 10000000},
	{"gpt-4o-mini", "gpt-4o-mini", "openai", "acompletion", OPENAI, NULL, COFFER_REQUEST_OPENAI,
	 true, 230, 150000, 600000},
	{"claude-3-5-sonnet", "bedrock/anthropic.claude-3-5-sonnet-20240620-v1:0", "bedrock",
	 "acompletion",
	 "https://bedrock-runtime.us-east-1.amazonaws.com/model/"
	 "anthropic.claude-3-5-sonnet-20240620-v1:0/converse",
	 NULL, COFFER_REQUEST_UUID, true, 140, 3000000, 15000000},
	{"text-embedding-3-small", "azure/text-embedding-3-small", "azure", "aembedding", AZURE,
	 ".openai.azure.com/openai/", COFFER_REQUEST_HEX, false, 100, 20000, 0},
	{"claude-3-haiku", "claude-3-haiku-20240307", "anthropic", "acompletion",
	 "https://api.anthropic.com/v1/messages", NULL, COFFER_REQUEST_ANTHROPIC, true, 30, 250000,
	 1250000},
	{"llama-3.1-70b", "openai/meta-llama/Llama-3.1-70B-Instruct", "openai", "acompletion",
	 "http://vllm-", ".inference.svc.cluster.local:8000/v1", COFFER_REQUEST_OPENAI, true, 20, 0,
	 0},
	{"gemini-1.5-pro", "vertex_ai/gemini-1.5-pro-002", "vertex_ai", "acompletion",
	 "https://europe-west4-aiplatform.googleapis.com/v1/projects/contoso-",
	 "/locations/europe-west4/publishers/google/models/gemini-1.5-pro-002:generateContent",
	 COFFER_REQUEST_UUID, true, 15, 1250000, 5000000},
	{"gpt-3.5-turbo", "gpt-3.5-turbo", "openai", "acompletion", OPENAI, NULL,
	 COFFER_REQUEST_OPENAI, true, 8, 500000, 1500000},
	{"mistral-large", "mistral/mistral-large-latest", "mistral", "acompletion",
	 "https://api.mistral.ai/v1", NULL, COFFER_REQUEST_HEX, true, 6, 2000000, 6000000},
	{"whisper-1", "whisper-1", "openai", "atranscription", OPENAI, NULL, COFFER_REQUEST_UUID,
	 false, 3, 100000, 0},
	{"dall-e-3", "azure/dall-e-3", "azure", "aimage_generation", AZURE,
	 ".openai.azure.com/openai/", COFFER_REQUEST_UUID, false, 2, 40000000, 0},
	{"rerank-english-v3.0", "cohere/rerank-english-v3.0", "cohere", "arerank", "", NULL,
	 COFFER_REQUEST_UUID, false, 2, 2000, 0},
	{"tts-1", "tts-1", "openai", "aspeech", OPENAI, NULL, COFFER_REQUEST_UUID, false, 2, 15000,
	 0},
	{"omni-moderation-latest", "omni-moderation-latest", "openai", "amoderation", OPENAI, NULL,
	 COFFER_REQUEST_UUID, false, 1, 0, 0},
	{"gpt-3.5-turbo-instruct", "gpt-3.5-turbo-instruct", "text-completion-openai",
	 "atext_completion", OPENAI, NULL, COFFER_REQUEST_OPENAI, true, 1, 1500000, 2000000},
};

uint32_t
coffer_model_groups(uint32_t deployments)
{
	return deployments < COFFER_MODEL_GROUPS ? deployments : COFFER_MODEL_GROUPS;
}

uint32_t
coffer_model_draw(uint32_t groups, struct coffer_random *random)
{
	uint32_t share = coffer_random_below(random, 1000), i;

	for (i = 0; i < groups; i++) {
		if (share < coffer_models[i].share)
			return i;
		share -= coffer_models[i].share;
	}
	return 0; /* a small gateway has no such model */
}

/* Deployment number d serves model number d modulo the number of models. */
uint32_t
coffer_model_deployment(uint32_t model, uint32_t deployments, struct coffer_random *random)
{
	uint32_t groups = coffer_model_groups(deployments);
	uint32_t count = (deployments - model + groups - 1) / groups;

	return model + groups * coffer_random_below(random, count);
}

void
coffer_api_base_write(const struct coffer_model *model, uint32_t deployment, struct coffer_pen *pen)
{
	coffer_pen_text(pen, model->api_base_head);
	if (!model->api_base_tail)
		return;
	coffer_pen_decimal(pen, deployment);
	coffer_pen_text(pen, model->api_base_tail);
}
