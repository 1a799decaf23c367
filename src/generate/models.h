/*
 * The models that the made-up gateway serves, with the share of requests that each gets.
 */
#ifndef COFFER_GENERATE_MODELS_H
#define COFFER_GENERATE_MODELS_H

#include "generate/gateway.h"

/* How a provider's answers are called. */
enum coffer_request_kind {
	COFFER_REQUEST_OPENAI,    /* chatcmpl- and 29 letters and digits */
	COFFER_REQUEST_UUID,      /* made by the gateway: chatcmpl- and a uuid */
	COFFER_REQUEST_ANTHROPIC, /* msg_01 and 22 letters and digits */
	COFFER_REQUEST_HEX,       /* 32 hex digits */
};

struct coffer_model {
	const char *group;    /* the alias that clients ask for */
	const char *name;     /* what the gateway calls */
	const char *provider;
	const char *call_type;
	/* The deployment's number stands between; without a tail there is none. */
	const char *api_base_head, *api_base_tail;
	enum coffer_request_kind kind;
	bool has_completion;
	uint32_t share;                          /* of 1000 requests */
	uint32_t prompt_price, completion_price; /* dollars of 10^-12 a token */
};

extern const struct coffer_model coffer_models[COFFER_MODEL_GROUPS];

/* The models that a gateway with `deployments` of them serves. */
uint32_t
coffer_model_groups(uint32_t deployments);
/* A model's number, by share. */
uint32_t
coffer_model_draw(uint32_t groups, struct coffer_random *random);
/* One of the deployments of model number `model`. */
uint32_t
coffer_model_deployment(uint32_t model, uint32_t deployments, struct coffer_random *random);
/* Where a deployment is reached. */
void
coffer_api_base_write(const struct coffer_model *model, uint32_t deployment, struct coffer_pen *pen);

#endif
